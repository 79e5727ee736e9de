"""From a Move of the plan to Rasa's messages: the response by name, its places filled, its number cards."""

from __future__ import annotations

import logging
import traceback
from abc import ABC, abstractmethod
from functools import lru_cache
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from breakwater.settings import ROOT
from breakwater.support import hour
from breakwater.support.directory import Directory, load_directory
from breakwater.support.languages import addressed
from breakwater.support.lines import Lines
from breakwater.support.memory import Memory
from breakwater.support.playbooks import Playbooks, load_playbooks
from breakwater.support.situation import Move, Situation
from breakwater.support.topics import Topics, load_topics
from breakwater.support.turn import Place
from breakwater.support.wording import Wording
from breakwater.understanding.facts import CaseFacts, Reading

logger = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def directory() -> Directory:
    return load_directory(ROOT / "data" / "directory")


@lru_cache(maxsize=1)
def playbooks() -> Playbooks:
    return load_playbooks(ROOT / "data" / "playbooks")


@lru_cache(maxsize=1)
def topics() -> Topics:
    return load_topics(ROOT / "data" / "topics.yaml")


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
        topics(),
        wording(),
    )


class PlanAction(Action, ABC):
    """An action that never raises: what the SDK would send back holds the person's words, and Rasa logs it.

    Without messages the gateway gives its own safety reply. `always` is asked of it in any case.
    """

    always: tuple[str, ...] = ()

    def __init__(self) -> None:
        for read in (directory, playbooks, topics, wording):
            read()  # at the start, so that nobody's first answer waits for it

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        try:
            s = situation(tracker)
            return speak(dispatcher, s, self.decide(s))
        except Exception as error:
            dispatcher.messages.clear()
            place = traceback.extract_tb(error.__traceback__)[-1]
            logger.error("%s failed: %s in %s:%d", self.name(), type(error).__name__, place.name, place.lineno or 0)
            return [SlotSet("requests", list(self.always))]

    @abstractmethod
    def decide(self, s: Situation) -> Move:
        """What this action says and asks for."""


def speak(dispatcher: CollectingDispatcher, s: Situation, move: Move) -> list[dict[str, Any]]:
    """Say the move; what the gateway is asked to do goes back as slots."""
    lines = Lines(addressed(s.facts, s.memory), s.place, directory())
    for say in move.says:
        places = wording().places(say.response, s.about)
        cards = [*lines.cards(places), *say.cards]
        values = lines.values(places) | playbooks().values(s.facts, places)
        values |= hour.values(s.memory, s.place.now, places)
        dispatcher.utter_message(response=say.response, json_message={"cards": cards}, **values)
    memory = s.memory.parking(move.parked)
    return [SlotSet("requests", list(move.requests)), SlotSet("memory", memory.as_json())]
