"""A database that has been in use for a month: many stored conversations, sealed as the gateway seals them.

The rows are inserted by SQL, with the product's own tables, keys and sealing. Nobody had these conversations: each
has the same few messages, and what the assistant understood and remembers is as short as at the start of a real one.
"""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from bench.words import CHAT
from breakwater.privacy.keys import MasterKey
from breakwater.settings import Settings
from breakwater.storage.schema import migrate
from breakwater.storage.store import Store, engine_for
from breakwater.storage.times import naive, utc_now
from breakwater.support.memory import Memory

_SAID = (("person", CHAT[1]), ("assistant", CHAT[2]), ("person", CHAT[7]), ("assistant", CHAT[2]))
# How a month ends where counsellors close what they had, and nobody closes what only the assistant had.
_STATES = ("bot",) * 70 + ("closed",) * 25 + ("unreachable",) * 5
_BATCH = 5000
Rows = dict[str, list[tuple[Any, ...]]]
_COLUMNS = {
    "contacts": "id, channel, address_hash, created_at",
    "conversations": "id, contact_id, channel, last_seq, opened_at, last_in, last_out",
    "messages": "id, conversation_id, seq, sender, client_id, body_sealed, at, turn",
    "cases": "id, conversation_id, number, state, tier, rank, sealed, version, opened_at",
    "data_keys": "conversation_id, wrapped",
}


def fill(state: Path, conversations: int) -> dict[str, int]:
    """Make the databases of a gateway in `state` and store so many conversations; what there is now."""
    settings = Settings(state_dir=state)
    store = Store(engine_for(settings.database), engine_for(settings.keys_database))
    migrate(store)
    store.close()
    master = MasterKey.load("", state / "keys" / "master.key", may_create=True)
    files = (state / "breakwater.db", state / "keys" / "keys.db")
    months = _month(master, conversations)
    with closing(sqlite3.connect(files[0])) as data, closing(sqlite3.connect(files[1])) as keys:
        while batch := list(islice(months, _BATCH)):
            for name in _COLUMNS:
                rows = [row for one in batch for row in one[name]]
                _insert(keys if name == "data_keys" else data, name, rows)
    return {
        "conversations": conversations,
        "messages": conversations * len(_SAID),
        "megabytes": round(sum(file.stat().st_size for file in files) / 2**20),
    }


def _month(master: MasterKey, conversations: int) -> Iterator[Rows]:
    chance, now = random.Random(0), utc_now()
    for number in range(1, conversations + 1):
        began = now - timedelta(days=1) - chance.random() * timedelta(days=29)
        yield _conversation(chance, master, number, began)


def _conversation(chance: random.Random, master: MasterKey, number: int, began: datetime) -> Rows:
    conversation, contact, case = (_identity(chance) for _ in range(3))
    key, wrapped = master.new_data_key(conversation)
    times = [_text(began + timedelta(seconds=30 * n)) for n in range(len(_SAID))]
    messages = []
    for seq, (sender, text) in enumerate(_SAID, 1):
        identity = _identity(chance)
        body = key.seal(json.dumps({"text": text}), f"messages.body:{identity}")
        turn = "answered" if sender == "person" else "none"
        messages.append((identity, conversation, seq, sender, None, body, times[seq - 1], turn))
    about = {"facts": {"threat_type": "financial"}, "memory": Memory().as_json(), "reasons": []}
    sealed = key.seal(json.dumps(about), f"cases.sealed:{case}")
    return {
        "contacts": [(contact, "web", _identity(chance) * 2, times[0])],
        "conversations": [(conversation, contact, "web", len(_SAID), times[0], times[-2], times[-1])],
        "messages": messages,
        "cases": [(case, conversation, number, chance.choice(_STATES), "soon", 11, sealed, 4, times[0])],
        "data_keys": [(conversation, wrapped)],
    }


def _insert(connection: sqlite3.Connection, name: str, rows: list[tuple[Any, ...]]) -> None:
    columns = _COLUMNS[name]
    places = ", ".join("?" for _ in columns.split(","))
    connection.executemany(f"INSERT INTO {name} ({columns}) VALUES ({places})", rows)  # noqa: S608 - names of our own
    connection.commit()


def _identity(chance: random.Random) -> str:
    return UUID(int=chance.getrandbits(128)).hex


def _text(at: datetime) -> str:
    return naive(at).isoformat(" ", "microseconds")
