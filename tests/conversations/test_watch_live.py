"""The watch over a real store: what is due is said once, stored, and the case goes where it must."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa

from breakwater.cases.counsellors import Counsellor
from breakwater.conversations import watch as room
from breakwater.conversations.live import DESK
from breakwater.conversations.watch import Watch
from breakwater.storage.tables import case_events, cases
from tests.conversations.conftest import House


@dataclass
class AtDesk:
    """Who is at the desk, as a test says."""

    here: set[str] = field(default_factory=set)
    seen: dict[str, datetime] = field(default_factory=dict)
    typed: dict[str, datetime] = field(default_factory=dict)

    def connected(self, counsellor_id: str, now: datetime) -> bool:
        return counsellor_id in self.here

    def last_seen(self, counsellor_id: str) -> datetime | None:
        return self.seen.get(counsellor_id)

    def last_typed(self, case_id: str) -> datetime | None:
        return self.typed.get(case_id)


@dataclass
class Night:
    """A watch in a house, with a desk."""

    house: House
    desk: AtDesk = field(default_factory=AtDesk)

    def watch(self) -> Watch:
        h = self.house
        return Watch(h.store, h.keyring, h.live, self.desk, h.place, h.spoken, h.erasure, h.clock)

    async def later(self, seconds: float) -> int:
        """Time passes and the watch looks; how many things it did. A look is short: nothing comes twice."""
        self.house.later(seconds)
        done = await self.watch().look()
        assert await self.watch().look() == 0, "at the same moment nothing is due a second time"
        return done

    async def last(self, chat: str) -> dict[str, Any]:
        message = (await self.house.transcript(chat))[-1]
        return {"response": message.body.get("response"), "from": message.sender, "text": message.text}

    async def taken(self, words: str = "hello") -> tuple[str, Counsellor]:
        """A chat that a counsellor at the desk has just taken, and in which the person then wrote."""
        chat, sam = await self.house.opened(), await self.house.person()
        await self.house.taken_by(chat, sam)
        self.desk.here.add(sam.id)
        await self.house.asked(chat, words)
        return chat, sam


@pytest.fixture
def night(house: House) -> Night:
    return Night(house)


async def test_silence_after_words_of_risk(night: Night) -> None:
    chat = await night.house.opened()
    await night.house.asked(chat, "i want to hurt myself")
    assert await night.later(59) == 0
    assert await night.later(1) == 1
    assert (await night.last(chat))["response"] == "utter_silence_60"
    assert (await night.house.case(chat)).rank == 1
    assert await night.later(119) == 0
    with night.house.live.listen(DESK) as desk:
        assert await night.later(1) == 1
    assert desk.get_nowait() == {"kind": "queue", "rank": 0}
    said = await night.last(chat)
    assert (said["response"], "999" in said["text"], "{" in said["text"]) == ("utter_silence_180", True, False)
    case = await night.house.case(chat)
    assert (case.rank, case.state) == (0, "waiting")
    assert case.reasons[0].words == "no answer after words of risk"
    for seconds in (60, 200, 400, 5000):
        assert await night.later(seconds) == 0


async def test_who_writes_again_starts_the_clock_again(night: Night) -> None:
    chat = await night.house.opened()
    await night.house.asked(chat, "i want to hurt myself")
    assert await night.later(60) == 1
    await night.house.asked(chat, "y")
    assert await night.later(59) == 0
    assert await night.later(1) == 1
    assert (await night.house.case(chat)).memory.said.count("utter_silence_60") == 2


async def test_a_silence_older_than_ten_minutes_is_left_in_peace(night: Night) -> None:
    chat = await night.house.opened()
    await night.house.asked(chat, "i want to hurt myself")
    assert await night.later(601) == 0


async def test_a_desk_gone_45_seconds_gives_the_case_back_and_says_so(night: Night) -> None:
    chat, sam = await night.taken()
    night.desk.here.clear()
    night.desk.seen[sam.id] = night.house.now
    assert await night.later(44) == 0
    assert await night.later(1) == 1
    said, case = await night.last(chat), await night.house.case(chat)
    assert (case.state, case.counsellor_id, case.waiting_since) == ("waiting", None, night.house.now)
    assert (said["response"], said["from"]) == ("utter_cut_off", "assistant")
    assert "999" in said["text"]
    assert case.memory.question == "safe_now"
    events = sa.select(case_events.c.event).where(case_events.c.event == "desk_gone")
    assert await night.house.store.read(lambda c: c.scalars(events).all()) == ["desk_gone"]
    assert await night.later(600) == 0


async def test_a_counsellor_who_never_came_counts_from_the_claim(night: Night) -> None:
    chat, sam = await night.taken()
    night.desk.here.discard(sam.id)
    assert await night.later(44) == 0
    assert await night.later(1) == 1
    assert (await night.house.case(chat)).state == "waiting"


async def test_a_silent_counsellor_is_held_for_and_then_gives_the_case_back(night: Night) -> None:
    chat, sam = await night.taken()
    assert await night.later(179) == 0
    assert await night.later(1) == 1
    assert await night.last(chat) == {
        "response": "utter_hold", "from": "notice", "text": f"{sam.name} is still with you. The answer takes a moment.",
    }  # fmt: skip
    assert await night.later(179) == 0
    assert await night.later(1) == 1
    assert (await night.house.case(chat)).state == "waiting"
    assert (await night.last(chat))["response"] == "utter_cut_off"


async def test_new_danger_that_nobody_types_an_answer_to(night: Night) -> None:
    chat, sam = await night.taken("i have the pills and ill do it tonight")
    assert (await night.house.case(chat)).tier == "immediate"
    assert await night.later(29) == 0
    assert await night.later(1) == 1
    said = await night.last(chat)
    assert (said["response"], said["from"]) == ("utter_numbers_now", "notice")
    assert "999" in said["text"]
    case = await night.house.case(chat)
    assert (case.state, case.counsellor_id) == ("taken", sam.id)
    night.desk.typed[case.id] = night.house.now
    assert await night.later(149) == 0


async def test_where_the_counsellor_answered_nothing_is_due(night: Night) -> None:
    chat, sam = await night.taken()
    night.house.later(1)
    await night.house.counselling.say((await night.house.case(chat)).id, sam, "i'm here", "id")
    for seconds in (60, 200, 400):
        assert await night.later(seconds) == 0


async def test_one_case_that_breaks_keeps_nothing_from_the_others(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, there = await night.house.opened(), await night.house.opened()
    for chat in (broken, there):
        await night.house.asked(chat, "i want to hurt myself")
    genuine = room.due

    def due(case: Any, *about: Any) -> Any:
        if case.conversation_id == broken:
            raise RuntimeError("a fault of ours")
        return genuine(case, *about)

    monkeypatch.setattr(room, "due", due)
    assert await night.later(60) == 1
    assert (await night.last(there))["response"] == "utter_silence_60"


async def test_an_erased_case_is_passed_over(night: Night) -> None:
    gone, there = await night.house.opened(), await night.house.opened()
    for chat in (gone, there):
        await night.house.asked(chat, "i want to hurt myself")
    night.house.keyring.destroy(gone)
    assert await night.later(60) == 1


async def test_what_was_said_by_the_watch_is_remembered(night: Night) -> None:
    chat = await night.house.opened()
    await night.house.asked(chat, "i want to hurt myself")
    before = (await night.house.case(chat)).version
    await night.later(60)
    case = await night.house.case(chat)
    assert case.memory.said[-1] == "utter_silence_60"
    assert case.memory.question == "safe_now"
    assert case.version == before + 1
    rank = sa.select(cases.c.rank).where(cases.c.id == case.id)
    assert await night.house.store.read(lambda c: c.scalar(rank)) == case.rank
