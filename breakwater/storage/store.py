"""One place through which the gateway reads and writes its database.

SQLite: one writer thread with BEGIN IMMEDIATE (three writers with deferred transactions failed 645
of 900 updates, with IMMEDIATE none), readers beside it under WAL. PostgreSQL: a small pool.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.url import make_url
from sqlalchemy.pool import NullPool, QueuePool

T = TypeVar("T")
_TRIES = 4
_WAL_TRIES = 100  # five seconds


def engine_for(url: str) -> Engine:
    """An engine whose transactions behave alike on SQLite and PostgreSQL."""
    if not url.startswith("sqlite"):
        return sa.create_engine(url, future=True, pool_size=8, pool_pre_ping=True, hide_parameters=True)
    path = make_url(url).database
    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = sa.create_engine(
        url,
        future=True,
        hide_parameters=True,  # an error's text goes into logs
        poolclass=QueuePool if path else NullPool,  # opening a file anew for every transaction doubles its cost
        connect_args={"check_same_thread": False, "timeout": 5},
    )

    @sa.event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy, not the driver, begins transactions
        _write_ahead(connection)
        for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("read_only", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def _write_ahead(connection: sqlite3.Connection) -> None:
    """SQLite refuses this at once, without waiting, while another process does the same."""
    for attempt in range(_WAL_TRIES):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if attempt == _WAL_TRIES - 1:
                raise
            time.sleep(0.05)


class Store:
    """Runs functions of a connection, each in one transaction: all of it happens or nothing."""

    def __init__(self, engine: Engine, keys: Engine) -> None:
        self.engine, self.keys = engine, keys
        writers = 1 if engine.dialect.name == "sqlite" else 4
        self._writers = ThreadPoolExecutor(writers, thread_name_prefix="write")
        self._readers = ThreadPoolExecutor(4, thread_name_prefix="read")

    async def write(self, work: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Run `work(connection, ...)` in a write transaction. Once begun it is not cancelled half-way."""
        loop = asyncio.get_running_loop()
        return await asyncio.shield(loop.run_in_executor(self._writers, partial(self._in_write, work, *args, **kwargs)))

    async def read(self, work: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Run `work(connection, ...)` without locking writers out."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, partial(self._in_read, work, *args, **kwargs))

    def _in_write(self, work: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Two gateways on PostgreSQL may collide (the same client id, the next case number): the
        transaction is undone and tried again, and then sees what the other wrote."""
        for attempt in range(_TRIES):
            try:
                with self.engine.begin() as connection:
                    return work(connection, *args, **kwargs)
            except (sa.exc.IntegrityError, sa.exc.OperationalError):
                if attempt == _TRIES - 1 or self.engine.dialect.name == "sqlite":
                    raise
        raise AssertionError("unreachable")

    def _in_read(self, work: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        with self.engine.connect().execution_options(read_only=True) as connection:
            return work(connection, *args, **kwargs)

    @contextmanager
    def keys_transaction(self) -> Iterator[Connection]:
        with self.keys.begin() as connection:
            yield connection

    def close(self) -> None:
        for pool in (self._writers, self._readers):
            pool.shutdown(wait=True)
        self.engine.dispose()
        self.keys.dispose()
