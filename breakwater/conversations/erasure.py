"""Erasing conversations: at once, after a stated wait, or when their time is over.

Every row of a conversation goes, and then its key, so that copies elsewhere are unreadable too.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from breakwater.conversations.live import DESK, Live
from breakwater.privacy.keyring import Keyring
from breakwater.storage.store import Store
from breakwater.storage.tables import (
    case_events,
    cases,
    contacts,
    conversations,
    messages,
    moves,
    telegram_chats,
    telegram_messages,
)
from breakwater.storage.times import naive

_BATCH = 50  # conversations deleted in one look, so that nobody's message waits for it


# Called with a conversation in the transaction in which its rows go, and whether its person asked for that just now;
# what it returns is called when they are gone.
Parting = Callable[[Connection, str, bool], Callable[[], None]]


class Erasure:
    """Deletes conversations. Audit rows stay; they hold no words. `parting`: a channel that keeps words outside
    our database, and clears them there."""

    parting: Parting | None = None

    def __init__(
        self, store: Store, keyring: Keyring, live: Live, clock: Callable[[], datetime], retention: timedelta
    ) -> None:
        self._store, self._keyring, self._live = store, keyring, live
        self._clock, self._retention = clock, retention

    async def erase(self, conversation: str, asked: bool = False) -> None:
        """Unreadable and gone, at once. `asked`: by the person, just now."""

        def work(connection: Connection) -> Callable[[], None] | None:
            gone = self.parting(connection, conversation, asked) if self.parting else None
            _delete(connection, conversation)
            return gone

        gone = await self._store.write(work)
        await self._store.read(lambda _: self._keyring.destroy(conversation))
        if gone:
            gone()
        self._live.publish(conversation, kind="erased")
        self._live.publish(DESK, kind="queue")

    async def erase_by(self, conversation: str, at: datetime) -> None:
        """Erase at `at` at the latest; an earlier time already set stands."""
        await self._store.write(_set_time, conversation, at)

    async def erase_due(self) -> int:
        """Erase what has reached its time, or was silent for as long as the greeting says; how many."""
        now = self._clock()
        due = await self._store.read(_due, now, now - self._retention)
        for conversation in due:
            await self.erase(conversation)
        return len(due)


def _due(connection: Connection, now: datetime, silent_since: datetime) -> list[str]:
    """Conversations at their time. One that a counsellor has is not erased for its silence; the time that
    a person was told when they asked for it holds all the same."""
    c = conversations.c
    silent = sa.func.coalesce(c.last_in, c.opened_at) < naive(silent_since)
    taken = sa.select(cases.c.conversation_id).where(cases.c.state == "taken")
    query = sa.select(c.id).where((c.erase_at <= naive(now)) | (silent & c.id.not_in(taken))).limit(_BATCH)
    return [str(found) for found in connection.scalars(query)]


def _set_time(connection: Connection, conversation: str, at: datetime) -> None:
    this = (conversations.c.id == conversation) & conversations.c.erase_at.is_(None)
    connection.execute(sa.update(conversations).where(this).values(erase_at=naive(at)))


def _delete(connection: Connection, conversation: str) -> None:
    case_ids = sa.select(cases.c.id).where(cases.c.conversation_id == conversation)
    contact = connection.scalar(sa.select(conversations.c.contact_id).where(conversations.c.id == conversation))
    connection.execute(sa.delete(case_events).where(case_events.c.case_id.in_(case_ids)))
    connection.execute(sa.delete(cases).where(cases.c.conversation_id == conversation))
    for table in (messages, telegram_messages, telegram_chats, moves):
        connection.execute(sa.delete(table).where(table.c.conversation_id == conversation))
    connection.execute(sa.delete(conversations).where(conversations.c.id == conversation))
    connection.execute(sa.delete(contacts).where(contacts.c.id == contact))
