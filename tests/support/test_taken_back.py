"""A no to the question about dying may be taken back, at once or much later."""

from __future__ import annotations

import pytest

from breakwater.support.memory import Memory
from breakwater.support.taken_back import denied_attempt, said_late, taken_back
from breakwater.understanding.facts import CaseFacts, Reading

JUST_NOW = Memory(answers={"paid": "no", "suicide": "no"})
LATER = Memory(answers={"suicide": "no", "age": "13_15"})


@pytest.mark.parametrize(
    "text",
    [
        "that wasn't true",
        "i lied",
        "i wasn’t honest there",
        "said no cos i didnt want a fuss",
        "can i change my answer",
    ],
)
def test_bare_words_take_back_the_last_answer(text: str) -> None:
    reading = taken_back(text, Reading(question="safe_now", answer="no", denies_risk=True), JUST_NOW)
    assert reading.facts.risk == ("suicide_passive",)
    assert reading.facts.words["risk"] == text
    assert (reading.answer, reading.denies_risk) == (None, False)
    assert taken_back(text, Reading(), LATER) == Reading()


@pytest.mark.parametrize(
    "text", ["what I said about dying was not true", "i was lying when you asked about my life", "i lied. what u asked"]
)
def test_later_the_question_must_be_named(text: str) -> None:
    assert taken_back(text, Reading(), LATER).facts.risk == ("suicide_passive",)


@pytest.mark.parametrize("memory", [Memory(), Memory(answers={"suicide": "yes"}), Memory(answers={"paid": "no"})])
def test_only_a_no_can_be_taken_back(memory: Memory) -> None:
    assert taken_back("i lied about dying", Reading(), memory) == Reading()


@pytest.mark.parametrize("text", ["she said it was a lie", "no", "is that true", "he lied to me"])
def test_other_words_take_nothing_back(text: str) -> None:
    assert taken_back(text, Reading(), JUST_NOW) == Reading()


def test_who_lied_about_the_age_takes_no_answer_back() -> None:
    lied = Reading(facts=CaseFacts(age=14, minor="yes"))
    assert taken_back("i lied im 14", lied, JUST_NOW) == lied
    assert taken_back("i lied about dying. im 14", lied, JUST_NOW).facts.risk == ("suicide_passive",)


def test_a_no_that_comes_late_is_the_answer_where_dying_was_asked_about_and_passed_over() -> None:
    denies = Reading(cues=("denies_life",))
    asked = Memory(asked={"suicide": 1}, question="age")
    assert (said_late(denies, asked).question, said_late(denies, asked).answer) == ("suicide", "no")
    assert said_late(denies, Memory()) == denies
    assert said_late(denies, Memory(asked={"suicide": 1}, answers={"suicide": "yes"})) == denies
    risky = Reading(cues=("denies_life",), facts=CaseFacts(risk=("suicide_passive",)))
    assert said_late(risky, asked) == risky


@pytest.mark.parametrize(
    "text",
    [
        "no nothing", "i havent done anything", "i didnt take anything", "i just thought about it",
        "only thoughts", "wrong button sorry", "no i meant no", "I have not hurt myself",
    ],
)  # fmt: skip
def test_an_attempt_that_was_none_can_be_taken_back(text: str) -> None:
    known = CaseFacts(now=("attempt",), risk=("suicide_active",))
    read = denied_attempt(text, Reading("tell", 1.0), known)
    assert (read.question, read.answer) == ("attempt", "no")
    assert denied_attempt(text, Reading("tell", 1.0), CaseFacts()).question is None


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "i cant",
        "nothing helps",
        "nothing yet",
        "no i havent",
        "i didnt take anything else",
        "i just think im dying",
        "i havent called",
        "no one is here",
        "they didnt answer",
    ],
)
def test_other_noes_take_no_attempt_back(text: str) -> None:
    known = CaseFacts(now=("attempt",), risk=("suicide_active",))
    assert denied_attempt(text, Reading("deny", 1.0), known).question is None


def test_what_is_told_anew_or_of_another_is_not_taken_back() -> None:
    known, anew = CaseFacts(now=("attempt",)), Reading(facts=CaseFacts(now=("attempt",)))
    assert denied_attempt("i havent done anything", anew, known).question is None
    assert (
        denied_attempt("he hasnt done anything", Reading(), CaseFacts(now=("attempt",), speaker="parent")).question
        is None
    )
