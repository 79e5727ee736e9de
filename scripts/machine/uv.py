"""Finds uv, or brings the pinned one.

Every way ends in the same wheel, whose digest is checked before anything of it is run: pip first, because it
knows this machine's package index, proxy and certificates; then plain HTTPS.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path
from typing import Callable, Mapping

from machine import Blocked, ask, say

VERSION = "0.13.9"
# The oldest uv that was tried with this uv.lock.
OLDEST = (0, 8)
WHEEL = f"uv-{VERSION}-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"
SHA256 = "d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19"
FOLDER = "3d/aa/26d64642d808de4a652579ef950d7cd2d37f080a8babf9c67c6b75fc4c3f"
URL = f"https://files.pythonhosted.org/packages/{FOLDER}/{WHEEL}"
PATIENCE_S = 300

WAYS_OUT = f"""Ways out:
  - check the network and any proxy (https_proxy, PIP_INDEX_URL, PIP_CERT), then run this again;
  - on Debian and Ubuntu: apt-get install python3-pip python3-venv, then run this again;
  - install uv yourself (https://docs.astral.sh/uv/) so that `uv --version` works;
  - without a network: put {WHEEL} into .tools/."""

Way = Callable[[Path], None]


def find(tools: Path, env: Mapping[str, str]) -> Path:
    """A uv that runs: on PATH, fetched earlier, or fetched now into `tools`. Else raises Blocked."""
    for candidate in _on_path(env):
        if works(candidate, env):
            return candidate
    ours = tools / f"uv-{VERSION}" / "uv"
    if not works(ours, env):
        say(f"Fetching uv {VERSION}, which installs the packages.")
        unpack(obtain(tools, ways(tools, env)), ours)
        if not works(ours, env):
            raise Blocked(f"The uv {VERSION} in {ours} does not run on this machine.\n{WAYS_OUT}")
    return ours


def works(uv: Path, env: Mapping[str, str]) -> bool:
    """True when it answers with a version we can use. A pyenv shim may be there and still only fail."""
    version = re.match(r"uv (\d+)\.(\d+)", ask([str(uv), "--version"], env))
    return version is not None and (int(version[1]), int(version[2])) >= OLDEST


def obtain(tools: Path, ways: Mapping[str, Way]) -> Path:
    """The pinned wheel in `tools`, digest checked. Tries the ways in order; Blocked says why each failed."""
    tools.mkdir(parents=True, exist_ok=True)
    wheel = tools / WHEEL
    failures = []
    if wheel.is_file():
        try:
            return verified(wheel)
        except Blocked as refused:
            failures.append(f"  - .tools: {refused}")
    for name, way in ways.items():
        try:
            way(wheel)
            return verified(wheel)
        except (Blocked, OSError, subprocess.SubprocessError) as failure:
            failures.append(f"  - {name}: {_last_line(failure)}")
    raise Blocked("\n".join([f"Could not get uv {VERSION}. Tried:", *failures, WAYS_OUT]))


def verified(wheel: Path) -> Path:
    """The wheel itself, if it is byte for byte the pinned one; otherwise deletes it and raises Blocked."""
    try:
        found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    except FileNotFoundError:
        raise Blocked("the file did not arrive") from None
    if found != SHA256:
        wheel.unlink()
        raise Blocked(f"refused {wheel.name}, SHA-256 is {found} and must be {SHA256}")
    return wheel


def unpack(wheel: Path, uv: Path) -> None:
    """Puts the program out of the wheel at `uv`, whole or not at all."""
    uv.parent.mkdir(parents=True, exist_ok=True)
    half = uv.with_name("uv.part")
    with zipfile.ZipFile(str(wheel)) as archive:
        half.write_bytes(archive.read(f"uv-{VERSION}.data/scripts/uv"))
    half.chmod(0o755)
    half.replace(uv)


def ways(tools: Path, env: Mapping[str, str]) -> dict[str, Way]:
    """The ways to the wheel, best first."""
    return {
        "pip": lambda wheel: pip_download(sys.executable, wheel, env),
        "pip in a private environment": lambda wheel: venv_pip_download(tools / "pip", wheel, env),
        "PyPI": lambda wheel: fetch(URL, wheel),
    }


def pip_download(python: str, wheel: Path, env: Mapping[str, str]) -> None:
    """Asks pip for the wheel, so that the machine's own index settings hold."""
    # The platform is named because a machine's default may prefer another wheel than the one that is pinned.
    command = [python, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary=:all:", "--platform=manylinux2014_x86_64", f"--dest={wheel.parent}"]
    _run([*command, f"uv=={VERSION}"], env)


def venv_pip_download(place: Path, wheel: Path, env: Mapping[str, str]) -> None:
    """The same with a pip of our own, for a python3 that has `venv` but no pip."""
    _run([sys.executable, "-m", "venv", "--clear", str(place)], env)
    pip_download(str(place / "bin" / "python"), wheel, env)


def fetch(url: str, wheel: Path) -> None:
    """Downloads with the standard library, which honours https_proxy and SSL_CERT_FILE."""
    half = wheel.with_name(wheel.name + ".part")
    with urllib.request.urlopen(url, timeout=60) as answer, half.open("wb") as target:  # noqa: S310 (digest checked)
        shutil.copyfileobj(answer, target)
    half.replace(wheel)


def _on_path(env: Mapping[str, str]) -> list[Path]:
    folders = env.get("PATH", "").split(os.pathsep)
    return [Path(folder) / "uv" for folder in folders if folder and (Path(folder) / "uv").exists()]


def _run(command: list[str], env: Mapping[str, str]) -> None:
    done = subprocess.run(command, env=dict(env), capture_output=True, text=True, timeout=PATIENCE_S)
    if done.returncode:
        raise Blocked((done.stderr or done.stdout).strip() or f"exit code {done.returncode}")


def _last_line(failure: Exception) -> str:
    lines = str(failure).strip().splitlines()
    return lines[-1] if lines else type(failure).__name__
