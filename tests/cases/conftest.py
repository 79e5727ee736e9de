"""Stores for the tests of this room."""

import pytest

from breakwater.privacy.keyring import Keyring
from breakwater.privacy.keys import MasterKey
from breakwater.storage.store import Store
from tests.databases import addresses, empty_store, store

__all__ = ["addresses", "empty_store", "store"]


@pytest.fixture
def keyring(store: Store) -> Keyring:
    return Keyring(store, MasterKey(b"m" * 32))
