"""Somebody is called when a life may be in danger and nobody has taken the case (rule 20)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa

from breakwater.conversations.on_call import CALLED, DESK_HAS, NOT_REACHED, OnCall, called
from breakwater.pager import FIRST, SECOND, Pager
from breakwater.settings import Settings
from breakwater.storage.tables import case_events
from tests.conversations.conftest import House

NOBODY_YET = float("inf")
TWO = Settings(page_first="json://first.example", page_second="json://second.example")


@pytest.mark.parametrize(
    ("waited", "calls", "since_last", "who"),
    [
        (0, 0, NOBODY_YET, (FIRST,)),
        (59, 1, 59, ()),
        (60, 1, 60, (FIRST,)),
        (119, 2, 59, ()),
        (120, 2, 60, (FIRST, SECOND)),
        (419, 3, 299, ()),
        (420, 3, 300, (FIRST, SECOND)),
        (90_000, 300, 300, (FIRST, SECOND)),  # until somebody has taken it
    ],
)
def test_who_is_called_when(waited: float, calls: int, since_last: float, who: tuple[str, ...]) -> None:
    assert called(waited, calls, since_last, desk_open=False) == who


def test_an_open_desk_rings_by_itself_first_and_is_no_proof_that_somebody_sits_there() -> None:
    assert called(DESK_HAS - 1, 0, NOBODY_YET, desk_open=True) == ()
    assert called(DESK_HAS, 0, NOBODY_YET, desk_open=True) == (FIRST,)


class Phones(Pager):
    """Who was called about what; `dead` do not answer."""

    def __init__(self, settings: Settings = TWO) -> None:
        super().__init__(settings)
        self.rung: list[str] = []
        self.dead: set[str] = set()

    def ring(self, who: str, number: int) -> bool:
        self.rung.append(who)
        return who not in self.dead


@dataclass
class Night:
    house: House
    phones: Phones = field(default_factory=Phones)
    desk_open: bool = False

    async def later(self, seconds: float) -> list[str]:
        """Time passes and two looks are taken, as of two processes one after the other; who was called meanwhile."""
        self.house.later(seconds)
        before = len(self.phones.rung)
        for _ in range(2):
            h = self.house
            await OnCall(h.store, h.keyring, self.phones, lambda _: self.desk_open, h.clock).look()
        return self.phones.rung[before:]

    async def events(self) -> list[str]:
        query = sa.select(case_events.c.event).order_by(case_events.c.at)
        rows = await self.house.store.read(lambda connection: connection.execute(query).scalars().all())
        return [event for event in rows if event in (CALLED, NOT_REACHED)]


@pytest.fixture
def night(house: House) -> Night:
    return Night(house)


async def test_they_are_called_once_each_time_and_until_it_is_taken(night: Night) -> None:
    chat = await night.house.opened()
    await night.house.asked(chat, "i took all the pills")
    assert await night.later(0) == [FIRST]
    assert await night.later(30) == []
    assert await night.later(30) == [FIRST]
    assert await night.later(60) == [FIRST, SECOND]
    assert await night.later(200) == []
    await night.house.taken_by(chat, await night.house.person())
    assert await night.later(900) == []
    assert await night.events() == [CALLED] * 3


@pytest.mark.parametrize("words", ["hello", "she wants 200 or she posts my pics. im 14"])
async def test_nobody_is_woken_for_what_can_wait_for_the_desk(night: Night, words: str) -> None:
    await night.house.asked(await night.house.opened(), words)
    assert await night.later(600) == []


async def test_a_phone_that_cannot_be_reached_costs_no_minute(night: Night) -> None:
    await night.house.asked(await night.house.opened(), "i took all the pills")
    night.phones.dead = {FIRST}
    assert await night.later(0) == [FIRST, SECOND]
    night.phones.dead = {FIRST, SECOND}
    assert await night.later(60) == [FIRST, SECOND]
    assert await night.events() == [CALLED, NOT_REACHED]


async def test_one_person_alone_is_called_alone(night: Night) -> None:
    night.phones = Phones(Settings(page_first="json://first.example"))
    await night.house.asked(await night.house.opened(), "i took all the pills")
    assert await night.later(0) == [FIRST]
    assert await night.later(60) == [FIRST]
    assert await night.later(60) == [FIRST]


async def test_the_desk_has_two_minutes(night: Night) -> None:
    night.desk_open = True
    await night.house.asked(await night.house.opened(), "i took all the pills")
    assert await night.later(DESK_HAS - 1) == []
    assert await night.later(1) == [FIRST]


async def test_a_way_that_breaks_stops_no_other(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    await night.house.asked(await night.house.opened(), "i took all the pills")
    ring = night.phones.ring

    def broken(who: str, number: int) -> Any:
        if who == FIRST:
            raise OSError("no network")
        return ring(who, number)

    monkeypatch.setattr(night.phones, "ring", broken)
    assert await night.later(0) == [SECOND]
    assert await night.events() == [CALLED]
