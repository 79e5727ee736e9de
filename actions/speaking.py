"""From a Move of the plan to Rasa's messages: the response by name, its places filled, its number cards."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from breakwater.settings import ROOT
from breakwater.support.directory import Directory, load_directory
from breakwater.support.lines import Lines
from breakwater.support.memory import Memory
from breakwater.support.situation import Move, Situation
from breakwater.support.turn import Place
from breakwater.support.wording import Wording
from breakwater.understanding.facts import CaseFacts, Reading


@lru_cache(maxsize=1)
def directory() -> Directory:
    return load_directory(ROOT / "data" / "directory")


@lru_cache(maxsize=1)
def wording() -> Wording:
    return Wording.load(ROOT / "domain.yml")


def situation(tracker: Tracker) -> Situation:
    """What the gateway sent with this turn, as the plan looks at it."""
    slots = tracker.slots
    known = {name: slots[name] for name in CaseFacts.__dataclass_fields__ if slots.get(name) is not None}
    return Situation(
        CaseFacts.of(known),
        Memory.of(slots["memory"]),
        Reading.of(slots["reading"]),
        Place(**slots["place"]),
        directory(),
    )


def speak(dispatcher: CollectingDispatcher, s: Situation, move: Move) -> list[dict[str, Any]]:
    """Say the move; what the gateway is asked to do goes back as slots."""
    lines = Lines.of(s.facts, s.place, directory())
    for say in move.says:
        places = wording().places(say.response)
        cards = [*lines.cards(places), *say.cards]
        dispatcher.utter_message(response=say.response, json_message={"cards": cards}, **lines.values(places))
    memory = s.memory.parking(move.parked)
    return [SlotSet("requests", list(move.requests)), SlotSet("memory", memory.as_json())]
