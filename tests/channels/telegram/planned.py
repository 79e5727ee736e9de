"""An assistant without Rasa: the real plan and the real words, on what the word lists and buttons say."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from breakwater.settings import ROOT
from breakwater.support import hour, remit
from breakwater.support.directory import load_directory
from breakwater.support.forwarded import of_another
from breakwater.support.languages import addressed
from breakwater.support.lines import Lines
from breakwater.support.plan import next_move
from breakwater.support.playbooks import load_playbooks
from breakwater.support.situation import Situation
from breakwater.support.topics import load_topics
from breakwater.support.turn import TurnAnswer, TurnRequest
from breakwater.support.wording import Wording
from breakwater.understanding.answers import reading_of_button
from breakwater.understanding.facts import Reading
from breakwater.understanding.merge import merge
from breakwater.understanding.quick_read import QuickRead
from breakwater.understanding.spans import Spans

_DIRECTORY = load_directory(ROOT / "data" / "directory")
_TOPICS = load_topics(ROOT / "data" / "topics.yaml")
_PLAYBOOKS = load_playbooks(ROOT / "data" / "playbooks")
_WORDING = Wording.load(ROOT / "domain.yml")
_SPANS = Spans.load(ROOT / "data" / "lexicon")
_QUICK_READ = QuickRead.load(ROOT / "data" / "lexicon")


@dataclass
class Planned:
    heard: list[TurnRequest] = field(default_factory=list)

    async def turn(self, request: TurnRequest) -> TurnAnswer:
        self.heard.append(request)
        reading = _reading(request)
        if request.forwarded:
            reading = of_another(request.facts, reading)
        facts = merge(request.facts, reading)
        memory = request.memory.answered(reading.question, reading.answer)
        memory = hour.noted(memory, reading.facts, request.place.now)
        if request.mode == "listen":
            return TurnAnswer((), facts, memory)
        move = next_move(Situation(facts, memory, reading, request.place, _DIRECTORY, _TOPICS, _WORDING))
        lines = Lines(addressed(facts, memory), request.place, _DIRECTORY)
        replies: list[dict[str, Any]] = []
        for say in move.says:
            about = remit.about(facts, request.place)
            places = _WORDING.places(say.response, about)
            values = lines.values(places) | _PLAYBOOKS.values(facts, places)
            values |= hour.values(memory, request.place.now, places)
            reply = _WORDING.reply(say.response, about, **values)
            replies.append({**reply, "cards": [*lines.cards(places), *say.cards]})
        return TurnAnswer(tuple(replies), facts, memory.parking(move.parked), move.requests)


def _reading(request: TurnRequest) -> Reading:
    kind, _, what = (request.payload or "").partition(":")
    if request.payload and kind != "media":
        return reading_of_button(request.payload, request.memory.question)
    reading = _QUICK_READ(request.text, request.memory.question)
    if kind == "media":
        return replace(reading, intent=f"media_{what}")
    if "blackmail" in request.text:
        told = {"threat_type": "financial", "demand": ("money",), "deadline": _SPANS(request.text).deadline}
        return replace(reading, facts=replace(reading.facts, **told), intent="tell")
    return replace(reading, intent={"hide": "hide", "hi": "greet", "bye": "bye"}.get(request.text.lower(), "tell"))
