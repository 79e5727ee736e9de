"""What a reader gets: the transcript with what stands behind it, and the sums."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

from breakwater.rehearsal.checks import FAILED, HELD, LEFT_TO_READER, UNSEEN, Verdict
from breakwater.rehearsal.rehearse import total, write_json
from breakwater.rehearsal.report import Rehearsed, as_text, sums
from breakwater.rehearsal.script import Checkpoint, Dialogue, Entry
from breakwater.rehearsal.stage import Clock, free_ports
from tests.rehearsal.played_turns import knows, reply, turn

DIALOGUE = Dialogue("one", "A title", (Entry("say", "x"),), checkpoints=(Checkpoint(1, {}, "is it kind?"),))
VERDICTS = (
    Verdict("must_say", "a", HELD, "turn 1"),
    Verdict("must_say", "b", LEFT_TO_READER),
    Verdict("must_not", "c", FAILED, "turn 1 says it"),
    Verdict("must_not", "d", UNSEEN),
    Verdict("expect", "paid", HELD),
)
PLAYED = Rehearsed(
    DIALOGUE,
    (turn(1, reply("Have you paid?", "calm", asks="paid", buttons=("No",)), known=knows("soon", paid="no")),),
    VERDICTS,
    1.25,
)
SKIPPED = Rehearsed(DIALOGUE, skipped="it waits")


def test_the_transcript_shows_words_tags_question_facts_and_tier() -> None:
    text = as_text(PLAYED)
    for part in (
        "one  A title", "person: words", "> Have you paid?", "utter_x", "tags: calm", "asks: paid", "buttons: No",
        "paid=no", "tier soon", "to judge: is it kind?", "FAILED  must_not   c: turn 1 says it",
    ):  # fmt: skip
        assert part in text
    assert "not played: it waits" in as_text(SKIPPED)


def test_the_sums_say_checked_reader_and_total() -> None:
    line = sums("all", VERDICTS)
    assert "labels 2 checked / 1 reader / 4 total, 1 failed" in line
    assert "expectations 1 held, 0 failed" in line
    assert "1 not visible from outside" in line
    assert total([PLAYED, SKIPPED]).startswith("1 of 2 dialogues played, 1 failed: labels 2 checked")


def test_everything_is_in_the_json(tmp_path: Path) -> None:
    write_json(tmp_path / "out.json", [PLAYED, SKIPPED])
    played, skipped = json.loads((tmp_path / "out.json").read_text("utf8"))
    assert played["labels"] == {"checked": 2, "reader": 1, "total": 4, "failed": 1}
    assert played["turns"][0]["known"]["facts"] == {"paid": "no"}
    assert played["turns"][0]["replies"][0]["tags"] == ["calm"]
    assert skipped["skipped"] == "it waits"


def test_the_clock_runs_and_can_be_set_forward() -> None:
    start = datetime(2026, 11, 21, tzinfo=timezone.utc)
    clock = Clock(start)
    assert timedelta(0) <= clock() - start < timedelta(seconds=5)
    clock.advance(3600)
    assert timedelta(hours=1) <= clock() - start < timedelta(hours=1, seconds=5)


def test_free_ports_differ() -> None:
    assert len(set(free_ports(3))) == 3
