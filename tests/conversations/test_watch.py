"""The clock behind rules 3 and 4: what is due, and when nothing is."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breakwater.cases.records import Case
from breakwater.conversations.watch import Clocks, Due, due
from breakwater.support.memory import Memory
from breakwater.understanding.facts import CaseFacts

AT = datetime(2026, 11, 21, 1, tzinfo=timezone.utc)
NOTHING: frozenset[str] = frozenset()
RISK: dict[str, Any] = {"risk": ("suicide_passive",)}
PLAN: dict[str, Any] = {"risk": ("suicide_active",)}


def case(state: str = "bot", memory: Memory | None = None, **known: Any) -> Case:
    return Case("c", 1, "k", AT, state, memory=memory or Memory()).with_facts(CaseFacts(**known))


def silent(seconds: float) -> Clocks:
    """Our answer is out, and the person has said nothing since."""
    return Clocks(person=seconds, us=seconds - 2, typed=math.inf, desk_gone=None)


def unanswered(seconds: float, typed: float = math.inf, gone: float | None = None) -> Clocks:
    """The person wrote, and the counsellor has not answered."""
    return Clocks(person=seconds, us=seconds + 100, typed=typed, desk_gone=gone)


def response(found: Due | None) -> str | None:
    return found.response if found else None


# --- nobody has picked up yet ---------------------------------------------------------------------


def _waits(seconds: float, person: float = 20, promised: bool = True, **known: Any) -> tuple[Case, Clocks]:
    memory = Memory(given={"human_coming": 1} if promised else {})
    clocks = Clocks(person=person, us=person - 2, typed=math.inf, desk_gone=None, waiting=seconds)
    return case("waiting", memory, **known), clocks


def test_after_five_minutes_in_immediate_danger_somebody_hears_that_nobody_has_picked_up() -> None:
    assert due(*_waits(299, **PLAN), NOTHING) is None
    assert response(due(*_waits(300, **PLAN), NOTHING)) == "utter_nobody_yet"
    assert response(due(*_waits(300, now=("attempt",)), NOTHING)) == "utter_nobody_yet_attempt"
    waiting, clocks = _waits(900, **PLAN)
    told = replace(waiting, memory=replace(waiting.memory, said=("utter_nobody_yet",)))
    assert due(told, clocks, NOTHING) is None


def test_it_waits_for_our_answer() -> None:
    waiting, clocks = _waits(900, **PLAN)
    assert due(waiting, replace(clocks, us=clocks.person + 3), NOTHING) is None


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"promised": False, **PLAN}, NOTHING),
        ({"threat_type": "financial", "minor": "yes"}, NOTHING),
        ({"person": 700, "now": ("offender_present",)}, NOTHING),
        ({"person": 20, **PLAN}, frozenset({"utter_silence_180"})),
    ],
)
def test_it_is_not_said_where_nobody_was_promised_or_it_can_wait_or_quiet_is_due(
    about: dict[str, Any], said: frozenset[str]
) -> None:
    assert due(*_waits(400, **about), said) is None


# --- silence after words of risk ------------------------------------------------------------------


@pytest.mark.parametrize("state", ["bot", "waiting"])
@pytest.mark.parametrize("known", [RISK, PLAN, {"now": ("attempt",)}, {"risk": ("self_harm",)}])
@pytest.mark.parametrize(
    ("seconds", "what"),
    [(5, None), (59, None), (60, "utter_silence_60"), (179, "utter_silence_60"), (180, "utter_silence_180")],
)
def test_one_short_line_after_a_minute_and_the_numbers_after_three(
    state: str, known: dict[str, Any], seconds: float, what: str | None
) -> None:
    assert response(due(case(state, **known), silent(seconds), NOTHING)) == what


def test_after_three_minutes_a_person_is_paged_and_only_then() -> None:
    first, second = due(case(**RISK), silent(60), NOTHING), due(case(**RISK), silent(180), NOTHING)
    assert first and first.page is None
    assert second and second.page
    assert second.back is None


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (61, {"utter_silence_60"}),
        (181, {"utter_silence_60", "utter_silence_180"}),
        (500, {"utter_silence_180"}),
    ],
)
def test_each_line_once_and_then_quiet(seconds: float, said: set[str]) -> None:
    assert due(case(**RISK), silent(seconds), frozenset(said)) is None


def test_after_a_no_nobody_is_paged_unless_a_plan_was_told() -> None:
    said_no = Memory(answers={"suicide": "no"})
    assert due(case(memory=said_no, **RISK), silent(180), NOTHING) is None
    assert response(due(case(memory=said_no, **PLAN), silent(180), NOTHING)) == "utter_silence_180"


def test_a_parent_who_stops_writing_is_not_the_person_at_risk() -> None:
    assert due(case(speaker="parent", **RISK), silent(180), NOTHING) is None


def test_while_our_own_answer_is_still_to_come_nothing_is_due() -> None:
    assert due(case(**PLAN), unanswered(200), NOTHING) is None


# --- silence after the question that everyone is asked ---------------------------------------------

ASKED = Memory(asked={"suicide": 1}, said=("utter_suicide_everyone",), question="suicide")


@pytest.mark.parametrize(("seconds", "what"), [(59, None), (60, "utter_silence_everyone"), (180, None), (400, None)])
def test_one_short_line_and_nobody_is_paged(seconds: float, what: str | None) -> None:
    found = due(case(memory=ASKED, threat_type="financial"), silent(seconds), NOTHING)
    assert response(found) == what
    assert found is None or (found.page, found.back) == (None, None)


def test_that_line_comes_once_in_a_case() -> None:
    said = Memory(asked={"suicide": 1}, said=(*ASKED.said, "utter_silence_everyone"), question="suicide")
    assert due(case(memory=said, threat_type="financial"), silent(70), NOTHING) is None


@pytest.mark.parametrize("question", [None, "paid", "age"])
def test_silence_after_any_other_question_is_left_in_peace(question: str | None) -> None:
    memory = Memory(question=question)
    assert due(case(memory=memory, threat_type="financial"), silent(90), NOTHING) is None


# --- a counsellor has the case -----------------------------------------------------------------------


@pytest.mark.parametrize(("gone", "back"), [(None, None), (44, None), (45, "desk_gone"), (3600, "desk_gone")])
@pytest.mark.parametrize("known", [{}, PLAN])
def test_a_desk_gone_for_45_seconds_gives_the_case_back(
    gone: float | None, back: str | None, known: dict[str, Any]
) -> None:
    answered = Clocks(person=10, us=5, typed=5, desk_gone=gone)
    found = due(case("taken", **known), answered, NOTHING)
    assert (found.back if found else None) == back
    assert response(found) == ("utter_cut_off" if back else None)


@pytest.mark.parametrize(
    ("seconds", "what"),
    [(29, None), (179, None), (180, "utter_hold"), (359, "utter_hold"), (360, "utter_cut_off")],
)
def test_silence_at_the_desk_is_held_and_then_ended(seconds: float, what: str | None) -> None:
    found = due(case("taken", threat_type="financial"), unanswered(seconds), NOTHING)
    assert response(found) == what
    assert found is None or found.back == ("silent" if what == "utter_cut_off" else None)


@pytest.mark.parametrize(
    ("seconds", "what"),
    [
        (29, None), (30, "utter_numbers_now"), (179, "utter_numbers_now"), (180, "utter_hold"),
        (239, "utter_hold"), (240, "utter_cut_off"),
    ],
)  # fmt: skip
def test_in_immediate_danger_the_numbers_come_at_once_and_the_case_back_sooner(
    seconds: float, what: str | None
) -> None:
    assert response(due(case("taken", **PLAN), unanswered(seconds), NOTHING)) == what


def test_what_was_said_is_not_said_again() -> None:
    taken = case("taken", **PLAN)
    assert due(taken, unanswered(100), frozenset({"utter_numbers_now"})) is None
    assert due(taken, unanswered(200), frozenset({"utter_numbers_now", "utter_hold"})) is None


def test_who_is_typing_is_answering() -> None:
    assert due(case("taken", **PLAN), unanswered(200, typed=10), NOTHING) is None
    assert response(due(case("taken"), unanswered(400, typed=190), NOTHING)) == "utter_hold"


def test_a_counsellor_who_answered_last_may_wait_for_the_person() -> None:
    assert due(case("taken", **PLAN), Clocks(person=900, us=800, typed=800, desk_gone=None), NOTHING) is None


@pytest.mark.parametrize("state", ["sleeping", "closed", "unreachable", "hidden"])
def test_nothing_is_ever_due_where_the_chat_is_asleep(state: str) -> None:
    for seconds in (30, 60, 180, 360, 9999):
        for clocks in (silent(seconds), unanswered(seconds, gone=seconds)):
            assert due(case(state, **PLAN), clocks, NOTHING) is None


@given(
    state=st.sampled_from(("bot", "waiting", "taken")), known=st.sampled_from(({}, RISK, PLAN)),
    person=st.floats(0, 1000), us=st.floats(0, 1000), typed=st.floats(0, 1000), gone=st.none() | st.floats(0, 100),
)  # fmt: skip
def test_a_case_goes_back_only_from_a_counsellor_and_is_paged_only_from_the_assistant(
    state: str, known: dict[str, Any], person: float, us: float, typed: float, gone: float | None
) -> None:
    found = due(case(state, **known), Clocks(person, us, typed, gone), NOTHING)
    if found:
        assert not found.back or state == "taken"
        assert not found.page or state != "taken"
