"""What is kept of a chat at Telegram, sealed with the conversation's key: its number, and the numbers of the
messages in it, so that they can be answered, deleted there, and their buttons known again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from breakwater.conversations import transcript
from breakwater.privacy.keyring import Erased
from breakwater.privacy.keys import DataKey
from breakwater.storage.tables import conversations, messages, telegram_chats, telegram_messages
from breakwater.storage.times import aware, naive

CAN_BE_DELETED = timedelta(hours=48)  # Telegram's rule for both sides of a private chat
_Chats, _Messages = telegram_chats.c, telegram_messages.c


@dataclass(frozen=True)
class Posted:
    """A message of ours as it stands in the chat. `row` is what its buttons carry."""

    row: str
    conversation: str
    seq: int
    at: datetime
    buttons: bool


def bind(connection: Connection, key: DataKey, conversation: str, chat: int) -> None:
    """The conversation is answered in this chat."""
    connection.execute(sa.delete(telegram_chats).where(_Chats.conversation_id == conversation))
    sealed = key.seal(str(chat), _place("chat", conversation))
    connection.execute(sa.insert(telegram_chats).values(conversation_id=conversation, chat_sealed=sealed))


def unbind(connection: Connection, conversation: str) -> None:
    for table in (telegram_chats, telegram_messages):
        connection.execute(sa.delete(table).where(table.c.conversation_id == conversation))


def chat_of(connection: Connection, key: DataKey, conversation: str) -> int | None:
    """Where it is answered; None for a conversation that is not on Telegram."""
    query = sa.select(_Chats.chat_sealed).where(_Chats.conversation_id == conversation)
    sealed = connection.scalar(query)
    return int(key.open(sealed, _place("chat", conversation))) if sealed else None


def is_ours(connection: Connection, conversation: str) -> bool:
    query = sa.select(_Chats.conversation_id).where(_Chats.conversation_id == conversation)
    return connection.scalar(query) is not None


def note(
    connection: Connection, key: DataKey, conversation: str, number: int, at: datetime, seq: int = 0, row: str = ""
) -> None:
    """This message stands in the chat; with `seq` it is one of ours, with `row` it has buttons that carry it."""
    identity = row or uuid4().hex
    connection.execute(
        sa.insert(telegram_messages).values(
            id=identity, conversation_id=conversation, seq=seq, buttons=bool(row), at=naive(at),
            message_sealed=key.seal(str(number), _place("message", identity)),
        )
    )  # fmt: skip


def delivered(
    connection: Connection, key: DataKey, conversation: str, seq: int, numbers: Sequence[int], at: datetime, row: str
) -> None:
    """Message `seq` of ours was sent, and stands there under these numbers: one transaction. Its buttons, if `row`
    is one, were noted before it was sent, with no number: somebody may tap faster than we write. Raises Erased."""
    for number in numbers:
        if row and number == numbers[-1]:
            sealed = key.seal(str(number), _place("message", row))
            noted = sa.update(telegram_messages).where(_Messages.id == row).values(message_sealed=sealed)
            if connection.execute(noted).rowcount != 1:
                raise Erased(conversation)
        else:
            note(connection, key, conversation, number, at, seq)
    transcript.mark_delivered(connection, conversation, seq, at)


def posted(connection: Connection, row: str) -> Posted | None:
    found = connection.execute(sa.select(telegram_messages).where(_Messages.id == row)).first()
    return _posted(found) if found else None


def with_buttons(connection: Connection, conversation: str) -> list[Posted]:
    """The messages whose answers can still be tapped."""
    here = (_Messages.conversation_id == conversation) & _Messages.buttons
    return [_posted(row) for row in connection.execute(sa.select(telegram_messages).where(here))]


def used(connection: Connection, row: str) -> None:
    """Its answers cannot be tapped any more."""
    connection.execute(sa.update(telegram_messages).where(_Messages.id == row).values(buttons=False))


def number_of(connection: Connection, key: DataKey, row: str) -> int | None:
    """Telegram's number of a message; None while it was not sent."""
    sealed = connection.scalar(sa.select(_Messages.message_sealed).where(_Messages.id == row))
    return (int(key.open(sealed, _place("message", row))) or None) if sealed else None


def deletable(connection: Connection, key: DataKey, conversation: str, now: datetime) -> list[int]:
    """The numbers of everything in the chat that Telegram still lets us delete."""
    recent = (_Messages.conversation_id == conversation) & (_Messages.at > naive(now - CAN_BE_DELETED))
    query = sa.select(_Messages.id, _Messages.message_sealed).where(recent).with_for_update()  # one may just be noted
    found = connection.execute(query)
    return sorted({int(key.open(row.message_sealed, _place("message", row.id))) for row in found} - {0})


def cleared(connection: Connection, conversation: str) -> None:
    """Nothing of it stands in the chat any more, as far as we could see to that."""
    connection.execute(sa.delete(telegram_messages).where(_Messages.conversation_id == conversation))


def undelivered(connection: Connection, since: datetime) -> list[str]:
    """Conversations on Telegram with something to deliver, in which we wrote after `since`."""
    waits = sa.exists().where(
        messages.c.conversation_id == conversations.c.id, messages.c.sender != transcript.PERSON,
        messages.c.delivered_at.is_(None), messages.c.turn != "dropped",
    )  # fmt: skip
    query = (
        sa.select(telegram_chats.c.conversation_id)
        .join(conversations, conversations.c.id == telegram_chats.c.conversation_id)
        .where(conversations.c.last_out > naive(since), waits)
    )
    return [str(found) for found in connection.scalars(query)]


def _posted(row: Row) -> Posted:
    return Posted(row.id, row.conversation_id, row.seq, aware(row.at), row.buttons)


def _place(what: str, identity: str) -> str:
    return f"telegram.{what}:{identity}"
