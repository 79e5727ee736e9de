"""Words for telling somebody at home: who is offered them, which are chosen, and who never sees them (rule 8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from breakwater.support import steps
from breakwater.support.memory import Memory
from breakwater.support.telling import OFFER, WORDS, chosen, read_by_grown_up, wants_words
from breakwater.support.wording import Wording
from breakwater.understanding.answers import STATED, of_words
from breakwater.understanding.facts import CaseFacts, Reading

Situations = Callable[..., Any]
Chats = Callable[..., Any]
SAFE = {"threat_type": "image", "age": 15, "minor": "yes", "home_unsafe": "no"}
NOT_FOR = [
    {"home_unsafe": "unknown"}, {"home_unsafe": "yes"}, {"watched": "yes"}, {"speaker": "parent"},
    {"age": 34, "minor": "no"},
]  # fmt: skip


def yes_to_tell(situations: Situations, **known: Any) -> Any:
    reading = Reading("affirm", 1.0, question="who_with_you", answer="yes")
    return situations(CaseFacts(**{**SAFE, **known}), Memory(said=("utter_step_tell_someone",)), reading)


def choosing(situations: Situations, answer: str, said: str = OFFER, **known: Any) -> Any:
    reading = Reading("answer", 1.0, question="which_words", answer=answer)
    return situations(CaseFacts(**{**SAFE, **known}), Memory(said=(said,)), reading)


def test_a_yes_to_one_person_is_followed_by_the_offer_of_words(situations: Situations) -> None:
    s = yes_to_tell(situations)
    assert wants_words(s)
    assert steps.FIND_WORDS in steps.track(s)


@pytest.mark.parametrize("known", NOT_FOR)
def test_no_words_where_home_is_not_known_to_be_safe_nor_for_others(
    situations: Situations, known: dict[str, Any]
) -> None:
    assert not wants_words(yes_to_tell(situations, **known))
    assert [chosen(choosing(situations, way, **known)) for way in WORDS] == [None] * len(WORDS)


@pytest.mark.parametrize(("way", "response"), WORDS.items())
def test_each_way_has_its_words(situations: Situations, wording: Wording, way: str, response: str) -> None:
    assert chosen(choosing(situations, way)) == response
    assert response in wording.responses
    assert way in STATED["which_words"]


def test_a_yes_to_the_offer_is_words_to_say_and_a_yes_to_words_is_enough(situations: Situations) -> None:
    assert chosen(choosing(situations, "yes")) == WORDS["say"]
    assert chosen(choosing(situations, "yes", said=WORDS["text"])) is None
    assert chosen(choosing(situations, "no")) is None


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("text it", "text"), ("i'd write to her", "text"), ("show it", "show"), ("ill just say it", "say"),
        ("leave more out", "private"), ("a card for them", "card"), ("not now", None), ("no", "no"), ("yes", "yes"),
    ],
)  # fmt: skip
def test_the_way_is_understood_in_words_too(text: str, way: str | None) -> None:
    assert of_words(text, "which_words") == way


def until_told(chat: Any) -> Any:
    """Goes on until the person was asked for somebody on their side."""
    while chat.memory.said[-1:] != ("utter_step_tell_someone",):
        dangers = ("suicide", "already_posted", "home_safe")
        chat.hears("done_step", answer="no" if chat.memory.question in dangers else "yes")
    return chat


def test_from_the_yes_to_the_words_to_the_card_and_on(chats: Chats) -> None:
    chat = until_told(chats(**SAFE, demand=("images",), platform=("kik",)))
    assert chat.hears("affirm", answer="yes").responses[-1] == OFFER
    assert chat.hears("answer", answer="text").responses[-1] == WORDS["text"]
    assert chat.hears("answer", answer="private").responses[-1] == WORDS["private"]
    card = chat.hears("answer", answer="card")
    assert card.responses[-1] == WORDS["card"]
    assert len(card.text.splitlines()) == 6
    assert "999" in card.text
    assert chat.hears("done_step").responses[-1] == "utter_step_police"


def test_the_same_words_are_not_said_twice(chats: Chats) -> None:
    chat = until_told(chats(**SAFE, demand=("images",), platform=("kik",)))
    chat.hears("affirm", answer="yes")
    chat.hears("answer", answer="text")
    assert WORDS["text"] not in chat.hears("answer", answer="text").responses


def test_not_now_goes_on(chats: Chats) -> None:
    chat = until_told(chats(**SAFE, demand=("images",), platform=("kik",)))
    chat.hears("affirm", answer="yes")
    assert chat.hears("deny", answer="no").responses[-1] == "utter_step_police"


def test_who_asks_how_to_tell_is_asked_about_home_first_and_offered_words_then(chats: Chats) -> None:
    chat = chats(threat_type="image", demand=("images",), age=15, minor="yes")
    chat.hears()
    chat.hears("deny", answer="no")
    assert chat.hears("ask_how_tell_parents", topic="how_tell_parents").questions == ("home_safe",)
    asked = chat.memory
    assert chat.hears("deny", answer="no").responses[-1] == OFFER
    chat.facts, chat.memory = CaseFacts(**{**SAFE, "home_unsafe": "unknown"}), asked
    heard = chat.hears("unsure", answer="unsure")
    assert heard.responses == ("utter_ack_home_unsafe", "utter_answer_how_tell_parents_home_unsafe")
    assert OFFER not in heard.responses


def test_where_home_is_safe_the_answer_to_how_is_followed_by_the_offer(chats: Chats) -> None:
    chat = chats(**SAFE, demand=("images",))
    chat.hears()
    chat.hears("deny", answer="no")
    heard = chat.hears("ask_how_tell_parents", topic="how_tell_parents")
    assert heard.responses == ("utter_answer_how_tell_parents", OFFER)


def test_a_young_child_who_goes_to_a_safe_grown_up_carries_the_card(chats: Chats) -> None:
    chat = chats(threat_type="image", age=12, minor="yes")
    chat.hears()
    chat.hears("affirm", answer="yes")
    assert chat.hears("deny", answer="no").responses[-1] == "utter_young_go_now"
    assert chat.hears("affirm", answer="yes").responses[-1] == WORDS["card"]
    assert chat.hears().questions == ("suicide",)


@pytest.mark.parametrize("leaves", ["bye", "done_step"])
def test_a_young_child_who_just_goes_carries_the_card_and_whoever_reads_it_is_no_spy(chats: Chats, leaves: str) -> None:
    chat = chats(threat_type="financial", demand=("money",), age=10, minor="yes")
    chat.hears()
    chat.hears("affirm", answer="yes")
    assert chat.memory.said[-1] == "utter_young_show_adult"
    assert chat.hears(leaves).responses[-1] == "utter_parent_card"
    assert "utter_ack_watched" not in chat.hears(watched="yes").responses


def test_no_child_is_sent_with_the_card_where_home_is_not_safe(chats: Chats) -> None:
    chat = chats(threat_type="financial", demand=("money",), age=10, minor="yes")
    chat.hears()
    chat.hears("affirm", answer="yes")
    assert "utter_parent_card" not in chat.hears("bye", home_unsafe="yes").responses


def test_no_words_for_parents_where_the_other_one_is_family(chats: Chats) -> None:
    chat = chats(**SAFE, demand=("images",), offender="family_or_trust")
    chat.hears()
    assert OFFER not in chat.hears("ask_how_tell_parents", topic="how_tell_parents").responses


def test_whoever_reads_the_card_is_no_offender_who_reads_along() -> None:
    read = Reading(facts=CaseFacts(watched="yes", now=("live_coercion", "attempt")))
    found = read_by_grown_up(read, Memory(said=("utter_parent_card",))).facts
    assert (found.watched, found.now) == ("unknown", ("attempt",))
    assert read_by_grown_up(read, Memory(said=("utter_parent_card", "utter_thanks"))) == read
