"""One neutral, silent message after a deadline, for whoever tapped that they want it: over HTTP, with the real plan,
words and clocks; only the time is moved."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from breakwater.app import Gateway
from breakwater.support import hour
from tests.channels.telegram.conftest import Clock, a_gateway, running
from tests.channels.telegram.driver import Phone
from tests.channels.telegram.planned import Planned
from tests.channels.telegram.stand_in import Json, StandIn
from tests.chats import counsellor

WRITTEN = "Hello again. This chat is open"


@dataclass
class Countdown:
    """Somebody with half an hour left, who was just offered a message for afterwards."""

    gateway: Gateway
    assistant: Planned
    clock: Clock
    phone: Phone

    @property
    def conversation(self) -> str:
        return self.assistant.heard[-1].conversation

    async def later(self, minutes: float) -> list[Json]:
        """Time passes; what stands in the chat that was not there before."""
        before = len(self.phone.telegram.of(self.phone.chat))
        self.clock.ahead += timedelta(minutes=minutes)
        await self.gateway.watch.look()
        await asyncio.sleep(0.4)
        return self.phone.telegram.of(self.phone.chat)[before:]


@pytest.fixture
async def countdown(telegram: StandIn, tmp_path: Path) -> AsyncIterator[Countdown]:
    assistant, clock, phone = Planned(), Clock(), Phone(telegram, 900)
    gateway: Any = a_gateway(telegram, tmp_path, assistant, clock)
    async with running(gateway):
        await phone.start()
        await phone.say("someone is blackmailing me, i have 30 minutes")
        await phone.told("Is it quiet now?")
        await phone.say("bye")
        await phone.told("Shall I write to you then?")
        yield Countdown(gateway, assistant, clock, phone)


async def agreed(countdown: Countdown) -> None:
    await countdown.phone.tap("Yes, please")
    await countdown.phone.told("I write once, in about 45 minutes")


async def test_opted_in_it_comes_once_neutral_and_without_a_sound(countdown: Countdown) -> None:
    await agreed(countdown)
    assert await countdown.later(44) == []
    (message,) = await countdown.later(1.5)
    assert message["text"].startswith(WRITTEN)
    assert not {"picture", "blackmail", "threat", "deadline", "time", "die", "helpline"} & set(message["text"].split())
    assert message["about"]["disable_notification"] is True
    for minutes in (1, 30, 120, 24 * 60):
        assert await countdown.later(minutes) == []


async def test_declined_it_never_comes(countdown: Countdown) -> None:
    before = len(await countdown.phone.shown())
    await countdown.phone.tap("No thanks")
    await countdown.phone.told("I won't write first")
    await countdown.phone.until(lambda seen: len(seen) == before + 2)  # with the next step; then time passes
    assert [m for minutes in (46, 10, 60) for m in await countdown.later(minutes)] == []


async def test_neither_tapped_nor_said_it_never_comes(countdown: Countdown) -> None:
    assert [m for minutes in (46, 10, 60) for m in await countdown.later(minutes)] == []


async def writes(c: Countdown) -> None:
    before = len(await c.phone.shown())
    await c.phone.say("he wrote again")
    await c.phone.until(lambda seen: len(seen) > before)


async def hides(c: Countdown) -> None:
    await c.phone.say("/hide")
    await c.phone.told("Done.")


async def erases(c: Countdown) -> None:
    await c.phone.say("/delete")
    await c.phone.told("Shall I delete it?")
    await c.phone.tap("Delete now")
    await c.phone.told("Deleted.")


async def blocks(c: Countdown) -> None:
    member = {"chat": {"id": c.phone.chat, "type": "private"}, "date": 1, "new_chat_member": {"status": "kicked"}}
    c.phone.telegram.update(my_chat_member=member)
    end = asyncio.get_running_loop().time() + 8
    while (await c.gateway.chats.case(c.conversation)).state != "unreachable":
        assert asyncio.get_running_loop().time() < end
        await asyncio.sleep(0.02)


async def is_taken(c: Countdown) -> None:
    sam = await c.gateway.store.write(counsellor, "sam")
    await c.gateway.counselling.take((await c.gateway.chats.case(c.conversation)).id, sam)
    c.gateway.presence.here(sam.id, "page", c.clock())
    await c.phone.told("Sam, a counsellor")


@pytest.mark.parametrize("happens", [writes, hides, erases, blocks, is_taken])
async def test_what_happens_meanwhile_ends_it(
    countdown: Countdown, happens: Callable[[Countdown], Awaitable[None]]
) -> None:
    await agreed(countdown)
    await happens(countdown)
    after = [m["text"] for minutes in (46, 10) for m in await countdown.later(minutes)]
    assert not [text for text in after if WRITTEN in text]


async def test_a_restart_between_loses_nothing(telegram: StandIn, tmp_path: Path, countdown: Countdown) -> None:
    await agreed(countdown)
    await countdown.gateway.stop()
    clock = Clock()
    clock.ahead = timedelta(minutes=46)
    assistant: Any = Planned()
    async with running(a_gateway(telegram, tmp_path, assistant, clock)) as again:
        await again.watch.look()
        await countdown.phone.told(WRITTEN)
        await again.watch.look()
        await asyncio.sleep(0.3)
    assert sum(WRITTEN in m["text"] for m in telegram.of(countdown.phone.chat)) == 1


async def test_the_answer_to_it_is_taken_as_anybodys_who_is_back(countdown: Countdown) -> None:
    await agreed(countdown)
    await countdown.later(46)
    case = await countdown.gateway.chats.case(countdown.conversation)
    assert (case.memory.said[-1], case.memory.question) == (hour.WRITTEN, "how_are_you")
    await writes(countdown)
