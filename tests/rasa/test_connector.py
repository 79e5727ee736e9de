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
