"""How long a deadline leaves, by the person's own words. A time of day does not say: we do not know their clock."""

from __future__ import annotations

import re

SHORT = 120  # minutes; a deadline nearer than this is urgent and changes the order of the steps (rules 2, 24 S)
_MINUTES = re.compile(r"(?<!\d)(\d{1,3})\s*(?:m|mins?|minutes?)\b", re.IGNORECASE)
_HOURS = re.compile(r"\b(\d{1,3}|an?|one|two|three|half an)\s*(?:h|hrs?|hours?)\b", re.IGNORECASE)
_IN_WORDS = {"a": 60, "an": 60, "one": 60, "two": 120, "three": 180, "half an": 30}
_TIME = re.compile(r"\d")
_DAYS = re.compile(r"\b(?:days?|weeks?|months?)\b", re.IGNORECASE)
_RUNNING = re.compile(r"\b(?:countdown|timer|counting)\b", re.IGNORECASE)


def minutes_left(words: str | None) -> int | None:
    """The length that was said, counted from then; None where none was."""
    if minutes := _MINUTES.search(words or ""):
        return int(minutes[1])
    if hours := _HOURS.search(words or ""):
        return int(hours[1]) * 60 if hours[1].isdigit() else _IN_WORDS[hours[1].lower()]
    return None


def short(words: str | None) -> bool:
    """Under two hours, or a clock that runs, though nobody says how long."""
    minutes = minutes_left(words)
    return bool(_RUNNING.search(words or "")) or (minutes is not None and minutes < SHORT)


def time_of_day(words: str | None) -> bool:
    """An hour is named, which may be soon: "by 11"."""
    return minutes_left(words) is None and bool(_TIME.search(words or "")) and not _DAYS.search(words or "")
