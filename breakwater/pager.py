"""Calls people outside: by mail, text message, Telegram or whatever else Apprise knows. Not a word of what somebody
said leaves the machine, nor anything by which their case could be found."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime

from apprise import Apprise, NotifyType

from breakwater.settings import Settings, SettingsError

logger = logging.getLogger(__name__)
FIRST, SECOND = "first", "second"
logging.getLogger("apprise").setLevel(logging.CRITICAL)  # its messages hold addresses; we say ourselves what failed


class Pager:
    """The people on call and the ways to them, from `BREAKWATER_PAGE_FIRST` and `BREAKWATER_PAGE_SECOND`. Raises
    SettingsError for an address that means nothing."""

    def __init__(self, settings: Settings) -> None:
        given = {FIRST: ("PAGE_FIRST", settings.page_first), SECOND: ("PAGE_SECOND", settings.page_second)}
        ways: dict[str, list[object]] = {}
        for who, (name, addresses) in given.items():
            ways[who] = [Apprise.instantiate(address) for address in addresses.split()]
            if wrong := ways[who].count(None):
                raise SettingsError(
                    f"BREAKWATER_{name}: {wrong} of its addresses mean nothing to Apprise: docs/operations.md."
                )
        self._ways: Mapping[str, list[object]] = ways
        self._title = settings.helpline_name

    def has(self, who: str) -> bool:
        return bool(self._ways[who])

    def ring(self, who: str, since: datetime) -> bool:
        """Call them about somebody who has waited since then; True when at least one way to them took it. May take
        long or, in a broken way, for ever."""
        text = f"A life may be in danger, since {since:%H:%M} UTC. Nobody has taken it. Please open the desk."
        return self._send(who, f"{text} You are called again until somebody has.")

    def test(self, who: str) -> bool:
        """A call that says it is one for trying; True when at least one way took it."""
        return self._send(who, "This is a test. Nothing has happened. A real call asks you to open the desk.")

    def _send(self, who: str, text: str) -> bool:
        return True in [self._sent(way, who, text) for way in self._ways[who]]

    def _sent(self, way: object, who: str, text: str) -> bool:
        """By one way; whatever goes wrong with it, the others are tried."""
        try:
            taken = way.notify(body=text, title=self._title, notify_type=NotifyType.WARNING)  # type: ignore[attr-defined]
        except Exception as fault:
            logger.warning("a way to the %s person on call broke: %s", who, type(fault).__name__)  # no address in it
            return False
        if not taken:
            logger.warning("a way to the %s person on call took nothing", who)
        return bool(taken)
