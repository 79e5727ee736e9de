"""Empty databases for tests, on SQLite and on PostgreSQL, each test its own.

On PostgreSQL (TEST_DATABASE_URL) a test gets two schemas, data and keys, dropped afterwards.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from breakwater.storage.store import Store, engine_for
from breakwater.storage.tables import keys_metadata, metadata

DATABASES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))


@contextlib.contextmanager
def urls(kind: str, folder: Path) -> Iterator[tuple[str, str]]:
    """The addresses of two empty databases: the data, and the keys."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'breakwater.db'}", f"sqlite:///{folder / 'keys' / 'keys.db'}"
        return
    server = make_url(os.environ["TEST_DATABASE_URL"])
    admin = sa.create_engine(server, future=True, isolation_level="AUTOCOMMIT")
    schemas = [f"t_{uuid4().hex}" for _ in range(2)]
    try:
        with admin.connect() as connection:
            for schema in schemas:
                connection.execute(sa.text(f"CREATE SCHEMA {schema}"))
        data, keys = (server.update_query_dict({"options": f"-csearch_path={schema}"}) for schema in schemas)
        yield data.render_as_string(hide_password=False), keys.render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            for schema in schemas:
                connection.execute(sa.text(f"DROP SCHEMA IF EXISTS {schema} CASCADE"))
        admin.dispose()


@contextlib.contextmanager
def opened(data: str, keys: str) -> Iterator[Store]:
    """A store over these databases, as one gateway has it."""
    store = Store(engine_for(data), engine_for(keys))
    for engine in (store.engine, store.keys):
        if engine.dialect.name == "sqlite":
            sa.event.listen(engine, "connect", _without_fsync)
    try:
        yield store
    finally:
        store.close()


def _without_fsync(connection: Any, _record: Any) -> None:
    """As scripts/with-postgres does: these tests are about transactions, not about power cuts."""
    connection.execute("PRAGMA synchronous=OFF")


@pytest.fixture(params=DATABASES)
def addresses(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The addresses of this test's two databases, so that it can open them twice, as two gateways do."""
    with urls(request.param, tmp_path) as found:
        yield found


@pytest.fixture
def empty_store(addresses: tuple[str, str]) -> Iterator[Store]:
    """A store over databases in which nothing is yet."""
    with opened(*addresses) as store:
        yield store


@pytest.fixture
def store(empty_store: Store) -> Store:
    """A store with all its tables, made without the migrations, which takes a third of the time:
    tests/storage/test_schema.py holds the two together."""
    metadata.create_all(empty_store.engine)
    keys_metadata.create_all(empty_store.keys)
    return empty_store
