"""From a move of the plan to what Rasa says: every place filled, and no words in a log when it fails."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

import pytest
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import handover, next_move, speaking
from actions.handover import ActionCallCounsellor
from actions.next_move import ActionNextMove
from actions.speaking import PlanAction, directory, playbooks, speak, topics, wording
from breakwater.settings import ROOT
from breakwater.support import hour, remit
from breakwater.support.memory import Memory
from breakwater.support.situation import Move, Say, Situation
from breakwater.support.turn import Place
from breakwater.understanding.facts import CaseFacts, Reading

NIGHT = Place("2026-11-21T01:00:00+00:00", site="chat.example.org")
SECRET = "zanzibarquux"
WHO = CaseFacts(minor="yes", age=15, country="FR", language="es", threat_type="pre_threat")
OWN = {"name"}  # filled by the gateway: a response with the counsellor's name is never the plan's
PROFILES = {
    "nobody there": {"counsellor_here": False},
    "a counsellor there": {"counsellor_here": True},
    "who may call": {"counsellor_here": True, "calls_emergency": True},
    "somebody from elsewhere": {"counsellor_here": True, "remit_countries": "GB,IE"},
    "nobody there, from elsewhere": {"remit_languages": "nl"},
    "an adult at a child helpline": {"counsellor_here": True, "serves_adults": "no"},
    "full, on the web": {"counsellor_here": True, "surge": True},
    "full, on Telegram": {"counsellor_here": True, "surge": True, "channel": "telegram"},
}


def tracker(place: Place = NIGHT, text: str = SECRET, **facts: Any) -> Tracker:
    """What Rasa sends to the action server."""
    slots = {
        **CaseFacts(**facts).known(), "memory": Memory().as_json(), "place": asdict(place),
        "reading": Reading(facts=CaseFacts(**facts)).as_json(), "requests": [],
    }  # fmt: skip
    return Tracker("c", slots, {"text": text}, [], False, None, {}, "action_listen")


def run(action: PlanAction, about: Tracker) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The messages, and the slots that were set."""
    dispatcher = CollectingDispatcher()
    events = action.run(dispatcher, about, {})
    return dispatcher.messages, {event["name"]: event["value"] for event in events}


# --- a turn of the plan ------------------------------------------------------------------------------------


def test_the_plan_is_said_with_its_numbers() -> None:
    messages, slots = run(ActionNextMove(), tracker(risk=("suicide_active",)))
    assert messages
    cards = [card for message in messages for card in message["custom"]["cards"]]
    assert any(card["dial"] == "999" for card in cards)
    assert "handover" in slots["requests"]
    assert Memory.of(slots["memory"]) == Memory()


def test_a_person_who_is_asked_for_is_called_whatever_is_said() -> None:
    messages, slots = run(ActionCallCounsellor(), tracker())
    assert messages
    assert slots["requests"][-1] == "handover"


@pytest.mark.parametrize(
    ("action", "room"), [(ActionNextMove(), next_move), (ActionCallCounsellor(), handover)], ids=["next", "call"]
)
def test_a_plan_that_fails_says_nothing_and_logs_no_words(
    action: PlanAction, room: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing said is what the gateway answers itself."""

    def fails(s: Situation) -> Move:
        raise ValueError(f"cannot read {SECRET} of {s.facts.words}")

    monkeypatch.setattr(room, "next_move", fails)
    with caplog.at_level(logging.DEBUG):
        messages, _ = run(action, tracker(words={"risk": SECRET}))
    assert messages == []
    assert SECRET not in caplog.text
    assert "ValueError in fails" in caplog.text


def test_a_response_that_cannot_be_filled_leaves_no_half_of_a_move(monkeypatch: pytest.MonkeyPatch) -> None:
    two = Move((Say("utter_hello"), Say("utter_no_such_thing")))
    monkeypatch.setattr(next_move, "next_move", lambda _: two)
    assert run(ActionNextMove(), tracker())[0] == []


def test_a_tracker_without_the_gateways_slots_is_no_answer() -> None:
    assert run(ActionNextMove(), Tracker("c", {}, {"text": SECRET}, [], False, None, {}, "action_listen")) == (
        [],
        {"requests": []},
    )


# --- every response, as Rasa itself would say it -------------------------------------------------------------


@pytest.fixture(scope="module")
def domain() -> Domain:
    return Domain.from_file(str(ROOT / "domain.yml"))


def planned() -> Iterator[str]:
    """The responses the plan may use: all but those with a counsellor's name."""
    for name in wording().responses:
        if not any(OWN & wording().places(name, remit.about(WHO, replace(NIGHT, **p))) for p in PROFILES.values()):
            yield name


@pytest.mark.parametrize("profile", PROFILES)
async def test_every_place_is_filled_in_the_variation_that_rasa_chooses(domain: Domain, profile: str) -> None:
    """Two choose the variation, Wording (whose places are filled) and Rasa (which says it): the same one."""
    place = replace(NIGHT, **PROFILES[profile])
    rasa_says, heard = TemplatedNaturalLanguageGenerator(domain.responses), DialogueStateTracker("c", domain.slots)
    # whoever is asked about here waits for nobody in danger, and is an adult only where that is what matters
    facts = replace(WHO, age=30, minor="no") if place.serves_adults == "no" else WHO
    about = remit.about(facts, place)
    for name, value in about.items():
        if name in heard.slots:
            heard.slots[name].value = value
    memory = Memory(deadline_at=place.now)
    s = Situation(facts, memory, Reading(), place, directory(), topics(), wording())
    names = list(planned())
    assert len(names) > 100
    for response in names:
        dispatcher = CollectingDispatcher()
        speak(dispatcher, s, Move((Say(response),)))
        values = {k: v for k, v in dispatcher.messages[0].items() if k not in ("text", "buttons", "response")}
        said = await rasa_says.generate(response, heard, place.channel, **values)
        assert said is not None, response
        places = wording().places(response, about)
        filled = speaking.Lines(facts, place, directory()).values(places) | playbooks().values(facts, places)
        filled |= hour.values(memory, place.now, places)
        expected = wording().reply(response, about, **filled)
        assert said["text"].strip() == expected["text"], response
        assert "{" not in said["text"], response
