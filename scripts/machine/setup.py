"""The order of set-up: room on the disk, uv, Python 3.10, packages, training."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import Mapping

from machine import Blocked, disk, packages, python310, say, uv

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Returns 0 when Breakwater can be started, 1 (with the reason on stderr) when it cannot."""
    env = dict(os.environ)
    try:
        place = packages.environment(ROOT, env)
        if not packages.up_to_date(ROOT, place):
            install(ROOT, place, env, Path.home())
        return train(place, env)
    except Blocked as reason:
        sys.stderr.write(f"\nSet-up stopped.\n{reason}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nSet-up interrupted. Running it again goes on from here.\n")
        return 130


def install(root: Path, place: Path, env: Mapping[str, str], home: Path) -> None:
    """Everything up to a filled environment; checks what can be checked before it writes anything."""
    supported(platform.system(), platform.machine())
    python = place / "bin" / "python"
    if not python.exists():
        disk.check([place, disk.uv_cache(env, home)], env)
    started = time.monotonic()
    say("Setting up Breakwater. The first time this fetches about 1 GB and takes a few minutes.")
    tool = uv.find(root / ".tools", env)
    # An environment that works keeps its Python: naming another 3.10 would make uv build everything again.
    kept = python310.usable(python, env)
    chosen = None if kept else python310.find(tool, packages.uv_env(env), home)
    say(f"Installing the packages of uv.lock into {place} with Python at {chosen or python}.")
    packages.install(root, place, tool, chosen, env)
    say(f"Packages are in place ({time.monotonic() - started:.0f} s).")


def supported(system: str, machine: str) -> None:
    """Raises Blocked elsewhere than on Linux x86-64, the only place where the locked packages are tried."""
    if (system, machine) != ("Linux", "x86_64"):
        raise Blocked(
            f"Breakwater runs on Linux x86-64 and this is {system} {machine}.\n"
            "Way out: such a machine, virtual machine or container; Debian 12 and Ubuntu 22.04 are fine."
        )


def train(place: Path, env: Mapping[str, str]) -> int:
    """Trains the assistant unless the trained one still fits its data. Returns the command's exit code."""
    command = [str(place / "bin" / "breakwater"), "train", "--if-needed"]
    return subprocess.run(command, cwd=str(ROOT), env=dict(env)).returncode
