"""The message that somebody asked for after a deadline (safeguarding rule 24 S): once, at its time, and only if nothing
has happened since."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from math import inf
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from breakwater.cases import records
from breakwater.cases.records import Case
from breakwater.conversations import transcript
from breakwater.conversations.watch import Clocks, Due, due
from breakwater.privacy.keyring import Keyring
from breakwater.storage.tables import cases, conversations, messages
from breakwater.support import hour
from tests.chats import NIGHT
from tests.conversations.conftest import House
from tests.conversations.test_watch_live import Night

MINUTE = 60.0


@pytest.fixture
def night(house: House) -> Night:
    return Night(house)


@dataclass
class Agreed:
    """A chat on Telegram whose person was told that their time ends in half an hour, and said yes to a message."""

    night: Night
    chat: str

    async def later(self, minutes: float) -> int:
        return await self.night.later(minutes * MINUTE)

    async def written(self) -> int:
        found = await self.night.house.transcript(self.chat)
        return sum(m.body.get("response") == hour.WRITTEN for m in found)


async def agreed(night: Night, channel: str = "telegram", yes: bool = True) -> Agreed:
    house = night.house
    chat = await house.opened()
    await house.asked(chat, "in 30 min he sends it")

    def work(connection: Connection) -> None:
        connection.execute(sa.update(conversations).where(conversations.c.id == chat).values(channel=channel))
        key = house.keyring.of(chat)
        case = records.load(connection, key, chat)
        ends = (house.now + timedelta(minutes=30)).isoformat()
        case = replace(case, memory=replace(case.memory, deadline_at=ends))
        reply = {"response": hour.AGREED if yes else hour.NOT_WANTED, "text": "…", "tags": []}
        records.save(connection, key, transcript.say_ours(connection, key, case, reply, house.now), house.now)

    await house.store.write(work)
    return Agreed(night, chat)


async def test_it_is_written_once_a_quarter_of_an_hour_after_the_deadline(night: Night) -> None:
    one = await agreed(night)
    assert await one.later(44) == 0
    assert await one.later(1) == 1
    said = await night.last(one.chat)
    assert (said["response"], said["from"], "{" in said["text"]) == (hour.WRITTEN, "assistant", False)
    for minutes in (1, 30, 60, 24 * 60):
        assert await one.later(minutes) == 0
    assert await one.written() == 1


async def test_who_said_no_is_left_in_peace(night: Night) -> None:
    one = await agreed(night, yes=False)
    for minutes in (45, 5, 30):
        assert await one.later(minutes) == 0


async def test_on_the_web_nobody_is_written_to(night: Night) -> None:
    one = await agreed(night, channel="web")
    assert await one.later(46) == 0


async def writes(one: Agreed) -> None:
    await one.night.house.asked(one.chat, "hello")


async def hides(one: Agreed) -> None:
    one.night.house.assistant.requests = ("hide",)
    await one.night.house.asked(one.chat, "hide")


async def leaves(one: Agreed) -> None:
    key, house = one.night.house.keyring.of(one.chat), one.night.house
    case = await house.case(one.chat)
    await house.store.write(records.save, key, case.on("person_left", house.now), house.now, "person_left")


async def erases(one: Agreed) -> None:
    await one.night.house.erasure.erase(one.chat)


async def is_taken(one: Agreed) -> None:
    sam = await one.night.house.person()
    await one.night.house.taken_by(one.chat, sam)
    one.night.desk.here.add(sam.id)


async def is_taken_and_handed_back(one: Agreed) -> None:
    sam = await one.night.house.person()
    case_id = await one.night.house.taken_by(one.chat, sam)
    one.night.house.later(1)
    await one.night.house.counselling.hand_back(case_id, sam, "all is said")


async def is_taken_and_closed(one: Agreed) -> None:
    sam = await one.night.house.person()
    await one.night.house.counselling.close(await one.night.house.taken_by(one.chat, sam), sam, "all is said")


async def was_answered_late(one: Agreed) -> None:
    house = one.night.house
    key = house.keyring.of(one.chat)

    def work(connection: Connection) -> None:
        case = records.load(connection, key, one.chat)
        reply = house.spoken("utter_late", case)
        records.save(connection, key, transcript.say_ours(connection, key, case, reply, house.now), house.now)

    await house.store.write(work)


@pytest.mark.parametrize(
    "happens",
    [writes, hides, leaves, erases, is_taken, is_taken_and_handed_back, is_taken_and_closed, was_answered_late],
)
async def test_what_happens_meanwhile_ends_it(night: Night, happens: Callable[[Agreed], Awaitable[Any]]) -> None:
    one, untouched = await agreed(night), await agreed(night)
    night.house.later(10 * MINUTE)
    await happens(one)
    night.house.later(36 * MINUTE)
    for _ in range(3):
        await night.watch().look()
    assert await untouched.written() == 1
    if happens is not erases:
        assert await one.written() == 0


ALL_IS_SO = Clocks(person=3600, us=3590, typed=inf, desk_gone=None, asked_for=0)


@pytest.mark.parametrize(
    ("case", "clocks", "said", "is_due"),
    [
        ({}, {}, (), True),
        ({"state": "waiting"}, {}, (), True),
        ({"state": "declined"}, {}, (), True),
        ({}, {"asked_for": None}, (), False),
        ({}, {"asked_for": -1}, (), False),
        ({}, {}, (hour.WRITTEN,), False),
        ({}, {}, ("utter_silence_180",), False),
        ({}, {}, ("utter_late",), False),
        *(({"state": state}, {}, (), False) for state in ("taken", "hidden", "unreachable", "closed", "sleeping")),
    ],
)
def test_when_it_is_due(case: dict[str, Any], clocks: dict[str, Any], said: tuple[str, ...], is_due: bool) -> None:
    found = due(Case("c", 1, "k", NIGHT, **case), replace(ALL_IS_SO, **clocks), frozenset({hour.AGREED, *said}))
    assert (found == Due(hour.WRITTEN)) is is_due


async def test_a_restart_loses_nothing_and_sends_nothing_twice(night: Night) -> None:
    one = await agreed(night)
    house = night.house
    house.keyring = Keyring(house.store, house.keyring._master)  # nothing of it was in memory
    assert await one.later(45) == 1
    assert await night.watch().look() == 0


async def test_after_a_long_failure_of_ours_it_is_not_written_any_more(night: Night) -> None:
    one, other = await agreed(night), await agreed(night)
    assert await other.later(45 + 59) == 2
    assert await one.written() == 1
    late = await agreed(night)
    assert await late.later(45 + 60) == 0
    assert await late.written() == 0


async def test_the_time_lies_sealed_and_goes_with_the_case(night: Night) -> None:
    one = await agreed(night)
    house = night.house
    at = (await house.case(one.chat)).memory.deadline_at
    assert at

    def everything(connection: Connection) -> str:
        tables = (cases, messages, conversations)
        return str([tuple(row) for table in tables for row in connection.execute(sa.select(table))])

    stored = await house.store.read(everything)
    assert one.chat in stored
    assert at not in stored and at[:16] not in stored and "deadline" not in stored
    await house.erasure.erase(one.chat)
    assert one.chat not in await house.store.read(everything)
