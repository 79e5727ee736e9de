"""The inbox: what a person wrote is stored, and any danger in it is in the queue, in one transaction.

Nothing here waits for Rasa. The words that cannot wait (risk, a stated age) are read by `quick_read`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from breakwater.cases import records
from breakwater.cases.records import Case
from breakwater.conversations import transcript
from breakwater.conversations.transcript import Message
from breakwater.privacy.keys import DataKey
from breakwater.storage.tables import contacts, conversations
from breakwater.storage.times import naive
from breakwater.understanding.facts import Reading
from breakwater.understanding.merge import merge

CALLS_A_PERSON = 8  # ranks up to here (immediate and urgent) are in the queue without being asked
QuickRead = Callable[[str, str | None], Reading]


@dataclass(frozen=True)
class Inbound:
    """One thing a person sent, whatever the channel. `client_id` is the channel's own id for it: handed
    over twice, it is stored once. `payload` is that of a tapped button, with its title in `text`. `media`
    names a kind that was refused unseen; `text` then holds the caption's words."""

    client_id: str
    text: str = ""
    payload: str | None = None
    media: str | None = None


class TooLong(ValueError):
    """More than one message may hold; the words stay with the person."""


@dataclass(frozen=True)
class Received:
    """A stored message, its case after it, and whether the answer cannot wait for more fragments."""

    message: Message
    case: Case
    new: bool
    urgent: bool


def clean(text: str, longest: int) -> str:
    """NFC, no control characters but line breaks, at most `longest` characters. Raises TooLong."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n")
    kept = "".join(c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs", "Co", "Cn"))
    if len(kept) > longest:
        raise TooLong(f"{len(kept)} characters; {longest} is the most")
    return kept.strip()


def open_conversation(
    connection: Connection, key: DataKey, conversation: str, channel: str, address_hash: str,
    greeting: dict[str, Any], at: datetime,
) -> Case:  # fmt: skip
    """A new contact, its conversation and case, with the greeting already said."""
    contact = uuid4().hex
    connection.execute(
        sa.insert(contacts).values(id=contact, channel=channel, address_hash=address_hash, created_at=naive(at))
    )
    connection.execute(
        sa.insert(conversations).values(
            id=conversation, contact_id=contact, channel=channel, last_seq=0, opened_at=naive(at)
        )
    )
    transcript.append(connection, key, conversation, transcript.ASSISTANT, greeting, at)
    case = records.open_case(connection, key, conversation, at)
    greeted = replace(case.memory.after([greeting]), question=None, turns=0)
    return records.save(connection, key, replace(case, memory=greeted), at)


def receive(
    connection: Connection,
    key: DataKey,
    conversation: str,
    inbound: Inbound,
    quick_read: QuickRead,
    at: datetime,
) -> Received:
    """Store one message and raise the tier by what it plainly says."""
    body: dict[str, Any] = {"text": inbound.text}
    if inbound.payload:
        body["button"] = inbound.payload
    if inbound.media:
        body["media"] = inbound.media
    case = records.load(connection, key, conversation)  # locked before the conversation, as everywhere else
    message, new = transcript.append(
        connection, key, conversation, transcript.PERSON, body, at, inbound.client_id, turn="waiting"
    )
    if not new:
        return Received(message, case, False, False)
    woken = case.on("message", at)
    plain = inbound.text and not inbound.payload
    reading = quick_read(inbound.text, case.memory.question) if plain else Reading()
    changed = called(woken.with_facts(merge(case.facts, reading)), at)
    event = None if changed.state == case.state else changed.state
    saved = records.save(connection, key, changed, at, event)
    danger = bool(reading.facts.risk or reading.facts.now)
    return Received(message, saved, True, danger or bool(inbound.payload or inbound.media))


def called(case: Case, at: datetime) -> Case:
    """A danger or a child in a live threat puts the case into the queue by itself."""
    return case.on("needs_person", at) if case.rank <= CALLS_A_PERSON and case.state == "bot" else case
