"""Where the person at risk is. Messages are our own, none from the data."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from breakwater.understanding.countries import FILE, Countries
from breakwater.understanding.text import read_text

LISTS = Path(__file__).parents[2] / "data" / "lexicon"
WHERE = Countries.load(LISTS)


def country(text: str, question: str | None = None) -> str | None:
    found = WHERE(read_text(text, {}), question)
    return found.code if found else None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("hi im in kenya and someone has my pics", "KE"),
        ("i live in Leeds with my gran", "GB"),
        ("I’m in the UK", "GB"),
        ("we live just outside Brisbane", "AU"),
        ("m16 toronto. she wants 200", "CA"),
        ("17 year old girl from the philippines po", "PH"),
        ("im a student from pune in germany", "DE"),
        ("im from accra but i live in dublin now", "IE"),
        ("hello from northern ireland", "GB"),
        ("im in south africa", "ZA"),
        ("is there a number for ireland", "IE"),
        ("my son lives in rotterdam, i am his mother", "NL"),
        ("ik woon in gent", "BE"),
        ("ich wohne in zürich und er will geld", "CH"),
        ("vivo en monterrey tengo 15", "MX"),
        ("j'habite à lyon", "FR"),
        ("Ghana. He has my video.", "GH"),
        ("uk", "GB"),
        ("im in the us lol", "US"),
    ],
)
def test_where_somebody_says_to_be(text: str, code: str) -> None:
    assert country(text) == code


def test_who_lives_abroad_is_where_they_live() -> None:
    assert country("im a student from pune, i study in hamburg") == "DE"


@pytest.mark.parametrize(
    "text",
    [
        "he is from nigeria",
        "the girl said shes in manila",
        "some guy in the ivory coast has my pics",
        "i sent it to a man from ghana",
        "im being blackmailed by someone in morocco",
        "he thinks i live in texas",
        "she told me i live in leeds so she knows",
        "the account is in benin",
        "im not in the uk",
        "send it to all of us",
        "they logged in as me in lagos",
        "tell us what to do",
        "my ex moved to spain",
        "he is living in lagos",
        "she keeps texting from manila",
        "i met a 17 year old from manila",
        "some 20 yo from ghana has my nudes",
        "im getting threats from nigeria",
        "im being blackmailed from india",
        "she was like im from manila",
        "my sister lives in australia and they messaged her",
        "hi im jordan",
        "its sofia",
        'he wrote "im in london near you"',
        "he said im in london and i come for you",
        "",
    ],
)
def test_where_the_other_side_is_says_nothing_of_the_person(text: str) -> None:
    assert country(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("india", "IN"),
        ("um holland i think", "NL"),
        ("not telling", None),
        ("manchester why", "GB"),
        ("send it to us", None),
    ],
)
def test_asked_for_the_country_any_place_answers(text: str, code: str | None) -> None:
    assert country(text, "country") == code


def test_asked_where_somebody_else_is_she_is_in_kenya_answers() -> None:
    assert country("she is in kenya", "their_country") == "KE"


@pytest.mark.parametrize(
    ("text", "code"),
    [("im in london ontario", "CA"), ("i live in newcastle australia", "AU"), ("im in south africa", "ZA")],
)
def test_a_town_and_its_country_are_one_place(text: str, code: str) -> None:
    assert country(text) == code


@pytest.mark.parametrize(
    "text", ["im in lagos in my room", "im in nigeria in trouble", "i live in lagos in a small flat"]
)
def test_a_second_in_changes_nothing(text: str) -> None:
    assert country(text) == "NG"


def test_where_the_other_one_is_in_the_same_breath_changes_nothing() -> None:
    assert country("im from kenya and he is in london") == "KE"
    assert country("im from leeds but she lives in manila") == "GB"


def test_a_place_in_a_story_is_no_answer() -> None:
    story = "the number he gave me goes to some bank in spain or so the man on the phone told my brother yesterday"
    assert country(story, "country") is None


def test_the_words_are_the_persons_own() -> None:
    found = WHERE(read_text("Im in The Gambia", {}), None)
    assert found is not None
    assert (found.code, found.words) == ("GM", "The Gambia")


def test_no_place_belongs_to_two_countries_and_every_one_of_ours_is_listed() -> None:
    content = yaml.load((LISTS / FILE).read_text("utf8"), Loader=yaml.BaseLoader)  # noqa: S506
    words = [word.lower() for listed in content["countries"].values() for word in listed]
    assert sorted({word for word in words if words.count(word) > 1}) == []
    ours = {file.stem.upper() for file in (LISTS.parent / "directory").glob("??.yml")}
    assert ours <= set(content["countries"])


@pytest.mark.parametrize("text", ["17 uk " * 4000, "im in uk im from spain " * 1000, "the " * 5000 + "uk"])
def test_no_text_is_too_long(text: str) -> None:
    assert country(text) == "GB"
