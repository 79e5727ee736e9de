"""Come-back words: four plain words that open the same conversation on any device (safeguarding rule 14).

44 bits drawn at random, stored as a keyed hash, so that the database alone opens nothing. They end with the
conversation. Who gives them gets a token of their own; nothing is shown until it is used.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from breakwater.privacy.keyring import Keyring
from breakwater.privacy.keys import token_hash
from breakwater.settings import ROOT
from breakwater.storage.store import Store
from breakwater.storage.tables import come_back, conversations
from breakwater.storage.times import naive

HOW_MANY = 4
_LIST = ROOT / "data" / "words" / "come_back.txt"
_MOST_TOKENS = 20  # devices that the words of one conversation may open


@lru_cache(maxsize=1)
def word_list() -> tuple[str, ...]:
    """The 2048 words, in order."""
    lines = _LIST.read_text("utf8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


class ComeBack:
    """Gives out words for a conversation, and finds the conversation by them."""

    def __init__(self, store: Store, keyring: Keyring, clock: Callable[[], datetime]) -> None:
        self._store, self._keyring, self._clock = store, keyring, clock

    async def words_for(self, conversation: str) -> str:
        """New words for a conversation; those it had before stop working. Raises Erased."""
        self._keyring.of(conversation)
        words = " ".join(secrets.choice(word_list()) for _ in range(HOW_MANY))
        await self._store.write(self._keep, conversation, "words", self._keyring.pseudonym("come_back", words))
        return words

    async def token_for(self, said: str) -> str | None:
        """A new token for the conversation of these words, in any spelling of case, spaces and commas; else None."""
        words = " ".join(re.findall(r"[a-z]+", said[:200].lower()))
        if words.count(" ") != HOW_MANY - 1:
            return None
        conversation = await self._store.read(_opened_by, "words", self._keyring.pseudonym("come_back", words))
        if conversation is None:
            return None
        token = secrets.token_urlsafe(32)
        await self._store.write(self._keep, conversation, "token", token_hash(token))
        return token

    async def find(self, token: str) -> str | None:
        """The conversation of a token that was given out for words."""
        return await self._store.read(_opened_by, "token", token_hash(token))

    def _keep(self, connection: Connection, conversation: str, kind: str, hashed: str) -> None:
        if connection.scalar(sa.select(conversations.c.id).where(conversations.c.id == conversation)) is None:
            return  # erased meanwhile
        mine = (come_back.c.conversation_id == conversation) & (come_back.c.kind == kind)
        newest = sa.select(come_back.c.hash).where(mine).order_by(come_back.c.created_at.desc())
        kept = [] if kind == "words" else connection.scalars(newest.limit(_MOST_TOKENS - 1)).all()
        connection.execute(sa.delete(come_back).where(mine, come_back.c.hash.not_in(kept)))
        connection.execute(
            sa.insert(come_back).values(
                hash=hashed, conversation_id=conversation, kind=kind, created_at=naive(self._clock())
            )
        )


def _opened_by(connection: Connection, kind: str, hashed: str) -> str | None:
    """Only while the conversation is in the web chat: one that moved to another channel is not read from here."""
    query = (
        sa.select(come_back.c.conversation_id)
        .join(conversations, conversations.c.id == come_back.c.conversation_id)
        .where(come_back.c.kind == kind, come_back.c.hash == hashed, conversations.c.channel == "web")
    )
    found: str | None = connection.scalar(query)
    return found
