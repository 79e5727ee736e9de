"""What the gateway gets back of a message that was read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from breakwater.rasa import connector
from breakwater.support.forwarded import as_read, words_alone
from breakwater.support.turn import Place, TurnAnswer, TurnRequest
from breakwater.understanding.facts import CaseFacts, Reading

PLACE = Place("2026-11-21T01:00:00+00:00")


async def test_when_a_deadline_runs_out_is_noted_also_while_nothing_is_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def read(*_: Any) -> Any:
        return Reading(facts=CaseFacts(deadline="in 30 min")), {}

    monkeypatch.setattr(connector, "read", read)
    agent: Any = type("Agent", (), {"processor": None})
    found = await connector._answer(agent, TurnRequest("listen", "c", "m", "in 30 min he sends it", PLACE))
    answer = TurnAnswer.of(json.loads(found.body or ""))
    assert answer.memory.deadline_at == "2026-11-21T01:30:00+00:00"


async def test_forwarded_words_never_say_who_or_where_the_writer_is(monkeypatch: pytest.MonkeyPatch) -> None:
    said = Reading(facts=CaseFacts(age=44, country="FR", amount="500"), question="suicide", answer="no")

    async def read(*_: Any) -> Any:
        return said, {}

    monkeypatch.setattr(connector, "read", read)
    agent: Any = type("Agent", (), {"processor": None})
    asked = TurnRequest("listen", "c", "m", "i am 44 and in lyon, pay 500", PLACE, forwarded=True)
    answer = TurnAnswer.of(json.loads((await connector._answer(agent, asked)).body or ""))
    assert answer.facts == CaseFacts(amount="500")
    assert answer.memory.answers == {}


async def test_forwarded_words_of_dying_are_read_without_who_is_said_to_have_written_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard: list[str] = []

    async def parse_message(message: Any) -> str:
        heard.append(message.text)
        return str(message.text)

    def reading(text: str) -> Reading:
        return Reading(facts=CaseFacts(risk=("suicide_passive",)) if "die" in text else CaseFacts())

    monkeypatch.setattr(connector, "reading_of_parse", reading)
    processor: Any = type("Processor", (), {"parse_message": staticmethod(parse_message)})
    threatened = CaseFacts(threat_type="financial")
    for text, speaks in (("i want to die", True), ("pay by nine", False)):
        assert await connector._speaks_of_dying(processor, words_alone(as_read(text, threatened))) is speaks
    assert heard == ["i want to die", "pay by nine"]
    assert not await connector._speaks_of_dying(processor, words_alone(as_read("i want to die", CaseFacts())))
