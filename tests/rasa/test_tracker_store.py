"""The tracker store keeps nothing: a turn brings its slots and takes them away, and no other turn sees them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered

from breakwater.rasa.connector import FACT_SLOTS
from breakwater.rasa.tracker_store import PerTurn, Slots, turn_slots
from breakwater.settings import ROOT


@pytest.fixture(scope="module")
def domain() -> Domain:
    return Domain.from_file(str(ROOT / "domain.yml"))


@pytest.fixture
def store(domain: Domain) -> PerTurn:
    return PerTurn(domain)


async def a_turn(store: PerTurn, given: dict[str, Any], *changes: SlotSet) -> dict[str, Any]:
    """One turn as Rasa plays it: retrieve, events, save; the slots after it."""
    slots = Slots(given)
    turn_slots.set(slots)
    tracker = await store.retrieve("same sender")
    for change in changes:
        await asyncio.sleep(0)
        tracker.update(change)
    await store.save(tracker)
    return slots.values


async def test_a_turn_begins_with_what_was_sent_and_ends_with_what_was_set(store: PerTurn) -> None:
    after = await a_turn(store, {"age": 15, "memory": {"turns": 2}}, SlotSet("requests", ["handover"]))
    assert (after["age"], after["memory"], after["requests"]) == (15, {"turns": 2}, ["handover"])


async def test_the_next_turn_knows_nothing_of_the_last(store: PerTurn) -> None:
    await asyncio.create_task(a_turn(store, {"age": 15}, SlotSet("requests", ["hide"])))
    after = await asyncio.create_task(a_turn(store, {}))
    assert not any(after.values())


async def test_turns_at_once_never_mix(store: PerTurn) -> None:
    """Each request is a task of its own; the conversation's id is the same on purpose."""
    turns = [a_turn(store, {"age": n}, SlotSet("platform", [str(n)]), SlotSet("amount", str(n))) for n in range(30)]
    done = await asyncio.gather(*(asyncio.create_task(turn) for turn in turns))
    assert [(d["age"], d["platform"], d["amount"]) for d in done] == [(n, [str(n)], str(n)) for n in range(30)]


async def test_what_is_saved_in_a_task_of_the_turn_reaches_it(store: PerTurn) -> None:
    """Rasa handles a message in a task of its own, for the deadline."""
    slots = Slots({"age": 15})
    turn_slots.set(slots)

    async def handled() -> None:
        tracker = await store.retrieve("x")
        tracker.update(SlotSet("memory", {"turns": 1}))
        await store.save(tracker)

    await asyncio.wait_for(handled(), 2)
    assert (slots.values["age"], slots.values["memory"]) == (15, {"turns": 1})


async def test_outside_a_turn_the_tracker_is_empty_and_saving_is_harmless(store: PerTurn) -> None:
    async def outside() -> None:
        tracker = await store.retrieve("x")
        assert not any(tracker.current_slot_values().values())
        await store.save(tracker)

    await asyncio.create_task(outside())


async def test_a_message_is_the_first_of_its_tracker(store: PerTurn) -> None:
    turn_slots.set(Slots({"age": 15}))
    tracker = await store.retrieve("x")
    assert not [event for event in tracker.events if isinstance(event, UserUttered)]
    assert tracker.latest_action_name == "action_listen"


def test_every_fact_has_its_slot_which_no_model_reads(domain: Domain) -> None:
    slots = {slot.name: slot for slot in domain.slots}
    for name in (*FACT_SLOTS, "memory", "place", "reading", "requests"):
        assert not slots[name].has_features(), name
