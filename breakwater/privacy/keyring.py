"""The data keys of conversations, in a database of their own."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from breakwater.privacy.keys import DataKey, MasterKey
from breakwater.storage.store import Store
from breakwater.storage.tables import data_keys

_KEPT = 2000


class Erased(Exception):
    """The conversation's key is gone: it was erased and cannot be read again."""


class Keyring:
    """Finds, makes and destroys data keys; keeps the ones in use in memory. Safe between threads."""

    def __init__(self, store: Store, master: MasterKey) -> None:
        self._store, self._master = store, master
        self._held: OrderedDict[str, DataKey] = OrderedDict()
        self._lock = Lock()

    def pseudonym(self, channel: str, address: str) -> str:
        return self._master.pseudonym(channel, address)

    def new(self, conversation: str) -> DataKey:
        key, wrapped = self._master.new_data_key(conversation)
        with self._store.keys_transaction() as connection:
            connection.execute(sa.insert(data_keys).values(conversation_id=conversation, wrapped=wrapped))
        return self._hold(conversation, key)

    def of(self, conversation: str) -> DataKey:
        """The key, or Erased."""
        with self._lock:
            if conversation in self._held:
                self._held.move_to_end(conversation)
                return self._held[conversation]
        with _reading(self._store) as connection:
            wrapped = connection.scalar(
                sa.select(data_keys.c.wrapped).where(data_keys.c.conversation_id == conversation)
            )
        if wrapped is None:
            raise Erased(conversation)
        return self._hold(conversation, self._master.unwrap(wrapped, conversation))

    def destroy(self, conversation: str) -> None:
        with self._store.keys_transaction() as connection:
            connection.execute(sa.delete(data_keys).where(data_keys.c.conversation_id == conversation))
        with self._lock:
            self._held.pop(conversation, None)

    @staticmethod
    def in_use(store: Store) -> bool:
        """Whether any data key is stored, so that a lost master key must not be replaced by a new one."""
        with _reading(store) as connection:
            if not sa.inspect(connection).has_table(data_keys.name):
                return False
            return connection.execute(sa.select(data_keys.c.conversation_id).limit(1)).first() is not None

    def _hold(self, conversation: str, key: DataKey) -> DataKey:
        with self._lock:
            self._held[conversation] = key
            if len(self._held) > _KEPT:
                self._held.popitem(last=False)
        return key


def _reading(store: Store) -> Connection:
    """A connection to the keys that locks nobody out."""
    return store.keys.connect().execution_options(read_only=True)
