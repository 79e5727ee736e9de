"""Somebody must always be answering: the clock behind safeguarding rules 3 and 4.

`due` is the rule; `Watch` looks at it every few seconds and does what it says.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy.engine import Connection

from breakwater.cases import queue, records
from breakwater.cases.queue import Entry
from breakwater.cases.records import Case
from breakwater.conversations import transcript
from breakwater.conversations.erasure import Erasure
from breakwater.conversations.live import DESK, Live
from breakwater.privacy.keyring import Erased, Keyring
from breakwater.storage.store import Store
from breakwater.support import hour
from breakwater.support.tiers import Reason
from breakwater.support.turn import Place

logger = logging.getLogger(__name__)
_EVERY_SECONDS = 3.0
_OURS = ("bot", "waiting", "declined")
_LOOKS_BACK_SECONDS = 600  # a silence older than this was seen to, or the service was down
DESK_GONE, HOLD, SILENT, SILENT_IMMEDIATE, NOT_TYPING = 45, 180, 360, 240, 30
FIRST_SILENCE, SECOND_SILENCE = 60, 180
NOBODY_YET = 300
_NOBODY = frozenset({"utter_nobody_yet", "utter_nobody_yet_attempt"})
_THEN_QUIET = frozenset({hour.WRITTEN, "utter_silence_180", "utter_late"})


class AtDesk(Protocol):
    """What this room needs to know of the desk."""

    def connected(self, counsellor_id: str, now: datetime) -> bool: ...
    def last_seen(self, counsellor_id: str) -> datetime | None: ...
    def last_typed(self, case_id: str) -> datetime | None: ...


@dataclass(frozen=True)
class Clocks:
    """Seconds since: the person wrote, we wrote, the counsellor typed, the desk was last seen (None: connected), since
    it was time to write to somebody who asked for that (negative: it is still to come; None: nobody did), and since
    it waits in immediate danger (None: it does not)."""

    person: float
    us: float
    typed: float
    desk_gone: float | None
    asked_for: float | None = None
    waiting: float | None = None

    @property
    def unanswered(self) -> bool:
        """The person wrote last: an answer is still to come."""
        return self.us > self.person


@dataclass(frozen=True)
class Due:
    """What is due: words to the person, and whether the case goes back to the queue or up to immediate."""

    response: str
    back: str | None = None
    page: str | None = None


def due(case: Case, clocks: Clocks, said_since: frozenset[str]) -> Due | None:
    """The one thing due now, or None. `said_since`: responses said since the person's last word."""
    if case.state == "taken":
        return _taken(case, clocks, said_since)
    if case.state in _OURS:
        return (
            _silence(case, clocks, said_since)
            or _nobody_yet(case, clocks, said_since)
            or _asked_for(clocks, said_since)
        )
    return None


def _taken(case: Case, clocks: Clocks, said_since: frozenset[str]) -> Due | None:
    if clocks.desk_gone is not None and clocks.desk_gone >= DESK_GONE:
        return Due("utter_cut_off", back="desk_gone")
    if not clocks.unanswered:
        return None
    quiet = min(clocks.person, clocks.typed)
    if quiet >= (SILENT_IMMEDIATE if case.tier == "immediate" else SILENT):
        return Due("utter_cut_off", back="silent")
    if quiet >= HOLD and "utter_hold" not in said_since:
        return Due("utter_hold")
    if case.tier == "immediate" and quiet >= NOT_TYPING and "utter_numbers_now" not in said_since:
        return Due("utter_numbers_now")
    return None


def _silence(case: Case, clocks: Clocks, said_since: frozenset[str]) -> Due | None:
    """Silence after a risk statement: one short line, then the numbers once more and a person is paged.
    After the question that everyone is asked, one short line and nothing more."""
    if clocks.unanswered:
        return None
    if case.facts.suicide_or_self_harm and not case.facts.for_somebody_else and _risk_open(case):
        if clocks.person >= SECOND_SILENCE and "utter_silence_180" not in said_since:
            return Due("utter_silence_180", page="no answer after words of risk")
        if FIRST_SILENCE <= clocks.person < SECOND_SILENCE and not said_since & {
            "utter_silence_60",
            "utter_silence_180",
        }:
            return Due("utter_silence_60")
        return None
    asked = case.memory.question == "suicide"
    if asked and FIRST_SILENCE <= clocks.person < SECOND_SILENCE and "utter_silence_everyone" not in case.memory.said:
        return Due("utter_silence_everyone")
    return None


def _nobody_yet(case: Case, clocks: Clocks, said_since: frozenset[str]) -> Due | None:
    """In immediate danger, whoever was told that a person comes hears after five minutes, once, that nobody has picked
    up yet, and where somebody is (rule 20); not after our last word on danger, and not long after theirs (rule 3)."""
    if clocks.unanswered:
        return None
    waits = case.state == "waiting" and case.tier == "immediate" and (clocks.waiting or 0) >= NOBODY_YET
    promised = case.memory.given.get("human_coming", 0) > 0 or "attempt" in case.facts.now
    told = bool(_NOBODY & set(case.memory.said))
    quiet = said_since & _THEN_QUIET or clocks.person >= _LOOKS_BACK_SECONDS
    if not waits or not promised or told or quiet:
        return None
    return Due("utter_nobody_yet_attempt" if "attempt" in case.facts.now else "utter_nobody_yet")


def _asked_for(clocks: Clocks, said_since: frozenset[str]) -> Due | None:
    """One neutral message after a deadline, to whoever asked for it and has not written since (rule 24 S). After our
    last word on danger, or a late one, there is quiet (rule 3)."""
    time_has_come = clocks.asked_for is not None and 0 <= clocks.asked_for < hour.AT_LATEST.total_seconds()
    return Due(hour.WRITTEN) if time_has_come and not said_since & _THEN_QUIET else None


def _risk_open(case: Case) -> bool:
    return case.memory.answers.get("suicide") != "no" or case.tier == "immediate"


class Watch:
    """Looks after every open case. One a process; a missed look is made good by the next."""

    def __init__(
        self, store: Store, keyring: Keyring, live: Live, desk: AtDesk, place: Callable[[Case], Place],
        spoken: Callable[..., dict[str, Any]], erasure: Erasure, clock: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._store, self._keyring, self._live, self._desk = store, keyring, live, desk
        self._place, self._spoken, self._erasure, self._clock = place, spoken, erasure, clock
        self.waiting = 0  # people, at the last look
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def look(self) -> int:
        """Look once at every open case and do what is due; how many things were done."""
        self.waiting = await self._store.read(queue.waiting)
        now = self._clock()
        recent = now - timedelta(seconds=_LOOKS_BACK_SECONDS)
        watched = await self._store.read(queue.entries, self._keyring.of, ("taken",))
        watched += await self._store.read(queue.entries, self._keyring.of, _OURS, recent)
        ago = now - hour.LONGEST_AHEAD - hour.AT_LATEST
        asked = await self._store.read(queue.entries, self._keyring.of, _OURS, ago, "telegram")
        watched += [e for e in asked if hour.time_to_write(e.case.memory, now)]
        done = 0
        for entry in watched:
            try:
                acted = await self._store.write(self._act, entry)
            except Erased:
                continue
            except Exception:  # the others are still looked after
                logger.exception("the watch failed at case %d and goes on", entry.case.number)
                continue
            if acted:
                done += 1
                self._live.publish(entry.case.conversation_id, kind="message")
                self._live.publish(DESK, kind="queue", rank=acted.rank)
        return done

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(_EVERY_SECONDS)
            try:
                await self.look()
                await self._erasure.erase_due()
            except Exception:
                logger.exception("the watch failed once and goes on")

    def _act(self, connection: Connection, entry: Entry) -> Case | None:
        key, now = self._keyring.of(entry.case.conversation_id), self._clock()
        case = records.load(connection, key, entry.case.conversation_id)
        times = transcript.times(connection, key, case.conversation_id)
        if times is None:
            return None
        found = due(case, self._clocks(case, times, now), times.said_since)
        if found is None:
            return None
        if found.back:
            case = case.on(found.back, now)
        if found.page:  # before the words, which say whether a person is called
            case = _paged(case, found.page, now)
        reply = self._spoken(found.response, case, **({"name": entry.counsellor} if entry.counsellor else {}))
        case = transcript.say_ours(connection, key, case, reply, now)
        return records.save(connection, key, case, now, found.back or ("paged" if found.page else None))

    def _clocks(self, case: Case, times: transcript.Times, now: datetime) -> Clocks:
        def since(at: datetime | None) -> float:
            return (now - at).total_seconds() if at else float("inf")

        who, gone = case.counsellor_id, None
        if who and not self._desk.connected(who, now):
            gone = since(self._desk.last_seen(who) or case.claimed_at)
        person, us = since(times.person), since(times.us)
        if case.state != "taken" and times.notice:
            person = us = since(times.notice)  # the counsellor left after their last word: the wait begins anew
        # on a channel where we can write first, and with no counsellor there since
        asked = case.channel == "telegram" and hour.AGREED in times.said_since and times.notice is None
        return Clocks(
            person, us, since(self._desk.last_typed(case.id)), gone,
            since(hour.written_at(case.memory)) if asked else None,
            since(max(case.waiting_since, case.immediate_since))
            if case.waiting_since and case.immediate_since else None,
        )  # fmt: skip


def _paged(case: Case, why: str, now: datetime) -> Case:
    """Silence after a risk statement is immediate, and a person is called."""
    reason = Reason(0, why, "risk")
    case = replace(case, rank=0, reasons=tuple(sorted({*case.reasons, reason})))
    return case.on("needs_person", now)
