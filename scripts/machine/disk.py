"""Is there room? Asked before anything is written, because a full disk in the middle leaves a broken tree."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Callable, Iterable, Mapping

from machine import Blocked

# Measured in November 2026: 3.0 GB installed, hard-linked to uv's cache, which adds 0.1 GB of its own; the
# rest is for training, the model and the database. A cache on another disk holds a copy, so both are asked.
NEEDED_GB = 4.0
GB = 1000**3


def check(places: Iterable[Path], env: Mapping[str, str], free: Callable[[Path], int] | None = None) -> None:
    """Raises Blocked when the disk of any place has less than NEEDED_GB (or BREAKWATER_NEEDS_GB) free."""
    needed = _needed_gb(env)
    measure = free or _free_bytes
    for place in places:
        there = measure(_existing(place)) / GB
        if there < needed:
            raise Blocked(
                f"Not enough disk space for {place}: {there:.1f} GB free, about {needed:g} GB needed.\n"
                "Nothing has been written. Ways out:\n"
                "  - free some space and run this again;\n"
                "  - put packages and cache elsewhere:\n"
                "    UV_PROJECT_ENVIRONMENT=/big/disk/breakwater UV_CACHE_DIR=/big/disk/uv make run;\n"
                "  - if uv's cache already holds the packages, insist on less: BREAKWATER_NEEDS_GB=1 make run"
            )


def uv_cache(env: Mapping[str, str], home: Path) -> Path:
    """Where uv keeps what it downloads, by uv's own rules on Linux."""
    if env.get("UV_CACHE_DIR"):
        return Path(env["UV_CACHE_DIR"])
    if env.get("XDG_CACHE_HOME"):
        return Path(env["XDG_CACHE_HOME"]) / "uv"
    return home / ".cache" / "uv"


def _needed_gb(env: Mapping[str, str]) -> float:
    stated = env.get("BREAKWATER_NEEDS_GB", "")
    try:
        return float(stated) if stated else NEEDED_GB
    except ValueError:
        raise Blocked(f"BREAKWATER_NEEDS_GB must be a number of gigabytes, not {stated!r}.") from None


def _existing(place: Path) -> Path:
    """The nearest ancestor that exists: the disk the place will be on."""
    place = Path(os.path.abspath(str(place)))
    return next(p for p in (place, *place.parents) if p.exists())


def _free_bytes(place: Path) -> int:
    return shutil.disk_usage(str(place)).free
