"""Who stands in the queue of a helpline whose counsellors are not for everybody (safeguarding rule 18)."""

from __future__ import annotations

from typing import Any

import pytest

from breakwater.cases import queue
from tests.conversations.conftest import House
from tests.conversations.test_watch_live import Night

CHILD: dict[str, Any] = {"threat_type": "image", "age": 15, "minor": "yes"}
ADULT: dict[str, Any] = {"threat_type": "financial", "age": 34, "minor": "no"}
GB = {"remit_countries": "GB"}


async def told(house: House, words: str = "he wants more", **facts: Any) -> str:
    """Somebody of whom this was understood, and who was answered; asking for a person at the same time."""
    chat = await house.opened()
    house.assistant.understands = lambda _: facts
    house.assistant.requests = ("handover",)
    await house.asked(chat, words)
    return chat


@pytest.mark.parametrize(
    ("profile", "facts", "state"),
    [
        ({}, {**CHILD, "country": "FR"}, "waiting"),
        (GB, CHILD, "waiting"),
        (GB, {**CHILD, "country": "GB"}, "waiting"),
        (GB, {**CHILD, "country": "FR"}, "bot"),
        (GB, {**CHILD, "country": "FR", "now": ("live_coercion",)}, "waiting"),
        (GB, {**CHILD, "country": "FR", "risk": ("self_harm",)}, "waiting"),
        ({"remit_languages": "en"}, {**CHILD, "language": "nl"}, "bot"),
        ({"serves_adults": "no"}, {**ADULT, "home_unsafe": "yes"}, "bot"),
        ({"serves_adults": "until_safe"}, {**ADULT, "home_unsafe": "yes"}, "waiting"),
        ({"serves_adults": "until_safe"}, ADULT, "bot"),
        ({"serves_adults": "no"}, CHILD, "waiting"),
    ],
)
async def test_who_is_queued(house: House, profile: dict[str, Any], facts: dict[str, Any], state: str) -> None:
    house.profile = profile
    chat = await told(house, **facts)
    assert (await house.case(chat)).state == state


async def test_words_of_risk_queue_at_once_without_the_assistant(house: House) -> None:
    house.profile, house.assistant.away = GB, True
    chat = await told(house, "hello")
    await house.knows(chat, **CHILD, country="FR")
    assert (await house.says(chat, "he wants more")).case.state == "bot"
    await house.settled(chat)
    await house.asked(chat, "i want to kill myself tonight")
    case = await house.case(chat)
    assert (case.state, case.tier) == ("waiting", "immediate")


async def test_who_turns_out_to_be_from_elsewhere_leaves_the_queue_and_is_back_in_danger(house: House) -> None:
    house.profile = GB
    chat = await told(house, **CHILD)
    assert (await house.case(chat)).state == "waiting"
    house.assistant.understands = lambda _: {"country": "FR"}
    await house.asked(chat, "im in france")
    case = await house.case(chat)
    assert (case.state, case.waiting_since) == ("bot", None)
    await house.asked(chat, "i want to die")
    assert (await house.case(chat)).state == "waiting"


async def test_how_many_wait_is_known_to_the_watch(house: House) -> None:
    night = Night(house)
    for _ in range(3):
        await told(house, **CHILD)
    taken = await told(house, **CHILD)
    await house.taken_by(taken, await house.person())
    watch = night.watch()
    assert watch.waiting == 0
    await watch.look()
    assert watch.waiting == 3 == await house.store.read(queue.waiting)
