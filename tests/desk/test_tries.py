from __future__ import annotations

from datetime import datetime, timedelta, timezone

from breakwater.desk.tries import Tries

NOW = datetime(2026, 11, 21, tzinfo=timezone.utc)
NONE = timedelta()


def test_five_are_free_then_waits_double_up_to_a_quarter_of_an_hour() -> None:
    tries, now, waits = Tries(), NOW, []
    assert [tries.attempt("sam", now) for _ in range(5)] == [NONE] * 5
    for _ in range(7):
        waits.append(wait := tries.attempt("sam", now))
        now += wait
        assert tries.attempt("sam", now) == NONE
    assert [w.total_seconds() for w in waits] == [30, 60, 120, 240, 480, 900, 900]


def test_a_refused_try_does_not_lengthen_the_wait() -> None:
    tries = Tries()
    for _ in range(5):
        tries.attempt("sam", NOW)
    first = tries.attempt("sam", NOW)
    assert tries.attempt("sam", NOW + timedelta(seconds=10)) == first - timedelta(seconds=10)


def test_others_are_not_held_up_and_an_hour_forgets() -> None:
    tries = Tries()
    for _ in range(6):
        tries.attempt("sam", NOW)
    assert tries.attempt("kim", NOW) == NONE
    later = NOW + timedelta(hours=1, seconds=1)
    assert [tries.attempt("sam", later) for _ in range(5)] == [NONE] * 5


def test_success_clears_the_count() -> None:
    tries = Tries()
    for _ in range(5):
        tries.attempt("sam", NOW)
    tries.succeeded("sam")
    assert tries.attempt("sam", NOW) == NONE
