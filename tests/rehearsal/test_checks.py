"""Each check on hand-made turns, once so that it holds and once so that it fails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from breakwater.rehearsal.checks import FAILED, HELD, LEFT_TO_READER, UNSEEN, Verdict, check
from breakwater.rehearsal.labels import Forbidden, Labels
from breakwater.rehearsal.patterns import Patterns
from breakwater.rehearsal.played import Turn
from breakwater.rehearsal.script import Checkpoint, Dialogue, Entry
from tests.rehearsal.played_turns import knows, reply, turn

PATTERNS = Patterns.load(Path(__file__).parents[2] / "data" / "lexicon" / "patterns.yml")
SAY = {
    "calm": {"calm"}, "save": {"save_evidence", "save_evidence_without_image"}, "block": {"block_report"},
    "remove": {"removal_under_18"}, "ask": {"suicide_question"}, "kind": set(),
}  # fmt: skip


def verdicts(
    turns: Sequence[Turn], say: Sequence[str] = (), forbidden: Forbidden | None = None,
    expect: dict[str, Any] | None = None, checkpoints: tuple[Checkpoint, ...] = (),
) -> list[Verdict]:  # fmt: skip
    labels = Labels({k: frozenset(v) for k, v in SAY.items()}, {"wrong": forbidden} if forbidden else {})
    must_not = ("wrong",) if forbidden else ()
    dialogue = Dialogue("x", "", (Entry("say", "x"),), expect or {}, tuple(say), must_not, checkpoints)
    return check(dialogue, turns, labels, PATTERNS)


def failed(*args: Any, **kwargs: Any) -> list[str]:
    return [verdict.name for verdict in verdicts(*args, **kwargs) if verdict.outcome == FAILED]


# ---- must_say


def test_a_theme_is_said_when_one_of_its_tags_was_given() -> None:
    assert failed([turn(1, reply("x", "save_evidence_without_image"))], ["save"]) == []
    (missing,) = verdicts([turn(1, reply("x", "calm"))], ["save"])
    assert missing.outcome == FAILED
    assert "never said" in missing.why


def test_the_greeting_counts_too() -> None:
    assert failed([turn(0, reply("x", "calm"), kind="opens")], ["calm"]) == []


def test_themes_come_in_their_order() -> None:
    right = [turn(1, reply("x", "save_evidence")), turn(2, reply("x", "block_report"), reply("x", "removal_under_18"))]
    assert failed(right, ["save", "block", "remove"]) == []
    assert len(failed(right, ["save", "remove", "block"])) == 1


def test_one_late_theme_does_not_fail_those_that_follow_it() -> None:
    late = [
        turn(1, reply("x", "block_report")),
        turn(2, reply("x", "removal_under_18")),
        turn(3, reply("x", "save_evidence")),
    ]
    assert failed(late, ["save", "block", "remove"]) == ["save"]


@pytest.mark.parametrize("early", ["ask", "calm"])
def test_safety_and_the_first_words_may_come_before_their_place(early: str) -> None:
    turns = [turn(1, reply("x", *SAY[early])), turn(2, reply("x", "save_evidence"))]
    assert failed(turns, ["save", early]) == []


def test_but_nothing_else_may_come_before_safety() -> None:
    turns = [turn(1, reply("x", "save_evidence")), turn(2, reply("x", "suicide_question"))]
    assert len(failed(turns, ["ask", "save"])) == 1


def test_what_only_a_person_can_judge_is_counted_and_not_checked() -> None:
    found = verdicts([turn(1, reply())], ["kind"], Forbidden("reader"))
    assert [verdict.outcome for verdict in found] == [LEFT_TO_READER, LEFT_TO_READER]


# ---- must_not


def age(always: bool = False) -> Forbidden:
    return Forbidden("question", "age", always)


def test_a_question_is_asked_again_only_when_its_answer_is_known() -> None:
    asks = reply("How old are you?", asks="age")
    assert failed([turn(1, asks)], forbidden=age()) == []
    assert failed([turn(1, asks, known=knows(age=15, minor="yes"))], forbidden=age()) == ["wrong"]
    assert failed([turn(1, asks, known=knows(minor="yes"))], forbidden=age()) == []  # a child, and no age told
    assert failed([turn(1, reply(), known=knows(age=15))], forbidden=age()) == []


def test_an_answer_without_a_fact_settles_a_question_too() -> None:
    asks = reply("Have you paid?", asks="paid")
    for answer, wrong in (("rather_not", ["wrong"]), ("unsure", [])):
        turns = [turn(1, known=knows(answers={"paid": answer})), turn(2, asks)]
        assert failed(turns, forbidden=Forbidden("question", "paid")) == wrong


def test_some_questions_may_never_be_asked() -> None:
    assert failed([turn(1, reply("How old?", asks="age"))], forbidden=age(always=True)) == ["wrong"]


def test_any_known_fact_but_never_safety() -> None:
    known = knows(paid="no", risk=("suicide_passive",), answers={"suicide": "yes"})
    any_known = Forbidden("question", "any_known")
    assert failed([turn(1, reply("x?", asks="paid"), known=known)], forbidden=any_known) == ["wrong"]
    safety = [turn(1, known=known), turn(2, reply("x?", asks="suicide"), known=known)]
    assert failed(safety, forbidden=any_known) == []


def test_after_an_erasure_nothing_is_known() -> None:
    turns = [turn(1, known=knows(age=15)), turn(2, erased=True), turn(3, reply("How old?", asks="age"))]
    assert failed(turns, forbidden=age()) == []


def test_tags_that_must_not_be_given() -> None:
    never = Forbidden("tags", ["removal_adult"])
    assert failed([turn(1, reply("x", "removal_under_18"))], forbidden=never) == []
    assert failed([turn(1, reply("x", "removal_adult"))], forbidden=never) == ["wrong"]


def test_words_that_must_not_be_said_not_even_on_a_button() -> None:
    never = Forbidden("pattern", "blame")
    assert failed([turn(1, reply("This is not your fault."))], forbidden=never) == []
    assert failed([turn(1, reply("This is your own fault."))], forbidden=never) == ["wrong"]
    assert failed([turn(1, reply("x", buttons=("It was your fault",)))], forbidden=never) == ["wrong"]


def test_no_step_in_the_answer_to_words_of_risk() -> None:
    never = Forbidden("tags_after_risk", ["block_report"])
    step, risk = reply("x", "block_report"), ("suicide_passive",)
    assert failed([turn(1, step)], forbidden=never) == []
    assert failed([turn(1, step, known=knows(risk=risk))], forbidden=never) == ["wrong"]
    later = [turn(1, reply(), known=knows(risk=risk)), turn(2, step, known=knows(risk=risk))]
    assert failed(later, forbidden=never) == []
    immediate = [replace(t, known=knows("immediate", risk=risk)) for t in later]
    assert failed(immediate, forbidden=never) == ["wrong"]


def test_risk_is_answered_and_noticed() -> None:
    ignored, risk = Forbidden("risk_unanswered", True), knows(risk=("self_harm",))
    assert failed([turn(1, reply("x", "support_line"), known=risk)], forbidden=ignored) == []
    assert failed([turn(1, reply("x", "block_report"), known=risk)], forbidden=ignored) == ["wrong"]
    assert failed([turn(1, reply("x", "human_offer"), known=risk)], forbidden=ignored) == ["wrong"]
    assert "wrong" in failed([turn(1, reply())], forbidden=ignored, expect={"risk": ["self_harm"]})
    assert failed([turn(1, reply())], forbidden=ignored, expect={"risk": ["none"]}) == []


def test_silence() -> None:
    silent = Forbidden("after_turn_silent", True)
    assert failed([turn(1, reply()), turn(2, kind="wait_hours"), turn(3, erased=True)], forbidden=silent) == []
    assert failed([turn(1, reply()), turn(2)], forbidden=silent) == ["wrong"]


def test_a_lecture_is_what_is_said_in_one_turn() -> None:
    short = Forbidden("max_words", 6)
    assert failed([turn(1, reply("one two three")), turn(2, reply("one two three four"))], forbidden=short) == []
    assert failed([turn(1, reply("one two three"), reply("one two three four"))], forbidden=short) == ["wrong"]


def test_what_cannot_be_seen_from_outside_is_not_called_good() -> None:
    outside = [replace(turn(1, reply("How old?", asks="age")), known=None)]
    (unseen,) = verdicts(outside, forbidden=age())
    assert unseen.outcome == UNSEEN
    assert failed(outside, forbidden=age(always=True)) == ["wrong"]
    assert [v.outcome for v in verdicts(outside, expect={"paid": "no"})] == [UNSEEN]


# ---- expect, checkpoints


@pytest.mark.parametrize(
    ("expect", "right", "wrong"),
    [
        ({"threat_type": "financial"}, {"threat_type": "financial"}, {"threat_type": "image"}),
        ({"demand": ["money"]}, {"demand": ("money",)}, {"demand": ("money", "images")}),
        ({"demand": ["none"]}, {}, {"demand": ("money",)}),
        ({"demand": ["other"]}, {"demand": ("self_harm",)}, {}),
        ({"minor": True}, {"age": 15}, {}),
        ({"minor": False}, {"minor": "no"}, {"minor": "yes"}),
        ({"minor": "unknown"}, {}, {"minor": "no"}),
        ({"speaker": "parent"}, {"speaker": "parent"}, {}),
        ({"speaker_minor": False}, {"speaker_minor": "no"}, {}),
        ({"risk": ["suicide_passive"]}, {"risk": ("suicide_passive",)}, {"risk": ("suicide_active",)}),
        ({"risk": ["none"]}, {}, {"risk": ("self_harm",)}),
        (
            {"risk": ["suicide_active"], "risk_also_ok": ["suicide_passive"]},
            {"risk": ("suicide_active", "suicide_passive")},
            {"risk": ("suicide_active", "self_harm")},
        ),
        ({"risk": ["suicide_active"], "risk_also_ok": ["self_harm"]}, {"risk": ("self_harm",)}, {}),
        ({"paid": "no"}, {"paid": "no"}, {}),
        ({"paid": False}, {"paid": "no"}, {"paid": "yes"}),  # YAML's bare no
        ({"platform": ["instagram", "sms"]}, {"platform": ("sms", "instagram")}, {"platform": ("instagram",)}),
    ],
)  # fmt: skip
def test_facts(expect: dict[str, Any], right: dict[str, Any], wrong: dict[str, Any]) -> None:
    assert failed([turn(1, known=knows(**right))], expect=expect) == []
    assert failed([turn(1, known=knows(**wrong))], expect=expect) == [next(iter(expect))]


@pytest.mark.parametrize(
    ("tier", "priority"), [("immediate", "urgent"), ("urgent", "urgent"), ("soon", "high"), ("routine", "normal")]
)
def test_priority_is_the_tier(tier: str, priority: str) -> None:
    assert failed([turn(1, known=knows(tier))], expect={"priority": priority}) == []
    assert failed([turn(1, known=knows(tier))], expect={"priority": "none of them"}) == ["priority"]


def test_a_person_once_called_was_called() -> None:
    called = [turn(1, known=knows(state="waiting")), turn(2, known=knows(state="closed"))]
    assert failed(called, expect={"handover": True}) == []
    assert failed(called, expect={"handover": False}) == ["handover"]
    assert failed([turn(1)], expect={"handover": True}) == ["handover"]


def test_expectations_hold_before_an_erasure() -> None:
    turns = [turn(1, known=knows(paid="no")), turn(2, erased=True), turn(3)]
    assert failed(turns, expect={"paid": "no"}) == []
    assert failed(turns[1:], expect={"paid": "no"}) == []  # nothing before it: nothing to see
    assert [v.outcome for v in verdicts(turns[1:], expect={"paid": "no"})] == [UNSEEN]


def test_a_checkpoint_holds_at_its_turn() -> None:
    turns = [turn(1), turn(2, known=knows(paid="no")), turn(3)]
    for after, outcome in ((1, FAILED), (2, HELD), (3, FAILED)):
        (verdict,) = verdicts(turns, checkpoints=(Checkpoint(after, {"paid": "no"}),))
        assert verdict.outcome == outcome
        assert str(after) in verdict.name


def test_a_checkpoint_after_an_erasure_sees_the_new_conversation() -> None:
    turns = [turn(1, known=knows(paid="no")), turn(2, erased=True), turn(3)]
    (verdict,) = verdicts(turns, checkpoints=(Checkpoint(3, {"paid": "unknown"}),))
    assert verdict.outcome == HELD
