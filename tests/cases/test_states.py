"""Every pair of state and event: the table, or not possible (design §1, safeguarding rules 4, 9)."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import get_args

import pytest

from breakwater.cases.records import Case
from breakwater.cases.states import ASLEEP, Event, NotPossible, State, after, assistant_answers

STATES, EVENTS = get_args(State), get_args(Event)

# state → event → state; whatever is not here is not possible
RULE = {
    "bot": {
        "decline": "declined", "message": "bot", "needs_person": "waiting", "claim": "taken", "close": "closed",
        "person_left": "unreachable", "hide": "hidden",
    },
    "declined": {
        "message": "declined", "needs_person": "waiting", "decline": "declined", "close": "closed",
        "person_left": "unreachable", "hide": "hidden",
    },
    "waiting": {
        "decline": "declined", "message": "waiting", "needs_person": "waiting", "claim": "taken", "close": "closed",
        "not_served": "bot",
        "person_left": "unreachable", "hide": "hidden",
    },
    "taken": {
        "decline": "declined", "message": "taken", "needs_person": "taken", "hand_back": "bot",
        "desk_gone": "waiting", "silent": "waiting",
        "sleep": "sleeping", "close": "closed", "person_left": "unreachable", "hide": "hidden",
    },
    "sleeping": {"message": "bot", "needs_person": "waiting", "hide": "hidden"},
    "closed": {"message": "bot", "needs_person": "waiting", "hide": "hidden"},
    "unreachable": {"message": "bot", "needs_person": "unreachable", "hide": "hidden"},
    "hidden": {"message": "bot", "needs_person": "hidden", "hide": "hidden"},
}  # fmt: skip
AT = datetime(2026, 11, 21, 1, tzinfo=timezone.utc)


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("state", STATES)
def test_every_pair(state: str, event: str) -> None:
    if event in RULE[state]:
        assert after(state, event) == RULE[state][event]
    else:
        with pytest.raises(NotPossible, match=state):
            after(state, event)


@pytest.mark.parametrize("state", STATES)
def test_the_assistant_answers_in_every_state_but_taken(state: str) -> None:
    assert assistant_answers(state) is (state != "taken")


@pytest.mark.parametrize("state", STATES)
def test_a_message_always_leads_to_somebody_who_answers(state: str) -> None:
    """Nobody writes into nothing: awake the state stays, asleep the assistant is back."""
    assert after(state, "message") == ("bot" if state in ASLEEP else state)


@pytest.mark.parametrize("state", STATES)
def test_hiding_and_needing_a_person_are_possible_in_every_state(state: str) -> None:
    assert after(state, "hide") == "hidden"
    assert after(state, "needs_person") in STATES


def test_a_case_remembers_who_has_it_and_since_when() -> None:
    case = Case("c", 1, "k", AT).on("needs_person", AT)
    assert (case.state, case.waiting_since) == ("waiting", AT)
    taken = case.on("claim", AT, "sam")
    assert (taken.counsellor_id, taken.claimed_at, taken.waiting_since) == ("sam", AT, None)
    back = taken.on("desk_gone", AT)
    assert (back.state, back.counsellor_id, back.claimed_at, back.waiting_since) == ("waiting", None, None, AT)


def test_an_event_that_changes_nothing_keeps_the_waiting_time() -> None:
    waiting = Case("c", 1, "k", AT).on("needs_person", AT)
    assert waiting.on("needs_person", AT.replace(hour=2)) == waiting
