"""What is said when nobody answers: it always carries help, and never the same words twice in a row."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from itertools import pairwise
from typing import Any

import pytest

from breakwater.assistant.safety_reply import safety_reply, spoken
from breakwater.cases.records import Case
from breakwater.settings import ROOT
from breakwater.support.directory import Directory, load_directory
from breakwater.support.turn import Place
from breakwater.support.wording import Wording
from breakwater.understanding.facts import CaseFacts

NIGHT = datetime(2026, 11, 21, 1, tzinfo=timezone.utc)
PLACE = Place(NIGHT.isoformat())
DANGERS: tuple[dict[str, Any], ...] = (
    {"risk": ("suicide_passive",)}, {"risk": ("self_harm",)}, {"now": ("attempt",)}, {"now": ("offender_present",)},
    {"now": ("live_coercion",)},
)  # fmt: skip


@pytest.fixture(scope="module")
def wording() -> Wording:
    return Wording.load(ROOT / "domain.yml")


@pytest.fixture(scope="module")
def directory() -> Directory:
    return load_directory(ROOT / "data" / "directory")


def case(**facts: Any) -> Case:
    return Case("c", 1, "v", NIGHT).with_facts(CaseFacts(**facts))


@pytest.mark.parametrize("facts", DANGERS)
def test_in_danger_company_and_the_numbers(wording: Wording, directory: Directory, facts: dict[str, Any]) -> None:
    said = safety_reply(case(**facts), PLACE, wording, directory)
    assert said["response"] == "utter_safety_reply_danger"
    assert {"emergency_number", "support_line", "be_with_someone"} <= set(said["tags"])
    assert "999" in said["text"]


def test_else_not_your_fault_and_what_stops_the_harm(wording: Wording, directory: Directory) -> None:
    said = safety_reply(case(threat_type="financial"), PLACE, wording, directory)
    assert {"not_your_fault", "dont_pay", "dont_send_more", "emergency_number", "support_line"} <= set(said["tags"])
    assert "not your fault" in said["text"]


@pytest.mark.parametrize("facts", [{}, *DANGERS])
def test_never_the_same_words_twice_in_a_row(wording: Wording, directory: Directory, facts: dict[str, Any]) -> None:
    known, said = case(**facts), []
    for _ in range(6):
        reply = safety_reply(known, PLACE, wording, directory)
        known = replace(known, memory=known.memory.after([reply]))
        said.append(reply["text"])
        assert reply["automated"]
    assert all(one != two for one, two in pairwise(said))


@pytest.mark.parametrize("country", [None, "GB", "US", "NL", "IN", "NG", "PH", "ZZ"])
@pytest.mark.parametrize("minor", ["yes", "no", "unknown"])
def test_numbers_and_their_cards_are_there_wherever_somebody_is(
    wording: Wording, directory: Directory, country: str | None, minor: str
) -> None:
    for facts in ({}, DANGERS[0]):
        for home in ("GB", "US", "NL"):
            place = replace(PLACE, home_country=home)
            said = safety_reply(case(country=country, minor=minor, **facts), place, wording, directory)
            assert "{" not in said["text"]
            emergency, line = said["cards"]
            assert emergency["dial"] in said["text"]
            assert line["name"] in said["text"] or "findahelpline.com" in said["text"]


@pytest.mark.parametrize("here", [True, False])
def test_all_that_the_gateway_says_itself_has_its_places_filled(
    wording: Wording, directory: Directory, here: bool
) -> None:
    own = ("utter_hold", "utter_cut_off", "utter_numbers_now", "utter_nobody_yet", "utter_silence_60",
           "utter_nobody_yet_attempt",
           "utter_silence_180", "utter_silence_everyone", "utter_safety_reply",
           "utter_safety_reply_danger")  # fmt: skip
    for response in own:
        said = spoken(response, case(), replace(PLACE, counsellor_here=here), wording, directory, name="Sam")
        assert said["text"]
        assert "{" not in said["text"]
