"""Forwarded words are another's: they set threat and demand, never who writes or how old they are (rule 17)."""

from __future__ import annotations

import pytest

from breakwater.conversations.asking import last_turn
from breakwater.conversations.transcript import Message
from breakwater.support.forwarded import as_read, of_another, words_alone
from breakwater.understanding.facts import CaseFacts, Reading
from tests.chats import NIGHT
from tests.conversations.conftest import House

THREAT = CaseFacts(threat_type="financial")
FRIEND = CaseFacts(threat_type="financial", speaker="friend")


@pytest.mark.parametrize(
    ("known", "read"), [(THREAT, "They wrote: \"pay 'now'\""), (FRIEND, 'pay "now"'), (CaseFacts(), 'pay "now"')]
)
def test_a_blackmailers_words_are_named_as_such(known: CaseFacts, read: str) -> None:
    assert as_read('pay "now"', known) == read
    assert as_read("", known) == ""
    assert words_alone(read) == ("pay 'now'" if known == THREAT else None)


def test_age_country_and_speaker_are_another_s_and_no_question_of_ours_is_answered() -> None:
    said = CaseFacts(
        threat_type="financial",
        age=44,
        minor="no",
        speaker="perpetrator",
        demand=("money",),
        amount="500",
        country="CI",
    )
    found = of_another(CaseFacts(), Reading(facts=said, question="suicide", answer="no", corrects_age=True))
    assert found.facts == CaseFacts(threat_type="financial", demand=("money",), amount="500")
    assert (found.question, found.answer, found.corrects_age) == (None, None, False)


def test_a_blackmailers_words_of_dying_set_nothing_and_a_friends_note_counts() -> None:
    said = CaseFacts(risk=("suicide_passive", "offline_danger"), now=("attempt", "offender_present"))
    found = of_another(THREAT, Reading(facts=said)).facts
    assert (found.risk, found.now) == (("offline_danger",), ("offender_present",))
    for known in (FRIEND, CaseFacts()):
        assert of_another(known, Reading(facts=said)).facts.risk == said.risk


def test_forwarded_words_are_not_joined_with_ones_own() -> None:
    own, theirs = (Message(name, n, "person", NIGHT, body={"text": name, "forwarded": name == "theirs"})
                   for n, name in enumerate(("own", "theirs")))  # fmt: skip
    assert last_turn([theirs, own]) == ([theirs], [own])
    assert last_turn([own, theirs]) == ([theirs], [own])
    assert last_turn([theirs]) == ([], [theirs])


async def test_rasa_hears_which_words_are_forwarded(house: House) -> None:
    chat = await house.opened()
    await house.asked(chat, "pay me 500 by 9, im 44 and from lyon", forwarded=True)
    assert (await house.case(chat)).facts.age is None
    await house.asked(chat, "that is what he sent")
    assert [request.forwarded for request in house.assistant.heard] == [True, False]


async def test_what_was_sent_long_ago_is_read_and_not_answered(house: House) -> None:
    chat = await house.opened()
    received = await house.says(chat, "i want to die", late=True)
    assert (received.message.turn, received.case.tier, received.case.state) == ("unread", "urgent", "waiting")
    await house.says(chat, "hello")
    await house.settled(chat)
    assert house.assistant.texts == [("listen", "i want to die"), ("reply", "hello")]


async def test_an_edit_is_answered_only_if_there_is_danger_in_it(house: House) -> None:
    chat = await house.opened()
    await house.says(chat, "it was on another app", edited=True)
    await house.says(chat, "i want to die", edited=True)
    await house.settled(chat)
    assert ("reply", "i want to die") in house.assistant.texts
    assert ("reply", "it was on another app") not in house.assistant.texts


@pytest.mark.parametrize("media", ["voice", "video_note"])
async def test_a_voice_is_urgent(house: House, media: str) -> None:
    chat = await house.opened()
    assert (await house.says(chat, "", media=media)).case.rank == 8
    await house.knows(chat, risk=("self_harm",))
    assert (await house.says(chat, "", media=media)).case.rank == 1


async def test_a_place_is_stored_only_in_immediate_danger(house: House) -> None:
    chat = await house.opened()
    await house.asked(chat, "", media="location", place="51.1, 1.2")
    await house.knows(chat, now=("attempt",))
    await house.asked(chat, "", media="location", place="51.3, 1.4")
    stored = [m.text for m in await house.transcript(chat) if m.sender == "person"]
    assert stored == ["", "51.3, 1.4"]
    assert not [text for _, text in house.assistant.texts if "51" in text]
    assert [request.payload for request in house.assistant.heard] == ["media:location", "media:location_kept"]
