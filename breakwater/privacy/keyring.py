"""The data keys of conversations, in a database of their own."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

import sqlalchemy as sa

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
        with self._store.keys.connect() as connection:
            wrapped = connection.scalar(
                sa.select(data_keys.c.wrapped).where(data_keys.c.conversation_id == conversation)
            )
        if wrapped is None:
            raise Erased(conversation)
        return self._hold(conversation, self._master.unwrap(wrapped, conversation))

    def destroy(self, conversation: str) -> None:
        with self._lock:
            self._held.pop(conversation, None)
        with self._store.keys_transaction() as connection:
            connection.execute(sa.delete(data_keys).where(data_keys.c.conversation_id == conversation))

    def _hold(self, conversation: str, key: DataKey) -> DataKey:
        with self._lock:
            self._held[conversation] = key
            if len(self._held) > _KEPT:
                self._held.popitem(last=False)
        return key
