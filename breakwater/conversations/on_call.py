"""Somebody is called when a life may be in danger and nobody has taken the case (safeguarding rule 20).

`called` is the rule; `OnCall` looks at the queue every few seconds and lets the pager ring. Every call leaves a row in
the case's history, so a restart neither forgets one nor begins anew.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from breakwater.cases import queue, records
from breakwater.cases.queue import Entry
from breakwater.pager import FIRST, SECOND, Pager
from breakwater.privacy.keyring import Keyring
from breakwater.storage.store import Store
from breakwater.storage.tables import case_events
from breakwater.storage.times import aware, naive

logger = logging.getLogger(__name__)
CALLED, NOT_REACHED = "on_call_called", "on_call_not_reached"
DESK_HAS = 120  # seconds in which an open desk, which rings by itself, may take the case
SOON, LATER = 60, 300  # between two calls, in seconds
_EVERY_SECONDS = 3.0


def called(waited: float, calls: int, since_last: float, desk_open: bool) -> tuple[str, ...]:
    """Who is called now. `waited`: seconds that a case has waited in immediate danger; `calls`: how often somebody was
    called since then, the last time `since_last` seconds ago.

    The first person at once and after a minute, both after two, then both every five minutes until the case is taken.
    """
    if desk_open and waited < DESK_HAS:
        return ()
    if calls and since_last < (SOON if calls <= 2 else LATER):
        return ()
    return (FIRST,) if calls < 2 else (FIRST, SECOND)


class OnCall:
    """Calls people out. One a process; a missed look is made good by the next."""

    def __init__(
        self, store: Store, keyring: Keyring, pager: Pager, desk_open: Callable[[datetime], bool],
        clock: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._store, self._keyring, self._pager = store, keyring, pager
        self._desk_open, self._clock = desk_open, clock
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def look(self) -> int:
        """Look once at all who wait in immediate danger; how many calls were made."""
        waiting = await self._store.read(queue.entries, self._keyring.of)
        urgent = [entry for entry in waiting if entry.case.tier == "immediate"]
        return sum(await asyncio.gather(*(self._see_to(entry) for entry in urgent)))

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(_EVERY_SECONDS)
            try:
                await self.look()
            except Exception:
                logger.exception("calling people out failed once and goes on")

    async def _see_to(self, entry: Entry) -> int:
        case, now = entry.case, self._clock()
        begun = max(case.waiting_since or case.opened_at, case.immediate_since or case.opened_at)
        calls, last = await self._store.read(_calls, case.id, begun)
        since_last = (now - last).total_seconds() if last else float("inf")
        who = called((now - begun).total_seconds(), calls, since_last, self._desk_open(now))
        if not who:
            return 0
        reached = await self._ring(who, case.number)
        if not reached and SECOND not in who:  # the first person's phone cannot be reached: not a minute is lost
            reached = await self._ring((SECOND,), case.number)
        if not reached:
            logger.error("nobody on call could be reached for case %d", case.number)
        await self._store.write(records.record, case.id, CALLED if reached else NOT_REACHED, now)
        return 1

    async def _ring(self, who: tuple[str, ...], number: int) -> bool:
        rung = [asyncio.to_thread(self._pager.ring, one, number) for one in who if self._pager.has(one)]
        done: list[Any] = await asyncio.gather(*rung, return_exceptions=True)
        return any(one is True for one in done)


def _calls(connection: Connection, case_id: str, since: datetime) -> tuple[int, datetime | None]:
    """How often somebody was called about a case since then, and when last."""
    about = case_events.c.event.in_((CALLED, NOT_REACHED)) & (case_events.c.at >= naive(since))
    count, last = connection.execute(
        sa.select(sa.func.count(), sa.func.max(case_events.c.at)).where(case_events.c.case_id == case_id, about)
    ).one()
    return count, aware(last) if last else None
