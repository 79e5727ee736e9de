"""The first account needs no default password: it needs a code that only the machine's owner can read."""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path

_FILE = "desk-setup-code"
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without those that look like another


def setup_code(state_dir: Path) -> str | None:
    """The set-up code, or None when there is none (never made, or the first account exists)."""
    try:
        return (state_dir / _FILE).read_text("ascii").strip() or None
    except FileNotFoundError:
        return None


def create_setup_code(state_dir: Path) -> str:
    """A random code (59 bits) in a file that only its owner can read; the same one until it is used."""
    state_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    code = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))
    try:
        file = os.open(state_dir / _FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return setup_code(state_dir) or _replaced(state_dir)
    with os.fdopen(file, "w", encoding="ascii") as opened:
        opened.write(code)
    return code


def is_setup_code(state_dir: Path, given: str) -> bool:
    """Whether this is the code, however it was typed; in constant time. False when there is none."""
    code = setup_code(state_dir)
    return code is not None and hmac.compare_digest(_plain(code), _plain(given))


def delete_setup_code(state_dir: Path) -> None:
    (state_dir / _FILE).unlink(missing_ok=True)


def _replaced(state_dir: Path) -> str:
    """An empty file is left where the machine stopped between making and writing it."""
    delete_setup_code(state_dir)
    return create_setup_code(state_dir)


def _plain(code: str) -> bytes:
    return "".join(c for c in code.upper() if c.isalnum()).encode()
