"""Stores for the tests of this room."""

from tests.databases import addresses, empty_store, store

__all__ = ["addresses", "empty_store", "store"]
