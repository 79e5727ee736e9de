"""Stated ages of the person at risk, in the forms that people use; and numbers that are no age of theirs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breakwater.understanding.ages import AgeReading, read_age
from breakwater.understanding.school_years import SchoolYears

YEARS = SchoolYears.load(Path(__file__).parents[2] / "data" / "lexicon")
TODAY = date(2026, 11, 21)


def age(text: str, question: str | None = None) -> AgeReading:
    return read_age(text, question, TODAY, school_years=YEARS)


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("im 15", 15),
        ("I'm only 13 pls help", 13),
        ("15m", 15),
        ("m15 uk", 15),
        ("help me (17 f)", 17),
        ("15 yo boy here", 15),
        ("age 14", 14),
        ("just turned 13", 13),
        ("im turning 16 next month", 15),
        ("im almost 18", 17),
        ("im fifteen", 15),
        ("im fourteen and a half", 14),
        ("i am 21 years old", 21),
        ("im 16 btw", 16),
        ("some girl has my pics, 14, scared", 14),
        ("16. she wants money", 16),
        ("im twenty one", 21),
        ("Im twenty-three", 23),
        ("ik ben 15", 15),
        ("ich bin 14 jahre alt", 14),
        ("j'ai 13 ans", 13),
        ("tengo 16 años", 16),
        ("tenho 15 anos", 15),
        ("ho 14 anni", 14),
        ("15 ako po", 15),
        ("my 16th birthday is in march", 15),
        ("when i was 15 it started, im 23 now", 23),
        ("my son is 14", 14),
        ("my mate hes 15 and he got scammed", 15),
        ("im 42, my son is 14", 14),
        ("my daughter (12) got a message", 12),
        ("my 13 year old son wont talk", 13),
        ("she said she was 19 but im 15", 15),
        ("some 40 yo man has my pics. im 14", 14),
        ("im 14. my brother is 17", 14),
    ],
)
def test_a_stated_age(text: str, years: int) -> None:
    assert age(text).age == years
    assert age(text).minor == ("yes" if years < 18 else "no")


@pytest.mark.parametrize(
    "text",
    [
        "she said she was 19",
        "her profile says 22",
        "some 40 yo man",
        "he sent 17 pics",
        "im 15 minutes away",
        "13 pics of me",
        "15% battery",
        "its been going on for 15 years",
        "i have an iphone 15",
        "10/10",
        "i got a grade b",
        "i paid 50",
        "£20",
        "at 15:30",
        "by 12 tomorrow",
        "sent 17",
        "im 20 quid down",
        "only 47 followers",
        "when i was 15",
        "i told him i was 18",
        "9 8 7",
        "he wants 20 more",
        "24 hours left",
    ],
)
def test_a_number_that_is_no_age_of_theirs(text: str) -> None:
    reading = age(text)
    assert (reading.age, reading.age_min, reading.age_max) == (None, None, None)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("im in year 9", 13, 14),
        ("y10", 14, 15),
        ("8th grade", 13, 14),
        ("Grade 11 here", 16, 17),
        ("in 4 havo", 15, 16),
        ("I am in class 10", 15, 16),
        ("9th standard", 14, 15),
        ("TY student in Cork", 15, 16),
        ("year 10 in Perth", 15, 16),
        ("born 2010", 15, 16),
        ("im a 2012 baby", 13, 14),
        ("a pupil of mine, year 9", 13, 14),
        ("ich bin in der 9. klasse", 14, 16),
        ("im a freshman in high school", 14, 15),
    ],
)
def test_school_and_birth_years_are_ranges(text: str, low: int, high: int) -> None:
    assert (age(text).age_min, age(text).age_max) == (low, high)
    assert age(text).minor == "yes"


@pytest.mark.parametrize("text", ["the year above", "2 year old account", "year 2", "went to the same class", "no.1"])
def test_no_school_year(text: str) -> None:
    assert age(text).age_max is None


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("15", 15),
        ("fifteen", 15),
        ("15m", 15),
        ("14 lol", 14),
        ("im 61", 61),
        ("16!!", 16),
        ("about 17 i guess", 17),
    ],
)
def test_a_bare_answer_to_the_question_of_age(text: str, years: int) -> None:
    assert age(text, "age").age == years


def test_answers_that_are_no_number() -> None:
    assert (age("y9", "age").age_min, age("y9", "age").age_max) == (13, 14)
    assert age("im a teen", "age").minor == "yes"
    assert age("adult", "age").minor == "no"
    assert age("not telling", "age") == AgeReading()
    assert age("15", "amount") == AgeReading()


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("sorry 16 not 61", 16),
        ("i meant 17", 17),
        ("actually im 15", 15),
        ("i lied im 13", 13),
        ("im 61. sorry i meant 16", 16),
    ],
)
def test_a_correction_is_marked(text: str, years: int) -> None:
    assert age(text).age == years
    assert age(text).corrects
    assert not age("im 15").corrects


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("my mum took my phone", "yes"),
        ("everyone at my school has it", "yes"),
        ("im grounded", "yes"),
        ("my wife cant know", "no"),
        ("ill lose my job", "no"),
        ("im in my 30s", "no"),
        ("im retired", "no"),
        ("she wants money", "unknown"),
        ("my mum is nice", "unknown"),
    ],
)
def test_under_or_over_18_is_taken_from_strong_cues_only(text: str, minor: str) -> None:
    assert age(text).minor == minor
    assert age(text).age is None


def test_the_age_in_the_picture_is_another() -> None:
    reading = age("im 19 but i was 16 in the pictures")
    assert (reading.age, reading.age_in_image, reading.minor) == (19, 16, "no")


@given(st.text(max_size=300), st.sampled_from([None, "age", "age_in_image"]))
def test_any_text_is_read(text: str, question: str | None) -> None:
    assert age(text, question).minor in ("yes", "no", "unknown")


@pytest.mark.parametrize("text", ["im his mum, 39. he wont leave his room", "im 42 and my son is being blackmailed"])
def test_a_parents_age_never_makes_an_adult_of_the_child(text: str) -> None:
    assert age(text).age is None
    assert age(text).minor != "no"


@pytest.mark.parametrize("text", ["year 9", "im in year 9", "yr 9 lol", "Year 9, why"])
def test_a_school_year_answers_the_question_of_age_and_is_no_age(text: str) -> None:
    read = age(text, "age")
    assert (read.age, read.age_min, read.age_max) == (None, 13, 14)


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("shes 13 im 15", 15), ("shes 15, im 28", 28), ("he says pay until im 18. im 16", 16),
        ("a man who believes im eighteen. im fifteen", 15), ("she wont talk to anyone, shes 13. im 41", 13),
    ],
)  # fmt: skip
def test_the_age_of_who_writes_among_others(text: str, years: int) -> None:
    assert age(text).age == years


@pytest.mark.parametrize(
    "text",
    [
        "11 now. nothing happened yet", "its 11 now", "four yrs clean in june", "he did 4 yrs for it",
        "Sir kindly arrange it", "so he says sir you must pay",
    ],
)  # fmt: skip
def test_times_and_spans_and_forms_of_address_are_no_age(text: str) -> None:
    assert age(text) == AgeReading()


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("a man calls and says hes her dad, shes 15, and he wants 900 or he goes to the police", None),
        ("im 14, some man says hes her dad and i must pay", 14),
        ("my friend is 14 and the man, he is her uncle, has pictures of her", 14),
    ],
)
def test_the_age_that_a_father_claims_is_part_of_the_threat_and_a_childs_own_is_not(
    text: str, years: int | None
) -> None:
    assert age(text).age == years
