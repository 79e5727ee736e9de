"""A person was asked for: the case goes into the queue whatever else is said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.speaking import situation, speak
from breakwater.support.plan import next_move


class ActionCallCounsellor(Action):
    def name(self) -> str:
        return "action_call_counsellor"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        s = situation(tracker)
        move = next_move(s)
        return speak(dispatcher, s, replace(move, requests=(*move.requests, "handover")))
