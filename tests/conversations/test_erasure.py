"""Erased is gone: every row, and the key; at once, in its time, and nothing that is not due."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from breakwater.cases import records
from breakwater.channels.come_back import ComeBack
from breakwater.channels.moving import Moving
from breakwater.channels.telegram import letterbox
from breakwater.conversations import erasure as room
from breakwater.conversations import transcript
from breakwater.privacy.keyring import Erased, Keyring
from breakwater.storage.tables import audit, data_keys, metadata
from tests.conversations.conftest import RETENTION, House

KEPT = {"counsellors", "audit", "sessions"}


async def rows(house: House) -> dict[str, int]:
    """How many rows each table of the data holds."""

    def count(connection: Connection) -> dict[str, int]:
        every = metadata.tables.items()
        return {name: connection.scalar(sa.select(sa.func.count()).select_from(t)) or 0 for name, t in every}

    return await house.store.read(count)


async def lived_in(house: House, login: str) -> str:
    """A conversation with something in every table."""
    chat, who = await house.opened(), await house.person(login)
    await house.asked(chat, "i want to die")
    case_id = await house.taken_by(chat, who)
    await house.counselling.case(case_id, who)
    await house.counselling.say(case_id, who, "hello", "id")
    await house.counselling.hand_back(case_id, who, "a reason")
    key = house.keyring.of(chat)
    await house.store.write(letterbox.bind, key, chat, 7)
    await house.store.write(letterbox.note, key, chat, 1, house.now)
    await Moving(house.store, house.keyring, house.live, house.clock).link(chat, "web")
    await ComeBack(house.store, house.keyring, house.clock).words_for(chat)
    return chat


async def test_every_row_and_the_key_are_gone_and_the_neighbours_stay(house: House) -> None:
    stays = await lived_in(house, "sam")
    before = await rows(house)
    assert not [name for name, number in before.items() if number == 0 and name != "sessions"]
    gone = await lived_in(house, "kim")
    await house.erasure.erase(gone)
    after = await rows(house)
    assert {n: c for n, c in after.items() if n not in KEPT} == {n: c for n, c in before.items() if n not in KEPT}
    with house.store.keys.connect() as keys:
        assert keys.scalars(sa.select(data_keys.c.conversation_id)).all() == [stays]
    for ring in (house.keyring, Keyring(house.store, house.keyring._master)):
        with pytest.raises(Erased):
            ring.of(gone)
    assert len(await house.transcript(stays)) > 3


async def test_the_audit_stays_and_holds_no_words(house: House) -> None:
    chat = await lived_in(house, "sam")
    await house.erasure.erase(chat)
    left: Any = await house.store.read(lambda c: c.execute(sa.select(audit.c.action)).all())
    assert left == [("read",)]


async def test_a_channel_that_keeps_words_elsewhere_is_asked_before_and_told_after(house: House) -> None:
    chat = await house.opened()
    told: list[Any] = []

    def parting(connection: Connection, conversation: str, asked: bool) -> Any:
        told.append((conversation, asked, transcript.last_of_ours(connection, house.keyring.of(chat), chat).text))
        return lambda: told.append("gone")

    erasure = house.erasure
    erasure.parting = parting
    await erasure.erase(chat, asked=True)
    assert told == [(chat, True, "Hello."), "gone"]


async def test_open_pages_learn_it(house: House) -> None:
    chat = await house.opened()
    with house.live.listen(chat) as events:
        await house.erasure.erase(chat)
    assert events.get_nowait() == {"kind": "erased"}


async def test_erasing_twice_is_harmless(house: House) -> None:
    chat = await house.opened()
    await house.erasure.erase(chat)
    await house.erasure.erase(chat)
    assert (await rows(house))["contacts"] == 0


async def left(house: House, *chats: str) -> list[bool]:
    """Which of these can still be read."""
    found = []
    for chat in chats:
        try:
            await house.transcript(chat)
            found.append(True)
        except Erased:
            found.append(False)
    return found


async def test_what_was_silent_for_as_long_as_promised_goes(house: House) -> None:
    never_wrote, wrote = await house.opened(), await house.opened()
    house.later(60)
    await house.asked(wrote, "hello")
    house.now += RETENTION - timedelta(seconds=30)
    assert await house.erasure.erase_due() == 1
    assert await left(house, never_wrote, wrote) == [False, True]
    house.later(31)
    assert await house.erasure.erase_due() == 1
    assert await house.erasure.erase_due() == 0


async def test_a_case_that_a_counsellor_has_is_not_erased_for_its_silence(house: House) -> None:
    chat, sam = await house.opened(), await house.person()
    case_id = await house.taken_by(chat, sam)
    house.now += RETENTION * 2
    assert await house.erasure.erase_due() == 0
    await house.counselling.close(case_id, sam)
    assert await house.erasure.erase_due() == 1


async def test_what_was_asked_in_danger_goes_at_the_time_that_was_told_whoever_has_it(house: House) -> None:
    chat, sam = await house.opened(), await house.person()
    await house.erasure.erase_by(chat, house.now + timedelta(hours=24))
    await house.taken_by(chat, sam)
    house.later(24 * 3600 - 1)
    assert await house.erasure.erase_due() == 0
    house.later(1)
    assert await house.erasure.erase_due() == 1
    assert await left(house, chat) == [False]


async def test_asked_again_the_earlier_time_stands(house: House) -> None:
    chat = await house.opened()
    for hours in (24, 48):
        await house.erasure.erase_by(chat, house.now + timedelta(hours=hours))
    house.later(24 * 3600)
    assert await house.erasure.erase_due() == 1


async def test_many_are_erased_a_batch_at_a_time(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_BATCH", 2)
    for _ in range(3):
        await house.opened()
    house.now += RETENTION * 2
    assert [await house.erasure.erase_due() for _ in range(3)] == [2, 1, 0]


async def test_a_case_made_immediate_by_silence_is_not_erased_at_once(house: House) -> None:
    """The plan knows the facts only, and said that it is done (safeguarding rule 12)."""
    chat = await house.opened()
    await house.asked(chat, "hello")
    case = await house.case(chat)
    held = replace(case, rank=0)
    await house.store.write(records.save, house.keyring.of(chat), held, house.now)
    house.assistant.requests = ("erase",)
    await house.asked(chat, "delete it")
    assert (await house.transcript(chat))[-1].body["response"] == "utter_erase_hold"
    assert await house.erasure.erase_due() == 0
    house.now += timedelta(hours=25)
    assert await house.erasure.erase_due() == 1
