"""What every transaction may rely on: all or nothing, nothing lost, nobody kept waiting."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from breakwater.privacy.keyring import Erased, Keyring
from breakwater.privacy.keys import MasterKey
from breakwater.storage.store import Store
from breakwater.storage.tables import contacts, conversations
from tests.databases import opened

AT = datetime(2026, 11, 21, 1)  # noqa: DTZ001 - as the database keeps it


def add(connection: Connection, identity: str = "c") -> None:
    connection.execute(sa.insert(contacts).values(id=identity, channel="web", address_hash=identity, created_at=AT))


def known(connection: Connection) -> list[str]:
    return list(connection.scalars(sa.select(contacts.c.id)))


def counter(connection: Connection) -> None:
    """A row whose last_seq the tests count up."""
    add(connection)
    connection.execute(sa.insert(conversations).values(id="v", contact_id="c", channel="web", last_seq=0, opened_at=AT))


def count_up(connection: Connection) -> None:
    """Read, then write what was read and one more: an update that a careless database loses."""
    row = conversations.c.id == "v"
    seen = connection.scalar(sa.select(conversations.c.last_seq).where(row).with_for_update())
    connection.execute(sa.update(conversations).where(row).values(last_seq=seen + 1))


async def test_a_work_that_fails_leaves_nothing(store: Store) -> None:
    def work(connection: Connection) -> None:
        add(connection)
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        await store.write(work)
    assert await store.read(known) == []


async def test_a_work_that_cannot_be_stored_says_so(store: Store) -> None:
    await store.write(add)
    with pytest.raises(sa.exc.IntegrityError) as refused:
        await store.write(add)
    assert "web" not in str(refused.value), "an error's text goes into logs"
    assert await store.read(known) == ["c"]


async def test_nothing_points_nowhere(store: Store) -> None:
    def work(connection: Connection) -> None:
        connection.execute(
            sa.insert(conversations).values(id="v", contact_id="nobody", channel="web", last_seq=0, opened_at=AT)
        )

    with pytest.raises(sa.exc.IntegrityError):
        await store.write(work)


async def many(writer: Store, updates: int) -> None:
    await asyncio.gather(*(writer.write(count_up) for _ in range(updates)))


def counted(store: Store) -> int:
    return int(asyncio.run(store.read(lambda c: c.scalar(sa.select(conversations.c.last_seq)))))


def test_900_updates_from_three_threads_lose_none(store: Store) -> None:
    asyncio.run(store.write(counter))
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(lambda _: asyncio.run(many(store, 300)), range(3)))
    assert counted(store) == 900


def test_three_gateways_lose_none_of_each_others_updates(addresses: tuple[str, str], store: Store) -> None:
    asyncio.run(store.write(counter))
    with ExitStack() as stores, ThreadPoolExecutor(3) as threads:
        writers = [stores.enter_context(opened(*addresses)) for _ in range(3)]
        list(threads.map(lambda writer: asyncio.run(many(writer, 30)), writers))
    assert counted(store) == 90


async def test_who_stops_waiting_does_not_stop_the_work_half_way(store: Store) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def work(connection: Connection) -> None:
        add(connection, "one")
        begun.set()
        go_on.wait(5)
        add(connection, "two")

    waiting = asyncio.create_task(store.write(work))
    await asyncio.to_thread(begun.wait, 5)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    go_on.set()
    await asyncio.gather(*(store.write(lambda _: None) for _ in range(8)))
    store._writers.shutdown(wait=True)
    assert sorted(await store.read(known)) == ["one", "two"]


@pytest.mark.parametrize("of_keys", [False, True], ids=["data", "keys"])
async def test_a_writer_keeps_no_reader_waiting(store: Store, of_keys: bool) -> None:
    engine = store.keys if of_keys else store.engine
    begun, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        with engine.begin() as connection:
            connection.execute(sa.text("CREATE TABLE held (id INTEGER)"))
            begun.set()
            go_on.wait(5)

    writer = asyncio.create_task(asyncio.to_thread(hold))
    await asyncio.to_thread(begun.wait, 5)
    read: Callable[[], object] = (lambda: look_for_a_key(store)) if of_keys else (lambda: store._in_read(known))
    started = time.monotonic()
    try:
        await asyncio.to_thread(read)
        assert time.monotonic() - started < 2
    finally:
        go_on.set()
        await writer


def look_for_a_key(store: Store) -> None:
    with pytest.raises(Erased):
        Keyring(store, MasterKey(b"k" * 32)).of("nobody")
    assert not Keyring.in_use(store)
