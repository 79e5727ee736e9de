"""The model card: figures are made anew set by set, what people wrote stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from breakwater.evaluation.card import counted, updated
from tests.evaluation.messages import evaluation

DATA = """version: "3.1"
nlu:
- intent: tell
  examples:
  - text: pay or else
    metadata: {threat_type: financial, age: 15}
  - text: my son is in danger
    metadata: {speaker: parent, risk: [offline_danger]}
- intent: ask_is_it_my_fault
  examples:
  - text: is it my fault
"""


@pytest.fixture
def data(tmp_path: Path) -> list[Path]:
    file = tmp_path / "data.yml"
    file.write_text(DATA, "utf8")
    return [file]


def test_what_the_training_holds(data: list[Path]) -> None:
    assert counted(data) == {
        "messages": 3, "questions": 1, "with a threat": 1, "with a danger": 1, "about somebody else": 1,
        "with an age or school year": 1,
    }  # fmt: skip


def test_a_new_card(data: list[Path]) -> None:
    card = updated(
        "", evaluation(costs={"theirs": {"seconds": 9, "cpu_seconds": 7, "peak_mb": 1800}}, notes=("Mind this.",)), data
    )
    assert card.startswith("# Model card")
    assert "**Limits.**" in card
    assert "12 messages, on 2026-11-21, with the model trained from `abc`" in card
    assert "3 messages, 1 questions" in card
    assert "Mind this." in card
    assert "theirs: trained in 9 s (7 of processor time), 1,800 MB." in card
    assert "| minor found | more | 2 | 0.50 [0.09 0.91] | n.a. |" in card
    assert "homework" not in card


def test_measured_again(data: list[Path]) -> None:
    card = updated("Our own words.\n", evaluation(), data)
    other = updated(card, evaluation(name="held out"), data)
    assert other.startswith("Our own words.\n\n<!-- begin made -->")
    again = updated(other, evaluation(model="def"), data)
    assert again.count("## Measured on: made") == 1
    assert "`def`" in again
    assert "## Measured on: held out" in again
    assert updated(again, evaluation(model="def"), data) == again


def test_a_card_that_was_cut(data: list[Path]) -> None:
    with pytest.raises(ValueError, match="without '<!-- end made -->'"):
        updated("<!-- begin made -->\n", evaluation(), data)
