"""The country: asked where anybody may write, and its numbers shown once it is known (safeguarding rules 5, 7, 18)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from breakwater.support.directory import Directory
from breakwater.support.lines import Lines
from breakwater.understanding.facts import CaseFacts, Reading
from tests.support.conftest import NIGHT

Chats = Callable[..., Any]
THREAT: dict[str, Any] = {"threat_type": "financial", "demand": ("money",), "paid": "no"}
ANSWERS = {"suicide": "no", "home_safe": "no", "age": "16_17", "platform": "instagram", "want_human": "no"}


def chat_on(chats: Chats, **place: Any) -> Any:
    chat = chats()
    chat.place = replace(chat.place, **place)
    return chat


def goes_on(chat: Any, turns: int = 12) -> list[str]:
    """The questions of so many turns, each answered in the usual way."""
    return [
        q for _ in range(turns) for q in chat.hears("answer", answer=ANSWERS.get(chat.memory.question, "yes")).questions
    ]


def asked_for_the_country(chats: Chats) -> Any:
    chat = chat_on(chats, channel="telegram")
    chat.hears("tell", **THREAT)
    while chat.memory.question != "country":
        goes_on(chat, 1)
    return chat


@pytest.mark.parametrize(
    ("place", "asked"),
    [
        ({"channel": "telegram"}, True),
        ({"remit_countries": "GB,IE"}, True),
        ({}, False),
        ({"remit_countries": "GB"}, False),
    ],
)
def test_it_is_asked_once_where_anybody_may_write(chats: Chats, place: dict[str, Any], asked: bool) -> None:
    chat = chat_on(chats, **place)
    chat.hears("tell", **THREAT)
    assert goes_on(chat).count("country") == int(asked)


def test_it_is_not_asked_when_it_was_told(chats: Chats) -> None:
    chat = chat_on(chats, channel="telegram")
    chat.hears("tell", **THREAT, country="IN")
    assert "country" not in goes_on(chat)


@pytest.mark.parametrize("speaker", ["parent", "friend"])
def test_who_writes_for_somebody_is_asked_where_they_live(chats: Chats, speaker: str) -> None:
    chat = chat_on(chats, channel="telegram")
    chat.hears("tell", **THREAT, speaker=speaker)
    assert goes_on(chat).count("their_country") == 1


def test_the_answer_shows_the_numbers_of_that_country(chats: Chats) -> None:
    chat = asked_for_the_country(chats)
    said = chat.hears("tell", country="AU")
    assert said.responses[0] == "utter_ack_country"
    assert "Australia" in said.text
    assert "000" in said.text


def test_who_rather_not_says_is_not_asked_again(chats: Chats) -> None:
    chat = asked_for_the_country(chats)
    said = chat.hears("answer", answer="rather_not")
    assert said.responses[0] == "utter_ack_country_rather_not"
    assert "country" not in goes_on(chat)


def test_in_danger_it_comes_after_the_questions_about_it(chats: Chats) -> None:
    chat = chat_on(chats, channel="telegram")
    questions = list(chat.hears("tell", **THREAT, risk=("suicide_passive",)).questions)
    answers = {"suicide": "yes", "attempt": "no", "means_near": "yes", "done_step": "yes", "who_with_you": "no"}
    for _ in range(7):
        questions += chat.hears("answer", answer=answers.get(chat.memory.question, "no")).questions
    order = [q for q in questions if q in ("suicide", "attempt", "means_near", "who_with_you", "country")]
    assert order[:5] == ["suicide", "attempt", "means_near", "who_with_you", "country"]


def test_after_an_attempt_it_stands_beside_the_doctors_number(chats: Chats) -> None:
    chat = chat_on(chats, channel="telegram")
    assert chat.hears("tell", **THREAT, now=("attempt",), risk=("suicide_active",)).questions == ("can_call",)
    said = chat.hears("tell")
    assert (said.responses, said.questions) == (("utter_attempt_country",), ("country",))
    assert "doctor now, even if you feel fine" in said.text
    said = chat.hears("tell", country="SG")
    assert said.responses[0] == "utter_ack_country_instead"
    assert "995" in said.text


@pytest.mark.parametrize("now", ["attempt", "offender_present"])
def test_whoever_is_calling_already_is_not_asked(chats: Chats, now: str) -> None:
    chat = chat_on(chats, channel="telegram")
    chat.hears("tell", **THREAT, now=(now,))
    assert chat.memory.question == "can_call"
    assert "country" not in chat.hears("answer", answer="yes").questions


def test_a_mother_whose_child_took_something_is_asked_beside_the_doctors_number(chats: Chats) -> None:
    chat = chat_on(chats, channel="telegram")
    danger = {"now": ("attempt",), "risk": ("suicide_active",)}
    assert "utter_third_attempt" in chat.hears("tell", **THREAT, **danger, speaker="parent").responses
    said = chat.hears("tell")
    assert said.questions == ("their_country",)
    assert "doctor now" in said.text


def test_named_in_danger_the_right_numbers_come_first(chats: Chats) -> None:
    chat = chats()
    chat.hears("tell", **THREAT, risk=("suicide_passive",))
    said = chat.hears("tell", country="KE")
    assert said.responses[0] == "utter_ack_country_instead"
    assert said.questions


def test_a_country_without_checked_numbers_is_said_to_be_one(chats: Chats) -> None:
    chat = chats()
    chat.hears("tell", **THREAT)
    said = chat.hears("tell", country="GH", words={"country": "accra"})
    assert said.responses[0] == "utter_ack_country_unlisted"
    assert "for Accra" in said.text
    assert "112" in said.text
    assert "findahelpline.com" in said.text
    assert "utter_ack_country_unlisted" not in chat.hears("tell", country="GH").responses


def test_named_in_the_first_message_it_is_said_in_the_second(chats: Chats) -> None:
    chat = chats()
    chat.hears("tell", **THREAT, country="GH", words={"country": "accra"})
    assert chat.hears("answer", answer="no").responses[0] == "utter_ack_country_unlisted"


def test_a_place_that_nobody_knows_is_answered_too(chats: Chats) -> None:
    chat = asked_for_the_country(chats)
    assert chat.hears("tell").responses[0] == "utter_ack_country_rather_not"


def test_a_question_beside_the_country_is_parked_in_danger(chats: Chats) -> None:
    chat = chats()
    chat.hears("tell", **THREAT, risk=("suicide_passive",))
    said = chat.hears("ask_will_they_post", topic="will_they_post", country="KE")
    assert said.responses[0] == "utter_ack_country_instead"
    assert said.move.parked == ("will_they_post",)


def test_what_was_posted_is_met_before_the_numbers(chats: Chats) -> None:
    chat = asked_for_the_country(chats)
    assert chat.hears("tell", already_posted="yes", country="KE").responses[0] == "utter_ack_posted"


def test_who_asks_which_number_to_call_gets_it(chats: Chats) -> None:
    chat = chats()
    chat.hears("tell", **THREAT, country="CA", speaker="parent")
    said = chat.reads(Reading("tell", 1.0, asks=True, cues=("asks_number",)))
    assert said.responses[0] == "utter_ack_numbers"
    assert "911" in said.text


def test_at_home_nothing_is_said_of_it(chats: Chats) -> None:
    chat = chats()
    chat.hears("tell", **THREAT, risk=("suicide_passive",))
    assert not any(r.startswith("utter_ack_country") for r in chat.hears("tell", country="GB").responses)


@pytest.mark.parametrize(("country", "told"), [(None, True), ("GB", False)])
def test_a_card_says_how_to_change_the_country_until_it_is_known(
    directory: Directory, country: str | None, told: bool
) -> None:
    cards = Lines(CaseFacts(country=country), NIGHT, directory).cards({"emergency", "line"})
    assert [("If you're elsewhere" in card["status"]) for card in cards] == [False, told]
