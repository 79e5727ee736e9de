"""Guessing is made slow: a few tries are free, then each costs a wait that doubles."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta

FREE = 5
_FIRST, _LONGEST = timedelta(seconds=30), timedelta(minutes=15)
_FORGOTTEN_AFTER = timedelta(hours=1)
_KEPT = 10_000


class Tries:
    """Counts tries by name (a login, or the set-up code), in memory and for at most 10,000 names."""

    def __init__(self) -> None:
        self._made: OrderedDict[str, tuple[int, datetime]] = OrderedDict()

    def attempt(self, name: str, now: datetime) -> timedelta:
        """Count one try. More than zero: it must not be made, wait so long.

        Counted before it is known whether the try was right, so that many at once gain nothing.
        """
        made, last = self._made.get(name, (0, now))
        if now - last > _FORGOTTEN_AFTER:
            made = 0
        still = last + _wait_after(made) - now
        if made and still > timedelta():
            return still
        self._made[name] = (made + 1, now)
        self._made.move_to_end(name)
        if len(self._made) > _KEPT:
            self._made.popitem(last=False)
        return timedelta()

    def succeeded(self, name: str) -> None:
        self._made.pop(name, None)


def _wait_after(made: int) -> timedelta:
    if made < FREE:
        return timedelta()
    doublings = min(made - FREE, 10)
    return min(_FIRST * (1 << doublings), _LONGEST)
