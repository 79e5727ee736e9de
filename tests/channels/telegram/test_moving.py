"""From Telegram to the web chat and back, with facts and case, by a link that works once and for ten minutes."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from breakwater.app import Gateway, create_app
from tests.channels.contract import Echo
from tests.channels.telegram.conftest import SITE, Clock, a_gateway
from tests.channels.telegram.driver import Phone
from tests.channels.telegram.stand_in import StandIn
from tests.stack import Person, chat


class Both:
    """A helpline with both doors."""

    def __init__(self, gateway: Gateway, telegram: StandIn, clock: Clock) -> None:
        self.gateway, self.telegram, self.clock = gateway, telegram, clock
        self.url = f"http://127.0.0.1:{gateway.settings.port}"

    async def asks_for_telegram(self, person: Person) -> dict[str, Any]:
        await person.send(type="move")
        return await person.until(lambda f: f["type"] == "move")

    async def over_from_telegram(self, phone: Phone) -> str:
        """The token of the link under the answer to /web."""
        await phone.say("/web")
        await phone.told("works once")
        (link,) = phone.links()
        assert link.startswith(f"{SITE}/#move=")
        return link.partition("#move=")[2]


@pytest.fixture
async def both(telegram: StandIn, tmp_path: Path) -> AsyncIterator[Both]:
    clock = Clock()
    gateway = a_gateway(telegram, tmp_path, Echo(), clock)
    server = uvicorn.Server(
        uvicorn.Config(create_app(gateway), port=gateway.settings.port, ws="wsproto", log_level="error")
    )
    task = asyncio.create_task(server.serve())
    while not (server.started and gateway.telegram and gateway.telegram.status == "ready"):  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    yield Both(gateway, telegram, clock)
    server.should_exit = True
    await task


@contextlib.asynccontextmanager
async def opened_with(both: Both, link: str) -> AsyncIterator[Person]:
    """A page opened by a link from Telegram."""
    import websockets

    async with websockets.connect(both.url.replace("http", "ws") + "/chat/ws", ping_interval=None) as socket:
        person = Person(socket)
        await person.send(type="hello", move=link)
        first = await person.until(lambda f: f["type"] in ("welcome", "refused"))
        person.token = first.get("token")
        yield person


async def test_from_telegram_to_the_web(both: Both) -> None:
    phone = Phone(both.telegram, 1)
    await phone.start()
    await phone.say("i am 14 and someone is blackmailing me")
    await phone.told("heard:")
    conversation = await both.gateway.chats.find("telegram", both.gateway.keyring.pseudonym("telegram", "1"))
    assert conversation
    case = await both.gateway.chats.case(conversation)
    async with opened_with(both, await both.over_from_telegram(phone)) as page:
        assert page.token
        await page.until(lambda f: f["type"] == "message" and "works once" in f["text"])
        assert "i am 14 and someone is blackmailing me" in [m["text"] for m in page.messages]
        await page.ask("here i am")
        await phone.told("goes on in the web chat")
    now = await both.gateway.chats.case(conversation)
    assert (now.number, now.facts.age, now.channel) == (case.number, 14, "web")
    before = len(await phone.shown())
    await phone.say("hello?")
    seen = await phone.until(lambda seen: len(seen) > before + 1)
    assert "automated helper, not a person" in seen[before].text, "on Telegram it begins anew, and nothing is told"


async def test_the_link_works_once(both: Both) -> None:
    phone = Phone(both.telegram, 2)
    await phone.start()
    link = await both.over_from_telegram(phone)
    async with opened_with(both, link) as page:
        assert page.token
    async with opened_with(both, link) as page:
        assert page.frames == [{"type": "refused", "reason": "link_over"}]


@pytest.mark.parametrize("link", ["", "invented", "x" * 5000])
async def test_an_invented_link_opens_nothing(both: Both, link: str) -> None:
    async with opened_with(both, link) as page:
        assert page.frames == [{"type": "refused", "reason": "link_over"}]


async def test_the_link_ends_after_ten_minutes(both: Both) -> None:
    phone = Phone(both.telegram, 3)
    await phone.start()
    link = await both.over_from_telegram(phone)
    both.clock.ahead = timedelta(minutes=10, seconds=1)
    async with opened_with(both, link) as page:
        assert page.frames == [{"type": "refused", "reason": "link_over"}]
    phone.send(text="still here", date=int(both.clock().timestamp()))
    await phone.told("heard: still here")


async def test_from_the_web_to_telegram(both: Both) -> None:
    phone = Phone(both.telegram, 4)
    async with chat(both.url) as page:
        assert next(f for f in page.frames if f["type"] == "welcome")["telegram"] is True
        await page.ask("i am 15")
        move = await both.asks_for_telegram(page)
        assert "Telegram stores the chat" in move["text"]
        assert move["url"].startswith("https://t.me/stand_in_bot?start=")
        payload = move["url"].partition("start=")[2]
        assert len(payload) <= 64
        await phone.start(payload)
        await page.until(lambda f: f["type"] == "moved")
        token = page.token
    seen = await phone.told("we can go on here")
    assert not [one for one in seen if "heard: i am 15" in one.text], "what was shown on the page is not sent again"
    await phone.say("and now")
    await phone.told("heard: and now")
    conversation = await both.gateway.chats.find("telegram", both.gateway.keyring.pseudonym("telegram", "4"))
    assert (await both.gateway.chats.case(conversation or "")).facts.age == 15
    async with chat(both.url, token) as old:
        assert old.frames[0]["type"] == "refused"


async def test_a_link_used_twice_or_invented_greets_as_ever(both: Both) -> None:
    one, other = Phone(both.telegram, 5), Phone(both.telegram, 6)
    async with chat(both.url) as page:
        payload = (await both.asks_for_telegram(page))["url"].partition("start=")[2]
    await one.start(payload)
    for text in (payload, "campaign-7", "x" * 500):
        other = Phone(both.telegram, other.chat + 1)
        await other.start(text)
        assert [s.text[:8] for s in await other.shown()] == ["Hi. I'm "]
    await one.told("we can go on here")


async def test_who_has_a_chat_on_telegram_already_takes_the_new_one_over(both: Both) -> None:
    phone = Phone(both.telegram, 20)
    await phone.start()
    await phone.say("the old story")
    await phone.told("heard: the old story")
    async with chat(both.url) as page:
        await page.ask("the new story")
        payload = (await both.asks_for_telegram(page))["url"].partition("start=")[2]
        await phone.start(payload)
        await phone.told("we can go on here")
    await phone.say("go on")
    await phone.told("heard: go on")
    conversations = {r.text: r.conversation for r in both.gateway.assistant.heard}  # type: ignore[attr-defined]
    assert conversations["go on"] == conversations["the new story"]


async def test_without_a_bot_there_is_no_link(telegram: StandIn, tmp_path: Path) -> None:
    gateway = a_gateway(telegram, tmp_path, Echo(), telegram_token="")
    from breakwater.storage.schema import migrate

    migrate(gateway.store)
    conversation = await gateway.chats.open("web", "x")
    assert await gateway.moving.link_to_telegram(conversation) == ""
    gateway.store.close()
