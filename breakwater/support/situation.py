"""Everything the plan looks at, and what it decides. Plain values, no behaviour of a server."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from breakwater.support import remit
from breakwater.support.directory import Directory
from breakwater.support.memory import Memory
from breakwater.support.topics import Topics
from breakwater.support.turn import Place
from breakwater.support.wording import Wording
from breakwater.understanding.facts import CaseFacts, Reading

AWAY_SECONDS = 6 * 3600  # after this long a person is greeted again, neutrally (safeguarding rule 9)


@dataclass(frozen=True)
class Situation:
    """The case after the person's message was merged, and what was just heard."""

    facts: CaseFacts
    memory: Memory
    reading: Reading
    place: Place
    directory: Directory = field(repr=False)
    topics: Topics = field(repr=False)
    wording: Wording = field(repr=False)

    @property
    def now(self) -> datetime:
        return datetime.fromisoformat(self.place.now)

    @property
    def heard(self) -> str:
        return self.reading.intent

    @property
    def minor(self) -> bool | None:
        return True if self.facts.child else False if self.facts.adult else None

    @property
    def about(self) -> dict[str, Any]:
        """What a variation of a response may depend on, for this person."""
        return remit.about(self.facts, self.place)

    @property
    def returned(self) -> bool:
        """After hours, or after hiding: others may have the phone by now."""
        away = self.place.away_seconds
        return self.memory.turns > 0 and (self.place.slept or (away is not None and away > AWAY_SECONDS))

    def after(self, response: str | None) -> Situation:
        """As if this had been said already; None changes nothing."""
        if response is None:
            return self
        return replace(self, memory=self.memory.after([self.wording.about(response, self.about)]))

    def asks(self, response: str) -> bool:
        """Whether these words end in a question, so that no other may follow them."""
        return self.question_of(response) is not None

    def question_of(self, response: str) -> str | None:
        """The kind of question that these words ask this person; None for none."""
        question: str | None = self.wording.about(response, self.about)["question"]
        return question

    def said(self, *responses: str) -> bool:
        return any(r in self.memory.said for r in responses)

    def said_last(self, *responses: str) -> bool:
        """Whether the last words were one of these."""
        return self.memory.said[-1:] in [(response,) for response in responses]

    def gave(self, tag: str) -> bool:
        return self.memory.given.get(tag, 0) > 0

    def asked(self, question: str) -> bool:
        return self.memory.asked.get(question, 0) > 0

    def unanswered(self, question: str) -> bool:
        """Asked, and passed over so far."""
        return self.asked(question) and self.answer(question) is None

    def answer(self, question: str) -> str | None:
        return self.memory.answers.get(question)


@dataclass(frozen=True)
class Say:
    """One message: the response to use, and cards beyond the numbers it names."""

    response: str
    cards: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class Move:
    """What happens now: at most two messages, at most one question; `requests` to the gateway:
    `handover`, `decline`, `could_not_read`, `hide`, `erase`, `erase_later`. `parked`: topics put off until the
    person is safe."""

    says: tuple[Say, ...]
    requests: tuple[str, ...] = ()
    parked: tuple[str, ...] = ()


def move(*responses: str, requests: tuple[str, ...] = ()) -> Move:
    return Move(tuple(Say(r) for r in responses), requests)


def unused(s: Situation, *responses: str) -> str:
    """The first that was not said yet; when all were, the one said longest ago."""
    last = {response: place for place, response in enumerate(s.memory.said)}
    return min(responses, key=lambda response: last.get(response, -1))


def unsaid(s: Situation, *responses: str) -> str | None:
    """The first that was not said yet; None when all were."""
    return next((response for response in responses if not s.said(response)), None)
