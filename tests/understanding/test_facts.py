"""The case facts survive every journey as JSON, and nothing that does not exist gets in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breakwater.understanding.facts import (
    DEMANDS,
    NOW,
    OFFENDERS,
    RISKS,
    SPEAKERS,
    THREAT_TYPES,
    YES_NO_FACTS,
    CaseFacts,
    Reading,
)


def several(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=3).map(tuple)


ages = st.none() | st.integers(5, 90)
case_facts = st.builds(
    CaseFacts,
    threat_type=st.sampled_from(THREAT_TYPES), demand=several(DEMANDS), now=several(NOW), risk=several(RISKS),
    age=ages, age_min=ages, age_max=ages, age_in_image=ages, lowest_age=ages,
    minor=st.sampled_from(("yes", "no", "unknown")), speaker=st.sampled_from(SPEAKERS),
    offender=st.sampled_from(OFFENDERS), amount=st.none() | st.text(max_size=5), wants_human=st.booleans(),
    words=st.dictionaries(st.sampled_from(("age", "risk")), st.text(min_size=1, max_size=9)),
    **{name: st.sampled_from(("yes", "no", "unknown")) for name in YES_NO_FACTS},
)  # fmt: skip


@given(facts=case_facts)
def test_facts_come_back_as_they_went(facts: CaseFacts) -> None:
    assert CaseFacts.of(facts.known()) == facts


@given(facts=case_facts)
def test_a_reading_comes_back_as_it_went(facts: CaseFacts) -> None:
    reading = Reading("tell", 0.9, "will_they_post", facts, "paid", "yes", True, True)
    assert Reading.of(reading.as_json()) == reading


def test_nothing_is_known_of_a_new_case() -> None:
    assert CaseFacts().known() == {}
    assert not (CaseFacts().live_threat or CaseFacts().child or CaseFacts().adult or CaseFacts().age_known)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"nickname": "x"}, "nickname"),
        ({"threat_type": "ransom"}, "threat_type"),
        ({"paid": True}, "paid"),
        ({"risk": ["sad"]}, "sad"),
        ({"now": ["attempt", "later"]}, "later"),
        ({"demand": ["gold"]}, "gold"),
        ({"speaker": "dog"}, "speaker"),
        ({"offender": "ghost"}, "offender"),
    ],
)
def test_a_fact_or_value_that_does_not_exist_is_named(wrong: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        CaseFacts.of(wrong)


@pytest.mark.parametrize(
    ("known", "child", "adult", "under_13"),
    [
        ({}, False, False, False),
        ({"minor": "yes"}, True, False, False),
        ({"minor": "no"}, False, True, False),
        ({"age": 15}, True, False, False),
        ({"age_max": 12, "minor": "yes"}, True, False, True),
        ({"age": 12, "minor": "yes"}, True, False, True),
        ({"age_min": 12, "age_max": 14, "minor": "yes"}, True, False, False),
        ({"age": 61, "minor": "no", "lowest_age": 12}, False, True, False),
    ],
)
def test_child_adult_and_under_13_as_the_case_stands(
    known: dict[str, Any], child: bool, adult: bool, under_13: bool
) -> None:
    facts = CaseFacts(**known)
    assert (facts.child, facts.adult, facts.under_13) == (child, adult, under_13)


def test_the_lowest_age_ever_said_stays_known() -> None:
    corrected = CaseFacts(age=61, minor="no", lowest_age=12)
    assert corrected.ever_child
    assert corrected.ever_under_13
    assert not replace(corrected, lowest_age=15).ever_under_13


@pytest.mark.parametrize("threat", THREAT_TYPES)
def test_an_email_bluff_and_no_threat_are_not_live(threat: str) -> None:
    assert CaseFacts(threat_type=threat).live_threat == (threat not in ("scam_email", "pre_threat", "none"))
