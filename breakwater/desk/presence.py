"""Who is at the desk now, and who is typing. In memory: after a restart every page connects again.

A laptop whose lid is closed keeps its connection open for minutes, so an open connection proves
nothing: a page counts as there only while it answers the beat.
"""

from __future__ import annotations

from datetime import datetime, timedelta

BEAT_SECONDS = 15
_THERE = timedelta(seconds=2 * BEAT_SECONDS)  # one beat may be missed; safeguarding rule 4 acts at 45 s
_KEPT = timedelta(hours=24)


class Presence:
    """Which counsellors have a page open that answers, and when each case was last typed in."""

    def __init__(self) -> None:
        self._pages: dict[str, tuple[str, datetime]] = {}
        self._seen: dict[str, datetime] = {}
        self._typed: dict[str, datetime] = {}

    def here(self, counsellor_id: str, page: str, now: datetime) -> None:
        """The page (any id of its own) of this counsellor is open and has just answered."""
        self._pages[page] = (counsellor_id, now)
        self._seen[counsellor_id] = now

    def left(self, page: str) -> None:
        """The page was closed. The counsellor's other pages still count."""
        self._pages.pop(page, None)

    def typed(self, case_id: str, now: datetime) -> None:
        """The counsellor who has the case typed or sent something."""
        self._typed = {case: at for case, at in self._typed.items() if now - at < _KEPT}
        self._typed[case_id] = now

    def connected(self, counsellor_id: str, now: datetime) -> bool:
        """True while at least one page of this counsellor answers."""
        return counsellor_id in self.there(now)

    def anyone(self, now: datetime) -> bool:
        """True while anybody is at the desk."""
        return bool(self.there(now))

    def there(self, now: datetime) -> frozenset[str]:
        """Ids of the counsellors at the desk now."""
        return frozenset(who for who, at in self._pages.values() if now - at <= _THERE)

    def last_seen(self, counsellor_id: str) -> datetime | None:
        """When a page of this counsellor last answered; kept after the page is gone. None: never."""
        return self._seen.get(counsellor_id)

    def last_typed(self, case_id: str) -> datetime | None:
        """When this case's counsellor last typed or sent something in it. None: not within 24 h."""
        return self._typed.get(case_id)
