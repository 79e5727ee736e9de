"""The people at the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from breakwater.storage.tables import counsellors, sessions
from breakwater.storage.times import naive

ROLES = ("counsellor", "supervisor", "admin")


class LoginTaken(ValueError):
    """Somebody has this login already."""


@dataclass(frozen=True)
class Counsellor:
    """`name` is what the person in the chat reads; `login` is never shown to them."""

    id: str
    login: str
    name: str
    role: str
    active: bool = True


_COLUMNS = (
    counsellors.c.id,
    counsellors.c.login,
    counsellors.c.name,
    counsellors.c.role,
    counsellors.c.active,
)


def add(connection: Connection, login: str, name: str, role: str, password_hash: str, at: datetime) -> Counsellor:
    """A new counsellor. Raises LoginTaken; `role` is one of ROLES."""
    login = login.strip().lower()
    if role not in ROLES:
        raise ValueError(f"role must be one of {', '.join(ROLES)}")
    if by_login(connection, login):
        raise LoginTaken(f"The login {login} is taken.")
    identity = uuid4().hex
    connection.execute(
        sa.insert(counsellors).values(
            id=identity,
            login=login,
            name=name.strip(),
            role=role,
            password_hash=password_hash,
            active=True,
            created_at=naive(at),
        )
    )
    return Counsellor(identity, login, name.strip(), role)


def by_login(connection: Connection, login: str) -> Counsellor | None:
    row = connection.execute(sa.select(*_COLUMNS).where(counsellors.c.login == login.strip().lower())).first()
    return Counsellor(*row) if row else None


def by_id(connection: Connection, identity: str) -> Counsellor | None:
    row = connection.execute(sa.select(*_COLUMNS).where(counsellors.c.id == identity)).first()
    return Counsellor(*row) if row else None


def password_hash(connection: Connection, identity: str) -> str | None:
    found: str | None = connection.scalar(sa.select(counsellors.c.password_hash).where(counsellors.c.id == identity))
    return found


def set_password_hash(connection: Connection, identity: str, value: str) -> None:
    connection.execute(sa.update(counsellors).where(counsellors.c.id == identity).values(password_hash=value))


def sign_out(connection: Connection, identity: str) -> None:
    """End every session of this counsellor."""
    connection.execute(sa.delete(sessions).where(sessions.c.counsellor_id == identity))


def everyone(connection: Connection) -> list[Counsellor]:
    return [Counsellor(*row) for row in connection.execute(sa.select(*_COLUMNS).order_by(counsellors.c.login))]
