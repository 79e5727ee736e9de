"""Installs exactly what uv.lock says, and remembers having done so."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path
from typing import Mapping

from machine import Blocked, say

DESCRIBED_BY = (".python-version", "pyproject.toml", "uv.lock")
STAMP = ".breakwater-set-up"


def environment(root: Path, env: Mapping[str, str]) -> Path:
    """Where the packages live: UV_PROJECT_ENVIRONMENT (as uv reads it, relative to the project) or .venv."""
    return root / (env.get("UV_PROJECT_ENVIRONMENT") or ".venv")


def fingerprint(root: Path, place: Path) -> str:
    """Changes with the wanted packages, and when the tree is moved: its scripts hold absolute paths."""
    digest = hashlib.sha256(os.path.abspath(str(place)).encode())
    for name in DESCRIBED_BY:
        digest.update((root / name).read_bytes())
    return digest.hexdigest()


def up_to_date(root: Path, place: Path) -> bool:
    """True when the last installation finished, for these very files, and its Python is still there."""
    stamp = place / STAMP
    here = (place / "bin" / "python").exists() and (place / "bin" / "breakwater").exists()
    return here and stamp.is_file() and stamp.read_text() == fingerprint(root, place)


def install(root: Path, place: Path, uv: Path, python: Path | None, env: Mapping[str, str]) -> None:
    """Runs `uv sync --frozen`; with no `python` it keeps the environment's own. Raises Blocked."""
    (place / STAMP).unlink(missing_ok=True)
    command = [str(uv), "sync", "--frozen"]
    command += ["--python", str(python)] if python else []
    if _told(command, root, uv_env(env)):
        raise Blocked(
            "uv could not install the packages; its last lines are above. Ways out:\n"
            "  - run this again: what is downloaded stays;\n"
            "  - the network: check https_proxy and SSL_CERT_FILE, or name a mirror with UV_DEFAULT_INDEX;\n"
            "  - a full disk: UV_PROJECT_ENVIRONMENT and UV_CACHE_DIR may lie elsewhere."
        )
    (place / STAMP).write_text(fingerprint(root, place))


def uv_env(env: Mapping[str, str]) -> dict[str, str]:
    """The machine's environment, untouched but for defaults that make uv as patient and trusting as pip."""
    defaults = {
        # A network may have a certificate authority of its own, which the system trusts and uv does not.
        "UV_SYSTEM_CERTS": "1",
        "UV_NATIVE_TLS": "1",  # the same in older versions of uv
        "UV_HTTP_TIMEOUT": "180",
    }
    wanted = {**defaults, **env}
    wanted.pop("VIRTUAL_ENV", None)  # somebody else's active environment; uv would only warn about it
    return wanted


def _told(command: list[str], root: Path, env: Mapping[str, str]) -> int:
    """Runs the command and passes on what it says, but not its list of packages. Returns its exit code."""
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=root, env=env, stderr=subprocess.STDOUT, stdout=pipe, text=True) as running:
        for line in running.stdout or ():
            if not line.startswith((" + ", " - ", " ~ ", " Downloaded")):
                say("  " + line.strip())
    return running.returncode
