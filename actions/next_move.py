"""The next thing to say, whatever was heard. Safety comes first in every one of these actions."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.speaking import situation, speak
from breakwater.support.plan import next_move


class ActionNextMove(Action):
    def name(self) -> str:
        return "action_next_move"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        s = situation(tracker)
        return speak(dispatcher, s, next_move(s))
