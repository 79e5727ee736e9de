"""The schema: Alembic brings the database to the version this code needs; nothing else changes it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.engine import Engine

from breakwater.storage.store import Store
from breakwater.storage.tables import keys_metadata

_MIGRATIONS = Path(__file__).parent / "migrations"
_MIGRATING = 819_951  # any number nobody else locks in this database


def migrate(store: Store) -> None:
    """Bring both databases to the newest version. Safe to run again, and by several gateways at once."""
    with _alone(store.engine):
        upgrade(store.engine, "head")
        keys_metadata.create_all(store.keys)


def upgrade(engine: Engine, revision: str) -> None:
    with engine.connect() as connection:
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    with engine.connect() as connection:
        command.downgrade(_config(connection), revision)


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """One migration at a time. SQLite's own write lock sees to that."""
    if engine.dialect.name == "sqlite":
        yield
        return
    with engine.begin() as connection:
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATING)))
        yield


def _config(connection: object) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config
