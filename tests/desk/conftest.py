"""A desk over a temporary store, with a clock that the test moves, people, and chats to work on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from breakwater.cases import counsellors as people
from breakwater.cases import records
from breakwater.cases.counsellors import Counsellor
from breakwater.conversations import transcript
from breakwater.conversations.counselling import Counselling
from breakwater.conversations.live import Live
from breakwater.desk import passwords
from breakwater.desk.context import Desk
from breakwater.desk.presence import Presence
from breakwater.desk.routes import desk_routes
from breakwater.privacy.keyring import Keyring
from breakwater.privacy.keys import MasterKey
from breakwater.storage.store import Store, engine_for
from breakwater.storage.tables import audit, contacts, conversations, keys_metadata, metadata
from breakwater.storage.times import naive
from breakwater.support.wording import Wording
from breakwater.understanding.facts import CaseFacts

ORIGIN = "http://desk.test"
SOCKET = "ws://desk.test/desk/ws"
PASSWORD = "seven blue herons fly"
WORDING = Wording(
    {
        "utter_counsellor_joined": [{"text": "{name}, a counsellor, is here."}],
        "utter_counsellor_asks": [{"text": "{name}, a counsellor, is here."}],
        "utter_handed_back": [{"text": "{name} has left. I'm the automated helper."}],
        "utter_handed_back_safety": [{"text": "{name} has left. Are you safe right now?"}],
        "utter_closed": [{"text": "You can write here any time."}],
    }
)


@dataclass
class House:
    """Everything of one test: the desk, its clock, and short ways to fill the store."""

    desk: Desk
    keyring: Keyring
    now: datetime = datetime(2026, 11, 21, 1, 0, tzinfo=timezone.utc)
    clients: list[TestClient] = field(default_factory=list)

    loop: asyncio.AbstractEventLoop | None = None  # of a server in another thread

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run it to its end: in the server's loop where there is one, else in a loop of its own."""
        if self.loop:
            return asyncio.run_coroutine_threadsafe(work, self.loop).result(10)
        return asyncio.run(work)

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def write(self, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return self.run(self.desk.store.write(work, *args, **kwargs))

    def add(self, login: str, role: str = "counsellor", name: str | None = None) -> Counsellor:
        hashed = self.run(passwords.hashed(PASSWORD))
        who: Counsellor = self.write(people.add, login, name or login.title(), role, hashed, self.now)
        return who

    def chat(self, *said: str, state: str = "waiting", **facts: Any) -> str:
        """A conversation in which the person said these things; returns its case's id."""
        conversation = uuid4().hex
        key = self.keyring.new(conversation)

        def work(connection: Connection) -> str:
            contact = uuid4().hex
            connection.execute(
                sa.insert(contacts).values(id=contact, channel="web", address_hash=contact, created_at=naive(self.now))
            )
            connection.execute(
                sa.insert(conversations).values(
                    id=conversation, contact_id=contact, channel="web", last_seq=0, opened_at=naive(self.now)
                )
            )
            for text in said:
                transcript.append(connection, key, conversation, transcript.PERSON, {"text": text}, self.now)
            case = records.open_case(connection, key, conversation, self.now).with_facts(CaseFacts.of(facts))
            if state == "waiting":
                case = case.on("needs_person", self.now)
            return records.save(connection, key, case, self.now).id

        case_id: str = self.write(work)
        return case_id

    def case(self, case_id: str) -> records.Case:
        case = self.run(self.desk.counselling.case(case_id))
        assert case is not None
        return case

    def messages(self, case_id: str) -> list[transcript.Message]:
        return self.run(self.desk.counselling.transcript(self.case(case_id)))

    def person_says(self, case_id: str, text: str) -> None:
        """A message of the person arrives, as the gateway stores it."""
        conversation = self.case(case_id).conversation_id
        key = self.keyring.of(conversation)
        self.write(transcript.append, key, conversation, transcript.PERSON, {"text": text}, self.now)

    def audited(self) -> list[tuple[str, str]]:
        rows = self.write(lambda c: c.execute(sa.select(audit.c.action, audit.c.case_id)).all())
        return [(row.action, row.case_id) for row in rows]

    def browser(self) -> TestClient:
        app = Starlette(routes=[Mount("/desk", routes=desk_routes(self.desk))])
        client = TestClient(app, base_url=ORIGIN, headers={"origin": ORIGIN}, follow_redirects=False)
        self.clients.append(client)
        return client

    def signed_in(self, login: str) -> TestClient:
        client = self.browser()
        answer = client.post("/desk/sign-in", data={"csrf": token(client), "login": login, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return client


def token(client: TestClient, path: str = "/desk/sign-in") -> str:
    """The form token of a page."""
    return client.get(path).text.split('name="csrf" value="')[1].split('"')[0]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    store = Store(engine_for(f"sqlite:///{tmp_path / 'b.db'}"), engine_for(f"sqlite:///{tmp_path / 'k.db'}"))
    metadata.create_all(store.engine)
    keys_metadata.create_all(store.keys)
    keyring, live = Keyring(store, MasterKey(b"k" * 32)), Live()
    clock = lambda: made.now  # noqa: E731 - the house exists once the desk does
    counselling = Counselling(store, keyring, live, WORDING, clock, cap=2)
    desk = Desk(store, counselling, live, clock, False, (ORIGIN,), Presence(), tmp_path / "state")
    made = House(desk, keyring)
    yield made
    store.close()
