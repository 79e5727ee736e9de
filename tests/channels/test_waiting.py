"""Who waits hears nothing that grows, and no place in a queue."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from breakwater.cases.records import Case
from breakwater.channels.waiting import wait_notice
from tests.chats import NIGHT

CASE = Case("c", 1, "v", NIGHT, state="waiting", rank=10, waiting_since=NIGHT)


def told(rank: int, minutes: float, here: bool = True, state: str = "waiting") -> tuple[str | None, int | None]:
    frame = wait_notice(replace(CASE, rank=rank, state=state), here, NIGHT + timedelta(minutes=minutes))
    return frame["state"], frame["minutes"]


@pytest.mark.parametrize("state", ["bot", "taken", "closed", "hidden"])
def test_who_does_not_wait_is_told_nothing(state: str) -> None:
    assert told(0, 0, state=state) == (None, None)


def test_nobody_is_promised_where_nobody_is() -> None:
    assert {told(rank, 0, here=False) for rank in range(14)} == {("nobody", None)}


def test_in_danger_no_minutes_only_that_somebody_was_called() -> None:
    assert {told(rank, 0)[0] for rank in range(9)} == {"called"}
    assert told(0, 4.9)[0] == "called" and told(0, 5.1)[0] == "late"


@pytest.mark.parametrize(("rank", "state"), [(0, "called"), (8, "called"), (9, "busy"), (12, "busy")])
def test_while_it_is_full_who_can_wait_is_told_so_and_gets_no_minutes(rank: int, state: str) -> None:
    case = replace(CASE, rank=rank)
    frame = wait_notice(case, True, NIGHT, busy=True)
    assert (frame["state"], frame["minutes"]) == (state, None)
    assert wait_notice(case, False, NIGHT, busy=True)["state"] == "nobody"


@pytest.mark.parametrize("rank", range(14))
def test_minutes_never_grow_and_end_in_an_honest_line(rank: int) -> None:
    told_over_time = [told(rank, minute) for minute in range(0, 90)]
    minutes = [found[1] for found in told_over_time if found[1] is not None]
    assert minutes == sorted(minutes, reverse=True)
    assert told_over_time[-1] == ("late", None)
    late = [found[0] for found in told_over_time].index("late")
    assert {found[0] for found in told_over_time[late:]} == {"late"}
