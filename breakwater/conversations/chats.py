"""What a channel may do: open a conversation, find it again, bring a message in, read what is new."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
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
from breakwater.conversations.transcript import Message
from breakwater.conversations.turns import Turns
from breakwater.privacy.keyring import Keyring
from breakwater.storage.store import Store
from breakwater.storage.tables import cases as cases_table
from breakwater.storage.tables import contacts, conversations, messages


class Chats:
    """The conversations as a channel sees them."""

    def __init__(
        self, store: Store, keyring: Keyring, live: Live, turns: Turns, greeting: Callable[[str], dict[str, Any]],
        clock: Callable[[], datetime], longest: int,
    ) -> None:  # fmt: skip
        self._store, self._keyring, self._live, self._turns = store, keyring, live, turns
        self._greeting, self._clock, self._longest = greeting, clock, longest

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
        return await self._turns.receive(conversation, Inbound(inbound.client_id, text, inbound.payload, inbound.media))

    async def since(self, conversation: str, seq: int) -> list[Message]:
        return await self._store.read(transcript.since, self._keyring.of(conversation), conversation, seq)

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
        found = await self.since(conversation, seq - 1)
        if not found or found[0].seq != seq:
            return None
        return next((b["title"] for b in found[0].body.get("buttons") or () if b["payload"] == payload), None)

    async def delivered(self, conversation: str, seq: int) -> None:
        """The channel has shown everything up to `seq`."""
        await self._store.write(transcript.mark_delivered, conversation, seq, self._clock())
        self._live.publish(conversation, kind="delivered")

    async def left(self, conversation: str) -> None:
        """The person left by quick exit: the case keeps its tier, and a message wakes it again."""
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

    async def by_number(self, number: int) -> str | None:
        """The conversation of a case, by the number that the desk shows."""
        query = sa.select(cases_table.c.conversation_id).where(cases_table.c.number == number)
        return await self._store.read(lambda connection: connection.scalar(query))
