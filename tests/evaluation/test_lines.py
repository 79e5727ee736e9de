"""JSONL in: what is wrong is named with its line, and everything else is read."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breakwater.evaluation.lines import BadLine, Line, day_of, read_lines

DAY = date(2026, 11, 21)


def kind_of(context: str) -> str | None:
    return "age" if "old" in context else None


def read(*raw: Any, question: str | None = None) -> list[Line | BadLine]:
    lines = [line if isinstance(line, str) else json.dumps(line) for line in raw]
    return list(read_lines(lines, kind_of, question, DAY))


def test_a_line_with_all_it_may_have() -> None:
    (line,) = read({"id": "a", "text": "15", "context": "And how old are you?", "today": "2025-01-31", "minor": True})
    assert isinstance(line, Line)
    assert (line.id, line.text, line.question, line.today) == ("a", "15", "age", date(2025, 1, 31))
    assert line.given["minor"] is True


def test_what_a_line_does_not_say() -> None:
    first, second = read({"text": "hi"}, {"text": "15", "context": "Nice weather."}, question="paid")
    assert isinstance(first, Line)
    assert isinstance(second, Line)
    assert (first.id, first.question, first.today) == ("1", "paid", DAY)
    assert second.question is None, "a context that asks nothing known is no other question"


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("oh dear", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[1, 2]", "not an object"),
        ({"id": "x"}, "no \"text\""),
        ({"text": " \n "}, "no \"text\""),
        ({"text": 15}, "no \"text\""),
        ({"text": "hi", "context": ["how old"]}, "context"),
        ({"text": "hi", "id": ["x"]}, "\"id\""),
        ({"text": "hi", "id": True}, "\"id\""),
        ({"text": "hi", "id": "first"}, "already that of line 1"),
        ({"text": "hi", "today": "2026-02-30"}, "'2026-02-30' is not a date like 2026-11-21"),
    ],
)  # fmt: skip
def test_a_broken_line_is_named_and_the_others_are_read(raw: Any, why: str) -> None:
    first, bad, last = read({"id": "first", "text": "one"}, raw, {"id": "last", "text": "three"})
    assert isinstance(bad, BadLine)
    assert bad.number == 2
    assert str(bad).startswith("line 2: ")
    assert why in bad.why
    assert [line.id for line in (first, last) if isinstance(line, Line)] == ["first", "last"]


def test_empty_lines_and_a_byte_order_mark_are_nothing() -> None:
    (line,) = read("", "\ufeff" + json.dumps({"text": "hi"}), "  \r\n")
    assert isinstance(line, Line)
    assert line.id == "2"


@given(st.text())
def test_no_line_can_break_the_reading(raw: str) -> None:
    assert len(read(raw, {"text": "hi", "id": "last"})) in (1, 2)


def test_a_day_is_a_day() -> None:
    assert day_of("2026-11-21") == DAY
    with pytest.raises(ValueError, match="not a date"):
        day_of("tomorrow")
