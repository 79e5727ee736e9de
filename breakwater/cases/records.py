"""The case record: facts, memory of what was said, tier with reasons, state, who has it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from breakwater.cases.states import ASLEEP, after
from breakwater.privacy.keyring import Erased
from breakwater.privacy.keys import DataKey
from breakwater.storage.tables import case_events, cases, conversations
from breakwater.storage.times import aware, naive
from breakwater.support.memory import Memory
from breakwater.support.tiers import Reason, reasons, tier_of
from breakwater.understanding.facts import CaseFacts

_AGES = frozenset({"age", "age_min", "age_max", "minor", "lowest_age"})
_NUMBERING = 819_952  # any number nobody else locks in this database
_CHANNEL = sa.select(conversations.c.channel).where(conversations.c.id == cases.c.conversation_id).scalar_subquery()
EVERY = sa.select(cases, _CHANNEL.label("channel"))  # a query for cases, to be narrowed; `of_row` reads what it finds


@dataclass(frozen=True)
class Case:
    """One case. `rank` orders the queue (support.tiers); it only falls, that is gets more severe,
    unless a person raises it. `immediate_since`: stored when it became immediate. `channel` is the one its person
    writes on. Times are aware UTC."""

    id: str
    number: int
    conversation_id: str
    opened_at: datetime
    state: str = "bot"
    rank: int = 13
    reasons: tuple[Reason, ...] = ()
    facts: CaseFacts = field(default_factory=CaseFacts)
    memory: Memory = field(default_factory=Memory)
    counsellor_id: str | None = None
    waiting_since: datetime | None = None
    claimed_at: datetime | None = None
    immediate_since: datetime | None = None
    version: int = 0
    channel: str = "web"

    @property
    def tier(self) -> str:
        return tier_of(self.rank)

    def with_facts(self, facts: CaseFacts) -> Case:
        """New facts raise the tier at once and never lower it; earlier reasons are kept."""
        kept = {(r.rank, r.words): r for r in self.reasons} | {(r.rank, r.words): r for r in reasons(facts)}
        ordered = tuple(sorted(kept.values()))
        if len(ordered) > 1:
            ordered = tuple(r for r in ordered if r.rank < 13)
        return replace(self, facts=facts, reasons=ordered, rank=min(self.rank, ordered[0].rank))

    def lowered(self, fact: str) -> Case:
        """What a person settled about `fact` counts alone: earlier reasons for it fall, those for others stay."""
        same = _AGES if fact in _AGES else {fact}
        still = {(r.rank, r.words): r for r in (*reasons(self.facts), *(r for r in self.reasons if r.fact not in same))}
        ordered = tuple(r for r in sorted(still.values()) if r.rank < 13 or len(still) == 1)
        return replace(self, reasons=ordered, rank=ordered[0].rank)

    def on(self, event: str, at: datetime, counsellor: str | None = None) -> Case:
        """The case after an event of cases.states, with its times and its counsellor."""
        state = after(self.state, event)
        if state == self.state:
            return self
        waiting = at if state == "waiting" else None
        if state == "taken":
            return replace(self, state=state, counsellor_id=counsellor, claimed_at=at, waiting_since=None)
        return replace(self, state=state, counsellor_id=None, claimed_at=None, waiting_since=waiting)


def open_case(connection: Connection, key: DataKey, conversation: str, at: datetime) -> Case:
    if connection.dialect.name == "postgresql":  # else many who open at once would all want the same number
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_NUMBERING)))
    number = (connection.scalar(sa.select(sa.func.max(cases.c.number))) or 0) + 1
    case = Case(uuid4().hex, number, conversation, at)
    connection.execute(
        sa.insert(cases).values(
            id=case.id,
            number=number,
            conversation_id=conversation,
            opened_at=naive(at),
            version=0,
            **_columns(case, key),
        )
    )
    return case


def load(connection: Connection, key: DataKey, conversation: str) -> Case:
    """The case of a conversation, locked for this transaction where the database can. Raises Erased."""
    return _found(connection, EVERY.with_for_update(of=cases), key, conversation)


def peek(connection: Connection, key: DataKey, conversation: str) -> Case:
    """The case of a conversation, to look at only. Raises Erased."""
    return _found(connection, EVERY, key, conversation)


def _found(connection: Connection, query: Any, key: DataKey, conversation: str) -> Case:
    row = connection.execute(query.where(cases.c.conversation_id == conversation)).first()
    if row is None:  # by another process, while this one had the key in memory
        raise Erased(conversation)
    return of_row(row, key)


def save(
    connection: Connection, key: DataKey, case: Case, at: datetime,
    event: str | None = None, by: str | None = None, detail: str = "",
) -> Case:  # fmt: skip
    """Store the case; `event` (if any) leaves a row in its history, with `detail` sealed."""
    since = (case.immediate_since or at) if case.tier == "immediate" else None
    case = replace(case, immediate_since=since)
    connection.execute(
        sa.update(cases).where(cases.c.id == case.id).values(version=cases.c.version + 1, **_columns(case, key))
    )
    if event:
        record(connection, case.id, event, at, by, key, detail)
    return replace(case, version=case.version + 1)


def slept_since(connection: Connection, case_id: str, at: datetime) -> bool:
    """Whether the person hid the chat or left since then: whoever writes next may be somebody else."""
    gone = case_events.c.event.in_(("hidden", "person_left")) & (case_events.c.at >= naive(at))
    query = sa.select(case_events.c.id).where(case_events.c.case_id == case_id, gone).limit(1)
    return connection.scalar(query) is not None


def record(
    connection: Connection, case_id: str, event: str, at: datetime,
    by: str | None = None, key: DataKey | None = None, detail: str = "",
) -> None:  # fmt: skip
    """One row of a case's history."""
    identity = uuid4().hex
    sealed = key.seal(detail, f"case_events.detail:{identity}") if key and detail else None
    connection.execute(
        sa.insert(case_events).values(
            id=identity, case_id=case_id, at=naive(at), event=event, counsellor_id=by, detail_sealed=sealed
        )
    )


def of_row(row: Row[Any], key: DataKey) -> Case:
    sealed = json.loads(key.open(row.sealed, f"cases.sealed:{row.id}"))
    return Case(
        id=row.id, number=row.number, conversation_id=row.conversation_id, opened_at=aware(row.opened_at),
        channel=row.channel,
        state=row.state, rank=row.rank, counsellor_id=row.counsellor_id, version=row.version,
        reasons=tuple(Reason(*r) for r in sealed["reasons"]),
        facts=CaseFacts.of(sealed["facts"]), memory=Memory.of(sealed["memory"]),
        waiting_since=aware(row.waiting_since) if row.waiting_since else None,
        claimed_at=aware(row.claimed_at) if row.claimed_at else None,
        immediate_since=datetime.fromisoformat(sealed["immediate_since"]) if sealed.get("immediate_since") else None,
    )  # fmt: skip


def _columns(case: Case, key: DataKey) -> dict[str, Any]:
    sealed = {
        "facts": case.facts.known(),
        "memory": case.memory.as_json(),
        "reasons": [[r.rank, r.words, r.fact] for r in case.reasons],
        "immediate_since": case.immediate_since.isoformat() if case.immediate_since else None,
    }
    return {
        "state": case.state, "tier": case.tier, "rank": case.rank, "counsellor_id": case.counsellor_id,
        "waiting_since": naive(case.waiting_since) if case.waiting_since else None,
        "claimed_at": naive(case.claimed_at) if case.claimed_at else None,
        "sealed": key.seal(json.dumps(sealed, ensure_ascii=False), f"cases.sealed:{case.id}"),
    }  # fmt: skip


def asleep(case: Case) -> bool:
    return case.state in ASLEEP
