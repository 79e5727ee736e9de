"""How long a deadline leaves is read from the person's own words, and never from a time of day."""

from __future__ import annotations

import pytest

from breakwater.support import deadline


@pytest.mark.parametrize(
    ("words", "minutes"),
    [
        ("in 40 min", 40),
        ("15 mins left", 15),
        ("within 90minutes", 90),
        ("got an hour", 60),
        ("in half an hour", 30),
        ("have 1 h", 60),
        ("in two hours", 120),
        ("in 3 hrs", 180),
        ("by midnight", None),
        ("by 6pm", None),
        ("countdown", None),
        ("within 3 days", None),
        ("in 99999999999999 minutes", None),
        (None, None),
    ],
)
def test_a_length_is_read_and_a_time_of_day_is_none(words: str | None, minutes: int | None) -> None:
    assert deadline.minutes_left(words) == minutes


@pytest.mark.parametrize(
    ("words", "short"),
    [
        ("in 119 min", True),
        ("in 2 hours", False),
        ("in 120 minutes", False),
        ("countdown", True),
        ("by midnight", False),
        ("a countdown, 3 hours", True),
        (None, False),
    ],
)
def test_under_two_hours_or_a_clock_that_runs(words: str | None, short: bool) -> None:
    assert deadline.short(words) is short


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("by 11", True),
        ("at 9pm", True),
        ("by midnight", False),
        ("3 days", False),
        ("in 4 hours", False),
        (None, False),
    ],
)
def test_an_hour_that_is_named_may_be_soon(words: str | None, named: bool) -> None:
    assert deadline.time_of_day(words) is named
