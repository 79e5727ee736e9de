"""The next thing to say, whatever was heard. Safety comes first in every one of these actions."""

from __future__ import annotations

from actions.speaking import PlanAction
from breakwater.support.plan import next_move
from breakwater.support.situation import Move, Situation


class ActionNextMove(PlanAction):
    def name(self) -> str:
        return "action_next_move"

    def decide(self, s: Situation) -> Move:
        return next_move(s)
