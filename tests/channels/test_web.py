"""The web channel against a real gateway (assistant stood in for): everything a client may send, kind or not."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import httpx
import pytest
import websockets

from breakwater.app import Gateway
from breakwater.channels.web import FRAME_BYTES
from tests.channels.conftest import Served
from tests.stack import chat, words


async def test_greets_and_answers(served: Served) -> None:
    async with chat(served.url) as person:
        assert "automated helper" in person.messages[0]["text"]
        answer, _ = await person.ask("hello")
        assert words(answer) == "heard: hello"


async def test_fragments_become_one_turn(served: Served) -> None:
    async with chat(served.url) as person:
        for text in ("someone", "is", "blackmailing me"):
            await person.say(text)
        await person.until(lambda f: f["type"] == "message" and f["from"] == "assistant")
    assert [r.text for r in served.assistant.heard] == ["someone\nis\nblackmailing me"]


async def test_sent_twice_is_stored_once(served: Served) -> None:
    async with chat(served.url) as person:
        for _ in range(3):
            await person.send(type="say", id="same", text="only once")
        await person.until(lambda f: f["type"] == "message" and f["from"] == "assistant")
        mine = [m for m in person.messages if m["from"] == "person"]
        assert [m["text"] for m in mine] == ["only once"]
        accepted = [f["seq"] for f in person.frames if f["type"] == "accepted"]
        assert set(accepted) == {mine[0]["seq"]}


async def test_resumes_by_seq(served: Served) -> None:
    async with chat(served.url) as person:
        await person.ask("first")
        token, seen = person.token, person.seq
    async with chat(served.url, token, 0) as again:
        assert again.messages[0]["seq"] == 1
    async with chat(served.url, token, seen) as again:
        answer, _ = await again.ask("second")
        assert all(m["seq"] > seen for m in again.messages)
        assert words(answer) == "heard: second"


@pytest.mark.parametrize("token", ["invented", "", "x" * 5000, 7, ["a"], {"a": 1}])
async def test_an_invented_token_is_refused(served: Served, token: object) -> None:
    async with websockets.connect(served.url.replace("http", "ws") + "/chat/ws") as socket:
        await socket.send(json.dumps({"type": "hello", "token": token, "seq": 0}))
        assert json.loads(await socket.recv()) == {"type": "refused", "reason": "unknown_token"}


async def test_an_erased_token_is_refused(served: Served) -> None:
    async with chat(served.url) as person:
        await person.ask("hello")
        (conversation,) = {r.conversation for r in served.assistant.heard}
        await served.gateway.erasure.erase(conversation)
        await person.until(lambda f: f["type"] == "erased")
        token = person.token
    async with chat(served.url, token) as again:
        assert again.frames == [{"type": "refused", "reason": "unknown_token"}]


async def test_erased_while_writing(served: Served) -> None:
    """Erased by another process: the open tab learns it, and nothing crashes."""
    async with chat(served.url) as person:
        await person.ask("hello")
        conversation = served.assistant.heard[0].conversation
        other = Gateway(served.gateway.settings, served.assistant)
        await other.erasure.erase(conversation)
        other.store.close()
        await person.send(type="say", id="later", text="are you there")
        await person.until(lambda f: f["type"] == "erased")


async def test_two_tabs_see_the_same_chat(served: Served) -> None:
    async with chat(served.url) as one:
        await one.ask("hello")
        async with chat(served.url, one.token) as two:
            await one.until(lambda f: f["type"] == "other_tabs" and f["open"])
            assert [m["text"] for m in two.messages][:1] == [one.messages[0]["text"]]
            await two.say("from the second tab")
            await one.until(lambda f: f["type"] == "message" and f["text"] == "from the second tab")
        await one.until(lambda f: f["type"] == "other_tabs" and not f["open"])


@pytest.mark.parametrize(
    ("text", "reaches"),
    [
        ("/restart", "restart"),
        ('/deny{"x":1}', 'deny{"x":1}'),
        ("<script>alert(1)</script><b>hi</b>", "<script>alert(1)</script><b>hi</b>"),
        ("nul\x00 bell\x07 \u200bzero", "nul bell \u200bzero"),
        ("😀", "😀"),
        ("\u202eevil", "\u202eevil"),
    ],
)
async def test_odd_text_is_words(served: Served, text: str, reaches: str) -> None:
    async with chat(served.url) as person:
        answer, _ = await person.ask(text)
        assert words(answer) == f"heard: {text if text.startswith('/') else reaches}"


async def test_fifty_thousand_characters_are_refused_kindly(served: Served) -> None:
    async with chat(served.url) as person:
        await person.send(type="say", id="long", text="a " * 25_000)
        rejected = await person.until(lambda f: f["type"] == "rejected")
        assert rejected["id"] == "long"
        assert "two or three parts" in rejected["text"]
        answer, _ = await person.ask("still here")
        assert words(answer) == "heard: still here"


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
async def test_nothing_is_nothing(served: Served, text: str) -> None:
    async with chat(served.url) as person:
        await person.send(type="say", id="empty", text=text)
        answer, _ = await person.ask("words")
        assert words(answer) == "heard: words"
        assert [m["text"] for m in person.messages if m["from"] == "person"] == ["words"]


async def test_a_pasted_image_is_told_without_its_bytes(served: Served) -> None:
    async with chat(served.url) as person:
        await person.send(type="media_refused", id="m", kind="image", caption="look at this")
        await person.until(lambda f: f["type"] == "message" and f["from"] == "assistant")
    assert served.assistant.heard[0].payload == "media:image"


@pytest.mark.parametrize("payload", ["answer:paid=no", "do:anything", "/restart", None, {"a": 1}])
async def test_an_invented_button_counts_for_nothing(served: Served, payload: object) -> None:
    async with chat(served.url) as person:
        await person.ask("hello")
        await person.send(type="tap", id="t", seq=person.seq, payload=payload)
        await person.until(lambda f: f["type"] == "rejected")
        assert len(served.assistant.heard) == 1


async def test_a_shown_button_counts(served: Served) -> None:
    async with chat(served.url) as person:
        await person.ask("hello")
        await person.tap("Yes")
        await person.until(lambda f: f["type"] == "message" and f["text"].startswith("heard: Yes"))
        assert served.assistant.heard[-1].payload == "answer:paid=yes"


@pytest.mark.parametrize("frame", ["not json", "[1,2]", "null", '"text"', "{", "{}", '{"type":"boo"}'])
async def test_what_is_not_a_frame_ends_the_line_and_nothing_else(served: Served, frame: str) -> None:
    async with chat(served.url) as person:
        token = person.token
    async with websockets.connect(served.url.replace("http", "ws") + "/chat/ws") as socket:
        await socket.send(json.dumps({"type": "hello", "token": token, "seq": 1}))
        await socket.recv()
        await socket.send(frame)
        await socket.send(json.dumps({"type": "say", "id": "x", "text": "hi"}))
        try:
            while json.loads(await asyncio.wait_for(socket.recv(), 2))["type"] != "accepted":
                pass
        except (websockets.ConnectionClosed, asyncio.TimeoutError):
            pass
    async with chat(served.url, token) as person:
        await person.ask("after that")


async def test_a_frame_too_large_is_not_taken(served: Served) -> None:
    async with chat(served.url) as person:
        token = person.token
        with pytest.raises(websockets.ConnectionClosed):
            await person.send(type="say", id="huge", text="x" * (FRAME_BYTES + 1))
            await person.until(lambda _: False, 5)
    async with chat(served.url, token) as person:
        await person.ask("after that")


async def test_a_page_of_somebody_else_is_refused(served: Served) -> None:
    with pytest.raises(websockets.InvalidStatusCode):
        async with websockets.connect(
            served.url.replace("http", "ws") + "/chat/ws", origin=websockets.Origin("https://evil.example")
        ):
            pass


async def test_writing_very_fast_is_slowed_kindly(served: Served) -> None:
    async with chat(served.url) as person:
        for number in range(60):
            await person.send(type="say", id=f"n{number}", text=f"message {number}")
        rejected = await person.until(lambda f: f["type"] == "rejected")
        assert "wait a moment" in rejected["text"]


async def test_quick_exit_keeps_the_case_and_tells_nobody(served: Served) -> None:
    async with chat(served.url) as person:
        await person.ask("i want to die")
        token = person.token
    async with httpx.AsyncClient() as http:
        known = await http.post(served.url + "/chat/exit", content=token)
        unknown = await http.post(served.url + "/chat/exit", content="invented")
    assert known.status_code == unknown.status_code == 204
    (left,) = await served.gateway.counselling.waiting()
    assert left.case.state == "unreachable"
    async with chat(served.url, token) as again:
        await again.ask("im back")
    (waiting,) = await served.gateway.counselling.waiting()
    assert waiting.case.state == "waiting"


async def test_nothing_of_a_message_is_in_the_database_in_clear(served: Served, tmp_path: Path) -> None:
    secret = "zanzibarquux"
    async with chat(served.url) as person:
        await person.ask(f"my secret is {secret}, i am fifteen and want to die")
        assert person.token is not None
        token = person.token
    for name, content in stored(tmp_path):
        assert secret.encode() not in content, name
        assert token.encode() not in content, name
        assert b"suicide" not in content, name


def stored(folder: Path) -> list[tuple[str, bytes]]:
    return [(file.name, file.read_bytes()) for file in folder.rglob("*") if file.is_file()]


async def test_the_page_asks_nobody_else(served: Served) -> None:
    async with httpx.AsyncClient() as http:
        page = await http.get(served.url + "/")
        script = await http.get(served.url + "/chat/static/chat.js")
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert "set-cookie" not in page.headers
    assert script.status_code == 200
