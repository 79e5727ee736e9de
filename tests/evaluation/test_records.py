"""From facts to the labels of the evaluation: by definition, never by a guess."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from breakwater.evaluation.records import Account, eval_topic, labels
from breakwater.settings import ROOT
from breakwater.support.topics import Topics, load_topics
from breakwater.understanding.facts import CaseFacts, Reading
from breakwater.understanding.quick_read import QuickRead

DAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def topics() -> Topics:
    return load_topics(ROOT / "data" / "topics.yaml")


@pytest.fixture(scope="module")
def account(topics: Topics) -> Account:
    return Account(topics, QuickRead.load(ROOT / "data" / "lexicon"))


@pytest.mark.parametrize(
    ("facts", "demand"),
    [
        (CaseFacts(), ["none"]),
        (CaseFacts(threat_type="financial"), ["money"]),
        (CaseFacts(threat_type="both", demand=("images",)), ["money", "images"]),
        (CaseFacts(threat_type="image"), ["unknown"]),
        (CaseFacts(threat_type="unclear_threat"), ["unknown"]),
        (CaseFacts(threat_type="ex_partner"), ["none"]),
        (CaseFacts(threat_type="deepfake", demand=("money",)), ["money"]),
        (CaseFacts(threat_type="image", demand=("self_harm",)), ["other"]),
        (CaseFacts(threat_type="image", demand=("self_harm", "other", "meet")), ["other", "meet"]),
    ],
)
def test_demand(facts: CaseFacts, demand: list[str]) -> None:
    assert labels(facts)["demand"] == demand


@pytest.mark.parametrize(
    ("facts", "risk"),
    [
        (CaseFacts(), ["none"]),
        (CaseFacts(risk=("runaway", "self_harm")), ["self_harm", "runaway"]),
        (CaseFacts(now=("attempt",)), ["suicide_active"]),
        (CaseFacts(now=("offender_present",), risk=("offline_danger",)), ["offline_danger"]),
        (CaseFacts(now=("being_shared",)), ["none"]),
    ],
)
def test_risk(facts: CaseFacts, risk: list[str]) -> None:
    assert labels(facts)["risk"] == risk


@pytest.mark.parametrize(
    ("facts", "minor", "speaker_minor"),
    [
        (CaseFacts(), "unknown", "unknown"),
        (CaseFacts(age=15), True, True),
        (CaseFacts(minor="yes"), True, True),
        (CaseFacts(age=30, minor="no"), False, False),
        (CaseFacts(age_min=17, age_max=18), "unknown", "unknown"),
        (CaseFacts(age=15, speaker="parent"), True, False),
        (CaseFacts(age=15, speaker="friend"), True, "unknown"),
        (CaseFacts(age=15, speaker="friend", speaker_minor="yes"), True, True),
    ],
)
def test_minor(facts: CaseFacts, minor: Any, speaker_minor: Any) -> None:
    assert (labels(facts)["minor"], labels(facts)["speaker_minor"]) == (minor, speaker_minor)


@pytest.mark.parametrize(
    ("facts", "intent", "speaker"),
    [
        (CaseFacts(), "tell", "victim"),
        (CaseFacts(), "thanks", "n/a"),
        (CaseFacts(wants_human=True), "ask_human", "n/a"),
        (CaseFacts(age=15), "greet", "victim"),
        (CaseFacts(speaker="parent"), "ask_human", "parent"),
    ],
)
def test_speaker(facts: CaseFacts, intent: str, speaker: str) -> None:
    assert labels(facts, intent)["speaker"] == speaker


def test_topics_are_called_by_their_names_there(topics: Topics) -> None:
    assert eval_topic(topics, "ask_evidence_what", "evidence_what") == "evidence"
    assert eval_topic(topics, "ask_human", None) == "human_available"
    assert eval_topic(topics, "ask_cannot_sleep", "cannot_sleep") is None
    assert eval_topic(topics, "tell", None) is None
    assert eval_topic(topics, "ask_gone", "gone") is None


def test_a_whole_record(account: Account) -> None:
    facts = CaseFacts(threat_type="unclear_threat", demand=("money",), words={"demand": "wants 50"})
    reading = Reading("ask_should_i_pay", 0.81239, "should_i_pay", facts)
    record = account.of("im 12 and he wants 50", reading, None, DAY)
    assert record["threat_type"] == "financial", "as the case has it after the message, not only the message"
    assert (record["topic"], record["eval_topic"]) == ("should_i_pay", "should_i_pay")
    assert (record["tier"], record["confidence"]) == ("soon", 0.8124)
    assert record["tier_reasons"] == ["live threat, age unknown"]
    assert record["quick_read"] == {"risk": ["none"], "now": [], "age": 12, "minor": True}
    assert record["words"] == {"demand": "wants 50"}
    assert json.loads(json.dumps(record)) == record


def test_every_fact_is_told(account: Account) -> None:
    from dataclasses import fields

    record = account.of("hi", Reading(), None, DAY)
    assert {f.name for f in fields(CaseFacts)} - set(record) == {"lowest_age"}, "of one message it is the age"
