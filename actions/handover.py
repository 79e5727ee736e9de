"""A person was asked for: the case goes into the queue whatever else is said."""

from __future__ import annotations

from dataclasses import replace

from actions.speaking import PlanAction
from breakwater.support.plan import next_move
from breakwater.support.situation import Move, Situation


class ActionCallCounsellor(PlanAction):
    always = ("handover",)

    def name(self) -> str:
        return "action_call_counsellor"

    def decide(self, s: Situation) -> Move:
        move = next_move(s)
        return replace(move, requests=(*move.requests, *self.always))
