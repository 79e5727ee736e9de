"""Somebody is called when a life may be in danger and nobody has taken the case (rule 20)."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa

from breakwater.conversations import on_call
from breakwater.conversations.on_call import CALLED, DESK_HAS, NOT_REACHED, Calls, OnCall, whom_to_call
from breakwater.pager import FIRST, SECOND, Pager
from breakwater.settings import Settings
from breakwater.storage.tables import case_events
from tests.conversations.conftest import House

TWO = Settings(page_first="json://first.example", page_second="json://second.example")
PILLS = "i took all the pills"
BOTH = (FIRST, SECOND)


@pytest.mark.parametrize(
    ("waited", "calls", "who"),
    [
        (0, Calls(), (FIRST,)),
        (59, Calls(1, 59), ()),
        (60, Calls(1, 60), (FIRST,)),
        (119, Calls(2, 59), ()),
        (120, Calls(2, 60), BOTH),
        (419, Calls(3, 299), ()),
        (420, Calls(3, 300), BOTH),
        (420, Calls(3, 60, failed=True), BOTH),
        (900, Calls(), BOTH),  # after a restart, say
        (90_000, Calls(300, 300), BOTH),  # until somebody has taken it
    ],
)
def test_who_is_called_when(waited: float, calls: Calls, who: tuple[str, ...]) -> None:
    assert whom_to_call(waited, calls, desk_open=False) == who


def test_an_open_desk_rings_by_itself_first_and_is_no_proof_that_somebody_sits_there() -> None:
    assert whom_to_call(DESK_HAS - 1, Calls(), desk_open=True) == ()
    assert whom_to_call(DESK_HAS, Calls(), desk_open=True) == (FIRST,)


class Phones(Pager):
    """Who was called about what; `dead` do not answer."""

    def __init__(self, settings: Settings = TWO) -> None:
        super().__init__(settings)
        self.rung: list[str] = []
        self.dead: set[str] = set()

    def ring(self, who: str, since: datetime) -> bool:
        self.rung.append(who)
        return who not in self.dead


@dataclass
class Night:
    house: House
    phones: Phones = field(default_factory=Phones)
    desk_open: bool = False

    def on_call(self) -> OnCall:
        h = self.house
        return OnCall(h.store, h.keyring, self.phones, lambda _: self.desk_open, h.clock)

    async def later(self, seconds: float) -> list[str]:
        """Time passes and two looks are taken, the second after a restart; who was called meanwhile."""
        self.house.later(seconds)
        before = len(self.phones.rung)
        for _ in range(2):
            await self.on_call().look()
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
    await night.house.asked(chat, PILLS)
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
    await night.house.asked(await night.house.opened(), PILLS)
    night.phones.dead = {FIRST}
    assert await night.later(0) == [FIRST, SECOND]
    night.phones.dead = {FIRST, SECOND}
    assert await night.later(60) == [FIRST, SECOND]
    assert await night.events() == [CALLED, CALLED, NOT_REACHED]


async def test_one_person_alone_is_called_alone(night: Night) -> None:
    night.phones = Phones(Settings(page_first="json://first.example"))
    await night.house.asked(await night.house.opened(), PILLS)
    assert await night.later(0) == [FIRST]
    assert await night.later(60) == [FIRST]
    assert await night.later(60) == [FIRST]


async def test_the_desk_has_two_minutes(night: Night) -> None:
    night.desk_open = True
    await night.house.asked(await night.house.opened(), PILLS)
    assert await night.later(DESK_HAS - 1) == []
    assert await night.later(1) == [FIRST]


async def test_a_way_that_breaks_stops_no_other(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    await night.house.asked(await night.house.opened(), PILLS)
    ring = night.phones.ring

    def broken(who: str, since: datetime) -> Any:
        if who == FIRST:
            raise OSError("no network")
        return ring(who, since)

    monkeypatch.setattr(night.phones, "ring", broken)
    assert await night.later(0) == [SECOND]
    assert await night.events() == [CALLED]


async def test_a_call_that_hangs_keeps_nobody_else_waiting(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_call, "MOST_SECONDS", 0.3)
    first, second = await night.house.opened(), await night.house.opened()
    hangs, ring = threading.Event(), night.phones.ring

    def slow(who: str, since: datetime) -> bool:
        if not night.phones.rung:
            night.phones.rung.append("hangs")
            hangs.wait(5)
            return True
        return ring(who, since)

    monkeypatch.setattr(night.phones, "ring", slow)
    one = night.on_call()
    await night.house.asked(first, PILLS)
    looking = asyncio.create_task(one.look())
    await asyncio.sleep(0.1)
    await night.house.asked(second, PILLS)
    await one.look()
    hangs.set()
    await looking
    assert night.phones.rung[0] == "hangs" and FIRST in night.phones.rung[1:]
    await one.stop()


async def test_what_a_counsellor_has_seen_to_wakes_nobody_until_there_is_new_danger(night: Night) -> None:
    chat, sam = await night.house.opened(), await night.house.person()
    await night.house.asked(chat, PILLS)
    await night.house.taken_by(chat, sam)
    await night.house.counselling.hand_back((await night.house.case(chat)).id, sam, "at the hospital with mum")
    night.house.later(60)
    await night.house.asked(chat, "thank you sam")
    assert await night.later(600) == []
    await night.house.asked(chat, "i want to kill myself")
    assert set(await night.later(0)) == {FIRST, SECOND}


async def test_whoever_left_in_danger_is_called_about_once(night: Night) -> None:
    chat = await night.house.opened()
    night.desk_open = True
    await night.house.asked(chat, PILLS)
    await night.house.knows(chat, "unreachable")
    assert await night.later(DESK_HAS) == [FIRST]
    assert await night.later(600) == []


async def test_whom_a_counsellor_saw_leave_nobody_is_called_about(night: Night) -> None:
    chat, sam = await night.house.opened(), await night.house.person()
    await night.house.asked(chat, PILLS)
    await night.house.taken_by(chat, sam)
    await night.house.knows(chat, "unreachable")
    assert await night.later(600) == []


async def test_an_erased_case_is_over_and_a_failing_store_stops_nothing(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat, other = await night.house.opened(), await night.house.opened()
    await night.house.asked(chat, PILLS)
    one = night.on_call()
    ring = night.phones.ring

    def erases(who: str, since: datetime) -> bool:
        asyncio.run_coroutine_threadsafe(night.house.erasure.erase(chat), loop).result(5)
        night.phones.dead = {FIRST, SECOND}
        return ring(who, since)

    loop = asyncio.get_running_loop()
    monkeypatch.setattr(night.phones, "ring", erases)
    await one.look()
    monkeypatch.undo()
    night.phones.dead = set()
    await night.house.asked(other, PILLS)
    assert await one.look() == 1


async def test_who_cannot_be_reached_is_not_promised(night: Night) -> None:
    await night.house.asked(await night.house.opened(), PILLS)
    one = night.on_call()
    assert one.reachable
    night.phones.dead = {FIRST, SECOND}
    await one.look()
    assert not one.reachable
    night.phones.dead = set()
    night.house.later(60)
    await one.look()
    assert one.reachable
    assert not OnCall(
        night.house.store, night.house.keyring, Phones(Settings()), lambda _: False, night.house.clock
    ).reachable
