"""What a channel may do: open a conversation, find it again, bring a message in, read what is new."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from breakwater.cases import counsellors, records
from breakwater.cases.records import Case
from breakwater.cases.states import ASLEEP
from breakwater.conversations import inbox, transcript
from breakwater.conversations.inbox import Inbound, Received, clean
from breakwater.conversations.live import DESK, Live
from breakwater.conversations.transcript import PERSON, Letter, Message
from breakwater.conversations.turns import Turns
from breakwater.privacy.keyring import Keyring
from breakwater.storage.store import Store
from breakwater.storage.tables import cases as cases_table
from breakwater.storage.tables import contacts, conversations, messages
from breakwater.support import hour

_LATE_AGAIN = timedelta(hours=24)  # safeguarding rule 3


class Chats:
    """The conversations as a channel sees them. `spoken` makes a response of ours for a case."""

    def __init__(
        self, store: Store, keyring: Keyring, live: Live, turns: Turns, greeting: Callable[[str], dict[str, Any]],
        spoken: Callable[[str, Case], dict[str, Any]], clock: Callable[[], datetime], longest: int,
    ) -> None:  # fmt: skip
        self._store, self._keyring, self._live, self._turns = store, keyring, live, turns
        self._greeting, self._spoken, self._clock, self._longest = greeting, spoken, clock, longest

    async def open(self, channel: str, address_hash: str) -> str:
        """A new conversation, with its greeting; returns its id."""
        conversation = uuid4().hex
        key = await self._store.read(lambda _: self._keyring.new(conversation))
        await self._store.write(
            inbox.open_conversation,
            key,
            conversation,
            channel,
            address_hash,
            self._greeting(channel),
            self._clock(),
        )
        return conversation

    async def find(self, channel: str, address_hash: str) -> str | None:
        """The conversation of a contact; None when there is none, or it was erased."""
        query = (
            sa.select(conversations.c.id)
            .join(contacts, contacts.c.id == conversations.c.contact_id)
            .where(contacts.c.channel == channel, contacts.c.address_hash == address_hash)
        )
        return await self._store.read(lambda connection: connection.scalar(query))

    async def say(self, conversation: str, inbound: Inbound) -> Received:
        """Bring a message in. Raises TooLong, or Erased."""
        text = clean(inbound.text, self._longest)
        received = await self._turns.receive(conversation, replace(inbound, text=text))
        if inbound.late:
            await self._apologise(conversation)
        return received

    async def answer(self, conversation: str, inbound: Inbound, response: str, **about: Any) -> None:
        """Store what the person sent and answer it here, without Rasa; sent twice it is answered once.

        `about` goes with the answer, such as `move`. Raises Erased.
        """

        def work(connection: Connection, case: Case, _: Message) -> Case:
            return self._say_ours(connection, case, response, **about)

        await self._with_message(conversation, inbound, work)

    async def hide(self, conversation: str, inbound: Inbound) -> None:
        """Nothing is sent any more until the person writes, but for the word that it is done. Raises Erased."""

        def work(connection: Connection, case: Case, sent: Message) -> Case:
            transcript.drop(connection, conversation, sent.seq)
            return self._say_ours(connection, case, "utter_hidden").on("hide", self._clock())

        await self._with_message(conversation, inbound, work)
        self._live.publish(DESK, kind="queue")

    async def since(self, conversation: str, seq: int) -> list[Message]:
        return await self._store.read(transcript.since, self._keyring.of(conversation), conversation, seq)

    async def news(self, conversation: str, seq: int) -> tuple[list[Message], Case]:
        """Every message after `seq`, in order, and the case, in one look."""
        key = self._keyring.of(conversation)

        def look(connection: Connection) -> tuple[list[Message], Case]:
            return transcript.since(connection, key, conversation, seq), records.peek(connection, key, conversation)

        return await self._store.read(look)

    async def case(self, conversation: str) -> Case:
        return await self._store.read(records.peek, self._keyring.of(conversation), conversation)

    async def speaker(self, case: Case) -> tuple[str, str | None]:
        """Who answers now: `assistant`, or `counsellor` with the name the person sees."""
        if case.state != "taken" or case.counsellor_id is None:
            return "assistant", None
        who = await self._store.read(counsellors.by_id, case.counsellor_id)
        return "counsellor", who.name if who else None

    async def button(self, conversation: str, seq: int, payload: object) -> str | None:
        """The title of a button that message `seq` really showed; None for an invented one."""
        return next((b["title"] for b in await self.buttons(conversation, seq) if b["payload"] == payload), None)

    async def buttons(self, conversation: str, seq: int) -> list[dict[str, str]]:
        """The buttons that message `seq` has."""
        found = await self.since(conversation, seq - 1)
        return list(found[0].body.get("buttons") or ()) if found and found[0].seq == seq else []

    async def delivered(self, conversation: str, seq: int) -> None:
        """The channel has shown everything up to `seq`."""
        await self._store.write(transcript.mark_delivered, conversation, seq, self._clock())
        self._live.publish(conversation, kind="delivered")

    async def next_letter(self, conversation: str) -> tuple[Letter, Case] | None:
        """The next message to bring to a person who is on no page of ours, and the case; None when all were brought.
        Raises Erased."""
        key = self._keyring.of(conversation)

        def look(connection: Connection) -> tuple[Letter, Case] | None:
            # the case first: who comes back meanwhile has dropped what the letter would have been
            case = records.peek(connection, key, conversation)
            letter = transcript.next_letter(connection, key, conversation)
            return (letter, case) if letter else None

        return await self._store.read(look)

    async def drop(self, conversation: str, before: int) -> None:
        """What was not delivered before message `before` is never sent."""
        await self._store.write(transcript.drop, conversation, before)

    async def too_late(self, conversation: str, seq: int) -> None:
        """Message `seq` and those before it come too late for their words: a neutral line instead, one a day."""
        key, now = self._keyring.of(conversation), self._clock()

        def work(connection: Connection) -> None:
            transcript.drop(connection, conversation, seq + 1)
            last = transcript.last_said(connection, key, conversation, "utter_late", hour.WRITTEN)
            if last is None or now - last > _LATE_AGAIN:
                case = records.load(connection, key, conversation)
                records.save(connection, key, self._say_ours(connection, case, "utter_late"), now)

        await self._store.write(work)

    async def left(self, conversation: str) -> None:
        """The person cannot be reached any more (quick exit, or we were blocked): the case keeps its tier, and a
        message wakes it again."""
        key = self._keyring.of(conversation)

        def work(connection: Connection) -> None:
            case = records.load(connection, key, conversation)
            if case.state not in ASLEEP:
                records.save(connection, key, case.on("person_left", self._clock()), self._clock(), "person_left")

        await self._store.write(work)
        self._live.publish(conversation, kind="left")
        self._live.publish(DESK, kind="queue")

    async def resume(self) -> int:
        """After a restart: answer what was left waiting. Returns how many conversations."""
        query = sa.select(messages.c.conversation_id).where(messages.c.turn == "waiting").distinct()
        left = await self._store.read(lambda connection: connection.scalars(query).all())
        for conversation in left:
            self._turns.resume(conversation)
        return len(left)

    async def _with_message(
        self, conversation: str, inbound: Inbound, work: Callable[[Connection, Case, Message], Case]
    ) -> None:
        """One transaction: the person's message, stored as answered, and `work` on its case."""
        key, now = self._keyring.of(conversation), self._clock()

        def transaction(connection: Connection) -> bool:
            case = records.load(connection, key, conversation)
            body = {"text": clean(inbound.text, self._longest)} | (
                {"button": inbound.payload} if inbound.payload else {}
            )
            sent, new = transcript.append(
                connection, key, conversation, PERSON, body, now, inbound.client_id, turn="answered"
            )
            if new:
                changed = work(connection, case.on("message", now), sent)
                event = None if changed.state == case.state else changed.state
                records.save(connection, key, changed, now, event)
            return new

        if await self._store.write(transaction):
            self._live.publish(conversation, kind="message")

    async def _apologise(self, conversation: str) -> None:
        """Once for everything that was sent while nobody was here, unless a counsellor is here now."""
        key, now = self._keyring.of(conversation), self._clock()

        def work(connection: Connection) -> None:
            case = records.load(connection, key, conversation)
            ours = transcript.last_of_ours(connection, key, conversation)
            if case.state != "taken" and (ours is None or ours.body.get("response") != "utter_late_apology"):
                case = self._say_ours(connection, case, "utter_late_apology")
                records.save(connection, key, case, now)

        await self._store.write(work)
        self._live.publish(conversation, kind="message")

    def _say_ours(self, connection: Connection, case: Case, response: str, **about: Any) -> Case:
        key = self._keyring.of(case.conversation_id)
        return transcript.say_ours(connection, key, case, self._spoken(response, case) | about, self._clock())

    async def by_number(self, number: int) -> str | None:
        """The conversation of a case, by the number that the desk shows."""
        query = sa.select(cases_table.c.conversation_id).where(cases_table.c.number == number)
        return await self._store.read(lambda connection: connection.scalar(query))
