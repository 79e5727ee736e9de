"""Hand-made turns: what a rehearsal would have seen."""

from __future__ import annotations

from typing import Any

from breakwater.rehearsal.played import Known, Reply, Turn
from breakwater.understanding.facts import CaseFacts


def reply(text: str = "I'm here.", *tags: str, asks: str | None = None, buttons: tuple[str, ...] = ()) -> Reply:
    return Reply(text, tags, asks, "utter_x", buttons)


def knows(tier: str = "routine", state: str = "bot", answers: dict[str, str] | None = None, **facts: Any) -> Known:
    return Known(CaseFacts(**facts), tier, state, answers or {})


def turn(number: int, *replies: Reply, known: Known | None = None, kind: str = "say", erased: bool = False) -> Turn:
    return Turn(number, kind, "words", replies, None if erased else known or Known(), erased)
