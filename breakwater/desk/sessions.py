"""Who is signed in: sessions live in the database, which holds only a hash of their token."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from breakwater.cases import counsellors as people
from breakwater.cases.counsellors import Counsellor
from breakwater.privacy.keys import token_hash
from breakwater.storage.tables import sessions
from breakwater.storage.times import aware, naive

LONGEST = timedelta(hours=12)
IDLE = timedelta(minutes=30)
_TOUCH_EVERY = timedelta(seconds=20)  # spares a write for each click


@dataclass(frozen=True)
class Session:
    """One signed-in browser. `csrf` must come back with everything it posts."""

    token_hash: str
    counsellor_id: str
    csrf: str
    created_at: datetime
    last_seen: datetime

    def left(self, now: datetime) -> timedelta:
        """How long it lasts from now on if nothing happens; zero or less: it has ended."""
        return min(self.created_at + LONGEST, self.last_seen + IDLE) - now


def begin(connection: Connection, counsellor_id: str, now: datetime) -> str:
    """Start a session; returns its token, which is stored nowhere. Ended ones are cleared away."""
    connection.execute(
        sa.delete(sessions).where(
            sa.or_(sessions.c.created_at < naive(now - LONGEST), sessions.c.last_seen < naive(now - IDLE))
        )
    )
    token = secrets.token_urlsafe(32)
    row = {"token_hash": token_hash(token), "counsellor_id": counsellor_id, "csrf": secrets.token_urlsafe(32)}
    connection.execute(sa.insert(sessions).values(**row, created_at=naive(now), last_seen=naive(now)))
    return token


def find(connection: Connection, token: str, now: datetime) -> tuple[Session, Counsellor] | None:
    """The session of this token and whose it is; None when unknown, ended, or the account was closed."""
    row = connection.execute(sa.select(sessions).where(sessions.c.token_hash == token_hash(token))).first()
    if row is None:
        return None
    created_at, last_seen = aware(row.created_at), aware(row.last_seen)
    session = Session(row.token_hash, row.counsellor_id, row.csrf, created_at, last_seen)
    who = people.by_id(connection, session.counsellor_id)
    if session.left(now) <= timedelta() or who is None or not who.active:
        return None
    return session, who


def stale(session: Session, now: datetime) -> bool:
    """Whether it is time to note that the counsellor is still there."""
    return now - session.last_seen >= _TOUCH_EVERY


def touch(connection: Connection, session: Session, now: datetime) -> None:
    connection.execute(
        sa.update(sessions).where(sessions.c.token_hash == session.token_hash).values(last_seen=naive(now))
    )


def end(connection: Connection, session: Session) -> None:
    connection.execute(sa.delete(sessions).where(sessions.c.token_hash == session.token_hash))


def end_others(connection: Connection, session: Session) -> None:
    """After a new password every other browser must sign in again."""
    others = sessions.c.token_hash != session.token_hash
    connection.execute(sa.delete(sessions).where(sessions.c.counsellor_id == session.counsellor_id, others))
