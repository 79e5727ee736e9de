"""The keys of conversations: found again, destroyed for good, and never many in memory."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from breakwater.privacy import keyring as room
from breakwater.privacy.keyring import Erased, Keyring
from breakwater.privacy.keys import MasterKey, Unreadable
from breakwater.storage.store import Store
from breakwater.storage.tables import data_keys

MASTER = MasterKey(b"m" * 32)
PLACE = "messages.body:1"


@pytest.fixture
def keyring(store: Store) -> Keyring:
    return Keyring(store, MASTER)


def test_a_key_is_found_again_by_another_process(keyring: Keyring, store: Store) -> None:
    sealed = keyring.new("one").seal("words", PLACE)
    assert keyring.of("one").open(sealed, PLACE) == "words"
    assert Keyring(store, MASTER).of("one").open(sealed, PLACE) == "words"


def test_keys_lie_wrapped(keyring: Keyring, store: Store) -> None:
    keyring.new("one")
    with store.keys.connect() as connection:
        wrapped = connection.scalar(sa.select(data_keys.c.wrapped))
    assert len(wrapped) == 12 + 32 + 16
    with pytest.raises(Unreadable):
        Keyring(store, MasterKey(b"x" * 32)).of("one")


def test_a_conversation_nobody_opened_has_none(keyring: Keyring) -> None:
    with pytest.raises(Erased):
        keyring.of("nobody")


def test_destroyed_is_erased_here_and_everywhere_and_destroying_again_is_harmless(
    keyring: Keyring, store: Store
) -> None:
    keyring.new("one")
    keyring.new("two")
    keyring.destroy("one")
    keyring.destroy("one")
    for ring in (keyring, Keyring(store, MASTER)):
        with pytest.raises(Erased):
            ring.of("one")
        ring.of("two")


def test_looked_up_while_it_is_destroyed_it_does_not_stay_in_memory(
    keyring: Keyring, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody reads the key just before its row goes: after the erasure it is not held."""
    keyring.new("one")
    transaction = store.keys_transaction

    def read_just_before() -> object:
        keyring.of("one")
        return transaction()

    monkeypatch.setattr(store, "keys_transaction", read_just_before)
    keyring.destroy("one")
    with pytest.raises(Erased):
        keyring.of("one")


def test_keys_that_fell_out_of_memory_are_found_again(keyring: Keyring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_KEPT", 3)
    sealed = {name: keyring.new(name).seal(name, PLACE) for name in "abcdefg"}
    assert len(keyring._held) == 3
    for name in "gfedcba":
        assert keyring.of(name).open(sealed[name], PLACE) == name
    assert len(keyring._held) == 3


def test_the_one_used_last_stays_in_memory(keyring: Keyring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_KEPT", 2)
    keyring.new("a")
    keyring.new("b")
    keyring.of("a")
    keyring.new("c")
    assert list(keyring._held) == ["a", "c"]


def test_in_use_tells_whether_a_lost_master_key_would_lose_words(empty_store: Store, store: Store) -> None:
    assert not Keyring.in_use(store)
    ring = Keyring(store, MASTER)
    ring.new("one")
    assert Keyring.in_use(store)
    ring.destroy("one")
    assert not Keyring.in_use(store)


def test_an_empty_database_is_not_in_use(empty_store: Store) -> None:
    assert not Keyring.in_use(empty_store)
