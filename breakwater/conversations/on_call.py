"""Somebody is called out when a life may be in danger and nobody has taken the case (safeguarding rule 20).

`whom_to_call` is the rule; `OnCall` looks at the queue every few seconds and lets the pager ring. Every call leaves a
row in the case's history, so a restart neither forgets one nor begins anew.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from breakwater.cases import queue, records
from breakwater.cases.records import Case
from breakwater.pager import FIRST, SECOND, Pager
from breakwater.privacy.keyring import Keyring
from breakwater.storage.store import Store
from breakwater.storage.tables import case_events
from breakwater.storage.times import aware, naive

logger = logging.getLogger(__name__)
CALLED, NOT_REACHED = "on_call_called", "on_call_not_reached"
DESK_HAS, SECOND_AFTER = 60, 120  # seconds that an open desk has to take it; after which the second person is called
SOON, LATER = 60, 300  # seconds between two calls
MOST_SECONDS = 20.0  # for one call; what takes longer has reached nobody
_LEFT_WITHIN = timedelta(hours=1)
_EVERY_SECONDS = 3.0
# A counsellor has seen to it, and what brings it back: words of danger, silence after them, a counsellor who is gone.
_SEEN_TO, _AGAIN = ("hand_back", "close"), ("danger", "paged", "desk_gone", "silent")


@dataclass(frozen=True)
class Calls:
    """How often people were called about a case since it began to wait, seconds since the last call, and whether that
    one reached nobody."""

    count: int = 0
    since_last: float = float("inf")
    failed: bool = False


def whom_to_call(waited: float, calls: Calls, desk_open: bool) -> tuple[str, ...]:
    """Who is called now about a case that has waited so many seconds in immediate danger.

    The first person at once and after a minute, from two minutes on both, then both every five minutes until somebody
    has taken the case; sooner where nobody could be reached. An open desk, which rings by itself, has a minute first.
    """
    if desk_open and waited < DESK_HAS:
        return ()
    if calls.count and calls.since_last < (SOON if calls.count <= 2 or calls.failed else LATER):
        return ()
    return (FIRST, SECOND) if waited >= SECOND_AFTER else (FIRST,)


class OnCall:
    """Calls people out. One a process; a missed look is made good by the next."""

    def __init__(
        self, store: Store, keyring: Keyring, pager: Pager, desk_open: Callable[[datetime], bool],
        clock: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._store, self._keyring, self._pager = store, keyring, pager
        self._desk_open, self._clock = desk_open, clock
        self._threads = ThreadPoolExecutor(8, "on-call")  # of its own: a call that hangs blocks nothing else
        self._task: asyncio.Task[None] | None = None
        self._seeing_to: dict[str, asyncio.Task[int]] = {}
        self.reachable = pager.has(FIRST)  # somebody is on call, and the last call reached somebody

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        tasks = [task for task in (self._task, *self._seeing_to.values()) if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def look(self) -> int:
        """Look once at all who wait in immediate danger, and wait for the calls; how many were made."""
        done = await asyncio.gather(*(await self._begun()).values(), return_exceptions=True)
        return sum(one for one in done if isinstance(one, int))

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(_EVERY_SECONDS)
            try:
                await self._begun()  # a call that takes long keeps nobody else waiting
            except Exception:
                logger.exception("looking for whom to call out failed once and goes on")

    async def _begun(self) -> dict[str, asyncio.Task[int]]:
        cases = [e.case for e in await self._store.read(queue.entries, self._keyring.of)]
        gone = await self._store.read(
            queue.entries, self._keyring.of, ("unreachable", "hidden"), self._clock() - _LEFT_WITHIN
        )
        for case in [*cases, *(e.case for e in gone)]:
            if case.tier == "immediate" and case.id not in self._seeing_to:
                task = asyncio.create_task(self._see_to(case))
                self._seeing_to[case.id] = task
                task.add_done_callback(lambda _, of=case.id: self._seeing_to.pop(of, None))  # type: ignore[misc]
        return dict(self._seeing_to)

    async def _see_to(self, case: Case) -> int:
        try:
            now = self._clock()
            begun = max(case.waiting_since or case.opened_at, case.immediate_since or case.opened_at)
            left = case.state != "waiting"  # by quick exit, say: one call, since they may have told where they are
            calls = await self._store.read(_calls, case.id, begun, now, left)
            if calls is None or (left and calls.count):
                return 0
            who = whom_to_call((now - begun).total_seconds(), calls, self._desk_open(now))
            if not who:
                return 0
            await self._store.write(records.record, case.id, CALLED, now)
            # where the first person cannot be reached, not a minute is lost
            reached = await self._ring(who, begun) or (SECOND not in who and await self._ring((SECOND,), begun))
            self.reachable = reached
            if not reached:
                logger.error("nobody on call could be reached for case %d", case.number)
                await self._store.write(records.record, case.id, NOT_REACHED, self._clock())
            return 1
        except Exception:  # the others are still called about; an erased case is over
            logger.exception("calling people out for case %d failed once", case.number)
            return 0

    async def _ring(self, who: tuple[str, ...], since: datetime) -> bool:
        loop = asyncio.get_running_loop()
        rung = [
            asyncio.wait_for(loop.run_in_executor(self._threads, self._pager.ring, one, since), MOST_SECONDS)
            for one in who
            if self._pager.has(one)
        ]
        return True in await asyncio.gather(*rung, return_exceptions=True)


def _calls(connection: Connection, case_id: str, since: datetime, now: datetime, left: bool) -> Calls | None:
    """The calls about a case since then; None where a counsellor has seen to it and no new danger was said, or saw
    somebody leave."""
    rows = connection.execute(
        sa.select(case_events.c.event, case_events.c.at)
        .where(case_events.c.case_id == case_id)
        .order_by(case_events.c.at)
    ).all()
    seen_to = max((at for event, at in rows if event in _SEEN_TO or (left and event == "claim")), default=None)
    if seen_to is not None and not any(event in _AGAIN and at > seen_to for event, at in rows):
        return None
    about = [(event, aware(at)) for event, at in rows if event in (CALLED, NOT_REACHED) and at >= naive(since)]
    times = [at for event, at in about if event == CALLED]
    if not times:
        return Calls()
    return Calls(len(times), (now - times[-1]).total_seconds(), about[-1][0] == NOT_REACHED)
