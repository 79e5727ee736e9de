"""What the gateway gets back of a message that was read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from breakwater.rasa import connector
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
