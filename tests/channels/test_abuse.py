"""What a hostile or broken client may do to either wire: it is refused, and everybody else is answered."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
import websockets

from breakwater.channels import polling, web
from breakwater.channels.limits import Addresses, Limit
from breakwater.channels.visit import FRAME_BYTES
from tests.channels.conftest import Served, serving
from tests.stack import chat, words


async def polled(served: Served, body: Any, **more: Any) -> httpx.Response:
    async with httpx.AsyncClient(timeout=40) as http:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return await http.post(served.url + "/chat/poll", content=content, **more)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"not json", b"null", b"[]", b'"text"', b"\xff\xfe", b"[" * 50_000,
        {"frames": "no list"}, {"frames": [1]}, {"frames": [{}] * 51}, {}, {"token": None, "frames": [{"type": "say"}]},
    ],
)  # fmt: skip
async def test_what_is_no_poll_is_refused(served: Served, body: Any) -> None:
    assert (await polled(served, body)).status_code == 400


async def test_a_poll_too_large_is_refused_before_it_is_read(served: Served) -> None:
    assert (await polled(served, b"x" * (FRAME_BYTES + 1))).status_code == 413


async def test_a_poll_of_somebody_elses_page_is_refused(served: Served) -> None:
    answer = await polled(served, {"frames": [{"type": "hello"}]}, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403


@pytest.mark.parametrize("token", ["invented", 7, ["a"], {"a": 1}, "\ud800", "é", "x" * 9000, True])
async def test_an_invented_token_gets_no_chat_by_polling(served: Served, token: Any) -> None:
    answer = await polled(served, {"token": token, "seq": 0, "frames": [{"type": "hello"}]})
    assert answer.json() == {"frames": [{"type": "refused", "reason": "unknown_token"}]}


@pytest.mark.parametrize("seq", [-1, 10**30, 2**31 - 1, 999, "9", None, 1.5, [1], True])
async def test_a_wrong_seq_shows_everything_and_breaks_nothing(served: Served, seq: Any) -> None:
    async with chat(served.url) as person:
        await person.ask("hello")
        token = person.token
    first = 2 if seq is True else 1
    answer = await polled(served, {"token": token, "seq": seq, "frames": [{"type": "hello"}]})
    assert next(f["seq"] for f in answer.json()["frames"] if f["type"] == "message") == first
    async with chat(served.url, token, 0) as again:
        answer_to, _ = await again.ask("still here")
        assert "heard: still here" in words([*again.messages, *answer_to])


@pytest.mark.parametrize("identity", [None, "", 7, "x" * 65, "a b", "\ud800", "nul\x00", "<b>", ["a"]])
async def test_an_id_that_is_none_stores_nothing(served: Served, identity: Any) -> None:
    async with chat(served.url) as person:
        await person.send(type="say", id=identity, text="lost on purpose")
        await person.send(type="tap", id=identity, seq=10**30, payload={"a": identity})
        answer, _ = await person.ask("words")
        assert words(answer) == "heard: words"


async def test_a_replayed_id_answers_as_before_and_stores_nothing(served: Served) -> None:
    async with chat(served.url) as person:
        await person.send(type="say", id="one", text="first words")
        first = await person.until(lambda f: f["type"] == "accepted")
        await person.send(type="say", id="one", text="other words")
        assert await person.until(lambda f: f["type"] == "accepted") == first
        await person.until(lambda f: f["type"] == "message" and f["from"] == "assistant")
    assert "other words" not in " ".join(request.text for request in served.assistant.heard)


async def test_thousands_of_mentions_reach_nobody_and_hold_nobody_up(served: Served) -> None:
    async with chat(served.url) as person:
        for number in range(2000):
            await person.send(type="typing" if number % 2 else "seen", seq=number)
        answer, _ = await person.ask("words", 20)
        assert words(answer) == "heard: words"


async def test_more_sockets_than_there_is_room_for_are_turned_away(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "_MOST_AN_ADDRESS", 5)
    url = served.url.replace("http", "ws") + "/chat/ws"
    held = [await websockets.connect(url) for _ in range(5)]
    with pytest.raises(websockets.InvalidStatusCode):
        await websockets.connect(url)
    other = await websockets.connect(url, extra_headers={"X-Forwarded-For": "10.9.9.9"})
    await other.close()
    for socket in held:
        await socket.close()
    await asyncio.sleep(0.2)
    async with chat(served.url) as person:
        await person.ask("room again")


async def test_more_polls_than_one_chat_needs_are_put_off(served: Served) -> None:
    async with chat(served.url) as person:
        wait = {"token": person.token, "seq": 1, "frames": [], "wait": True}
        waiting = [asyncio.create_task(polled(served, wait)) for _ in range(polling._MOST_A_CONVERSATION)]
        await asyncio.sleep(1)
        assert (await polled(served, wait)).status_code == 429
        await person.ask("hello")
        assert {answer.status_code for answer in await asyncio.gather(*waiting)} == {200}


async def test_many_new_chats_from_one_address_wait(served: Served) -> None:
    statuses = [
        (await polled(served, {"frames": [{"type": "hello"}]}, headers={"X-Forwarded-For": "10.1.1.1"})).status_code
        for _ in range(35)
    ]
    assert statuses[:30] == [200] * 30
    assert 429 in statuses[30:]


async def test_a_reader_who_takes_nothing_is_dropped_and_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "_SEND_SECONDS", 0.5)
    async with serving(tmp_path) as served:
        url = served.url.replace("http", "ws") + "/chat/ws"
        slow = await websockets.connect(url, max_queue=1, read_limit=2**10)
        await slow.send(json.dumps({"type": "hello", "token": None, "seq": 0}))
        token = json.loads(await slow.recv())["token"]
        async with chat(served.url, token) as person:  # the same chat, read as it should be
            for number in range(12):
                await person.ask(f"{number} " + "long words " * 300)
        slow.transport.abort()
        async with chat(served.url, token) as person:
            await person.ask("after that")


def test_an_address_key_says_nothing_and_one_household_is_one() -> None:
    addresses = Addresses()
    assert "10.0.0.1" not in addresses.key("10.0.0.1")
    assert addresses.key("10.0.0.1") == addresses.key("10.0.0.1") != addresses.key("10.0.0.2")
    assert addresses.key("2001:db8::1") == addresses.key("2001:db8::ffff") != addresses.key("2001:db8:1::1")
    assert addresses.key("10.0.0.1") != Addresses().key("10.0.0.1"), "the salt is this process's own"
    assert addresses.key(None) == addresses.key("unknown")


def test_a_limit_fills_again_and_tells_how_long_it_takes() -> None:
    limit = Limit(burst=2, every=10)
    assert limit.allows("a", 0) and limit.allows("a", 0) and not limit.allows("a", 0)
    assert limit.allows("b", 0)
    assert 8.9 < limit.wait("a", 1) < 9.1
    assert limit.wait("a", 11) == 0.0
