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
_LONG_CHATS = 4
_EARLY, _LATE = range(3, 11), range(198, 206)  # the same messages: they lie 13 times the list's 15 apart
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


async def endless(open_door: Open) -> dict[str, Any]:
    """Some conversations of two hundred turns: what an early turn costs, and what the same words cost late."""
    chats = [await open_door() for _ in range(_LONG_CHATS)]
    taken: dict[int, list[float]] = {}
    for number in range(1, _LATE.stop):
        started = time.monotonic()
        text = CHAT[number % len(CHAT)]
        taken[number] = [(await chat.turn(text)).seconds for chat in chats]
        await asyncio.sleep(max(0.0, started + _PACE_SECONDS - time.monotonic()))
    for chat in chats:
        await chat.close()
    return {
        "early": spread([s for number in _EARLY for s in taken[number]]),
        "late": spread([s for number in _LATE for s in taken[number]]),
        "every_tenth": {number: spread(taken[number])["p50"] for number in range(10, _LATE.stop, 10)},
    }
