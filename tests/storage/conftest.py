"""Stores for the tests of this room; these are brought up by the migrations."""

import pytest

from breakwater.storage.schema import migrate
from breakwater.storage.store import Store
from tests.databases import addresses, empty_store

__all__ = ["addresses", "empty_store"]


@pytest.fixture
def store(empty_store: Store) -> Store:
    """A store whose schema is the newest."""
    migrate(empty_store)
    return empty_store
