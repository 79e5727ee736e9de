"""What a counsellor does in a case: take, read, write, hand back, close.

Every method that writes does so in one transaction and wakes the pages that show the case.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from breakwater.cases import queue, records
from breakwater.cases.counsellors import Counsellor
from breakwater.cases.records import Case
from breakwater.conversations import transcript
from breakwater.conversations.live import DESK, Live
from breakwater.conversations.transcript import Message
from breakwater.privacy.keyring import Erased, Keyring
from breakwater.storage.store import Store
from breakwater.storage.tables import audit, cases
from breakwater.storage.times import naive
from breakwater.support.wording import Wording
from breakwater.understanding.facts import CaseFacts

SEVERE = 4  # immediate and urgent 1 to 4: never handed back or closed without a reason


class NotYours(Exception):
    """The case is not (or no longer) taken by this counsellor."""


class ReasonNeeded(ValueError):
    """This case may not be let go without a reason in words."""


class Counselling:
    """The counsellors' side of a conversation."""

    def __init__(
        self,
        store: Store,
        keyring: Keyring,
        live: Live,
        wording: Wording,
        clock: Callable[[], datetime],
        cap: int,
    ) -> None:
        self._store, self._keyring, self._live, self._wording = store, keyring, live, wording
        self._clock, self._cap = clock, cap

    async def waiting(self) -> list[queue.Entry]:
        """The queue, most severe first. One who left by quick exit stays in it while the case is urgent."""
        day_ago = self._clock() - timedelta(days=1)
        waiting = await self._store.read(queue.entries, self._keyring.of)
        left = await self._store.read(queue.entries, self._keyring.of, ("unreachable",), day_ago)
        return waiting + [entry for entry in left if entry.case.tier in ("immediate", "urgent")]

    async def talking(self) -> list[queue.Entry]:
        """Cases that a counsellor has."""
        return await self._store.read(queue.entries, self._keyring.of, ("taken",))

    async def with_assistant(self) -> list[queue.Entry]:
        """Cases in which the assistant answers and nobody was called, or wanted, of the last day."""
        return await self._store.read(
            queue.entries, self._keyring.of, ("bot", "declined"), self._clock() - timedelta(days=1)
        )  # fmt: skip

    async def take(self, case_id: str, who: Counsellor) -> bool:
        """Claim a case. False when another counsellor was first or the cap is reached."""

        def work(connection: Connection) -> str | None:
            won = queue.claim(connection, case_id, who.id, self._clock(), self._cap)
            return self._announce(connection, case_id, who) if won else None

        return self._woken(await self._store.write(work))

    async def take_next(self, who: Counsellor) -> str | None:
        """Claim the most severe case that waits; its id, or None."""

        def work(connection: Connection) -> tuple[str | None, str | None]:
            found = queue.take_next(connection, who.id, self._clock(), self._cap)
            return found, self._announce(connection, found, who) if found else None

        case_id, conversation = await self._store.write(work)
        self._woken(conversation)
        return case_id

    async def case(self, case_id: str, who: Counsellor | None = None) -> Case | None:
        """One case; reading it leaves an audit row when `who` is given. None when unknown or erased."""

        def work(connection: Connection) -> Case | None:
            row = connection.execute(records.EVERY.where(cases.c.id == case_id)).first()
            try:
                return records.of_row(row, self._keyring.of(row.conversation_id)) if row else None
            except Erased:
                return None

        found = await self._store.read(work)
        if found and who:
            await self._store.write(_audit, who.id, "read", case_id, self._clock())
        return found

    async def transcript(self, case: Case, since: int = 0) -> list[Message]:
        key = self._keyring.of(case.conversation_id)
        return await self._store.read(transcript.since, key, case.conversation_id, since)

    async def say(self, case_id: str, who: Counsellor, text: str, client_id: str) -> Message:
        """Send words to the person. Raises NotYours; sending the same `client_id` again stores nothing twice."""

        def work(connection: Connection) -> tuple[Case, Message]:
            case, key = self._mine(connection, case_id, who)
            message, _ = transcript.append(
                connection, key, case.conversation_id, transcript.COUNSELLOR, {"text": text, "name": who.name},
                self._clock(), client_id=client_id, counsellor=who.id,
            )  # fmt: skip
            self._ask_only(connection, case, None)
            return case, message

        case, message = await self._store.write(work)
        self._live.publish(case.conversation_id, kind="message")
        return message

    async def typing(self, case: Case) -> None:
        self._live.publish(case.conversation_id, kind="typing", who="counsellor")

    async def hand_back(self, case_id: str, who: Counsellor, reason: str = "") -> None:
        """The assistant answers again. Raises NotYours, ReasonNeeded."""
        await self._let_go(case_id, who, "hand_back", "utter_handed_back", reason)

    async def close(self, case_id: str, who: Counsellor, reason: str = "") -> None:
        """The case is closed; a message by the person wakes it. Raises NotYours, ReasonNeeded."""
        await self._let_go(case_id, who, "close", "utter_closed", reason)

    async def correct(self, case_id: str, who: Counsellor, fact: str, value: Any, reason: str = "") -> Case:
        """A counsellor corrects what was understood. The tier falls by it only with a `reason` in words, which
        stays in the case's history. Raises NotYours, ValueError for a wrong fact or value."""

        def work(connection: Connection) -> Case:
            case, key = self._mine(connection, case_id, who)
            changed = case.with_facts(_corrected(case.facts, fact, value, who.name))
            why = reason.strip()
            changed = changed.lowered(fact) if why else changed
            said = f"{fact}: {value}" + (f" ({why})" if why else "")
            return records.save(connection, key, changed, self._clock(), "correct", who.id, said)

        case = await self._store.write(work)
        self._live.publish(DESK, kind="queue")
        return case

    async def _let_go(self, case_id: str, who: Counsellor, event: str, response: str, reason: str) -> None:
        def work(connection: Connection) -> Case:
            case, key = self._mine(connection, case_id, who)
            if case.rank <= SEVERE and not reason.strip():
                raise ReasonNeeded("This case is urgent. Please write why it can be let go.")
            name = "utter_handed_back_safety" if case.rank <= SEVERE else response
            reply = self._wording.reply(name, name=who.name)
            now = self._clock()
            transcript.append(connection, key, case.conversation_id, transcript.NOTICE, reply, now)
            memory = replace(case.memory, question=None).after([reply])
            changed = replace(case.on(event, now), memory=memory)
            return records.save(connection, key, changed, now, event, who.id, reason.strip())

        case = await self._store.write(work)
        self._woken(case.conversation_id)

    def _announce(self, connection: Connection, case_id: str, who: Counsellor) -> str:
        conversation: str = connection.execute(
            sa.select(cases.c.conversation_id).where(cases.c.id == case_id)
        ).scalar_one()
        key = self._keyring.of(conversation)
        case = records.load(connection, key, conversation)
        asks = case.rank > 0 and not case.facts.wants_human  # called by us, not by the person (rule 19)
        reply = self._wording.reply("utter_counsellor_asks" if asks else "utter_counsellor_joined", name=who.name)
        transcript.append(
            connection, key, conversation, transcript.NOTICE, {**reply, "name": who.name}, self._clock()
        )  # fmt: skip
        self._ask_only(connection, case, reply["question"])
        return conversation

    def _ask_only(self, connection: Connection, case: Case, question: str | None) -> None:
        """What is open between us and the person now: an "ok" to a counsellor must not answer what the assistant
        asked before."""
        if case.memory.question != question:
            key = self._keyring.of(case.conversation_id)
            records.save(connection, key, replace(case, memory=replace(case.memory, question=question)), self._clock())

    def _woken(self, conversation: str | None) -> bool:
        if conversation:
            self._live.publish(conversation, kind="message")
            self._live.publish(DESK, kind="queue")
        return conversation is not None

    def _mine(self, connection: Connection, case_id: str, who: Counsellor) -> tuple[Case, Any]:
        row = connection.execute(records.EVERY.where(cases.c.id == case_id).with_for_update(of=cases)).first()
        if row is None or row.state != "taken" or row.counsellor_id != who.id:
            raise NotYours(case_id)
        key = self._keyring.of(row.conversation_id)
        return records.of_row(row, key), key


def _corrected(facts: CaseFacts, fact: str, value: Any, by: str) -> CaseFacts:
    """The facts with one of them set by a person; an age settles what follows from it."""
    known = facts.known() | {fact: value}
    if fact == "age" and value is not None:
        known |= {"age_min": None, "age_max": None, "lowest_age": value, "minor": "yes" if value < 18 else "no"}
    if fact == "minor" and value == "no":
        known["lowest_age"] = None
    known["words"] = {**facts.words, fact: f"corrected by {by}"}
    return CaseFacts.of(known)


def _audit(connection: Connection, who: str, action: str, case_id: str, at: datetime) -> None:
    connection.execute(sa.insert(audit).values(at=naive(at), counsellor_id=who, action=action, case_id=case_id))
