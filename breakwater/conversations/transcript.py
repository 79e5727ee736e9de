"""The transcript: every message of a conversation in order, sealed with its key."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from breakwater.cases.records import Case
from breakwater.privacy.keyring import Erased
from breakwater.privacy.keys import DataKey
from breakwater.storage.tables import conversations, messages
from breakwater.storage.times import aware, naive

PERSON, ASSISTANT, COUNSELLOR, NOTICE = "person", "assistant", "counsellor", "notice"


@dataclass(frozen=True)
class Message:
    """One message as stored. `seq` grows by one in each conversation; `at` is aware UTC.

    `body` holds `text` and, where there are any, `buttons`, `cards`, `tags`, `question`, `response`,
    `button` (payload the person tapped), `name` (of the counsellor), `media` (kind that was refused; `kept` where
    it was not), `forwarded` (the words are another's), `edited` (they replace earlier ones), `move` (a link to that
    channel goes with it).
    """

    id: str
    seq: int
    sender: str
    at: datetime
    client_id: str | None = None
    turn: str = "none"
    delivered: bool = False
    body: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return str(self.body.get("text", ""))


def append(
    connection: Connection, key: DataKey, conversation: str, sender: str, body: Mapping[str, Any], at: datetime,
    client_id: str | None = None, turn: str = "none", counsellor: str | None = None,
) -> tuple[Message, bool]:  # fmt: skip
    """Store a message at the next `seq`. Returns it and whether it is new.

    The same `client_id` again stores nothing and returns the first message. Raises Erased.
    """
    this = conversations.c.id == conversation
    last = connection.scalar(sa.select(conversations.c.last_seq).where(this).with_for_update())
    if last is None:
        raise Erased(conversation)
    seq = last + 1
    if client_id is not None:
        row = connection.execute(_of(conversation).where(messages.c.client_id == client_id)).first()
        if row:
            return _message(row, key), False
    side = conversations.c.last_in if sender == PERSON else conversations.c.last_out
    connection.execute(sa.update(conversations).where(this).values({conversations.c.last_seq: seq, side: naive(at)}))
    identity = uuid4().hex
    connection.execute(
        sa.insert(messages).values(
            id=identity,
            conversation_id=conversation,
            seq=seq,
            sender=sender,
            counsellor_id=counsellor,
            client_id=client_id,
            at=naive(at),
            turn=turn,
            body_sealed=key.seal(json.dumps(body, ensure_ascii=False), _place(identity)),
        )
    )
    return Message(identity, seq, sender, at, client_id, turn, False, body), True


def say_ours(connection: Connection, key: DataKey, case: Case, reply: Mapping[str, Any], at: datetime) -> Case:
    """Store what we say ourselves: beside a counsellor as a notice, else as the assistant. The case remembers it."""
    append(connection, key, case.conversation_id, NOTICE if case.state == "taken" else ASSISTANT, reply, at)
    return replace(case, memory=case.memory.after([reply]))


def since(connection: Connection, key: DataKey, conversation: str, seq: int = 0) -> list[Message]:
    """All messages after `seq`, in order."""
    rows = connection.execute(_of(conversation).where(messages.c.seq > seq).order_by(messages.c.seq))
    return [_message(row, key) for row in rows]


def unanswered(connection: Connection, key: DataKey, conversation: str) -> tuple[list[Message], list[Message]]:
    """The person's messages that were answered without Rasa having read them, and those that no
    answer has covered yet; each in order."""
    query = _of(conversation).where(messages.c.turn.in_(("unread", "waiting"))).order_by(messages.c.seq)
    found = [_message(row, key) for row in connection.execute(query)]
    return [m for m in found if m.turn == "unread"], [m for m in found if m.turn == "waiting"]


def wrote_before(connection: Connection, conversation: str, seq: int) -> datetime | None:
    """When the person wrote last before message `seq`."""
    earlier = (messages.c.conversation_id == conversation) & (messages.c.sender == PERSON) & (messages.c.seq < seq)
    at = connection.scalar(sa.select(sa.func.max(messages.c.at)).where(earlier))
    return aware(at) if at else None


@dataclass(frozen=True)
class Times:
    """When the person last wrote, when we last did, when a counsellor's leaving was last told, and what
    was said since the person's last word."""

    person: datetime
    us: datetime | None
    notice: datetime | None
    said_since: frozenset[str]


def times(connection: Connection, key: DataKey, conversation: str) -> Times | None:
    """None while the person has not written anything."""
    query = _of(conversation).order_by(messages.c.seq.desc()).limit(30)
    newest = [_message(row, key) for row in connection.execute(query)]
    wrote = next((m for m in newest if m.sender == PERSON), None)
    if wrote is None:
        return None
    since_then = [m for m in newest if m.seq > wrote.seq]
    ours = [m for m in newest if m.sender in (ASSISTANT, COUNSELLOR)]
    said = frozenset(str(m.body["response"]) for m in since_then if m.body.get("response"))
    told = [m for m in since_then if m.sender == NOTICE or m.body.get("response") == "utter_cut_off"]
    return Times(wrote.at, ours[0].at if ours else None, told[0].at if told else None, said)


def mark(connection: Connection, found: Sequence[Message], turn: str) -> int:
    """Set the turn state: `answered`, or `unread` (answered without Rasa having read it). Returns how many
    of them were still open; what is answered stays so."""
    still_open = messages.c.id.in_([m.id for m in found]) & messages.c.turn.in_(("waiting", "unread"))
    done: Any = connection.execute(sa.update(messages).where(still_open).values(turn=turn))
    return int(done.rowcount)


def mark_delivered(connection: Connection, conversation: str, seq: int, at: datetime) -> None:
    connection.execute(
        sa.update(messages)
        .where(messages.c.conversation_id == conversation, messages.c.seq <= seq, messages.c.sender != PERSON)
        .where(messages.c.delivered_at.is_(None), messages.c.turn != "dropped")
        .values(delivered_at=naive(at))
    )


@dataclass(frozen=True)
class Letter:
    """A message on its way to somebody who is not on a page of ours. `said_by_both`: a counsellor wrote before it,
    so that it must be plain who speaks. `last_in`: when the person last wrote."""

    message: Message
    said_by_both: bool
    last_in: datetime | None


def next_letter(connection: Connection, key: DataKey, conversation: str) -> Letter | None:
    """The first message of ours that was not delivered yet."""
    ours = messages.c.sender != PERSON
    waits = _of(conversation).where(ours, messages.c.delivered_at.is_(None), messages.c.turn != "dropped")
    row = connection.execute(waits.order_by(messages.c.seq).limit(1)).first()
    if row is None:
        return None
    earlier = (messages.c.conversation_id == conversation) & (messages.c.seq < row.seq)
    both = connection.scalar(sa.select(messages.c.id).where(earlier, messages.c.sender == COUNSELLOR).limit(1))
    last_in = connection.scalar(sa.select(conversations.c.last_in).where(conversations.c.id == conversation))
    return Letter(_message(row, key), both is not None, aware(last_in) if last_in else None)


def drop(connection: Connection, conversation: str, before: int) -> None:
    """What was not delivered before message `before` is never sent."""
    undelivered = messages.c.delivered_at.is_(None) & (messages.c.sender != PERSON) & (messages.c.seq < before)
    connection.execute(
        sa.update(messages).where(messages.c.conversation_id == conversation, undelivered).values(turn="dropped")
    )


def take_up(connection: Connection, conversation: str) -> None:
    """What was dropped can be shown after all: the person has a page of ours now."""
    here = (messages.c.conversation_id == conversation) & (messages.c.turn == "dropped")
    connection.execute(sa.update(messages).where(here).values(turn="none"))


def last_of_ours(connection: Connection, key: DataKey, conversation: str) -> Message | None:
    ours = _of(conversation).where(messages.c.sender != PERSON).order_by(messages.c.seq.desc()).limit(1)
    row = connection.execute(ours).first()
    return _message(row, key) if row else None


def last_said(connection: Connection, key: DataKey, conversation: str, *responses: str) -> datetime | None:
    """When one of these responses was last said, if it is among the newest messages."""
    newest = _of(conversation).where(messages.c.sender != PERSON).order_by(messages.c.seq.desc()).limit(30)
    found = (_message(row, key) for row in connection.execute(newest))
    return next((m.at for m in found if m.body.get("response") in responses), None)


def _of(conversation: str) -> Any:
    return sa.select(messages).where(messages.c.conversation_id == conversation)


def _message(row: Row[Any], key: DataKey) -> Message:
    body = json.loads(key.open(row.body_sealed, _place(row.id)))
    at = aware(row.at)
    return Message(row.id, row.seq, row.sender, at, row.client_id, row.turn, row.delivered_at is not None, body)


def _place(identity: str) -> str:
    return f"messages.body:{identity}"
