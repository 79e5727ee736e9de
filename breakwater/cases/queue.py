"""The queue: most severe first, then longest waiting; exactly one counsellor per case."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from breakwater.cases import records
from breakwater.privacy.keyring import Erased
from breakwater.privacy.keys import DataKey, Unreadable
from breakwater.storage.tables import cases, conversations, counsellors
from breakwater.storage.times import aware, naive

logger = logging.getLogger(__name__)
KeyOf = Callable[[str], DataKey]


@dataclass(frozen=True)
class Entry:
    """One line of the queue as the desk shows it. `last_in` is when the person last wrote."""

    case: records.Case
    channel: str
    last_in: datetime | None
    counsellor: str | None


def entries(
    connection: Connection,
    key_of: KeyOf,
    states: tuple[str, ...] = ("waiting",),
    wrote_since: datetime | None = None,
    channel: str | None = None,
) -> list[Entry]:
    """The cases in these states, most severe first, then longest waiting; those erased or spoiled are left out.

    With `wrote_since`, only those whose person wrote after it; with `channel`, only those on it.
    """
    query = (
        sa.select(cases, conversations.c.channel, conversations.c.last_in, counsellors.c.name.label("counsellor"))
        .join(conversations, conversations.c.id == cases.c.conversation_id)
        .outerjoin(counsellors, counsellors.c.id == cases.c.counsellor_id)
        .where(cases.c.state.in_(states))
        .order_by(cases.c.rank, cases.c.waiting_since, cases.c.number)
    )
    if wrote_since is not None:
        query = query.where(conversations.c.last_in > naive(wrote_since))
    if channel is not None:
        query = query.where(conversations.c.channel == channel)
    found = []
    for row in connection.execute(query):
        try:
            case = records.of_row(row, key_of(row.conversation_id))
        except Erased:
            continue
        except Unreadable:  # one spoiled row must not hide the others
            logger.error("case %d cannot be read", row.number)
            continue
        found.append(Entry(case, row.channel, aware(row.last_in) if row.last_in else None, row.counsellor))
    return found


def waiting(connection: Connection) -> int:
    """How many people wait for a counsellor."""
    return connection.scalar(sa.select(sa.func.count()).where(cases.c.state == "waiting")) or 0


def claim(connection: Connection, case_id: str, counsellor_id: str, at: datetime, cap: int) -> bool:
    """Take a case. One conditional update: of many who try at once exactly one wins.

    False when somebody else has it, it cannot be taken now, or the counsellor holds `cap` chats already.
    """
    if _open_chats(connection, counsellor_id) >= cap:
        return False
    taken: Any = connection.execute(
        sa.update(cases)
        .where(cases.c.id == case_id, cases.c.state.in_(("bot", "waiting")))
        .values(
            state="taken",
            counsellor_id=counsellor_id,
            claimed_at=naive(at),
            waiting_since=None,
            version=cases.c.version + 1,
        )
    )
    if taken.rowcount != 1:
        return False
    records.record(connection, case_id, "claim", at, counsellor_id)
    return True


def take_next(connection: Connection, counsellor_id: str, at: datetime, cap: int) -> str | None:
    """Claim the most severe waiting case; its id, or None when there is none to take."""
    waiting = (
        sa.select(cases.c.id)
        .where(cases.c.state == "waiting")
        .order_by(cases.c.rank, cases.c.waiting_since, cases.c.number)
    )
    for case_id in connection.scalars(waiting).all():
        if claim(connection, case_id, counsellor_id, at, cap):
            return str(case_id)
    return None


def _open_chats(connection: Connection, counsellor_id: str) -> int:
    """How many chats a counsellor holds; locked, so that two claims at once cannot both be the last one allowed."""
    connection.execute(
        sa.select(counsellors.c.id).where(counsellors.c.id == counsellor_id).with_for_update(key_share=True)
    )
    held = sa.select(sa.func.count()).where(cases.c.counsellor_id == counsellor_id, cases.c.state == "taken")
    return connection.scalar(held) or 0
