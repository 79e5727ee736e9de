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
    # "go kill yourself", which he quotes, counts as his own wish
    "his-words-not-mine": {"risk"},
    # "shes driving home", of a mother who was reached, is heard as somebody who is coming
    "best-mate-says-goodbye": {"risk"},
    # "till they come to the house" is a danger, and somebody's who is threatened
    "asking-for-a-friend": {"risk", "threat_type"},
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
