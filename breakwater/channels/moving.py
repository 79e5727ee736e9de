"""Moving a conversation to another channel, with its facts and its case: a link that opens it there once, for ten
minutes. Only the hash of a link's token is stored.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from breakwater.cases import records
from breakwater.cases.states import ASLEEP
from breakwater.channels.telegram import letterbox
from breakwater.conversations import transcript
from breakwater.conversations.live import DESK, Live
from breakwater.privacy.keyring import Keyring
from breakwater.privacy.keys import token_hash
from breakwater.storage.store import Store
from breakwater.storage.tables import come_back, contacts, conversations, moves
from breakwater.storage.times import naive

MINUTES = 10


@dataclass(frozen=True)
class Moved:
    """A conversation that goes on elsewhere. `left`: the Telegram chat in which it was, if it was in one."""

    conversation: str
    left: int | None


@dataclass
class Moving:
    """Makes links and follows them."""

    store: Store
    keyring: Keyring
    live: Live
    clock: Callable[[], datetime]
    telegram_name: Callable[[], str] = lambda: ""  # the bot's; empty while there is none
    left_telegram: Callable[[int], None] = lambda chat: None

    async def link_to_telegram(self, conversation: str) -> str:
        """An address that moves the conversation to Telegram; empty while there is no bot."""
        name = self.telegram_name()
        return f"https://t.me/{name}?start={await self.link(conversation, 'telegram')}" if name else ""

    async def to_web(self, token: str, address_hash: str) -> str | None:
        """The conversation of this link, from now on that of this page."""
        moved = await self.follow(token, "web", address_hash)
        if moved and moved.left is not None:
            self.left_telegram(moved.left)
        return moved.conversation if moved else None

    async def link(self, conversation: str, channel: str) -> str:
        """A token that moves the conversation to `channel`, once, within ten minutes. Earlier ones are over."""
        token, now = secrets.token_urlsafe(24), self.clock()

        def work(connection: Connection) -> None:
            over = (moves.c.ends_at <= naive(now)) | (moves.c.conversation_id == conversation)
            connection.execute(sa.delete(moves).where(over))
            connection.execute(
                sa.insert(moves).values(
                    token_hash=token_hash(token), conversation_id=conversation, channel=channel,
                    ends_at=naive(now + timedelta(minutes=MINUTES)),
                )
            )  # fmt: skip

        await self.store.write(work)
        return token

    async def follow(self, token: str, channel: str, address_hash: str, chat: int | None = None) -> Moved | None:
        """The conversation of this token is from now on that of this address on `channel`; with `chat` it is
        answered there. None for a token that was never made, was used, or is over."""
        moved = await self.store.write(self._follow, token_hash(token), channel, address_hash, chat)
        if moved:
            self.live.publish(moved.conversation, kind="moved")
            self.live.publish(DESK, kind="queue")
        return moved

    def _follow(
        self, connection: Connection, token: str, channel: str, address_hash: str, chat: int | None
    ) -> Moved | None:
        now = naive(self.clock())
        this = (moves.c.token_hash == token) & (moves.c.channel == channel) & (moves.c.ends_at > now)
        conversation = connection.scalar(sa.select(moves.c.conversation_id).where(this))
        if conversation is None:
            return None
        key = self.keyring.of(conversation)
        left = letterbox.chat_of(connection, key, conversation)
        self._make_room(connection, conversation, channel, address_hash)
        contact = sa.select(conversations.c.contact_id).where(conversations.c.id == conversation).scalar_subquery()
        connection.execute(
            sa.update(contacts).where(contacts.c.id == contact).values(channel=channel, address_hash=address_hash)
        )
        connection.execute(sa.update(conversations).where(conversations.c.id == conversation).values(channel=channel))
        for table in (moves, come_back):
            connection.execute(sa.delete(table).where(table.c.conversation_id == conversation))
        letterbox.unbind(connection, conversation)
        if chat is None:
            transcript.take_up(connection, conversation)
        else:  # what was shown on the page is not sent again
            transcript.drop(connection, conversation, self._next_seq(connection, conversation))
            letterbox.bind(connection, key, conversation, chat)
        return Moved(conversation, left)

    def _make_room(self, connection: Connection, conversation: str, channel: str, address_hash: str) -> None:
        """An address has one conversation: an older one of this person stays with us, but cannot be reached."""
        here = (contacts.c.channel == channel) & (contacts.c.address_hash == address_hash)
        older = connection.scalar(
            sa.select(conversations.c.id).join(contacts, contacts.c.id == conversations.c.contact_id).where(here)
        )
        if older is None or older == conversation:
            return
        connection.execute(sa.update(contacts).where(here).values(address_hash=secrets.token_hex(32)))
        letterbox.unbind(connection, older)
        key, now = self.keyring.of(older), self.clock()
        case = records.load(connection, key, older)
        if case.state not in ASLEEP:
            records.save(connection, key, case.on("person_left", now), now, "person_left")

    @staticmethod
    def _next_seq(connection: Connection, conversation: str) -> int:
        last = connection.scalar(sa.select(conversations.c.last_seq).where(conversations.c.id == conversation))
        return int(last) + 1
