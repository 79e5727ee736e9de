"""What an examination finds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `level`: `ok`, `warning` (to be known, or done before the next step) or `error`
    (nobody should write to this helpline before it is done). `do`: what to do about it."""

    level: str
    what: str
    do: str = ""
