"""The migrations and the tables are one schema, on both databases, up and down."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.engine import Engine

from breakwater.storage.schema import downgrade, migrate, upgrade
from breakwater.storage.store import Store, engine_for
from breakwater.storage.tables import contacts, data_keys, metadata
from breakwater.storage.times import naive, utc_now
from tests.databases import opened

TABLES = set(metadata.tables) | {"alembic_version"}


def tables(engine: Engine) -> set[str]:
    return set(sa.inspect(engine).get_table_names())


def test_up_from_nothing_down_to_nothing_and_up_again(empty_store: Store) -> None:
    assert tables(empty_store.engine) == set()
    upgrade(empty_store.engine, "head")
    assert tables(empty_store.engine) == TABLES
    downgrade(empty_store.engine, "base")
    assert tables(empty_store.engine) == {"alembic_version"}
    upgrade(empty_store.engine, "head")
    assert tables(empty_store.engine) == TABLES


def test_the_tables_are_what_the_migrations_make(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_keys_lie_apart_from_the_data(store: Store) -> None:
    assert data_keys.name not in tables(store.engine)
    assert tables(store.keys) == {data_keys.name}


async def test_migrating_again_changes_and_loses_nothing(store: Store) -> None:
    row = sa.insert(contacts).values(id="c", channel="web", address_hash="h", created_at=naive(utc_now()))
    await store.write(lambda connection: connection.execute(row))
    migrate(store)
    assert tables(store.engine) == TABLES
    assert await store.read(lambda connection: connection.scalar(sa.select(contacts.c.id))) == "c"


START = """
import sys
from breakwater.storage.schema import migrate
from breakwater.storage.store import Store, engine_for
migrate(Store(*map(engine_for, sys.argv[1:])))
"""


def test_gateways_that_start_at_once_migrate_once(addresses: tuple[str, str]) -> None:
    begun = [subprocess.Popen([sys.executable, "-c", START, *addresses], stderr=subprocess.PIPE) for _ in range(2)]
    ended = [gateway.communicate(timeout=30)[1].decode() for gateway in begun]
    assert [gateway.returncode for gateway in begun] == [0, 0], "\n".join(ended)
    with opened(*addresses) as store:
        assert tables(store.engine) == TABLES


def test_a_gateway_waits_while_another_opens_a_new_file(tmp_path: Path) -> None:
    path = tmp_path / "breakwater.db"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    other.execute("CREATE TABLE t (x)")
    done = threading.Timer(0.3, other.execute, ["COMMIT"])
    done.start()
    engine = engine_for(f"sqlite:///{path}")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    done.join()
    other.close()
    engine.dispose()
