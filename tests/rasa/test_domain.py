"""The domain and the code say the same: a slot for every fact, a rule for every intent, an action for every rule."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
import yaml

from actions.handover import ActionCallCounsellor
from actions.next_move import ActionNextMove
from breakwater.settings import ROOT
from breakwater.understanding.facts import CaseFacts


@pytest.fixture(scope="module")
def domain() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "domain.yml").read_text("utf8"))


def test_a_slot_for_every_fact_and_nothing_stray(domain: dict[str, Any]) -> None:
    turn = {
        "memory",
        "place",
        "reading",
        "requests",
        "counsellor_here",
        "may_call_for_you",
        "someone_here",
        "not_served",
        "busy",
    }
    assert set(domain["slots"]) == {f.name for f in fields(CaseFacts)} | turn


def test_no_slot_steers_a_policy(domain: dict[str, Any]) -> None:
    assert not [name for name, slot in domain["slots"].items() if slot["influence_conversation"]]


def test_a_rule_for_every_intent(domain: dict[str, Any]) -> None:
    rules = yaml.safe_load((ROOT / "data" / "rules" / "rules.yml").read_text("utf8"))["rules"]
    covered = [s["intent"] for rule in rules for step in rule["steps"] for s in step.get("or", [step]) if "intent" in s]
    assert sorted(covered) == sorted(domain["intents"])


def test_the_actions_exist(domain: dict[str, Any]) -> None:
    assert {ActionNextMove().name(), ActionCallCounsellor().name()} == set(domain["actions"])


def test_rasa_keeps_its_doors_shut() -> None:
    credentials = yaml.safe_load((ROOT / "credentials.yml").read_text("utf8"))
    endpoints = yaml.safe_load((ROOT / "endpoints.yml").read_text("utf8"))
    assert list(credentials) == ["breakwater.rasa.connector.GatewayInput"]
    assert endpoints["action_endpoint"]["url"].startswith("http://127.0.0.1:")
    assert endpoints["tracker_store"]["type"] == "breakwater.rasa.tracker_store.PerTurn"
