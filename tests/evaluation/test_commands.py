"""`breakwater understand` and `breakwater evaluate`, with an assistant that reads nothing into any message."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from breakwater import cli
from breakwater.evaluation.understand import Understanding
from breakwater.settings import ROOT
from breakwater.support.topics import load_topics
from breakwater.understanding.facts import Reading
from breakwater.understanding.quick_read import QuickRead
from tests.evaluation.messages import RAW

UNDERSTANDING = Understanding(
    lambda text, question, today: Reading(question=question, answer="yes" if question else None),
    load_topics(ROOT / "data" / "topics.yaml"),
    QuickRead.load(ROOT / "data" / "lexicon"),
)


@pytest.fixture(autouse=True)
def untrained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Understanding, "load", lambda _: UNDERSTANDING)
    monkeypatch.setattr(cli, "_quieted", lambda: None)


def run(*arguments: str, given: str | bytes = "") -> Result:
    return CliRunner().invoke(cli.app, arguments, input=given)


def test_texts() -> None:
    done = run("understand", "yes", "im 13", "--question", "paid")
    assert done.exit_code == 0
    first, second = map(json.loads, done.stdout.splitlines())
    assert (first["id"], first["answer"], first["risk"]) == ("1", "yes", ["none"])
    assert (second["id"], second["quick_read"]["age"]) == ("2", 13)


def test_broken_lines_are_named_and_the_rest_is_read() -> None:
    given = [
        '{"id": "a", "text": "hello \\ud83d"}',
        "so what",
        '{"id": "b", "text": "15", "context": "How old are you?"}',
        '{"id": "a", "text": "once more"}',
    ]
    done = run("understand", "--file", "-", given="\n".join(given))
    assert done.exit_code == 1
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["a", "b"]
    assert "line 2: this is not JSON" in done.stderr
    assert "line 4: the id a is already that of line 1" in done.stderr
    assert "2 of the lines could not be read" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("understand", "hi", "--today", "21.11."), "not a date like 2026-11-21"),
        (("understand", "hi", "--question", "shoe_size"), "There is no question 'shoe_size'"),
        (("understand", "--file", "nowhere.jsonl"), "nowhere.jsonl"),
        (("understand",), "Say what to read"),
        (("evaluate", "nowhere.jsonl"), "nowhere.jsonl"),
        (("evaluate", "nowhere.jsonl", "--baseline", "other"), "The only baseline is `stock`"),
    ],
)
def test_mistakes_are_explained(arguments: tuple[str, ...], why: str) -> None:
    done = run(*arguments)
    assert (done.exit_code, done.stdout) == (1, "")
    assert why in done.stderr


def test_an_evaluation(tmp_path: Path) -> None:
    file, out, card = (tmp_path / name for name in ("made.jsonl", "out.json", "card.md"))
    file.write_text("\n".join([*RAW, "broken"]), "utf8")
    done = run("evaluate", str(file), "--json", str(out), "--card", str(card), "--today", "2026-11-21")
    assert done.exit_code == 1, "a line was lost"
    assert "made: 12 messages, 2026-11-21" in done.stdout
    assert "line 13: this is not JSON" in done.stdout
    assert "Topics of this set that none of ours is mapped to" not in done.stdout
    assert "homework" not in done.stdout
    assert json.loads(out.read_text("utf8"))["scores"]["Breakwater"]["all"]["paid right"]["value"] == 0
    assert "## Measured on: made" in card.read_text("utf8")
    again = run("evaluate", str(file), "--misses", "--name", "mine")
    assert "homework" not in again.stdout, "nothing was read into it"
    assert "ik wil dood" in again.stdout


def test_a_topic_that_we_do_not_have(tmp_path: Path) -> None:
    file = tmp_path / "made.jsonl"
    file.write_text('{"text": "hi", "kind": "question", "topic": "the_weather", "risk": ["none"]}', "utf8")
    done = run("evaluate", str(file))
    assert done.exit_code == 0
    assert "none of ours is mapped to: the_weather" in done.stdout
