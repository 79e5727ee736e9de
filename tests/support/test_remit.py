"""Whom the helpline's counsellors are for (safeguarding rule 18): who is called, what is promised, what is said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from breakwater.support import remit
from breakwater.understanding.facts import CaseFacts
from tests.support.conftest import NIGHT

Chats = Callable[..., Any]
THREAT: dict[str, Any] = {"threat_type": "financial", "demand": ("money",)}
ADULT: dict[str, Any] = {"age": 34, "minor": "no"}
CHILD: dict[str, Any] = {"age": 15, "minor": "yes"}
LIFE: dict[str, Any] = {"risk": ("suicide_passive",)}
GB = {"remit_countries": "GB,IE"}
NO_ADULTS, UNTIL_SAFE = {"serves_adults": "no"}, {"serves_adults": "until_safe"}


def chat_where(chats: Chats, profile: dict[str, Any]) -> Any:
    chat = chats()
    chat.place = replace(chat.place, **profile)
    return chat


def said(chat: Any, turns: int = 16) -> list[str]:
    answers = {"suicide": "no", "home_safe": "no", "age": "16_17", "platform": "instagram", "want_human": "yes"}
    return [
        r for _ in range(turns) for r in chat.hears("answer", answer=answers.get(chat.memory.question, "yes")).responses
    ]


# --- who is called ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("profile", "known", "up_to"),
    [
        ({}, {**THREAT, **ADULT, "country": "FR", "language": "fr"}, remit.EVERYBODY),
        (GB, THREAT, remit.EVERYBODY),
        (GB, {**THREAT, "country": "IE"}, remit.EVERYBODY),
        (GB, {**THREAT, "country": "FR"}, remit.LIFE),
        (GB, {**THREAT, **CHILD, "country": "FR"}, remit.LIFE),
        ({"remit_languages": "en,nl"}, {**THREAT, "language": "nl"}, remit.EVERYBODY),
        ({"remit_languages": "en,nl"}, {**THREAT, "language": "fr"}, remit.LIFE),
        ({"remit_languages": "en,nl"}, THREAT, remit.EVERYBODY),
        (NO_ADULTS, {**THREAT, **ADULT}, remit.LIFE),
        (NO_ADULTS, THREAT, remit.EVERYBODY),
        (NO_ADULTS, {**THREAT, **CHILD}, remit.EVERYBODY),
        (NO_ADULTS, {**THREAT, **ADULT, "lowest_age": 16}, remit.EVERYBODY),
        (NO_ADULTS, {**THREAT, **CHILD, "speaker": "parent"}, remit.EVERYBODY),
        (UNTIL_SAFE, {**THREAT, **ADULT}, remit.UNTIL_SAFE),
        ({**UNTIL_SAFE, **GB}, {**THREAT, **ADULT, "country": "FR"}, remit.LIFE),
    ],
)
def test_up_to_which_rank_a_counsellor_is_called(profile: dict[str, Any], known: dict[str, Any], up_to: int) -> None:
    assert remit.called_up_to(CaseFacts(**known), replace(NIGHT, **profile)) == up_to


@pytest.mark.parametrize("profile", [{**GB, **NO_ADULTS}, {"remit_languages": "nl"}, UNTIL_SAFE])
@pytest.mark.parametrize(
    "danger", [LIFE, {"risk": ("self_harm",)}, {"now": ("attempt",)}, {"now": ("offender_present",)}]
)
def test_where_a_life_may_be_in_danger_everybody_is_served(profile: dict[str, Any], danger: dict[str, Any]) -> None:
    facts = CaseFacts(**{**THREAT, **ADULT, "country": "FR", "language": "fr", **danger})
    about = remit.about(facts, replace(NIGHT, **profile))
    assert (about["counsellor_here"], about["not_served"]) == (True, False)


@pytest.mark.parametrize("danger", [{"home_unsafe": "yes"}, {"demand": ("self_harm",)}, {"risk": ("meeting_planned",)}])
def test_an_adult_served_until_safe_is_served_in_danger_and_not_after(danger: dict[str, Any]) -> None:
    facts, place = CaseFacts(**{**THREAT, **ADULT}), replace(NIGHT, **UNTIL_SAFE)
    assert remit.not_served(facts, place)
    assert not remit.not_served(replace(facts, **danger), place)
    assert remit.not_served(replace(facts, **danger), replace(NIGHT, **NO_ADULTS))


@pytest.mark.parametrize(
    ("here", "surge", "known", "is_busy"),
    [
        (True, True, {**THREAT, **ADULT}, True),
        (True, True, THREAT, True),
        (True, True, {**THREAT, **CHILD}, False),
        (True, True, {**THREAT, **ADULT, **LIFE}, False),
        (True, False, {**THREAT, **ADULT}, False),
        (False, True, {**THREAT, **ADULT}, False),
        (True, True, {**THREAT, **ADULT, "country": "FR"}, None),
    ],
)
def test_full_is_only_for_those_who_can_wait(
    here: bool, surge: bool, known: dict[str, Any], is_busy: bool | None
) -> None:
    about = remit.about(CaseFacts(**known), replace(NIGHT, counsellor_here=here, surge=surge, **GB))
    assert about["not_served"] is (is_busy is None)
    assert about["busy"] is bool(is_busy)
    assert about["counsellor_here"] is (here and is_busy is False)


# --- what is said ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("profile", "known", "whom"),
    [
        (GB, {**ADULT, "country": "FR"}, "people in the United Kingdom or Ireland"),
        ({"remit_countries": "BE"}, {"country": "FR"}, "people in Belgium"),
        ({"remit_countries": "GB,IE,BE"}, {"country": "FR"}, "people in some countries"),
        ({"remit_languages": "nl"}, {"language": "fr", "country": "FR"}, "people who write Dutch"),
        ({"remit_languages": "en,nl"}, {"language": "fr"}, "people who write English or Dutch"),
        ({"remit_languages": "en,nl,de"}, {"language": "fr"}, "people who write some languages"),
        (NO_ADULTS, ADULT, "people under 18"),
        (UNTIL_SAFE, ADULT, "people under 18"),
    ],
)
def test_it_is_said_whom_they_are_for(chats: Chats, profile: dict[str, Any], known: dict[str, Any], whom: str) -> None:
    chat = chat_where(chats, profile)
    found = remit.for_whom(CaseFacts(**known), chat.place, chat.situations().directory.names)
    assert found == whom


@pytest.mark.parametrize(
    ("profile", "known"),
    [(GB, {**CHILD, "country": "FR"}), (GB, {**ADULT, "country": "FR"}), (NO_ADULTS, ADULT), (UNTIL_SAFE, ADULT)],
)
def test_it_is_told_once_with_a_line_near_them_and_every_step_is_there(
    chats: Chats, profile: dict[str, Any], known: dict[str, Any]
) -> None:
    chat = chat_where(chats, profile)
    chat.hears(**THREAT, **known)
    heard = said(chat)
    assert heard.count("utter_remit") == 1
    assert not {"utter_step_person_offer", "utter_step_person_child", "utter_person_coming"} & set(heard)
    assert {"mute", "save_evidence", "block_report"} <= set(chat.memory.given)
    assert ("home_safe" in chat.memory.asked) == (known["minor"] == "yes")
    assert "human_coming" not in chat.memory.given


@pytest.mark.parametrize(
    ("profile", "known"), [({}, {**ADULT, "country": "FR"}), (GB, ADULT), (NO_ADULTS, CHILD), (NO_ADULTS, {})]
)
def test_who_is_served_never_hears_of_it(chats: Chats, profile: dict[str, Any], known: dict[str, Any]) -> None:
    chat = chat_where(chats, profile)
    chat.hears(**THREAT, **known)
    assert "utter_remit" not in said(chat)


def test_who_asks_for_a_person_is_told_and_given_the_line_of_their_own_country(chats: Chats) -> None:
    chat = chat_where(chats, GB)
    chat.hears(**THREAT, **ADULT, country="FR")
    told = chat.hears("ask_human", wants_human=True)
    assert "can only join for people in the United Kingdom or Ireland" in told.text
    assert "human_coming" not in told.tags
    own = chat_where(chats, {"home_country": "FR"})
    own.hears(**THREAT, **ADULT, country="FR")
    line = own.hears("ask_human", wants_human=True)
    assert "can only join" not in line.text
    assert "support_line" in told.tags


@pytest.mark.parametrize("here", [True, False])
def test_that_somebody_is_called_in_danger_is_only_said_while_somebody_is_there(chats: Chats, here: bool) -> None:
    chat = chat_where(chats, {**NO_ADULTS, "counsellor_here": here})
    chat.hears(**THREAT, **ADULT)
    said(chat, 1)
    texts = [chat.hears("answer", answer="no").text for _ in range(4)]
    (told,) = [text for text in texts if "can only join for people under 18" in text]
    assert ("still call someone here" in told) is here


def test_in_danger_the_words_are_those_for_everybody(chats: Chats) -> None:
    for profile in (GB, NO_ADULTS):
        chat = chat_where(chats, profile)
        chat.hears(**THREAT, **ADULT, country="FR")
        assert "I'm calling a counsellor" in chat.hears(**LIFE).text


def test_while_it_is_full_an_adult_hears_how_to_come_back_and_a_child_is_promised_as_ever(chats: Chats) -> None:
    for channel, words in (("web", "four words"), ("telegram", "write here again any time")):
        chat = chat_where(chats, {"surge": True, "channel": channel})
        chat.hears(**THREAT, **ADULT)
        told = chat.hears("ask_human", wants_human=True)
        assert words in told.text and "I won't promise" in told.text
        assert "come_back" in told.tags and "human_coming" not in told.tags
        assert "handover" in told.move.requests, "they stand in the queue all the same"
    child = chat_where(chats, {"surge": True})
    child.hears(**THREAT, **CHILD)
    assert "I've called a counsellor" in child.hears("ask_human", wants_human=True).text


# --- people on call --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "promised"), [({"now": ("attempt",)}, True), (LIFE, False), ({**THREAT, **CHILD}, False)]
)
def test_at_an_empty_desk_people_on_call_are_promised_in_immediate_danger_only(
    known: dict[str, Any], promised: bool
) -> None:
    empty = replace(NIGHT, counsellor_here=False)
    assert remit.about(CaseFacts(**known), replace(empty, on_call=True))["counsellor_here"] is promised
    assert remit.about(CaseFacts(**known), empty)["counsellor_here"] is False
