"""The inbox: what a person wrote is stored, and any danger in it is in the queue, in one transaction.

Nothing here waits for Rasa. The words that cannot wait (risk, a stated age) are read by `quick_read`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection
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
from breakwater.support import remit
from breakwater.support.forwarded import as_read, of_another
from breakwater.support.tiers import Reason
from breakwater.understanding.facts import Reading
from breakwater.understanding.merge import merge

CALLS_A_PERSON = 12  # ranks up to here (all but routine) have a time within which a person answers
QuickRead = Callable[[str, str | None], Reading]
_NOT_HEARD = Reason(8, "a voice message that nobody could hear", "unreadable")


@dataclass(frozen=True)
class Inbound:
    """One thing a person sent, whatever the channel. `client_id` is the channel's own id for it: handed
    over twice, it is stored once. `payload` is that of a tapped button, with its title in `text`. `media`
    names a kind that was refused unseen; `text` then holds the caption's words. `forwarded`: the words are
    another's. `edited`: they replace some sent before, and are answered only if there is danger in them. `late`:
    written long ago, when we were not there; read, and answered with an apology. `place`: where the person says
    they are, kept only while it may save a life (safeguarding rule 5)."""

    client_id: str
    text: str = ""
    payload: str | None = None
    media: str | None = None
    forwarded: bool = False
    edited: bool = False
    late: bool = False
    place: str = ""


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
    return records.save(connection, key, replace(case, memory=greeted, channel=channel), at)


def receive(
    connection: Connection,
    key: DataKey,
    conversation: str,
    inbound: Inbound,
    quick_read: QuickRead,
    at: datetime,
    up_to: Callable[[Case], int] = lambda _: remit.EVERYBODY,
) -> Received:
    """Store one message and raise the tier by what it plainly says. `up_to`: up to which rank a counsellor is called
    for the person."""
    case = records.load(connection, key, conversation)  # locked before the conversation, as everywhere else
    reading = _reading(inbound, case, quick_read)
    danger = bool(reading.facts.risk or reading.facts.now)
    unasked = inbound.late or (inbound.edited and not danger)
    message, new = transcript.append(
        connection, key, conversation, transcript.PERSON, _body(inbound, case), at, inbound.client_id,
        turn="unread" if unasked else "waiting",
    )  # fmt: skip
    if not new:
        return Received(message, case, False, False)
    if case.channel != "web" and case.state in ("unreachable", "hidden"):  # a page shows all of it again by itself
        transcript.drop(connection, conversation, message.seq)
    woken = _unheard(case.on("message", at), inbound.media)
    woken = woken.with_facts(merge(case.facts, reading))
    ends_a_no = brings_a_person(reading.facts.risk, reading.facts.now)
    changed = called(woken, at, ends_a_no, up_to(woken))
    event = None if changed.state == case.state else changed.state
    if ends_a_no and changed.state == "waiting":
        event = "danger"
    saved = records.save(connection, key, changed, at, event)
    return Received(message, saved, True, danger or bool(inbound.payload or inbound.media))


def _body(inbound: Inbound, case: Case) -> dict[str, Any]:
    kept = bool(inbound.place) and case.tier == "immediate"
    found = {
        "button": inbound.payload, "media": inbound.media, "forwarded": inbound.forwarded, "edited": inbound.edited,
        "kept": kept,
    }  # fmt: skip
    return {"text": inbound.place if kept else inbound.text, **{name: value for name, value in found.items() if value}}


def _reading(inbound: Inbound, case: Case, quick_read: QuickRead) -> Reading:
    if not inbound.text or inbound.payload:
        return Reading()
    if not inbound.forwarded:
        return quick_read(inbound.text, case.memory.question)
    return of_another(case.facts, quick_read(as_read(inbound.text, case.facts), None))


def _unheard(case: Case, media: str | None) -> Case:
    """Nobody here can listen to a voice. After words of risk it may be the most important message of all
    (safeguarding rules 21, 23)."""
    if media not in ("voice", "video_note"):
        return case
    risk = bool(case.facts.risk or case.facts.now)
    reason = Reason(1, "a voice message after words of risk", "risk") if risk else _NOT_HEARD
    reasons = tuple(r for r in sorted({*case.reasons, reason}) if r.rank < 13)
    return replace(case, rank=min(case.rank, reason.rank), reasons=reasons)


def brings_a_person(risk: Collection[str], now: Collection[str]) -> bool:
    """Words of danger end a no to a counsellor, and call people back to a case that was seen to (on_call). That
    pictures spread does neither: a person is offered once more then (safeguarding rule 19)."""
    return bool(risk) or bool(set(now) - {"being_shared"})


def called(case: Case, at: datetime, ends_a_no: bool = False, up_to: int = remit.EVERYBODY) -> Case:
    """A danger or a child in a live threat puts the case into the queue by itself. Somebody who said no to a
    person is left alone until new words of danger, `ends_a_no` (safeguarding rule 19); who turns out to be none of
    those whom the counsellors are for leaves it (rule 18)."""
    if case.rank > up_to:
        return case.on("not_served", at) if case.state == "waiting" else case
    may = case.state == "bot" or (case.state == "declined" and ends_a_no)
    return case.on("needs_person", at) if may and case.rank <= CALLS_A_PERSON else case
