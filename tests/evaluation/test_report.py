"""The report says what was measured, of how many, and never more than it knows."""

from __future__ import annotations

import json
from dataclasses import replace

from breakwater.evaluation.figures import Figure
from breakwater.evaluation.lines import BadLine
from breakwater.evaluation.report import as_json, as_text, misses_as_text, written
from tests.evaluation.messages import evaluation


def row(report: str, name: str) -> str:
    return next(line for line in report.splitlines() if line[2:].startswith(name))


def test_a_figure_in_words() -> None:
    assert written(Figure(0.5, 0.251, 0.75, 8)) == "0.50 [0.25 0.75]"
    assert written(Figure(None, None, None, 0)) == "–"
    assert written(None) == "n.a."


def test_the_text() -> None:
    report = as_text(evaluation(lost=(BadLine(7, "it is broken"),), notes=("Mind this.",)))
    assert report.startswith("made: 12 messages, 2026-11-21, model abc\nLeft out, line 7: it is broken\nMind this.")
    assert row(report, "minor found").split() == ["+", "minor", "found", "2", "0.50", "[0.09", "0.91]", "n.a."]
    assert row(report, "minor taken for an adult").startswith("- ")
    assert "over 60 words (1 messages)" in report
    assert "blocked_already right" not in report, "no message asks for it"


def test_words_are_shown_only_where_asked_for() -> None:
    made = evaluation()
    assert "homework" not in as_text(made)
    assert "homework" not in json.dumps(as_json(made))
    shown = misses_as_text(made)
    assert "risk raised on look-alikes (hardneg): 1\n  h1  should be ['none'], read as ['suicide_passive']" in shown
    assert "homework" in shown
    assert "q2  should be human_available, read as tell" in shown


def test_the_json() -> None:
    plain = json.loads(json.dumps(as_json(replace(evaluation(), costs={"theirs": {"seconds": 9, "peak_mb": 80}}))))
    assert plain["scores"]["ours"]["all"]["paid right"]["n"] == 2
    assert plain["scores"]["theirs"]["all"]["paid right"] is None
    assert plain["misses"]["ours"]["suicide or self-harm found"] == ["r2"]
    assert plain["costs"] == {"theirs": {"seconds": 9, "peak_mb": 80}}
