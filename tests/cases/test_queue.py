"""The queue: the most severe first, and one case never in two hands."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from breakwater.cases import queue, records
from breakwater.cases.counsellors import Counsellor
from breakwater.cases.records import Case
from breakwater.conversations import inbox
from breakwater.privacy.keyring import Keyring
from breakwater.storage.store import Store
from breakwater.storage.tables import case_events, cases
from tests.chats import GREETING, NIGHT, a_case, at, counsellor

ROUTINE: dict[str, Any] = {}
CHILD: dict[str, Any] = {"threat_type": "financial", "age": 15, "minor": "yes"}
RISK: dict[str, Any] = {"risk": ("suicide_passive",)}
PLAN: dict[str, Any] = {"risk": ("suicide_active",)}

Made = Callable[..., Coroutine[Any, Any, Case]]


@pytest.fixture
def made(store: Store, keyring: Keyring) -> Made:
    async def make(state: str = "waiting", seconds: float = 0, **facts: Any) -> Case:
        return await store.write(a_case, keyring, state, at(seconds), **facts)

    return make


async def people(store: Store, number: int) -> list[Counsellor]:
    return [await store.write(counsellor, f"c{n}") for n in range(number)]


async def holder(store: Store, case: Case) -> tuple[str, str | None]:
    query = sa.select(cases.c.state, cases.c.counsellor_id).where(cases.c.id == case.id)
    found: Any = await store.read(lambda connection: connection.execute(query).one())
    return found.state, found.counsellor_id


def race(store: Store, tries: list[Callable[[Connection], Any]]) -> list[Any]:
    """All of these at once, each in a thread and a transaction of its own."""
    with ThreadPoolExecutor(len(tries)) as threads:
        return list(threads.map(lambda work: asyncio.run(store.write(work)), tries))


# --- order ---------------------------------------------------------------------------------------------


async def test_most_severe_first_then_longest_waiting_then_the_lower_number(
    store: Store, keyring: Keyring, made: Made
) -> None:
    cases_made = {
        "soon": await made(seconds=-900, threat_type="financial"),
        "risk, waits since later": await made(seconds=10, **RISK),
        "child": await made(seconds=-600, **CHILD),
        "risk": await made(seconds=0, **RISK),
        "plan": await made(seconds=60, **PLAN),
        "risk, as long, higher number": await made(seconds=0, **RISK),
    }
    names = {case.id: name for name, case in cases_made.items()}
    found = [names[e.case.id] for e in await store.read(queue.entries, keyring.of)]
    assert found == [
        "plan", "risk", "risk, as long, higher number", "risk, waits since later", "child", "soon",
    ]  # fmt: skip


async def test_only_the_states_that_are_asked_for(store: Store, keyring: Keyring, made: Made) -> None:
    for state in ("bot", "waiting", "sleeping", "closed", "unreachable", "hidden"):
        await made(state)
    assert [e.case.state for e in await store.read(queue.entries, keyring.of)] == ["waiting"]
    both = await store.read(queue.entries, keyring.of, ("bot", "unreachable"))
    assert sorted(e.case.state for e in both) == ["bot", "unreachable"]


async def test_what_is_erased_is_left_out_and_the_rest_is_shown(store: Store, keyring: Keyring, made: Made) -> None:
    gone, there = await made(**PLAN), await made(**RISK)
    keyring.destroy(gone.conversation_id)
    assert [e.case.id for e in await store.read(queue.entries, keyring.of)] == [there.id]


async def test_a_case_nobody_can_read_does_not_hide_the_others(store: Store, keyring: Keyring, made: Made) -> None:
    broken, there = await made(**PLAN), await made(**RISK)
    spoil = sa.update(cases).where(cases.c.id == broken.id).values(sealed=b"spoiled on the disk")
    await store.write(lambda connection: connection.execute(spoil))
    assert [e.case.id for e in await store.read(queue.entries, keyring.of)] == [there.id]


async def test_an_entry_says_who_has_the_case_and_when_the_person_wrote(
    store: Store, keyring: Keyring, made: Made
) -> None:
    case = await made()
    (sam,) = await people(store, 1)
    await store.write(queue.claim, case.id, sam.id, at(5), 4)
    (entry,) = await store.read(queue.entries, keyring.of, ("taken",))
    assert (entry.counsellor, entry.channel, entry.last_in) == (sam.name, "web", None)
    assert (entry.case.claimed_at, entry.case.waiting_since) == (at(5), None)


# --- claim ---------------------------------------------------------------------------------------------


def test_of_fifty_who_try_at_once_exactly_one_wins(store: Store, made: Made) -> None:
    case = asyncio.run(made(**PLAN))
    fifty = asyncio.run(people(store, 50))
    won = race(store, [lambda c, who=who: queue.claim(c, case.id, who.id, NIGHT, 4) for who in fifty])
    assert won.count(True) == 1
    state, who = asyncio.run(holder(store, case))
    assert (state, who) == ("taken", fifty[won.index(True)].id)
    claims = sa.select(sa.func.count()).where(case_events.c.case_id == case.id, case_events.c.event == "claim")
    assert asyncio.run(store.read(lambda connection: connection.scalar(claims))) == 1


def test_taking_the_next_at_once_hands_out_different_cases(store: Store, made: Made) -> None:
    waiting = [asyncio.run(made(seconds=n, **RISK)) for n in range(5)]
    eight = asyncio.run(people(store, 8))
    got = race(store, [lambda c, who=who: queue.take_next(c, who.id, NIGHT, 4) for who in eight])
    assert sorted(filter(None, got)) == sorted(case.id for case in waiting)
    assert got.count(None) == 3


def test_the_cap_holds_also_for_one_who_tries_everything_at_once(store: Store, made: Made) -> None:
    waiting = [asyncio.run(made(**RISK)) for _ in range(8)]
    (sam,) = asyncio.run(people(store, 1))
    won = race(store, [lambda c, case=case: queue.claim(c, case.id, sam.id, NIGHT, 2) for case in waiting])
    assert won.count(True) == 2


async def test_the_next_is_the_most_severe(store: Store, made: Made) -> None:
    await made(seconds=-900, **CHILD)
    worst = await made(seconds=0, **PLAN)
    (sam,) = await people(store, 1)
    assert await store.write(queue.take_next, sam.id, NIGHT, 4) == worst.id


async def test_who_holds_the_cap_gets_no_more_until_one_is_let_go(store: Store, keyring: Keyring, made: Made) -> None:
    one, two = await made(**RISK), await made(**RISK)
    (sam,) = await people(store, 1)
    assert await store.write(queue.claim, one.id, sam.id, NIGHT, 1)
    assert not await store.write(queue.claim, two.id, sam.id, NIGHT, 1)
    assert await store.write(queue.take_next, sam.id, NIGHT, 1) is None
    key = keyring.of(one.conversation_id)
    taken = await store.read(records.peek, key, one.conversation_id)
    await store.write(records.save, key, taken.on("hand_back", NIGHT), NIGHT)
    assert await store.write(queue.claim, two.id, sam.id, NIGHT, 1)


@pytest.mark.parametrize(
    ("state", "claimable"),
    [("bot", True), ("waiting", True), ("taken", False), ("sleeping", False), ("closed", False),
     ("unreachable", False), ("hidden", False)],
)  # fmt: skip
async def test_which_cases_may_be_taken(store: Store, made: Made, state: str, claimable: bool) -> None:
    case = await made(state)
    (sam,) = await people(store, 1)
    assert await store.write(queue.claim, case.id, sam.id, NIGHT, 4) is claimable
    assert await holder(store, case) == (("taken", sam.id) if claimable else (state, None))


async def test_a_case_that_does_not_exist_cannot_be_taken(store: Store) -> None:
    (sam,) = await people(store, 1)
    assert not await store.write(queue.claim, "nothing", sam.id, NIGHT, 4)


# --- numbers -------------------------------------------------------------------------------------------


def test_forty_who_open_a_chat_at_once_all_get_one_with_a_number_of_its_own(store: Store, keyring: Keyring) -> None:
    def open_one(number: int) -> Callable[[Connection], Case]:
        key = keyring.new(f"v{number}")
        return lambda c: inbox.open_conversation(c, key, f"v{number}", "web", f"h{number}", GREETING, NIGHT)

    opened = race(store, [open_one(number) for number in range(40)])
    assert sorted(case.number for case in opened) == list(range(1, 41))
