"""Turns at the doors: one person alone, many at once, and one conversation that goes on and on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from bench.doors import Answered, Door
from bench.figures import spread
from bench.machine import cpu_seconds
from bench.words import CHAT

Open = Callable[[], Awaitable[Door]]
USERS = 20
_LONG_CHATS = 3
_EARLY = range(3, 11)
_PACE_SECONDS = 0.75  # between two messages of a chat: the gateway takes one in 0.7 s, after twenty at once


async def talk(door: Door, words: Sequence[str] = CHAT) -> list[Answered]:
    """One conversation, each message after the answer to the one before."""
    try:
        return [await door.turn(text) for text in words]
    finally:
        await door.close()


async def alone(doors: Mapping[str, Open], chats: int) -> dict[str, dict[str, float]]:
    """One person at a time, each chat at every door in turn, so that what else the machine does falls on all alike."""
    found: dict[str, list[Answered]] = {name: [] for name in doors}
    for open_door in doors.values():  # a chat that does not count: everything is loaded and warm
        await talk(await open_door())
    for _ in range(chats):
        for name, open_door in doors.items():
            found[name] += await talk(await open_door())
    return {
        name: {**spread([turn.seconds for turn in found[name]]), "silent": sum(turn.silent for turn in found[name])}
        for name in doors
    }


async def crowd(
    doors: Mapping[str, Open], pids: Mapping[str, Sequence[int]], rounds: int, chats_each: int
) -> dict[str, dict[str, float]]:
    """Twenty people at once, each writing as soon as there is an answer; at every door in turn.

    `per_second` are messages answered; `cpu_ms` is the processor time of all processes for one of them.
    """
    seconds: dict[str, list[float]] = {name: [] for name in doors}
    took = dict.fromkeys(doors, 0.0)
    used = dict.fromkeys(doors, 0.0)
    for _ in range(rounds):
        for name, open_door in doors.items():
            opened = [await open_door() for _ in range(USERS * chats_each)]
            before, started = cpu_seconds(pids[name]), time.monotonic()
            answers = await asyncio.gather(*(_one_after_another(opened[n::USERS]) for n in range(USERS)))
            took[name] += time.monotonic() - started
            used[name] += cpu_seconds(pids[name]) - before
            seconds[name] += [turn.seconds for person in answers for turn in person]
    return {
        name: {
            **spread(values),
            "per_second": round(len(values) / took[name], 1),
            "cpu_ms": round(used[name] / len(values) * 1000, 1),
        }
        for name, values in seconds.items()
    }


async def _one_after_another(chats: Sequence[Door]) -> list[Answered]:
    return [turn for chat in chats for turn in await talk(chat)]


async def endless(doors: Mapping[str, Open], late: int) -> dict[str, Any]:
    """Conversations that go on and on: what turns 3 to 10 cost, and the same words from turn `late` on."""
    rounds = (late - _EARLY.start) // len(CHAT)
    lates = range(_EARLY.start + rounds * len(CHAT), _EARLY.stop + rounds * len(CHAT))
    chats: dict[str, list[Door]] = {}
    for name, open_door in doors.items():
        chats[name] = [await open_door() for _ in range(_LONG_CHATS)]
    taken: dict[str, dict[int, list[float]]] = {name: {} for name in doors}
    for number in range(1, lates.stop):
        started = time.monotonic()
        for name, own in chats.items():
            taken[name][number] = [(await chat.turn(CHAT[number % len(CHAT)])).seconds for chat in own]
        await asyncio.sleep(max(0.0, started + _PACE_SECONDS - time.monotonic()))
    for chat in (chat for own in chats.values() for chat in own):
        await chat.close()
    return {
        name: {
            "early": spread([s for number in _EARLY for s in times[number]]),
            "late": spread([s for number in lates for s in times[number]]),
            "every_tenth": {number: spread(times[number])["p50"] for number in range(10, lates.stop, 10)},
        }
        for name, times in taken.items()
    }
