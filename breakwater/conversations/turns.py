"""From a person's fragments to one answer.

Fragments are joined, Rasa is asked once, and one transaction stores what came of it. If Rasa
has no answer by the deadline the gateway's own safety reply goes out: silence is the failure
that matters most.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy.engine import Connection

from breakwater.assistant.client import NoAnswer
from breakwater.cases import records
from breakwater.cases.records import Case
from breakwater.cases.states import assistant_answers
from breakwater.conversations import transcript
from breakwater.conversations.asking import last_turn, request, taken_in
from breakwater.conversations.erasure import Erasure
from breakwater.conversations.inbox import Inbound, QuickRead, Received, brings_a_person, called, receive
from breakwater.conversations.live import DESK, Live
from breakwater.conversations.transcript import Message
from breakwater.privacy.keyring import Erased, Keyring
from breakwater.storage.store import Store
from breakwater.support import remit
from breakwater.support.turn import Place, TurnAnswer, TurnRequest
from breakwater.understanding.answers import of_words
from breakwater.understanding.facts import CaseFacts

logger = logging.getLogger(__name__)
PROMISE_SECONDS = 5.0  # design §4.1, from the first unanswered fragment to the channel
_ASKED, _NO_PERSON = "want_human", "answer:want_human=no"
_HAND_OVER_SECONDS = 0.4  # of these, kept for storing and handing over


class Answers(Protocol):
    """The assistant as this room sees it."""

    async def turn(self, request: TurnRequest) -> TurnAnswer: ...


@dataclass(frozen=True)
class Pace:
    """Seconds: `quiet` closes the window after the last fragment, `longest` after the first, `deadline` is Rasa's."""

    quiet: float = 1.2
    longest: float = 2.0
    deadline: float = 3.0


class Turns:
    """Receives messages and sees to it that each is answered."""

    def __init__(
        self, store: Store, keyring: Keyring, live: Live, assistant: Answers, quick_read: QuickRead,
        place: Callable[[Case, float | None], Place], safety_reply: Callable[[Case, Place], dict[str, Any]],
        spoken: Callable[[str, Case], dict[str, Any]], erasure: Erasure, hold: timedelta,
        clock: Callable[[], datetime], pace: Pace,
    ) -> None:  # fmt: skip
        self._store, self._keyring, self._live, self._assistant = store, keyring, live, assistant
        self._quick_read, self._place, self._safety_reply, self._spoken = quick_read, place, safety_reply, spoken
        self._erasure, self._hold, self._clock, self._pace = erasure, hold, clock, pace
        self._workers: dict[str, _Window] = {}

    async def receive(self, conversation: str, inbound: Inbound) -> Received:
        """Store a message; its answer follows by itself. Raises privacy.keyring.Erased."""
        key = self._keyring.of(conversation)
        received = await self._store.write(
            receive, key, conversation, inbound, self._quick_read, self._clock(), self._up_to
        )
        if received.new:
            self._live.publish(conversation, kind="message")
            self._live.publish(DESK, kind="queue", rank=received.case.rank)
            self._attend(conversation, received.urgent)
        return received

    def resume(self, conversation: str) -> None:
        """Answer what was left unanswered before a restart."""
        self._attend(conversation, urgent=True)

    async def close(self) -> None:
        tasks = [window.task for window in self._workers.values() if window.task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _attend(self, conversation: str, urgent: bool) -> None:
        window = self._workers.get(conversation)
        if window is None:
            window = self._workers[conversation] = _Window(self._pace)
            window.task = asyncio.create_task(self._work(conversation, window))
        window.fragment(urgent)

    async def _work(self, conversation: str, window: _Window) -> None:
        """Turn after turn until nothing waits. One worker a conversation, so turns never overlap."""
        try:
            while True:
                await window.closed()
                await self._turn(conversation)
                if not window.open:
                    return
        except Erased:
            logger.info("conversation erased while a turn was under way")
        except Exception:
            logger.exception("a turn failed")
            asyncio.get_running_loop().call_later(1.0, self.resume, conversation)
        finally:
            self._workers.pop(conversation, None)

    async def _turn(self, conversation: str) -> None:
        """Answer what waits, if anything does."""
        key = self._keyring.of(conversation)

        def look(connection: Connection) -> tuple[Case, list[Message], list[Message], datetime | None, bool]:
            case = records.peek(connection, key, conversation)
            unread, waiting = transcript.unanswered(connection, key, conversation)
            before = transcript.wrote_before(connection, conversation, waiting[0].seq) if waiting else None
            slept = before is not None and records.slept_since(connection, case.id, before)
            return case, unread, waiting, before, slept

        case, unread, waiting, before, slept = await self._store.read(look)
        if not waiting:
            if unread:  # sent long ago, or edited: read, and not answered again
                await self._catch_up(case, unread, self._clock())
            return
        since = waiting[0].at
        first, waiting = last_turn(waiting)
        if first:
            await self._store.write(transcript.mark, first, "unread")
        if unread or first:
            case = await self._catch_up(case, unread + first, since)
        if case.state == "taken" and _says_no_to_a_person(case, waiting[-1]):
            case = await self._store.write(self._declined, case)
        if assistant_answers(case.state):
            away = (since - before).total_seconds() if before else None
            await self._reply(case, waiting, replace(self._place(case, away), slept=slept), since)
        else:
            await self._listen(case, waiting)

    async def _reply(self, case: Case, waiting: list[Message], place: Place, since: datetime) -> None:
        self._live.publish(case.conversation_id, kind="typing", who="assistant")
        left = max(0.3, min(self._pace.deadline, self._time_left(since)))
        try:
            answer = await self._assistant.turn(request("reply", case, waiting, place, left))
            turn = "answered"
        except NoAnswer as missing:
            logger.warning("no answer from the assistant: %s", missing)
            heard = missing.heard or TurnAnswer((), case.facts, case.memory)
            known = replace(case, memory=heard.memory).with_facts(heard.facts)
            answer = replace(heard, replies=(self._safety_reply(known, place),))
            turn = "answered" if missing.heard else "unread"
        if "erase" in answer.requests and case.tier == "immediate":  # by silence, too, which the plan does not know
            reply = self._spoken("utter_erase_hold", case)
            answer = replace(answer, replies=(reply,), requests=("erase_later", "handover"))
        if "erase" in answer.requests:
            await self._erasure.erase(case.conversation_id, asked=True)
            return
        if "erase_later" in answer.requests:
            await self._erasure.erase_by(case.conversation_id, self._clock() + self._hold)
        await self._store.write(self._commit, case, waiting, answer, turn)
        self._wake(case)

    def _time_left(self, since: datetime) -> float:
        """Seconds that Rasa may still take for what waits `since`."""
        return PROMISE_SECONDS - _HAND_OVER_SECONDS - (self._clock() - since).total_seconds()

    async def _listen(self, case: Case, waiting: list[Message]) -> None:
        """A counsellor has the case: read, merge, say nothing."""
        try:
            answer = await self._assistant.turn(
                request("listen", case, waiting, self._place(case, None), self._pace.deadline)
            )
            turn = "answered"
        except NoAnswer:
            answer, turn = TurnAnswer((), case.facts, case.memory), "unread"
        case = await self._store.write(self._commit, case, waiting, answer, turn)
        self._wake(case)
        if waiting[-1].body.get("button") == "do:erase_now":
            await self._erase_while_taken(case)
            return
        if assistant_answers(case.state):  # handed back meanwhile: what waits is answered now
            self._attend(case.conversation_id, urgent=True)

    async def _erase_while_taken(self, case: Case) -> None:
        """A counsellor being there changes nothing about a tapped *Delete now* (safeguarding rule 12): in danger it
        waits, and the person is told so by us, because the counsellor did not decide it."""
        if case.tier == "immediate":
            await self._erasure.erase_by(case.conversation_id, self._clock() + self._hold)
            await self._store.write(self._say_that_it_waits, case.conversation_id)
            self._wake(case)
        else:
            await self._erasure.erase(case.conversation_id, asked=True)

    def _say_that_it_waits(self, connection: Connection, conversation: str) -> None:
        key, now = self._keyring.of(conversation), self._clock()
        case = records.load(connection, key, conversation)
        case = transcript.say_ours(connection, key, case, self._spoken("utter_erase_hold", case), now)
        records.save(connection, key, case, now)

    async def _catch_up(self, case: Case, unread: list[Message], since: datetime) -> Case:
        """Rasa reads, in order, what was answered without it, while there is time before the answer
        that waits `since`. Rasa still away: they stay unread."""
        for message in unread:
            left = min(1.0, self._time_left(since) - 1.5)
            if left <= 0:
                return case
            try:
                answer = await self._assistant.turn(request("listen", case, [message], self._place(case, None), left))
            except NoAnswer:
                return case
            case = await self._store.write(self._commit, case, [message], answer, "answered")
        return case

    def _commit(
        self, connection: Connection, asked: Case, waiting: list[Message], answer: TurnAnswer, turn: str
    ) -> Case:
        """One transaction: facts, tier, case, replies. A case taken meanwhile gets the facts, not the replies;
        one handed back while we listened keeps its messages waiting, if nothing has answered them."""
        key, now = self._keyring.of(asked.conversation_id), self._clock()
        case = records.load(connection, key, asked.conversation_id)
        state = case.state
        if asked.state == "taken" and assistant_answers(state) and waiting[0].turn == "waiting":
            turn = "waiting"
        if not transcript.mark(connection, waiting, turn):
            return case  # another gateway has answered
        case = case.with_facts(taken_in(case.facts, asked.facts, answer.facts))
        new_danger = _new_danger(asked.facts, case.facts)
        if assistant_answers(case.state):
            for reply in answer.replies:
                transcript.append(connection, key, case.conversation_id, transcript.ASSISTANT, reply, now)
            memory = answer.memory.after(answer.replies) if answer.replies else answer.memory
            case = replace(case, memory=memory)
            if "could_not_read" in answer.requests:
                case = case.with_facts(replace(case.facts, unreadable=True))
            if "handover" in answer.requests:
                case = case.on("needs_person", now)
            case = called(case, now, new_danger, self._up_to(case))
            if "decline" in answer.requests and case.rank > 0:
                case = case.on("decline", now)
            if "hide" in answer.requests:
                case = case.on("hide", now)
        event = case.state if case.state != state else None
        if case.state == "waiting" and new_danger:
            event = "danger"
        return records.save(connection, key, case, now, event)

    def _up_to(self, case: Case) -> int:
        """Up to which rank a counsellor is called for this person (safeguarding rule 18)."""
        return remit.called_up_to(case.facts, self._place(case, None))

    def _declined(self, connection: Connection, asked: Case) -> Case:
        """The person said no to the counsellor who asked to join: the assistant goes on (safeguarding rule 19)."""
        key, now = self._keyring.of(asked.conversation_id), self._clock()
        case = records.load(connection, key, asked.conversation_id)
        if case.state != "taken" or case.rank == 0:
            return case
        return records.save(connection, key, case.on("decline", now), now, "decline")

    def _wake(self, case: Case) -> None:
        self._live.publish(case.conversation_id, kind="message")
        self._live.publish(DESK, kind="queue")


def _says_no_to_a_person(case: Case, last: Message) -> bool:
    """The counsellor's first line asks to join: a typed no is one as much as the button."""
    typed = case.memory.question == _ASKED and of_words(last.text, _ASKED) == "no"
    return last.body.get("button") == _NO_PERSON or (typed and not last.body.get("forwarded"))


def _new_danger(before: CaseFacts, after: CaseFacts) -> bool:
    return brings_a_person(set(after.risk) - set(before.risk), set(after.now) - set(before.now))


class _Window:
    """Collects fragments: closes after a quiet moment, at most a while after the first, at once if urgent."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._news = asyncio.Event()
        self._hurry = False
        self.task: asyncio.Task[None] | None = None

    @property
    def open(self) -> bool:
        return self._news.is_set()

    def fragment(self, urgent: bool) -> None:
        self._hurry = self._hurry or urgent
        self._news.set()

    async def closed(self) -> None:
        loop = asyncio.get_running_loop()
        await self._news.wait()
        end = loop.time() + self._pace.longest
        while not self._hurry:
            self._news.clear()
            left = min(self._pace.quiet, end - loop.time())
            try:
                await asyncio.wait_for(self._news.wait(), max(left, 0))
            except asyncio.TimeoutError:
                break
        self._news.clear()
        self._hurry = False
