"""What a button or a short answer states: only what it plainly says, and nothing is executed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from breakwater.understanding.answers import STATED, of_words, reading_of_button, stated
from breakwater.understanding.facts import CaseFacts

DOMAIN = yaml.safe_load((Path(__file__).parents[2] / "domain.yml").read_text("utf8"))
BUTTONS = sorted(
    {
        button["payload"]
        for variations in DOMAIN["responses"].values()
        for variation in variations
        for button in variation.get("buttons") or ()
    }
)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("yes", "yes"), ("yeah kinda", "yes"), ("y", "yes"), ("👍", "yes"), ("yep i did", "yes"), ("YES.", "yes"),
        ("no", "no"), ("nope", "no"), ("not yet", "no"), ("i didnt", "no"), ("👎", "no"), ("nee", "no"),
        ("idk", "unsure"), ("not sure", "unsure"), ("maybe", "unsure"),
        ("rather not say", "rather_not"), ("skip", "rather_not"), ("don't want to say", "rather_not"),
        ("purple", None), ("", None), ("   ", None),
        ("yes and then he wrote to my mum", None),
        ("nobody knows", None), ("yesterday", None), ("notes", None),
    ],
)  # fmt: skip
def test_a_short_answer_is_understood_and_a_story_is_left_to_the_model(text: str, answer: str | None) -> None:
    assert of_words(text, "paid") == answer


def test_without_an_open_question_a_yes_answers_nothing() -> None:
    assert of_words("yes", None) is None


@pytest.mark.parametrize("text", ["sometimes", "kinda", "a bit", "sort of", "yeah sometimes"])
def test_half_a_yes_about_suicide_is_never_a_no(text: str) -> None:
    answer = of_words(text, "suicide")
    assert answer in ("sometimes", "yes")
    assert "suicide_passive" in stated("suicide", answer).risk


@pytest.mark.parametrize(
    ("question", "answer", "facts"),
    [
        ("attempt", "yes", {"now": ("attempt",), "risk": ("suicide_active",)}),
        ("means_near", "yes", {"now": ("means_at_hand",), "risk": ("suicide_active",)}),
        ("outside_now", "yes", {"now": ("offender_present",), "risk": ("offline_danger",)}),
        ("outside_now", "unsure", {"risk": ("offline_danger",)}),
        ("knows_address", "yes", {"risk": ("offline_danger",)}),
        ("safe_now", "no", {"risk": ("offline_danger",)}),
        ("is_child_safe", "yes", {"risk": ("suicide_passive",)}),
        ("home_safe", "yes", {"home_unsafe": "yes"}),
        ("home_safe", "unsure", {"home_unsafe": "yes"}),
        ("home_safe", "no", {"home_unsafe": "no"}),
        ("paid", "no", {"paid": "no"}),
    ],
)
def test_what_an_answer_states(question: str, answer: str, facts: dict[str, Any]) -> None:
    assert stated(question, answer) == CaseFacts(**facts)


@pytest.mark.parametrize("question", ["suicide", "attempt", "means_near", "outside_now", "knows_address"])
def test_a_no_to_a_danger_question_states_nothing_and_clears_nothing(question: str) -> None:
    assert stated(question, "no") == CaseFacts()


@pytest.mark.parametrize("answer", ["no", "rather_not", "unsure", "sometimes", "yes"])
def test_rather_not_and_not_sure_are_never_a_fact_of_their_own(answer: str) -> None:
    assert stated("who_with_you", answer) == CaseFacts()
    assert stated("no_such_question", answer) == CaseFacts()


@pytest.mark.parametrize(
    ("value", "young", "under_13"), [("under_13", 1, 1), ("13_15", 1, 0), ("16_17", 1, 0), ("18", 0, 0)]
)
def test_every_age_button_says_child_or_adult(value: str, young: bool, under_13: bool) -> None:
    facts = stated("age", value)
    assert (facts.child, facts.adult, facts.under_13, facts.age_known) == (young, not young, under_13, True)


@pytest.mark.parametrize("payload", BUTTONS)
def test_every_button_that_we_show_is_understood(payload: str) -> None:
    reading = reading_of_button(payload, None)
    assert not reading.fallback
    assert reading.confidence == 1.0


def test_every_value_of_a_fact_can_be_stored() -> None:
    for values in STATED.values():
        for facts in values.values():
            assert CaseFacts.of(facts.known()) == facts


def test_a_person_is_asked_for_by_a_button_whatever_was_open() -> None:
    offered, elsewhere = reading_of_button("do:human", "want_human"), reading_of_button("do:human", "suicide")
    assert offered.facts.wants_human and elsewhere.facts.wants_human
    assert (offered.question, offered.answer) == ("want_human", "yes")
    assert (elsewhere.question, elsewhere.answer) == (None, None)


@given(payload=st.text(max_size=40))
def test_a_button_we_never_made_states_no_fact(payload: str) -> None:
    if payload not in BUTTONS and not payload.startswith(("answer:", "do:human")):
        assert reading_of_button(payload, "paid").facts == CaseFacts()


@given(question=st.text(max_size=12), value=st.text(max_size=12))
def test_a_made_up_answer_states_no_fact(question: str, value: str) -> None:
    facts = reading_of_button(f"answer:{question}={value}", None).facts
    assert facts == CaseFacts() or value in STATED[question]


@pytest.mark.parametrize("text", ["yes i think so", "i think so", "yeah, i did"])
def test_a_yes_to_what_was_done_is_heard_with_a_doubt_in_it(text: str) -> None:
    assert of_words(text, "attempt") == "yes"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("sometimes i guess", "sometimes"),
        ("kinda", "sometimes"),
        ("no i only thought about it", "no"),
        ("yeah a bit. i just thought of monday", "unsure"),
    ],
)
def test_whether_something_was_done_is_not_settled_by_half_a_yes(text: str, answer: str) -> None:
    assert of_words(text, "attempt") == answer


@pytest.mark.parametrize("text", ["do i have to go in tomorrow", "what do i do", "do i have to tell them"])
def test_a_question_is_no_yes_to_the_question_about_dying(text: str) -> None:
    assert of_words(text, "suicide") is None


@pytest.mark.parametrize("question", ["who_with_you", "home_safe"])
def test_a_protest_is_no_nobody(question: str) -> None:
    assert of_words("i didnt say bad stuff", question) is None


@pytest.mark.parametrize("text", ["I do think about it, yes", "ive thought of it"])
def test_what_was_thought_of_is_not_done(text: str) -> None:
    assert of_words(text, "attempt") is None


@pytest.mark.parametrize("text", ["i have muted him", "ok i did mute it", "i have him on mute now"])
def test_something_else_that_was_done_is_no_wish_to_die(text: str) -> None:
    assert of_words(text, "suicide") is None


@pytest.mark.parametrize(
    "text",
    ["i have", "i did, yes", "i have thought about it", "yeah i have", "yeah i have a plan", "yes i did last week",
     "yes i have for weeks", "yea i did when it started", "i have considered it", "yes. i have it with me"],
)  # fmt: skip
def test_a_yes_to_the_wish_to_die_is_still_heard(text: str) -> None:
    assert of_words(text, "suicide") == "yes"


@pytest.mark.parametrize(
    ("text", "answer"), [("no hes not doing anything now", None), ("no", "no"), ("no not safe", "no")]
)
def test_a_no_to_what_was_feared_is_no_no_to_being_safe(text: str, answer: str | None) -> None:
    assert of_words(text, "safe_now") == answer
