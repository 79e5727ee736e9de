"""Telegram, the network and the database at their worst: nothing is lost, nobody waits for somebody else."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from breakwater.app import create_app
from breakwater.channels.limits import Limit
from breakwater.channels.telegram.bot import TelegramChannel
from tests.channels.contract import Echo
from tests.channels.telegram.conftest import Served, a_gateway, running
from tests.channels.telegram.driver import Phone
from tests.channels.telegram.stand_in import TOKEN, Json, StandIn


def channel(house: Served) -> TelegramChannel:
    assert house.gateway.telegram is not None
    return house.gateway.telegram


async def wait(holds: Callable[[], bool], seconds: float = 30.0) -> None:
    end = asyncio.get_running_loop().time() + seconds
    while not holds():
        assert asyncio.get_running_loop().time() < end, "it did not come to pass"
        await asyncio.sleep(0.02)


def heard(house: Served) -> list[str]:
    return "\n".join(request.text for request in house.assistant.heard).split("\n")


async def greeted(house: Served) -> Phone:
    phone = house.phone()
    await phone.start()
    return phone


# ---- sending


async def test_too_many_is_waited_for_as_long_as_telegram_says(house: Served) -> None:
    phone = await greeted(house)
    house.telegram.fail("sendMessage", 429, retry_after=1)
    began = time.monotonic()
    await phone.say("hello")
    await phone.told("heard: hello")
    assert time.monotonic() - began >= 1.0
    assert [m["text"] for m in house.telegram.of(phone.chat)][1:] == ["heard: hello"]


async def test_too_many_for_longer_than_the_library_tries_is_not_given_up(house: Served) -> None:
    phone = await greeted(house)
    house.telegram.fail("sendMessage", 429, times=4, description="slow", retry_after=1)
    await phone.say("hello")
    await phone.told("heard: hello")


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_a_server_that_fails_is_tried_again_in_order(house: Served, status: int) -> None:
    phone = await greeted(house)
    house.telegram.fail("sendMessage", status, times=3)
    await phone.say("one")
    await wait(lambda: "one" in heard(house))
    await phone.say("two")
    await phone.told("heard: two")
    assert [m["text"] for m in house.telegram.of(phone.chat)][1:] == ["heard: one", "heard: two"]


async def test_an_answer_that_never_comes_is_asked_for_again(house: Served) -> None:
    """It may have been sent: twice is better than never, and the desk shows it delivered only once."""
    phone = await greeted(house)
    channel(house).bot.request._client_kwargs["timeout"].read = 0.3  # type: ignore[attr-defined]
    channel(house).bot.request._client.timeout = 0.3  # type: ignore[attr-defined]
    house.telegram.fail("sendMessage", 504, hang=1.0, takes=True)
    await phone.say("hello")
    await phone.until(lambda seen: len(seen) >= 3)
    assert {one.text for one in (await phone.shown())[1:]} == {"heard: hello"}


async def test_forbidden_marks_the_person_unreachable_and_sending_stops(house: Served) -> None:
    phone = await greeted(house)
    house.telegram.blocked.add(phone.chat)
    await phone.say("i want to die")
    await wait(lambda: house.telegram.count("sendMessage") == 2)
    await asyncio.sleep(0.5)
    assert house.telegram.count("sendMessage") == 2
    (entry,) = await house.gateway.counselling.waiting()
    assert (entry.case.state, entry.case.tier) == ("unreachable", "urgent")
    said = await house.gateway.chats.since(house.conversation, 0)
    assert [m.delivered for m in said if m.sender == "assistant"] == [True, False]
    house.telegram.blocked.clear()
    await phone.say("im back")
    await phone.told("heard: im back")
    assert "heard: i want to die" not in str(house.telegram.sent), "nothing of before is said to whoever is back"


async def test_who_comes_back_while_a_letter_is_looked_up_is_told_nothing_of_before(
    house: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was found for somebody unreachable is not sent because they write in that very moment."""
    phone, chats = await greeted(house), house.gateway.chats
    house.telegram.blocked.add(phone.chat)
    await phone.say("i want to die")
    await wait(lambda: house.telegram.count("sendMessage") == 2)
    looked, may_go_on, look_up = asyncio.Event(), asyncio.Event(), chats.next_letter

    async def slowly(conversation: str) -> Any:
        found = await look_up(conversation)
        looked.set()
        await may_go_on.wait()
        return found

    monkeypatch.setattr(chats, "next_letter", slowly)
    await looked.wait()
    house.telegram.blocked.clear()
    await phone.say("im back")
    await wait(lambda: "im back" in heard(house))
    may_go_on.set()
    await phone.told("heard: im back")
    assert "heard: i want to die" not in str(house.telegram.sent)


async def test_a_chat_that_is_gone_is_unreachable_too(house: Served) -> None:
    phone = await greeted(house)
    house.telegram.fail("sendMessage", 400, description="Bad Request: chat not found")
    await phone.say("hello")
    await wait(lambda: house.telegram.count("sendMessage") == 2)
    for _ in range(100):
        if (await house.gateway.chats.case(house.conversation)).state == "unreachable":
            break
        await asyncio.sleep(0.02)
    else:
        raise AssertionError("not marked")


async def test_a_message_that_telegram_refuses_does_not_hold_up_the_next(house: Served) -> None:
    phone = await greeted(house)
    house.telegram.fail("sendMessage", 400, times=2, description="Bad Request: something about entities")
    await phone.say("one")
    await wait(lambda: house.telegram.count("sendMessage") == 3)
    await phone.say("two")
    await phone.told("heard: two")
    said = await house.gateway.chats.since(house.conversation, 0)
    assert [m.delivered for m in said if m.text == "heard: one"] == [False]


async def test_one_who_cannot_be_reached_holds_up_nobody_else(house: Served) -> None:
    slow, quick = await greeted(house), await greeted(house)
    house.telegram.fail("sendMessage", 500, times=10_000, where=lambda data: data["chat_id"] == slow.chat)
    await slow.say("hello")
    await quick.say("hello")
    await quick.told("heard: hello")


async def test_telegrams_pace_is_kept_in_a_chat(house: Served) -> None:
    channel(house).delivery.pace = Limit(burst=2, every=0.5)
    phone = await greeted(house)
    taken = None
    await phone.say("hello")
    await phone.told("heard: hello")
    taken = await house.counsellor_takes(house.conversation)
    began = time.monotonic()
    for number in range(4):
        await house.counsellor_says(taken, f"line {number}")
    await phone.told("line 3")
    assert time.monotonic() - began >= 1.2
    lines = [m["text"] for m in house.telegram.of(phone.chat) if "line" in m["text"]]
    assert lines == [f"Sam: line {n}" for n in range(4)]


# ---- fetching


async def test_a_hundred_and_fifty_messages_of_fifty_chats_at_once(house: Served) -> None:
    """Nothing is lost, and each chat keeps its order."""
    phones = [house.phone() for _ in range(50)]
    for phone in phones:
        phone.send(text="/start")
    for number in range(3):
        for phone in phones:
            phone.send(text=f"{phone.chat} {number}")
    for phone in phones:
        phone.seconds = 60
        await phone.told(f"{phone.chat} 2")
    for phone in phones:
        mine = [line for line in heard(house) if line.startswith(f"{phone.chat} ")]
        assert mine == [f"{phone.chat} {n}" for n in range(3)]
        own = {m["chat"]["id"] for m in house.telegram.sent if str(phone.chat) in m["text"]}
        assert own == {phone.chat}


async def test_updates_that_come_twice_count_once(house: Served) -> None:
    phone = await greeted(house)
    update = phone.send(text="only once")
    house.telegram.bring(update)
    house.telegram.update(message=update["message"])
    await phone.told("heard: only once")
    await phone.say("next")
    await phone.told("next")
    assert heard(house).count("only once") == 1


async def test_the_server_failing_while_fetching_loses_nothing(house: Served) -> None:
    phone = await greeted(house)
    house.telegram.fail("getUpdates", 502, times=3)
    house.telegram.fail("getUpdates", 429, retry_after=1)
    phone.send(text="hello")
    await phone.told("heard: hello")


async def test_a_second_poller_is_said_once_and_waited_out(house: Served, caplog: pytest.LogCaptureFixture) -> None:
    phone = await greeted(house)
    house.telegram.fail("getUpdates", 409, times=4, description="Conflict: terminated by other getUpdates request")
    await wait(lambda: "another program" in channel(house).status)
    phone.send(text="hello")
    await phone.told("heard: hello")
    assert channel(house).status == "ready"
    assert sum("another program" in r.message for r in caplog.records) == 1


async def test_a_wrong_token_is_said_and_the_web_chat_goes_on(telegram: StandIn, tmp_path: Path) -> None:
    gateway = a_gateway(telegram, tmp_path, Echo(), telegram_token="1:wrong")
    async with running(gateway):
        assert gateway.telegram is not None
        await wait(lambda: "does not know this token" in gateway.telegram.status)  # type: ignore[union-attr]
        assert await gateway.chats.open("web", "x")


async def test_without_a_token_there_is_no_telegram(telegram: StandIn, tmp_path: Path) -> None:
    gateway = a_gateway(telegram, tmp_path, Echo(), telegram_token="")
    async with running(gateway):
        await gateway.chats.open("web", "x")
        assert gateway.telegram is None
        assert not [route for route in create_app(gateway).routes if "telegram" in getattr(route, "path", "")]
    assert telegram.calls == []


BAD: list[Any] = [
    None, 7, "text", [], {}, {"update_id": None}, {"update_id": 5, "message": None}, {"update_id": 6, "message": {}},
    {"update_id": 7, "message": {"message_id": 1}}, {"update_id": 8, "message": {"chat": None, "text": "x"}},
    {"update_id": 9, "message": {"message_id": "1", "chat": {"id": 5, "type": "private"}, "text": "x"}},
    {"update_id": 10, "message": {"message_id": 1, "chat": {"id": 10**40, "type": "private"}, "text": "x"}},
    {"update_id": 11, "unknown_kind": {"a": [1, 2]}}, {"update_id": 12, "callback_query": {"id": 1}},
    {"update_id": 13, "my_chat_member": {"chat": {"id": 5, "type": "private"}}},
    {"update_id": 14, "message_reaction": {"chat": {"id": 5, "type": "private"}, "new_reaction": [None]}},
    {"update_id": 15, "message": {"message_id": 3, "chat": {"id": 5, "type": "private"}, "voice": None, "date": "x"}},
    {"update_id": 16, "edited_message": {"message_id": 3, "chat": {"id": 5, "type": "private"}, "text": None}},
    {"update_id": 17, "poll": {"id": "1"}}, {"update_id": 18, "inline_query": {"id": "1", "query": "x"}},
]  # fmt: skip


async def test_what_is_no_update_holds_up_nothing(house: Served) -> None:
    """The library's own polling would drop the batch, and fetch it again for ever."""
    phone = await greeted(house)
    house.telegram.bring(*BAD)
    phone.send(text="after all that")
    await phone.told("heard: after all that")


async def test_a_text_of_absurd_size_is_cut_and_the_chat_goes_on(house: Served) -> None:
    phone = await greeted(house)
    phone.send(text="a " * 500_000)
    await phone.told("heard: a a")
    await phone.say("still here")
    await phone.told("still here")
    stored = await house.gateway.chats.since(house.conversation, 0)
    assert sum(len(m.text) for m in stored if m.sender == "person") < 10_000


async def test_an_update_that_always_fails_is_left_after_three_tries(
    house: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = await greeted(house)
    arrivals, take, tries = channel(house).arrivals, channel(house).arrivals.take, []

    async def failing(update: Json) -> None:
        if "poison" in str(update):
            tries.append(update)
            raise KeyError("a mistake of ours")
        await take(update)

    monkeypatch.setattr(arrivals, "take", failing)
    phone.send(text="poison")
    await wait(lambda: len(tries) == 3)
    await phone.say("hello")
    await phone.told("heard: hello")


# ---- the database


async def test_nothing_is_lost_while_the_database_is_away(house: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = await greeted(house)
    broken = sa.exc.OperationalError("insert", {}, Exception("disk full"))
    write, failures = house.gateway.store.write, [broken] * 6

    async def failing(*args: Any, **kwargs: Any) -> Any:
        if failures:
            raise failures.pop()
        return await write(*args, **kwargs)

    monkeypatch.setattr(house.gateway.store, "write", failing)
    for number in range(5):
        phone.send(text=f"line {number}")
    await phone.told("line 4")
    assert [line for line in heard(house) if line.startswith("line")] == [f"line {n}" for n in range(5)]
    assert len({one.text for one in await phone.shown()}) == len(await phone.shown()), "nothing was said twice"


async def test_what_was_sent_is_not_sent_again_because_it_could_not_be_marked(
    house: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    from breakwater.channels.telegram import letterbox

    phone = await greeted(house)
    broken, delivered = sa.exc.OperationalError("x", {}, Exception("locked")), letterbox.delivered
    failures = [broken] * 3

    def failing(*args: Any) -> None:
        if failures:
            raise failures.pop()
        delivered(*args)

    monkeypatch.setattr(letterbox, "delivered", failing)
    await phone.say("hello")
    await phone.told("heard: hello")
    await wait(lambda: not failures)
    await asyncio.sleep(0.5)
    assert len(await phone.shown()) == 2


# ---- a restart


async def test_what_came_while_we_were_away_is_answered_once_with_an_apology_and_its_risk_is_read(
    telegram: StandIn, tmp_path: Path
) -> None:
    phone = Phone(telegram, 900)
    async with running(a_gateway(telegram, tmp_path, Echo())):
        await phone.start()
        await phone.say("hello")
        await phone.told("heard: hello")
    old = int(time.time()) - 1200
    for text in ("are you there", "i want to die", "hello???"):
        phone.send(text=text, date=old)
    assistant = Echo()
    async with running(a_gateway(telegram, tmp_path, assistant)) as gateway:
        seen = await phone.told("this answer comes late")
        (entry,) = await gateway.counselling.waiting()
        assert entry.case.facts.risk
        await asyncio.sleep(0.6)
        assert sum("comes late" in one.text for one in await phone.shown()) == 1
        assert not any("heard: i want" in one.text for one in seen)
        assert telegram.of(900)[-1]["about"]["disable_notification"] is True
        assert [(r.mode, r.text) for r in assistant.heard] == [
            ("listen", "are you there"), ("listen", "i want to die"), ("listen", "hello???"),
        ]  # fmt: skip
        await phone.say("yes im safe")
        await phone.told("heard: yes im safe")


async def test_what_came_just_now_is_answered_as_ever(telegram: StandIn, tmp_path: Path) -> None:
    phone = Phone(telegram, 901)
    async with running(a_gateway(telegram, tmp_path, Echo())):
        await phone.start()
    phone.send(text="hello", date=int(time.time()) - 60)
    async with running(a_gateway(telegram, tmp_path, Echo())):
        await phone.told("heard: hello")


async def test_what_was_not_sent_before_a_restart_is_sent_after_it(telegram: StandIn, tmp_path: Path) -> None:
    phone = Phone(telegram, 902)
    async with running(a_gateway(telegram, tmp_path, Echo())):
        await phone.start()
        fault = telegram.fail("sendMessage", 500, times=10_000)
        await phone.say("hello")
        await wait(lambda: telegram.count("sendMessage") > 3)
    fault.times = 0
    async with running(a_gateway(telegram, tmp_path, Echo())):
        await phone.told("heard: hello")
    assert len(await phone.shown()) == 2


async def test_telegram_away_at_the_start_is_waited_for(telegram: StandIn, tmp_path: Path) -> None:
    for method in ("getMe", "deleteWebhook"):
        telegram.fail(method, 500, times=3)
    phone = Phone(telegram, 903)
    async with running(a_gateway(telegram, tmp_path, Echo())):
        await phone.start()


# ---- what is kept, and what is written anywhere


async def test_nothing_personal_is_stored_in_clear_or_logged(
    house: Served, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    phone = house.phone()
    person = {"id": phone.chat, "username": "secretname", "first_name": "secretname", "is_bot": False}
    house.telegram.fail("sendMessage", 500, times=2)
    phone.send(text="/start", **{"from": person})
    phone.send(text="zanzibarquux i want to die", **{"from": person})
    await phone.told("zanzibarquux")
    for secret in (b"zanzibarquux", b"secretname", str(phone.chat).encode(), TOKEN.encode()):
        assert [file.name for file, content in stored(tmp_path) if secret in content] == []
    logged = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("uvicorn"))
    for secret in ("zanzibarquux", "secretname", str(phone.chat), TOKEN):
        assert secret not in logged


def stored(folder: Path) -> list[tuple[Path, bytes]]:
    return [(file, file.read_bytes()) for file in folder.rglob("*") if file.is_file()]


# ---- the webhook


async def test_by_webhook(telegram: StandIn, tmp_path: Path) -> None:
    import uvicorn

    from tests.stack import free_port

    assistant, port = Echo(), free_port()
    gateway = a_gateway(telegram, tmp_path, assistant, port=port, telegram_mode="webhook")
    assert gateway.telegram is not None
    gateway.telegram.webhook = f"http://127.0.0.1:{port}/telegram/webhook"  # as a proxy with https would bring it
    config = uvicorn.Config(create_app(gateway), port=port, ws="wsproto", log_level="error")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    try:
        await wait(lambda: telegram.webhook is not None and gateway.telegram.status == "ready")  # type: ignore[union-attr]
        assert telegram.webhook is not None
        assert set(telegram.webhook["allowed_updates"]) >= {"message", "callback_query", "my_chat_member"}
        phone = Phone(telegram, 904)
        say = {"update_id": 1, "message": telegram.message(904, text="hello")}
        for secret in ("", "wrong", telegram.webhook["secret_token"] + "x", "ü"):
            assert await telegram.call_webhook(say, secret) == 403
        assert assistant.heard == []
        assert await telegram.call_webhook(b"not json") == 400
        assert await telegram.call_webhook(b"[" * 100_000) == 400
        assert await telegram.call_webhook(b" " * (1024 * 1024 + 1)) == 413
        for bad in BAD:
            assert await telegram.call_webhook(bad) == 200
        assert await telegram.call_webhook(say) == 200
        assert await telegram.call_webhook(say) == 200
        await phone.told("heard: hello")
        assert len(assistant.heard) == 1
        failing = sa.exc.OperationalError("x", {}, Exception("locked"))
        arrivals = gateway.telegram.arrivals
        take = arrivals.take
        arrivals.take = lambda _: _raise(failing)  # type: ignore[method-assign,assignment]
        again = {"update_id": 2, "message": telegram.message(904, text="again")}
        assert await telegram.call_webhook(again) == 503
        arrivals.take = take  # type: ignore[method-assign]
        assert await telegram.call_webhook(again) == 200
        await phone.told("heard: again")
    finally:
        server.should_exit = True
        await task


async def _raise(error: Exception) -> None:
    raise error
