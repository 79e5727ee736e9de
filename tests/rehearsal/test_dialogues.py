"""The dialogues of tests/dialogues, played on one private stack with the trained model; about two seconds each."""

from __future__ import annotations

import asyncio

import pytest

from breakwater.rehearsal.checks import FAILED
from breakwater.rehearsal.playing import FromBehind, FromOutside
from breakwater.rehearsal.rehearse import OWN, Script, one
from breakwater.rehearsal.report import Rehearsed, as_text
from breakwater.rehearsal.stage import free_ports, private_stage
from breakwater.settings import ROOT
from breakwater.support.wording import Wording

pytestmark = pytest.mark.timeout(900)  # the first waits until Rasa is up and all are played
SCRIPT = Script(OWN)
# What fails today and is not mended yet: dialogue → failing names. Mended, it must leave this list.
OPEN: dict[str, set[str]] = {
    # "best if I joined him" and "I do think about it, yes" are no risk; a neighbour with a key is a danger
    "seventy-one": {"after turn 3: risk", "asked_about_suicide", "risk"},
    # "shes 15" makes him a child, also after "im 28"
    "she-was-fifteen-they-say": {"after turn 4: minor", "after turn 4: priority", "minor", "priority"},
    # somebody who hacks it back for 50 is not heard
    "gave-them-the-code": {"paid_helpers_are_a_scam"},
    # "my brothers 11" makes his home unsafe and himself a runaway
    "fifteen-more-every-day": {"risk"},
    # "nobody would hurt me" is a danger at home; 11 o'clock is his age
    "sixteen-stopwatch": {"hide_friends", "risk"},
    # "ill just pay it", "im doing it now" and "done" are not heard
    "seventeen-pays-anyway": {"after turn 6: paid", "ask_for_the_money_back", "keep_the_receipt"},
    # that the no was not true is not heard
    "takes-back-the-no": {"danger_unanswered", "emergency_number", "risk", "someone_near", "threat_type"},
    # that she is to bring in her friend is not heard
    "seventeen-told-to-recruit": {"after turn 2: demand", "demand", "dont_draw_in_others"},
    # "ok i go now" is not heard as going to his father, so the card never comes
    "ten-and-robux": {"a_card_for_the_grown_up"},
    # a bluff stays a bluff when there is a real picture
    "mail-with-a-real-picture": {
        "after turn 2: priority",
        "after turn 2: threat_type",
        "asked_about_suicide",
        "images_shared_already",
        "priority",
        "threat_type",
    },
    # utter_first_posted speaks of paying where nobody asks for money
    "payback-on-a-story": {"speaks_of_paying"},
    # told_to_hurt has no word on pictures; "no i dont want to" is a risk
    "his-words-not-mine": {"danger_unanswered", "dont_send_more"},
    # "no i dont want to die i want it to stop" is a risk
    "year-nine-one-a-day": {"person_called"},
    # her sister makes her a friend of somebody; danger.py does not say who is called
    "saturday-at-the-station": {"after turn 1: demand", "demand", "person_called", "speaker"},
    # a teacher gets the parent's answer, which gives words and does not carry the tag
    "form-teacher": {"words_to_say"},
    # "texting everyone goodbye" is not heard from a friend
    "best-mate-says-goodbye": {"risk"},
    # "No. She's in her room" is a fear for her life
    "father-with-the-phone": {"risk"},
    # "wants me back or the pics go out" is no threat
    "he-reads-this": {"threat_type"},
    # the first reply in Dutch speaks of paying whatever was told
    "dutch-does-not-want-to-live": {"speaks_of_paying"},
    # a threat in Spanish is not heard, so 16 is not urgent
    "spanish-girl": {"priority"},
    # "ive said no so far" is not: nothing sent
    "keeps-asking": {"images_shared_already"},
    # danger goes on for seven turns and never comes to the pictures
    "a-pin-on-the-map": {"demand", "dont_send_more", "not_your_fault"},
    # evidence_what has no answer for a bystander (nor for a teacher)
    "it-landed-on-my-phone": {"tells_them_to_save_it"},
    # who sent them on is read as the victim
    "i-passed-hers-on": {"comforts_the_offender", "help_with_own_behaviour", "speaker", "stop_it_now"},
    # "till they come to the house" is a danger, and a friend's
    "asking-for-a-friend": {"comforts_the_offender", "risk", "threat_type"},
    # nothing he writes is out of scope
    "are-you-chatgpt": {"what_this_is_for"},
    # "would it be over if i sent the money" is read as paid
    "mother-of-fourteen": {"paid"},
    # "nobody would hurt me" is a danger
    "no-human-and-then": {"after turn 6: risk", "risk"},
    # "has my pics" is read as asking for pictures
    "mum-takes-the-phone": {"demand"},
    # "dont have it" is not heard as an answer to the tool
    "it-is-out": {"no_file_no_tool"},
    # "yeah a bit" is an attempt
    "fine-until-it-was-sent": {"after turn 6: risk", "risk"},
    # "wants more money" is read as asking for pictures, too
    "i-cant-then-nothing": {"demand"},
}


async def _all() -> tuple[dict[str, Rehearsed], Rehearsed]:
    async with private_stage() as stage:
        done = {d.id: await one(d, SCRIPT, FromBehind(stage)) for d in SCRIPT.dialogues}
        first = next(d for d in SCRIPT.dialogues if not d.waits)
        outside = FromOutside(stage.url, Wording.load(ROOT / "domain.yml"))
        return done, await one(first, SCRIPT, outside)


@pytest.fixture(scope="session")
def played() -> tuple[dict[str, Rehearsed], Rehearsed]:
    return asyncio.run(_all())


@pytest.mark.parametrize("name", [dialogue.id for dialogue in SCRIPT.dialogues])
def test_it_goes_as_it_must(played: tuple[dict[str, Rehearsed], Rehearsed], name: str) -> None:
    rehearsed = played[0][name]
    assert not rehearsed.stopped
    failed = {verdict.name for verdict in rehearsed.verdicts if verdict.outcome == FAILED}
    assert failed <= OPEN.get(name, set()), as_text(rehearsed)


def test_a_running_service_is_seen_from_outside_as_it_is(played: tuple[dict[str, Rehearsed], Rehearsed]) -> None:
    """Through the page alone: the same words, and tags found again by them; no facts."""
    inside, outside = played[0][played[1].dialogue.id], played[1]
    seen = [[(r.response, r.tags, r.question, r.text) for r in turn.replies] for turn in outside.turns]
    assert seen == [[(r.response, r.tags, r.question, r.text) for r in turn.replies] for turn in inside.turns]
    assert all(turn.known is None for turn in outside.turns)


async def test_at_a_running_service_nobody_can_wait_for_hours() -> None:
    waits = next(dialogue for dialogue in SCRIPT.dialogues if dialogue.waits)
    rehearsed = await one(waits, SCRIPT, FromOutside("http://127.0.0.1:1", Wording({})))
    assert "clock" in rehearsed.skipped
    assert rehearsed.turns == ()


async def test_what_does_not_answer_fails_and_says_so() -> None:
    first = next(dialogue for dialogue in SCRIPT.dialogues if not dialogue.waits)
    rehearsed = await one(first, SCRIPT, FromOutside(f"http://127.0.0.1:{free_ports(1)[0]}", Wording({})))
    assert rehearsed.failed
    assert "turn 0" in as_text(rehearsed)
