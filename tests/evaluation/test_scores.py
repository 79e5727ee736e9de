"""The scores of twelve messages, computed by hand; and that each of them can be better and worse."""

from __future__ import annotations

from typing import Any

import pytest

from breakwater.evaluation.evaluate import EVERYTHING, Bot, Evaluation, LabelError, checked
from breakwater.evaluation.lines import Line
from breakwater.evaluation.measures import MEASURES, Measure
from tests.evaluation.messages import UNSAID, evaluation, lines

BY_HAND = {  # measure → value, number of messages
    # financial: 1 right of 2 true and 2 found, 1/2 · image: 1 of 1 and 2, 2/3 · both: 0
    "threat type, macro-F1 (first contacts)": ((1 / 2 + 2 / 3 + 0) / 3, 4),
    "threat type right (first contacts)": (2 / 4, 4),
    # right: money, images, money = 3 · true 5 · found 4
    "demand, micro-F1 (first contacts)": (2 * 3 / 9, 4),
    "minor found": (1 / 2, 2),
    "minor taken for an adult": (1 / 2, 2),
    "adult taken for a minor": (1, 1),
    "minor claimed on a trap (minor_trap)": (1 / 2, 2),
    "stated age read": (1 / 2, 2),
    "an age read where none is stated": (0, 10),
    "suicide or self-harm found": (1 / 2, 2),
    "danger offline found": (1, 1),
    "risk raised on look-alikes (hardneg)": (1, 1),
    "risk raised on others without risk": (0, 8),
    "paid right": (1 / 2, 2),
    "paid claimed though unknown": (0, 10),
    "question recognised": (1 / 2, 2),
    "wish for a person found": (0, 1),
    "wish for a person invented": (0, 11),
    "not understood (fallback)": (1 / 12, 12),
    "suicide or self-harm found (quick_read alone)": (1 / 2, 2),
    "minor found (quick_read alone)": (1 / 2, 2),
}


@pytest.fixture(scope="module")
def measured() -> Evaluation:
    return evaluation()


@pytest.mark.parametrize("name", BY_HAND)
def test_by_hand(measured: Evaluation, name: str) -> None:
    figure = measured.ours.scores["all"][name]
    assert figure is not None
    assert figure.value == pytest.approx(BY_HAND[name][0])
    assert figure.n == BY_HAND[name][1]


def test_by_length_and_language(measured: Evaluation) -> None:
    parts = measured.ours.scores
    found = {part: parts[part]["threat type right (first contacts)"] for part in parts}
    counted = {part: (figure.value, figure.n) for part, figure in found.items() if figure}
    assert counted == {
        "all": (0.5, 4), "under 12 words": (0.5, 2), "12 to 60 words": (0.0, 1), "over 60 words": (1.0, 1),
        "English": (0.5, 4), "other languages": (None, 0),
    }  # fmt: skip
    abroad = parts["other languages"]["suicide or self-harm found"]
    assert abroad is not None
    assert (abroad.value, abroad.n) == (0.0, 1)


def test_what_a_bot_cannot_tell_is_no_zero(measured: Evaluation) -> None:
    theirs = measured.bots[1]
    assert theirs.scores["all"]["minor found"] is None
    assert "minor found" not in theirs.misses
    figure = theirs.scores["all"]["threat type right (first contacts)"]
    assert figure is not None
    assert figure.value == 0


def test_kinds_of_threat_taken_for_others(measured: Evaluation) -> None:
    assert measured.ours.confusion == {
        "financial": {"financial": 1, "image": 1}, "image": {"image": 1}, "both": {"financial": 1},
    }  # fmt: skip


def test_misses_are_the_messages_that_spoil_a_measure(measured: Evaluation) -> None:
    missed = {name: [pair.id for pair in pairs] for name, pairs in measured.ours.misses.items()}
    assert missed["threat type right (first contacts)"] == ["f2", "f4"]
    assert missed["suicide or self-harm found"] == ["r2"]
    assert missed["risk raised on look-alikes (hardneg)"] == ["h1"]
    assert missed["minor taken for an adult"] == ["f4"]
    assert "danger offline found" not in missed
    assert "risk raised on others without risk" not in missed, "self_harm is acceptable there"


# what a bot that gets all of it right says, and one that gets everything wrong
def _right(line: Line) -> dict[str, Any]:
    labels = {**line.given, "eval_topic": line.given.get("topic"), "fallback": False}
    return {**labels, "quick_read": labels}


def _wrong(line: Line) -> dict[str, Any]:
    harmless = line.given["risk"] == ["none"]
    minor = line.given["minor"] is not True
    wrong: dict[str, Any] = {
        "threat_type": "pre_threat", "demand": ["meet"], "risk": ["suicide_passive"] if harmless else ["none"],
        "minor": minor, "age": 99, "topic": "x", "eval_topic": "x", "wants_human": not line.given["wants_human"],
        "fallback": True,
    }  # fmt: skip
    claims = ("paid", "images_shared_already", "blocked_already")
    wrong |= {name: "no" if line.given[name] != "no" else "yes" for name in claims}
    return {**wrong, "quick_read": wrong}


def _measured(measure: Measure, bot: Bot) -> float | None:
    figure = bot.scores["all"][measure.name]
    return figure.value if figure else None


@pytest.fixture(scope="module")
def best_and_worst() -> tuple[Bot, Bot]:
    everybody = lines()
    for name in ("images_shared_already", "blocked_already"):
        everybody.append(Line(name, "one more", given={**UNSAID, name: "yes"}))
    best = Bot.asked("best", EVERYTHING, everybody, _right)
    return best, Bot.asked("worst", EVERYTHING, everybody, _wrong)


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.name)
def test_every_measure_tells_a_good_bot_from_a_bad_one(measure: Measure, best_and_worst: tuple[Bot, Bot]) -> None:
    best, worst = best_and_worst
    assert (_measured(measure, best), _measured(measure, worst)) == ((1, 0) if measure.good else (0, 1))
    assert measure.name not in best.misses
    assert worst.misses[measure.name]


def test_labels_that_cannot_be() -> None:
    with pytest.raises(LabelError, match="nothing to measure"):
        checked([Line("a", "hi", given={"text": "hi"})])
    with pytest.raises(LabelError, match="a: there is no threat_type 'money'"):
        checked([Line("a", "hi", given={"threat_type": "money"})])
    with pytest.raises(LabelError, match="risk must be a list"):
        checked([Line("a", "hi", given={"risk": "none"})])
