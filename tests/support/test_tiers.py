"""The table of safeguarding rule 2, row by row: what makes a tier, in what order, and that it only rises."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breakwater.cases.records import Case
from breakwater.support.tiers import rank, reasons, target_seconds, tier_of
from breakwater.understanding.facts import DEMANDS, NOW, RISKS, SPEAKERS, THREAT_TYPES, CaseFacts

CHILD: dict[str, Any] = {"age": 15, "minor": "yes", "lowest_age": 15}
ADULT: dict[str, Any] = {"age": 34, "minor": "no", "lowest_age": 34}
LIVE: dict[str, Any] = {"threat_type": "financial"}

TABLE: list[tuple[int, dict[str, Any]]] = [
    # immediate
    (0, {"now": ("attempt",)}),
    (0, {"now": ("means_at_hand",)}),
    (0, {"risk": ("suicide_active",)}),
    (0, {"now": ("offender_present",)}),
    (0, {"now": ("live_coercion",)}),
    (0, {"risk": ("runaway",), **CHILD}),
    (0, {"risk": ("runaway",)}),  # unknown until 18 is stated
    # urgent, in this order
    (1, {"risk": ("suicide_passive",)}),
    (1, {"risk": ("self_harm",)}),
    (1, {"risk": ("self_harm",), "threat_type": "scam_email", **ADULT}),
    (2, {"demand": ("self_harm",)}),
    (2, {"demand": ("recruit_others",)}),
    (2, {"sent_other_child": "yes"}),
    (3, {"age": 12, "minor": "yes"}),
    (3, {"age_max": 12, "minor": "yes"}),
    (3, {"age": 12, "minor": "yes", "threat_type": "scam_email"}),
    (3, {"age": 61, "minor": "no", "lowest_age": 12}),  # a correction lowers no tier
    (4, {"offender": "family_or_trust"}),
    (4, {"offender": "known", **LIVE, **ADULT}),
    (4, {"home_unsafe": "yes"}),
    (4, {"watched": "yes"}),
    (4, {"demand": ("meet",)}),
    (4, {"risk": ("meeting_planned",)}),
    (4, {"risk": ("offline_danger",)}),
    (5, {"now": ("being_shared",), **ADULT}),
    (6, {"deadline": "in 40 min", **LIVE, **ADULT}),
    (6, {"deadline": "got an hour", **LIVE, **ADULT}),
    (6, {"deadline": "countdown", **LIVE, **ADULT}),
    (7, {**LIVE, **CHILD}),
    (7, {"already_posted": "yes", **CHILD}),
    (7, {"age": 61, "minor": "no", "lowest_age": 16, **LIVE}),
    (8, {"unreadable": True}),
    # soon
    (9, LIVE),
    (9, {"already_posted": "yes"}),
    (10, {**LIVE, **ADULT}),
    (10, {"deadline": "within 3 days", **LIVE, **ADULT}),
    (10, {"deadline": "by midnight", **LIVE, **ADULT}),
    (11, {"threat_type": "pre_threat", **CHILD}),
    (11, {"wants_human": True}),
    (12, {"speaker": "parent"}),
    (12, {"speaker": "friend"}),
    (12, {"speaker": "teacher"}),
    # routine
    (13, {}),
    (13, {"threat_type": "scam_email", **ADULT}),
    (13, {"threat_type": "pre_threat", **ADULT}),
]

several = st.integers(0, 2)


@st.composite
def case_facts(draw: st.DrawFn) -> CaseFacts:
    def some(values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(draw(st.lists(st.sampled_from(values), unique=True, max_size=2)))

    return CaseFacts(
        threat_type=draw(st.sampled_from(THREAT_TYPES)), speaker=draw(st.sampled_from(SPEAKERS)), risk=some(RISKS),
        now=some(NOW), demand=some(DEMANDS), minor=draw(st.sampled_from(("yes", "no", "unknown"))),
        lowest_age=draw(st.none() | st.integers(9, 40)), unreadable=draw(st.booleans()),
        home_unsafe=draw(st.sampled_from(("yes", "no", "unknown"))), deadline=draw(st.sampled_from((None, "in 5 min"))),
    )  # fmt: skip


def case(**known: Any) -> Case:
    return Case("c", 1, "k", datetime(2026, 11, 21, tzinfo=timezone.utc)).with_facts(CaseFacts(**known))


@pytest.mark.parametrize(("place", "known"), TABLE)
def test_each_row_of_the_table(place: int, known: dict[str, Any]) -> None:
    assert rank(CaseFacts(**known)) == place


def test_the_tiers_and_their_targets() -> None:
    tiers = [tier_of(place) for place in range(14)]
    assert tiers == ["immediate"] + ["urgent"] * 8 + ["soon"] * 4 + ["routine"]
    minutes = [s and s // 60 for s in map(target_seconds, range(14))]
    assert minutes == [1, 5, 5, 5, 5, 15, 15, 15, 15, 15, 60, 60, 60, None]


@pytest.mark.parametrize("speaker", ["parent", "friend", "teacher"])
@pytest.mark.parametrize(("place", "known"), [row for row in TABLE if row[0] < 10 and "speaker" not in row[1]])
def test_what_somebody_reports_about_another_counts_as_if_they_had_written(
    speaker: str, place: int, known: dict[str, Any]
) -> None:
    assert rank(CaseFacts(speaker=speaker, **known)) == place


@given(facts=case_facts())
def test_reasons_are_never_empty_and_the_most_severe_comes_first(facts: CaseFacts) -> None:
    found = reasons(facts)
    assert [r.rank for r in found] == sorted(r.rank for r in found)
    assert len(set(found)) == len(found) >= 1
    assert all(r.words and r.fact for r in found)
    assert rank(facts) == found[0].rank


@given(facts=case_facts(), risk=st.sampled_from(RISKS), now=st.sampled_from(NOW))
def test_one_more_danger_never_lowers_the_place(facts: CaseFacts, risk: str, now: str) -> None:
    worse = replace(facts, risk=tuple({*facts.risk, risk}), now=tuple({*facts.now, now}))
    assert rank(worse) <= rank(facts)


@given(history=st.lists(case_facts(), min_size=1, max_size=5))
def test_a_machine_never_lowers_a_tier_and_keeps_the_reasons(history: list[CaseFacts]) -> None:
    now = case()
    for facts in history:
        after = now.with_facts(facts)
        assert after.rank == min(now.rank, rank(facts))
        assert {r for r in now.reasons if r.rank < 13} <= set(after.reasons)
        assert after.reasons[0].rank == after.rank
        assert after.facts == facts
        now = after


def test_a_place_that_a_person_or_the_clock_gave_is_kept_too() -> None:
    paged = replace(case(), rank=0)
    assert paged.with_facts(CaseFacts(**LIVE)).rank == 0


def test_a_denial_moves_nothing() -> None:
    told = case(risk=("suicide_active",))
    denied = told.with_facts(CaseFacts())
    assert (denied.rank, denied.tier) == (0, "immediate")
    assert [r.words for r in denied.reasons] == ["speaks of a plan, a time or goodbye"]


def test_a_correction_of_the_age_leaves_the_tier_to_a_person() -> None:
    child = case(**LIVE, **CHILD)
    corrected = child.with_facts(CaseFacts(age=61, minor="no", lowest_age=15, **LIVE))
    assert child.rank == corrected.rank == 7


def test_information_only_is_no_reason_once_there_is_another() -> None:
    assert [r.rank for r in case().with_facts(CaseFacts(**LIVE)).reasons] == [9]
