"""From a counsellor's *Send* to the person's page, with two hundred chats open and people writing in them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import time
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
from websockets.legacy.client import connect

from bench.doors import GatewayChat
from bench.figures import spread
from bench.words import CHAT, TALK_TO_A_PERSON

_PASSWORD = "measured on a quiet evening"  # noqa: S105 - of an account that lives for a minute
_PEOPLE_A_SECOND, _COUNSELLOR_A_SECOND = 4.0, 8.0
_OPENING_TOGETHER = 10


class Counsellor:
    """Somebody at the desk, who sends as the desk's own script does."""

    def __init__(self, http: httpx.AsyncClient, csrf: str) -> None:
        self._http, self._csrf = http, csrf

    @classmethod
    async def first(cls, http: httpx.AsyncClient, setup_code: str) -> Counsellor:
        """Makes the first account of a new system and signs in."""
        page = await http.get("/desk/set-up")
        account = {"code": setup_code, "login": "bench", "name": "Bench", "password": _PASSWORD, "again": _PASSWORD}
        entered = await http.post("/desk/set-up", data={**account, "csrf": _field(page.text)})
        if entered.status_code != 303:
            raise RuntimeError(f"the desk's first account could not be made: {entered.status_code}")
        return cls(http, _field((await http.get("/desk/")).text))

    async def take_next(self) -> str | None:
        """The case taken, or None when nobody waits."""
        taken = await self._http.post("/desk/take-next", data={"csrf": self._csrf})
        match = re.search(r"/desk/cases/([0-9a-f]{32})$", taken.headers.get("location", ""))
        return match[1] if match else None

    async def say(self, case: str, text: str) -> None:
        sent = await self._http.post(
            f"/desk/cases/{case}/say",
            data={"text": text, "client_id": uuid4().hex}, headers={"x-desk-token": self._csrf},
        )  # fmt: skip
        sent.raise_for_status()

    @contextlib.asynccontextmanager
    async def at_the_desk(self) -> AsyncIterator[None]:
        """The queue's page stays open and answers the beat, or the assistant would take the cases back."""
        url = str(self._http.base_url).rstrip("/")
        cookies = "; ".join(f"{name}={value}" for name, value in self._http.cookies.items())
        async with connect(
            url.replace("http", "ws") + "/desk/ws", extra_headers={"Cookie": cookies, "Origin": url}, max_size=None
        ) as socket:
            await socket.send(json.dumps({"type": "hello", "case": None}))
            beating = asyncio.create_task(_beat(socket))
            try:
                yield
            finally:
                beating.cancel()


async def counsellor_to_person(url: str, setup_code: str, chats: int, seconds: float) -> dict[str, Any]:
    """All chats are open and taken; the counsellor writes in one after another while people go on writing."""
    people: list[GatewayChat] = []
    for _ in range(0, chats, _OPENING_TOGETHER):
        people += await asyncio.gather(*(_asking_for_a_person(url) for _ in range(_OPENING_TOGETHER)))
    async with httpx.AsyncClient(base_url=url, headers={"Origin": url}, timeout=30, trust_env=False) as http:
        counsellor = await Counsellor.first(http, setup_code)
        async with counsellor.at_the_desk():
            cases = []
            while case := await counsellor.take_next():
                cases.append(case)
            sent: dict[str, float] = {}
            delays: list[float] = []
            readers = [asyncio.create_task(_read(person, sent, delays)) for person in people]
            writing = asyncio.create_task(_write(people))
            started = time.monotonic()
            for number in range(int(seconds * _COUNSELLOR_A_SECOND)):
                await asyncio.sleep(max(0.0, started + number / _COUNSELLOR_A_SECOND - time.monotonic()))
                sent[f"w{number}"] = time.monotonic()
                await counsellor.say(cases[number % len(cases)], f"w{number}")
            await asyncio.sleep(2)
            for task in (writing, *readers):
                task.cancel()
    for person in people:
        await person.close()
    return {
        **spread(delays),
        "chats": len(people),
        "taken": len(cases),
        "sent": len(sent),
        "people_per_second": _PEOPLE_A_SECOND,
        "counsellor_per_second": _COUNSELLOR_A_SECOND,
    }


async def _asking_for_a_person(url: str) -> GatewayChat:
    person = await GatewayChat.open(url)
    await person.turn(TALK_TO_A_PERSON)
    return person


async def _read(person: GatewayChat, sent: dict[str, float], delays: list[float]) -> None:
    while True:
        frame = await person.frame(600)
        if frame["type"] == "message" and frame["text"] in sent:
            delays.append(time.monotonic() - sent[frame["text"]])


async def _write(people: list[GatewayChat]) -> None:
    started = time.monotonic()
    for number in range(10**6):
        await asyncio.sleep(max(0.0, started + number / _PEOPLE_A_SECOND - time.monotonic()))
        await people[number * 7 % len(people)].say(CHAT[number % len(CHAT)])


async def _beat(socket: Any) -> None:
    async for text in socket:
        if json.loads(text).get("type") == "beat":
            await socket.send(json.dumps({"type": "beat", "active": True}))


def _field(page: str) -> str:
    match = re.search(r'name="csrf" value="([^"]+)"', page)
    if match is None:
        raise RuntimeError("a page of the desk has no form")
    return match[1]
