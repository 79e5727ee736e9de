"""Finds a Python 3.10, the newest that Rasa 3.6 runs on; the python3 that runs set-up may be any other."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Iterable, Mapping

from machine import Blocked, ask, say

# Without the headers pyenv builds a Python that lacks some of these, and that shows only much later.
NEEDED_MODULES = "bz2, ctypes, lzma, sqlite3, ssl, zlib"
PROBE = f"import sys, {NEEDED_MODULES}; print('%d.%d' % sys.version_info[:2])"

WAYS_OUT = """Breakwater needs Python 3.10 (Rasa 3.6 runs on nothing newer). There is none on PATH, in pyenv
or known to uv, and uv could not download one. Ways out, any one of:
  - let uv download it: allow https://github.com, or set UV_PYTHON_INSTALL_MIRROR to a mirror of
    github.com/astral-sh/python-build-standalone/releases/download;
  - pyenv install 3.10;
  - Ubuntu 22.04: apt-get install python3.10;
  - build it from https://www.python.org/downloads/source/, then name it: UV_PYTHON=/path/to/python3.10
Then run this again."""


def find(uv: Path, env: Mapping[str, str], home: Path) -> Path:
    """A complete Python 3.10: one that is here, else uv's own download. Raises Blocked when there is none."""
    for candidate in candidates(env, home):
        if usable(candidate, env):
            return candidate
    found = _ask_uv(uv, env, "find", "--no-python-downloads", "--no-project", "3.10")
    if found is None:
        say("No Python 3.10 here; asking uv to download one.")
        _ask_uv(uv, env, "install", "3.10")
        found = _ask_uv(uv, env, "find", "--no-project", "--managed-python", "3.10")
    if found is None:
        raise Blocked(WAYS_OUT)
    return found


def candidates(env: Mapping[str, str], home: Path) -> Iterable[Path]:
    """Where a Python 3.10 may be, best first: named by the user, on PATH, in pyenv (newest first)."""
    named = env.get("UV_PYTHON", "")
    if os.sep in named:
        yield Path(named)
    for folder in env.get("PATH", "").split(os.pathsep):
        if folder and (Path(folder) / "python3.10").exists():
            yield Path(folder) / "python3.10"
    pyenv = Path(env.get("PYENV_ROOT") or home / ".pyenv")
    # 3.10-dev and other spellings exist; only numbered releases can be put in order.
    releases = [place for place in pyenv.glob("versions/3.10.*") if re.fullmatch(r"3\.10\.\d+", place.name)]
    for place in sorted(releases, key=lambda release: int(release.name.split(".")[2]), reverse=True):
        yield place / "bin" / "python3.10"


def usable(python: Path, env: Mapping[str, str]) -> bool:
    """True when it is a 3.10 built with what Breakwater needs. A pyenv shim may not even start."""
    return ask([str(python), "-c", PROBE], env) == "3.10"


def _ask_uv(uv: Path, env: Mapping[str, str], *question: str) -> Path | None:
    python = ask([str(uv), "python", *question], env, patience_s=600)
    return Path(python) if python and usable(Path(python), env) else None
