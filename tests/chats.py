"""Conversations for tests: opened in a real store, with a case in whatever state a test needs."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import uuid4

from sqlalchemy.engine import Connection

from breakwater.cases import counsellors, records
from breakwater.cases.counsellors import Counsellor
from breakwater.cases.records import Case
from breakwater.conversations import inbox
from breakwater.privacy.keyring import Keyring
from breakwater.understanding.facts import CaseFacts

NIGHT = datetime(2026, 11, 21, 1, tzinfo=timezone.utc)
GREETING = {"response": "utter_greeting", "text": "Hello.", "buttons": [], "tags": [], "question": "what_happened"}


def at(seconds: float = 0) -> datetime:
    return NIGHT + timedelta(seconds=seconds)


def counsellor(connection: Connection, login: str = "sam") -> Counsellor:
    return counsellors.add(connection, login, login.title(), "counsellor", "hash", NIGHT)


def a_case(
    connection: Connection, keyring: Keyring, state: str = "waiting", since: datetime = NIGHT, **facts: Any
) -> Case:
    """A case of its own conversation; `since` is when it began to wait."""
    conversation = uuid4().hex
    key = keyring.new(conversation)
    opened = inbox.open_conversation(connection, key, conversation, "web", uuid4().hex, GREETING, NIGHT)
    case = replace(opened, state=state, waiting_since=since if state == "waiting" else None)
    return records.save(connection, key, case.with_facts(CaseFacts(**facts)), NIGHT)
