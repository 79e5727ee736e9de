"""Conversations over a real store, with a stand-in for the assistant and a clock that the test moves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from breakwater.assistant.client import NoAnswer
from breakwater.assistant.safety_reply import safety_reply, spoken
from breakwater.cases import records
from breakwater.cases.counsellors import Counsellor
from breakwater.cases.records import Case
from breakwater.conversations import inbox, transcript
from breakwater.conversations.counselling import Counselling
from breakwater.conversations.erasure import Erasure
from breakwater.conversations.inbox import Inbound, Received
from breakwater.conversations.live import Live
from breakwater.conversations.turns import Pace, Turns
from breakwater.privacy.keyring import Keyring
from breakwater.privacy.keys import MasterKey
from breakwater.settings import ROOT
from breakwater.storage.store import Store
from breakwater.storage.tables import messages
from breakwater.support.directory import Directory, load_directory
from breakwater.support.turn import Place, TurnAnswer, TurnRequest
from breakwater.support.wording import Wording
from breakwater.understanding.facts import CaseFacts
from breakwater.understanding.quick_read import QuickRead
from tests.chats import GREETING, NIGHT, counsellor
from tests.databases import addresses, empty_store, store

__all__ = ["addresses", "empty_store", "store"]
AT_ONCE = Pace(quiet=0.0, longest=0.0, deadline=0.5)
NEVER_BY_ITSELF = Pace(quiet=30, longest=30, deadline=0.5)
RETENTION, HOLD = timedelta(days=30), timedelta(hours=24)


@dataclass(frozen=True)
class Voice:
    """What the service can say, and the reader of words that cannot wait."""

    wording: Wording
    directory: Directory
    quick_read: QuickRead


@pytest.fixture(scope="session")
def voice() -> Voice:
    data = ROOT / "data"
    wording = Wording.load(ROOT / "domain.yml")
    return Voice(wording, load_directory(data / "directory"), QuickRead.load(data / "lexicon"))


@dataclass
class StandIn:
    """Stands in for Rasa. It repeats what it hears; `understands` adds facts, `requests` are made once,
    `meanwhile` happens while it thinks, and `away` it gives no answer."""

    away: bool = False
    understands: Callable[[TurnRequest], dict[str, Any]] = lambda _: {}
    requests: tuple[str, ...] = ()
    meanwhile: Callable[[], Awaitable[Any]] | None = None
    heard: list[TurnRequest] = field(default_factory=list)
    tick: Callable[[], None] = lambda: None

    async def turn(self, request: TurnRequest) -> TurnAnswer:
        self.heard.append(request)
        self.tick()
        if self.meanwhile:
            meanwhile, self.meanwhile = self.meanwhile, None
            await meanwhile()
        facts = replace(request.facts, **self.understands(request))
        requests, self.requests = self.requests, ()
        if self.away:
            raise NoAnswer("away")
        if request.mode == "listen":
            return TurnAnswer((), facts, request.memory, requests)
        reply = {"response": "utter_echo", "text": f"heard: {request.text}", "tags": ["calm"], "question": "age"}
        return TurnAnswer((reply,), facts, request.memory, requests)

    @property
    def texts(self) -> list[tuple[str, str]]:
        return [(request.mode, request.text) for request in self.heard]


@dataclass
class House:
    """One gateway's conversations. `now` stands still until a test moves it, but for a millisecond with
    every message and every answer."""

    store: Store
    keyring: Keyring
    voice: Voice
    assistant: StandIn = field(default_factory=StandIn)
    live: Live = field(default_factory=Live)
    now: datetime = NIGHT
    pace: Pace = AT_ONCE
    profile: dict[str, Any] = field(default_factory=dict)  # the operator's, of a Place
    running: list[Turns] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.assistant.tick = lambda: self.later(0.001)

    def clock(self) -> datetime:
        return self.now

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    @property
    def erasure(self) -> Erasure:
        return Erasure(self.store, self.keyring, self.live, self.clock, RETENTION)

    @property
    def counselling(self) -> Counselling:
        return Counselling(self.store, self.keyring, self.live, self.voice.wording, self.clock, cap=2)

    def place(self, case: Case, away: float | None = None) -> Place:
        return Place(self.now.isoformat(), state=case.state, away_seconds=away, **self.profile)

    def safety(self, case: Case, place: Place) -> dict[str, Any]:
        return safety_reply(case, place, self.voice.wording, self.voice.directory)

    def spoken(self, response: str, case: Case, **values: str) -> dict[str, Any]:
        return spoken(response, case, self.place(case), self.voice.wording, self.voice.directory, **values)

    def started(self) -> Turns:
        """The turns of a gateway that has just started on this store."""
        turns = Turns(
            self.store, self.keyring, self.live, self.assistant, self.voice.quick_read, self.place, self.safety,
            self.spoken, self.erasure, HOLD, self.clock, self.pace,
        )  # fmt: skip
        self.running.append(turns)
        return turns

    @property
    def turns(self) -> Turns:
        return self.running[-1] if self.running else self.started()

    async def opened(self) -> str:
        conversation = uuid4().hex
        key = self.keyring.new(conversation)
        await self.store.write(inbox.open_conversation, key, conversation, "web", uuid4().hex, GREETING, self.now)
        return conversation

    async def says(self, conversation: str, text: str, **about: Any) -> Received:
        self.later(0.001)
        return await self.turns.receive(conversation, Inbound(about.pop("id", uuid4().hex), text, **about))

    async def asked(self, conversation: str, text: str, **about: Any) -> list[str]:
        """Says something and waits until it was seen to; what was said to the person since."""
        before = len(await self.transcript(conversation))
        await self.says(conversation, text, **about)
        await self.settled(conversation)
        return [m.text for m in (await self.transcript(conversation))[before:] if m.sender != "person"]

    async def transcript(self, conversation: str) -> list[transcript.Message]:
        return await self.store.read(transcript.since, self.keyring.of(conversation), conversation)

    async def replies(self, conversation: str) -> list[str]:
        """What the assistant said after the greeting."""
        return [m.text for m in (await self.transcript(conversation))[1:] if m.sender == "assistant"]

    async def case(self, conversation: str) -> Case:
        return await self.store.read(records.peek, self.keyring.of(conversation), conversation)

    async def knows(self, conversation: str, state: str | None = None, **facts: Any) -> Case:
        """Puts facts and a state into the case, as if they had come up before."""
        key = self.keyring.of(conversation)
        case = (await self.case(conversation)).with_facts(CaseFacts(**facts))
        return await self.store.write(records.save, key, replace(case, state=state or case.state), self.now)

    async def taken_by(self, conversation: str, who: Counsellor) -> str:
        case = await self.case(conversation)
        assert await self.counselling.take(case.id, who)
        return case.id

    async def person(self, login: str = "sam") -> Counsellor:
        return await self.store.write(counsellor, login)

    async def settled(self, conversation: str, seconds: float = 5.0) -> None:
        """Until nothing waits for an answer."""
        waits = sa.select(sa.func.count()).where(
            messages.c.conversation_id == conversation, messages.c.turn == "waiting"
        )
        await until(lambda: self.store.read(lambda c: c.scalar(waits) == 0), seconds)


async def until(holds: Callable[[], Awaitable[bool]], seconds: float = 5.0) -> None:
    end = asyncio.get_running_loop().time() + seconds
    while not await holds():
        assert asyncio.get_running_loop().time() < end, "it did not come to pass"
        await asyncio.sleep(0.02)


@pytest.fixture
async def house(store: Store, voice: Voice) -> AsyncIterator[House]:
    made = House(store, Keyring(store, MasterKey(b"m" * 32)), voice)
    yield made
    for turns in made.running:
        await turns.close()
