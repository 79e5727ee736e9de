"""Come-back words: hard to guess, easy to type, and they say nothing before the person chooses."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
import websockets
import yaml

from breakwater.channels.come_back import HOW_MANY, word_list
from breakwater.settings import ROOT
from breakwater.storage.tables import come_back
from tests.channels.conftest import Served
from tests.stack import Person, chat, words


def test_the_list_is_what_44_bits_need() -> None:
    found = word_list()
    assert len(found) == len(set(found)) == 2048
    assert all(word.isascii() and word.islower() and word.isalpha() and 4 <= len(word) <= 9 for word in found)
    assert HOW_MANY == 4


def test_the_assistant_names_the_control_as_the_page_does() -> None:
    """In straight quotes: so the page finds the name in the assistant's words, and it can be tapped there."""
    name = json.loads((ROOT / "widget" / "texts" / "en.json").read_text("utf8"))["words"]
    said = yaml.safe_load((ROOT / "domain.yml").read_text("utf8"))["responses"]
    for response in ("utter_come_back_words", "utter_bye"):
        assert f'"{name}"' in said[response][0]["text"], response


async def given(person: Person) -> str:
    await person.send(type="words")
    return str((await person.until(lambda f: f["type"] == "words"))["words"])


async def tried(served: Served, said: Any, address: str = "10.0.0.1") -> dict[str, Any]:
    """What the socket answers to words."""
    url = served.url.replace("http", "ws") + "/chat/ws"
    async with websockets.connect(url, extra_headers={"X-Forwarded-For": address}) as socket:
        await socket.send(json.dumps({"type": "hello", "token": None, "seq": 0, "words": said}))
        return dict(json.loads(await asyncio.wait_for(socket.recv(), 5)))


async def test_words_open_the_same_conversation_and_tell_nothing_first(served: Served) -> None:
    async with chat(served.url) as person:
        await person.ask("my secret is zanzibarquux")
        words_given = await given(person)
        answer = await tried(served, words_given)
        assert set(answer) == {"type", "token"} and answer["type"] == "found"
        assert answer["token"] != person.token
        async with chat(served.url, answer["token"]) as again:
            assert "zanzibarquux" in words(again.messages) + words([await again.until(lambda f: "text" in f)])
            await again.ask("from elsewhere")
        await person.until(lambda f: f["type"] == "message" and f["text"] == "from elsewhere")
    assert len({request.conversation for request in served.assistant.heard}) == 1


async def test_any_spelling_of_the_same_words_does(served: Served) -> None:
    async with chat(served.url) as person:
        words_given = await given(person)
    assert (await tried(served, f"  {words_given.upper().replace(' ', ', ')}. "))["type"] == "found"


@pytest.mark.parametrize(
    "said", ["maple otter lamp tulip", "", "one two", "a" * 5000, "<b>", "\u202e", "%s' OR 1=1 --"]
)
async def test_other_words_open_nothing(served: Served, said: str) -> None:
    assert await tried(served, said) == {"type": "refused", "reason": "unknown_words"}


async def test_new_words_end_the_old_ones(served: Served) -> None:
    async with chat(served.url) as person:
        first, second = await given(person), await given(person)
    assert (await tried(served, first))["type"] == "refused"
    assert (await tried(served, second))["type"] == "found"


async def test_five_tries_an_hour_from_an_address(served: Served) -> None:
    async with chat(served.url) as person:
        words_given = await given(person)
    for _ in range(5):
        assert (await tried(served, "maple otter lamp tulip", "10.0.0.9"))["reason"] == "unknown_words"
    assert (await tried(served, words_given, "10.0.0.9"))["reason"] == "too_many_tries"
    assert (await tried(served, words_given, "10.0.0.10"))["type"] == "found"


async def test_words_end_with_the_conversation_and_lie_nowhere_in_clear(served: Served) -> None:
    async with chat(served.url) as person:
        await person.ask("hello")
        words_given = await given(person)
        token = (await tried(served, words_given))["token"]
        for file in served.gateway.settings.state_dir.rglob("*"):
            assert not file.is_file() or words_given.encode() not in file.read_bytes(), file
            assert not file.is_file() or token.encode() not in file.read_bytes(), file
        await served.gateway.erasure.erase(served.assistant.heard[0].conversation)
    assert (await tried(served, words_given))["type"] == "refused"
    left = await served.gateway.store.read(lambda c: c.scalar(sa.select(sa.func.count()).select_from(come_back)))
    assert left == 0
    async with httpx.AsyncClient() as http:
        answer = await http.post(served.url + "/chat/poll", json={"token": token, "seq": 0, "frames": []})
    assert answer.json() == {"frames": [{"type": "refused", "reason": "unknown_token"}]}
