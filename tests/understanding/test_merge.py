"""What a new message may change: danger only grows, plain corrections correct (safeguarding rules 1, 17)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breakwater.understanding.facts import DEMANDS, NOW, RISKS, YES_NO_FACTS, CaseFacts, Reading
from breakwater.understanding.merge import merge


def several(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=2).map(tuple)


@st.composite
def said(draw: st.DrawFn) -> Reading:
    age = draw(st.none() | st.integers(9, 60))
    facts = CaseFacts(
        threat_type=draw(st.sampled_from(("none", "financial", "image", "scam_email", "unclear_threat"))),
        risk=draw(several(RISKS)), now=draw(several(NOW)), demand=draw(several(DEMANDS)), age=age,
        minor="unknown" if age is None else "yes" if age < 18 else "no",
        paid=draw(st.sampled_from(("yes", "no", "unknown"))), wants_human=draw(st.booleans()),
    )  # fmt: skip
    return Reading(facts=facts, corrects_age=draw(st.booleans()), denies_risk=draw(st.booleans()))


def told(*messages: dict[str, Any]) -> CaseFacts:
    facts = CaseFacts()
    for message in messages:
        corrects = message.pop("corrects_age", False)
        facts = merge(facts, Reading(facts=CaseFacts(**message), corrects_age=corrects))
    return facts


@given(messages=st.lists(said(), max_size=6))
def test_danger_and_the_wish_for_a_person_only_grow(messages: list[Reading]) -> None:
    facts = CaseFacts()
    for message in messages:
        after = merge(facts, message)
        assert set(facts.risk) | set(message.facts.risk) == set(after.risk)
        assert set(facts.now) | set(message.facts.now) == set(after.now)
        assert set(facts.demand) <= set(after.demand)
        assert after.wants_human >= facts.wants_human
        assert after.ever_child >= facts.ever_child
        assert after.ever_under_13 >= facts.ever_under_13
        assert after.live_threat or not facts.live_threat or message.facts.threat_type == "scam_email"
        facts = after


@given(messages=st.lists(said(), max_size=6))
def test_the_lowest_age_is_the_lowest_ever_said(messages: list[Reading]) -> None:
    facts = CaseFacts()
    for message in messages:
        facts = merge(facts, message)
    ages = [m.facts.age for m in messages if m.facts.age is not None]
    assert facts.lowest_age == min(ages, default=None)


@given(message=said())
def test_saying_the_same_twice_changes_nothing(message: Reading) -> None:
    once = merge(CaseFacts(), message)
    assert merge(once, message) == once


@given(message=said())
def test_an_empty_message_changes_nothing(message: Reading) -> None:
    facts = merge(CaseFacts(), message)
    assert merge(facts, Reading()) == facts


@pytest.mark.parametrize("name", YES_NO_FACTS)
def test_a_later_yes_replaces_a_no_and_of_one_message_the_surer_part_counts(name: str) -> None:
    assert getattr(told({name: "no"}, {name: "yes"}, {}), name) == "yes"
    surer = Reading(facts=CaseFacts(**{name: "no"}))
    assert getattr(merge(CaseFacts(**{name: "yes"}), surer, same_message=True), name) == "no"


def test_a_plain_correction_changes_words_and_tools_at_once_and_not_the_tier() -> None:
    facts = told({"age": 16, "minor": "yes"}, {"age": 61, "minor": "no", "corrects_age": True})
    assert (facts.age, facts.adult, facts.child) == (61, True, False)
    assert (facts.lowest_age, facts.ever_child) == (16, True)


@pytest.mark.parametrize(
    ("first", "then", "kept"),
    [
        ({"age": 15, "minor": "yes"}, {"age": 19, "minor": "no"}, 15),
        ({"age_min": 13, "age_max": 15, "minor": "yes"}, {"age": 19, "minor": "no"}, None),
        ({"age_max": 12, "minor": "yes"}, {"age_min": 18, "minor": "no"}, None),
    ],
)
def test_without_a_correction_the_lowest_credible_age_stands(
    first: dict[str, Any], then: dict[str, Any], kept: int | None
) -> None:
    facts = told(first, then)
    assert (facts.age, facts.minor, facts.age_max) == (kept, "yes", first.get("age_max"))


def test_a_lower_age_said_later_is_taken() -> None:
    facts = told({"age": 19, "minor": "no"}, {"age": 16, "minor": "yes"})
    assert (facts.age, facts.child, facts.lowest_age) == (16, True, 16)


def test_an_exact_age_inside_the_band_is_taken() -> None:
    assert told({"age_min": 13, "age_max": 15, "minor": "yes"}, {"age": 14, "minor": "yes"}).age == 14


def test_the_age_in_the_picture_is_not_the_age_of_the_person() -> None:
    facts = told({"age": 19, "minor": "no"}, {"age_in_image": 15})
    assert (facts.age, facts.age_in_image, facts.child, facts.lowest_age) == (19, 15, False, 19)


@pytest.mark.parametrize(
    ("messages", "threat"),
    [
        (({"threat_type": "financial"}, {"threat_type": "none"}), "financial"),
        (({"threat_type": "financial"}, {"threat_type": "image"}), "both"),
        (({"threat_type": "both"}, {"threat_type": "image"}), "both"),
        (({"threat_type": "financial"}, {"threat_type": "unclear_threat"}), "financial"),
        (({"threat_type": "financial"}, {"threat_type": "pre_threat"}), "financial"),
        (({"threat_type": "pre_threat"}, {"threat_type": "financial"}), "financial"),
        (({"threat_type": "deepfake"}, {"threat_type": "financial"}), "deepfake"),
        (({"threat_type": "ex_partner"}, {"threat_type": "image"}), "ex_partner"),
        (({"threat_type": "unclear_threat"}, {"demand": ("money",)}), "financial"),
        (({"threat_type": "unclear_threat"}, {"demand": ("sexual_act",)}), "image"),
        (({"threat_type": "unclear_threat"}, {"demand": ("money", "images")}), "both"),
        (({"threat_type": "unclear_threat"}, {"threat_type": "scam_email"}), "scam_email"),
        (({"threat_type": "scam_email"}, {"threat_type": "financial", "platform": ("email",)}), "scam_email"),
    ],
)
def test_the_kind_of_threat_gets_clearer_and_never_vaguer(messages: tuple[dict[str, Any], ...], threat: str) -> None:
    assert told(*messages).threat_type == threat


@pytest.mark.parametrize(
    "known",
    [
        {"threat_type": "image"},
        {"threat_type": "ex_partner"},
        {"threat_type": "financial", "images_shared_already": "yes"},
        {"threat_type": "financial", "already_posted": "yes"},
    ],
)
def test_who_holds_pictures_is_no_email_bluff_though_they_write_an_email(known: dict[str, Any]) -> None:
    assert told(known, {"threat_type": "scam_email", "platform": ("email",)}).threat_type == known["threat_type"]


def test_the_words_behind_a_fact_are_kept() -> None:
    assert told({"words": {"age": "im 15"}}, {"words": {"risk": "no way out"}}).words == {
        "age": "im 15", "risk": "no way out",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["paid", "images_shared_already", "already_posted"])
def test_what_has_happened_is_taken_back_only_by_an_answer_to_our_question(name: str) -> None:
    known = CaseFacts(**{name: "yes"})
    denied = CaseFacts(**{name: "no"})
    assert getattr(merge(known, Reading(facts=denied, plain=(name,))), name) == "yes"
    assert getattr(merge(known, Reading(facts=denied, question=name, answer="no")), name) == "no"


def test_a_guess_takes_back_nothing_and_plain_words_do() -> None:
    known, guess = CaseFacts(home_unsafe="yes"), CaseFacts(home_unsafe="no")
    assert merge(known, Reading(facts=guess)).home_unsafe == "yes"
    assert merge(known, Reading(facts=guess, plain=("home_unsafe",))).home_unsafe == "no"


def test_who_writes_is_changed_only_by_plain_words_once_something_was_told() -> None:
    known, sister = CaseFacts(threat_type="image"), CaseFacts(speaker="friend")
    assert merge(known, Reading(facts=sister)).speaker == "victim"
    assert merge(known, Reading(facts=sister, plain=("speaker",))).speaker == "friend"
    assert merge(CaseFacts(), Reading(facts=sister)).speaker == "friend"


def test_a_stated_age_of_a_grown_up_outweighs_a_hint_and_no_stated_age_of_a_child() -> None:
    grown = Reading(facts=CaseFacts(age=28, minor="no"))
    assert merge(CaseFacts(minor="yes"), grown).adult
    assert merge(merge(CaseFacts(), Reading(facts=CaseFacts(age=15, minor="yes"))), grown).child


def test_a_question_about_the_mail_makes_no_blackmail_of_it() -> None:
    bluff = CaseFacts(threat_type="scam_email", demand=("money",))
    said = CaseFacts(threat_type="financial")
    assert merge(bluff, Reading(facts=said, asks=True)).threat_type == "scam_email"
    assert merge(bluff, Reading(facts=said)).threat_type == "financial"
    call = CaseFacts(threat_type="financial", images_shared_already="yes", platform=("snapchat",))
    assert merge(bluff, Reading(facts=call, asks=True)).threat_type == "financial"


def test_the_age_of_a_brother_does_not_lower_that_of_whoever_told_theirs() -> None:
    known = CaseFacts(threat_type="financial", age=15, minor="yes", lowest_age=15)
    brother = Reading(facts=CaseFacts(age=11, minor="yes"), others_age=True)
    assert merge(known, brother).lowest_age == 15
    assert merge(known, Reading(facts=CaseFacts(age=11, minor="yes"))).lowest_age == 11
    assert merge(CaseFacts(threat_type="financial"), brother).age == 11  # it may be theirs who is at risk
    mother = replace(brother, facts=replace(brother.facts, speaker="parent"), plain=("speaker",))
    assert merge(known, mother).age == 11


@pytest.mark.parametrize("topic", ["email_real", "reply_once"])
def test_who_asks_whether_the_mail_is_true_has_sent_it_nothing(topic: str) -> None:
    bluff = CaseFacts(threat_type="scam_email", demand=("money",))
    found = merge(bluff, Reading(topic=topic, asks=True))
    assert (found.paid, found.images_shared_already) == ("no", "no")
    assert merge(replace(bluff, paid="yes"), Reading(topic=topic, asks=True)).paid == "yes"
    assert merge(CaseFacts(threat_type="financial"), Reading(topic=topic, asks=True)).paid == "unknown"


def test_not_safe_where_home_hurts_is_a_danger_of_this_hour() -> None:
    no = Reading(question="safe_now", answer="no")
    assert "offender_present" in merge(CaseFacts(home_unsafe="yes"), no).now
    assert merge(CaseFacts(), no).now == ()
