"""A person in a chat, without a server: what they write is merged, answered and remembered in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from breakwater.settings import ROOT
from breakwater.support import hour, remit
from breakwater.support.directory import Directory, load_directory
from breakwater.support.languages import addressed
from breakwater.support.lines import Lines
from breakwater.support.memory import Memory
from breakwater.support.plan import next_move
from breakwater.support.playbooks import Playbooks, load_playbooks
from breakwater.support.situation import Move, Situation
from breakwater.support.topics import Topics, load_topics
from breakwater.support.turn import Place
from breakwater.support.wording import Wording
from breakwater.understanding.answers import stated
from breakwater.understanding.facts import CaseFacts, Reading
from breakwater.understanding.merge import merge

NIGHT = Place(datetime(2026, 11, 21, 1, 0, tzinfo=timezone.utc).isoformat(), counsellor_here=True)
Situations = Callable[..., Situation]


@dataclass(frozen=True)
class Said:
    """One move as the person sees it."""

    move: Move
    replies: tuple[dict[str, Any], ...]

    @property
    def responses(self) -> tuple[str, ...]:
        return tuple(reply["response"] for reply in self.replies)

    @property
    def tags(self) -> frozenset[str]:
        return frozenset(tag for reply in self.replies for tag in reply["tags"])

    @property
    def questions(self) -> tuple[str, ...]:
        return tuple(reply["question"] for reply in self.replies if reply["question"])

    @property
    def text(self) -> str:
        return " ".join(reply["text"] for reply in self.replies)


@dataclass
class Chat:
    """One conversation. `situations` builds what the plan looks at, `wording` and `playbooks` say what it decided."""

    situations: Situations
    wording: Wording
    playbooks: Playbooks
    place: Place = NIGHT
    facts: CaseFacts = field(default_factory=CaseFacts)
    memory: Memory = field(default_factory=Memory)

    def hears(self, intent: str = "tell", answer: str | None = None, **said: Any) -> Said:
        """The person writes: `intent`, an `answer` to the open question, and facts by name."""
        about = {k: said.pop(k) for k in ("topic", "corrects_age", "fallback", "cues", "plain") if k in said}
        about["asks"] = intent.startswith("ask_")
        question = self.memory.question if answer else None
        facts = merge(stated(question, answer), Reading(facts=CaseFacts(**said)))
        return self.reads(Reading(intent, 1.0, facts=facts, question=question, answer=answer, **about))

    def reads(self, reading: Reading) -> Said:
        self.facts = merge(self.facts, reading)
        self.memory = hour.noted(self.memory.hearing(reading), reading.facts, self.place.now)
        move = next_move(self.situations(self.facts, self.memory, reading, self.place))
        said = Said(move, tuple(self._reply(say.response) for say in move.says))
        self.memory = self.memory.parking(move.parked).after(said.replies)
        return said

    def later(self, minutes: float) -> Chat:
        """Time passes."""
        now = datetime.fromisoformat(self.place.now) + timedelta(minutes=minutes)
        self.place = replace(self.place, now=now.isoformat())
        return self

    def away(self, seconds: float | None) -> Chat:
        self.place = replace(self.place, away_seconds=seconds)
        return self

    def _reply(self, response: str) -> dict[str, Any]:
        directory = self.situations(self.facts, self.memory).directory
        lines = Lines(addressed(self.facts, self.memory), self.place, directory)
        about = remit.about(self.facts, self.place)
        places = self.wording.places(response, about)
        values = lines.values(places) | self.playbooks.values(self.facts, places)
        values |= hour.values(self.memory, self.place.now, places)
        return self.wording.reply(response, about, **values)


@pytest.fixture(scope="session")
def directory() -> Directory:
    return load_directory(ROOT / "data" / "directory")


@pytest.fixture(scope="session")
def playbooks() -> Playbooks:
    return load_playbooks(ROOT / "data" / "playbooks")


@pytest.fixture(scope="session")
def topics() -> Topics:
    return load_topics(ROOT / "data" / "topics.yaml")


@pytest.fixture(scope="session")
def wording() -> Wording:
    return Wording.load(ROOT / "domain.yml")


@pytest.fixture(scope="session")
def situations(directory: Directory, topics: Topics, wording: Wording) -> Situations:
    """Builds a Situation from what matters to a test; everything else is a quiet night."""

    def build(
        facts: CaseFacts | None = None, memory: Memory | None = None, reading: Reading | None = None,
        place: Place = NIGHT,
    ) -> Situation:  # fmt: skip
        known = facts or CaseFacts(), memory or Memory(), reading or Reading()
        return Situation(*known, place, directory, topics, wording)

    return build


@pytest.fixture(scope="session")
def chats(situations: Situations, wording: Wording, playbooks: Playbooks) -> Callable[..., Chat]:
    """Opens a new chat; with facts known from the start and a place other than the usual, if given."""

    def opened(here: bool = True, **known: Any) -> Chat:
        return Chat(situations, wording, playbooks, replace(NIGHT, counsellor_here=here), CaseFacts(**known))

    return opened


@pytest.fixture
def chat(chats: Callable[..., Chat]) -> Chat:
    return chats()
