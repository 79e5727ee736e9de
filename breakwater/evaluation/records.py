"""What was understood of a message, as one JSON object with the names and values that labelled messages have.

Facts are turned into labels by their definitions (docs/labels.md), never by a guess:
`demand` is `money` for a threat that is about money, `unknown` where a threat has an aim nobody named, else `none`;
`risk` includes what a danger of this hour means; a child's `minor` is true, an adult's false, else "unknown".
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from breakwater.support import tiers
from breakwater.support.topics import Topics
from breakwater.understanding.facts import RISKS, CaseFacts, Reading
from breakwater.understanding.merge import merge
from breakwater.understanding.quick_read import QuickRead

HUMAN = "human_available"  # what the evaluation calls the wish for a person (intent ask_human), asked as a question
_AIMLESS = ("none", "pre_threat", "deepfake", "ex_partner")  # may have no demand at all; other threats have one
_DANGER_MEANS = {"attempt": "suicide_active", "means_at_hand": "suicide_active", "offender_present": "offline_danger"}
_NOT_A_CASE = ("greet", "thanks", "bye", "bot_test", "hostile", "out_of_scope", "ask_human", "repeat", "shorter")
_UNTOLD = ("lowest_age", "words")  # the first is the age, of one message; the second stands at the end


@dataclass(frozen=True)
class Account:
    """Tells what was understood. `quick` runs alone too: it must find risk where the model cannot be reached."""

    topics: Topics
    quick: QuickRead

    def of(self, text: str, reading: Reading, question: str | None, today: date | None) -> dict[str, Any]:
        """The record of one message, as a first message: its facts are those the case would have after it."""
        facts = merge(CaseFacts(), reading)
        alone = self.quick(text, question, today).facts
        grounds = tiers.reasons(facts)
        return {
            **labels(facts, reading.intent),
            "intent": reading.intent,
            "confidence": round(reading.confidence, 4),
            "topic": reading.topic,
            "eval_topic": eval_topic(self.topics, reading.intent, reading.topic),
            "answer": reading.answer,
            "tier": grounds[0].tier,
            "tier_reasons": [ground.words for ground in grounds],
            "fallback": reading.fallback,
            "quick_read": {
                "risk": _risk(alone), "now": list(alone.now), "age": alone.age, "minor": _minor(alone),
            },
            "words": dict(facts.words),
        }  # fmt: skip


def eval_topic(topics: Topics, intent: str, topic: str | None) -> str | None:
    """What the evaluation calls the question that was asked; the wish for a person is one too."""
    if topic is None:
        return HUMAN if intent == "ask_human" else None
    known = topics.by_name.get(topic)
    return known.eval_topic if known else None


def labels(facts: CaseFacts, intent: str = "tell") -> dict[str, Any]:
    """The facts in the evaluation's names and values, and beside them those it has no labels for."""
    minor = _minor(facts)
    nothing = facts == CaseFacts(wants_human=facts.wants_human, words=facts.words)
    plain = {f.name: getattr(facts, f.name) for f in fields(CaseFacts) if f.name not in _UNTOLD}
    return {
        **{name: list(value) if isinstance(value, tuple) else value for name, value in plain.items()},
        "demand": _demand(facts),
        "minor": minor,
        "speaker": "n/a" if nothing and intent in _NOT_A_CASE else facts.speaker,
        "speaker_minor": "unknown" if facts.writer_is_minor is None else facts.writer_is_minor,
        "risk": _risk(facts),
    }


def _demand(facts: CaseFacts) -> list[str]:
    named = ["other" if demand == "self_harm" else demand for demand in facts.demand]
    if facts.money_asked and "money" not in named:
        named.insert(0, "money")
    return list(dict.fromkeys(named)) or (["none"] if facts.threat_type in _AIMLESS else ["unknown"])


def _risk(facts: CaseFacts) -> list[str]:
    found = {*facts.risk, *(_DANGER_MEANS[danger] for danger in facts.now if danger in _DANGER_MEANS)}
    return [risk for risk in RISKS if risk in found] or ["none"]


def _minor(facts: CaseFacts) -> bool | str:
    return True if facts.child else False if facts.adult else "unknown"
