"""Calls people outside: by mail, text message, Telegram or whatever else Apprise knows. Not a word of what somebody
said leaves the machine."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from apprise import Apprise, NotifyType

from breakwater.settings import Settings

FIRST, SECOND = "first", "second"
logging.getLogger("apprise").setLevel(logging.CRITICAL)  # its messages hold addresses; we say ourselves what failed


class Pager:
    """The people on call and the ways to them, from `BREAKWATER_PAGE_FIRST` and `BREAKWATER_PAGE_SECOND`."""

    def __init__(self, settings: Settings) -> None:
        self._ways: Mapping[str, tuple[str, ...]] = {
            FIRST: tuple(settings.page_first.split()), SECOND: tuple(settings.page_second.split())
        }  # fmt: skip
        self._title, self._desk = settings.helpline_name, f"{settings.url}/desk"

    def has(self, who: str) -> bool:
        return bool(self._ways[who])

    def unknown(self, who: str) -> int:
        """How many of their addresses no service is known for."""
        return sum(Apprise.instantiate(way) is None for way in self._ways[who])

    def ring(self, who: str, number: int) -> bool:
        """Call them about the case of this number; True when at least one way to them took it. Seconds at most."""
        return self._send(
            who,
            f"Case {number} needs a person now, and nobody has taken it. Please open {self._desk}. "
            "You are called again until somebody has.",
        )

    def test(self, who: str) -> bool:
        """A call that says it is one for trying; True when at least one way took it."""
        return self._send(who, f"This is a test. Nothing has happened. A real call leads to {self._desk}.")

    def _send(self, who: str, text: str) -> bool:
        taken = False
        for way in self._ways[who]:  # each by itself: one that hangs or fails stops no other
            service = Apprise.instantiate(way)
            taken |= bool(service and service.notify(text, title=self._title, notify_type=NotifyType.WARNING))
        return taken
