"""What the desk works with: handed in once, where the gateway is put together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from breakwater.conversations.counselling import Counselling
from breakwater.conversations.live import Live
from breakwater.desk.presence import Presence
from breakwater.desk.tries import Tries
from breakwater.storage.store import Store

HOME = "/desk"  # where the gateway mounts these routes


@dataclass(frozen=True)
class Desk:
    """`origins` are the addresses a browser may post from, scheme and host and port ("https://help.example").

    `state_dir` holds the one-time set-up code until the first account exists.
    """

    store: Store
    counselling: Counselling
    live: Live
    clock: Callable[[], datetime]
    secure_cookies: bool
    origins: tuple[str, ...]
    presence: Presence
    state_dir: Path
    helpline_name: str = "Breakwater"
    surge_above: int = 0
    tries: Tries = field(default_factory=Tries)
