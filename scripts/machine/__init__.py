"""What this machine has, and what Breakwater needs of it.

Standard library only and Python 3.8, because it runs before anything is installed.
"""

from __future__ import annotations

import subprocess
import sys
from typing import Mapping, Sequence


class Blocked(Exception):
    """Set-up cannot go on. The message says why in plain words and names the ways out."""


def ask(command: Sequence[str], env: Mapping[str, str], patience_s: float = 20) -> str:
    """What a program prints, stripped; nothing when it cannot be started, fails or does not end in time."""
    try:
        answer = subprocess.run(command, env=dict(env), capture_output=True, text=True, timeout=patience_s)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""


def say(words: str) -> None:
    """Tells the person at the terminal what is happening, at once even through a pipe."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()
