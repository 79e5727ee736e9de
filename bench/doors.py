"""The two doors at which a turn is measured: the gateway's web socket and the stock bot's REST channel.

Each waits for the last message of an answer. Where there is none the gateway's raises NoReply; a stock bot may have
nothing to say, and such turns are counted.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import uuid4

import aiohttp
from websockets.legacy.client import connect

QUIET_SECONDS = 0.02  # the messages of one answer arrive together; none for so long, and it was the last
_PATIENCE_SECONDS = 30.0
_addresses = itertools.count(1)


class NoReply(RuntimeError):
    """Nobody answered."""


@dataclass(frozen=True)
class Answered:
    """Seconds from sending until the last message of the answer, and until the gateway had stored what was said."""

    seconds: float
    stored: float | None = None
    silent: bool = False


class Door(Protocol):
    """One person's chat."""

    async def turn(self, text: str) -> Answered: ...

    async def close(self) -> None: ...


class GatewayChat:
    """A page of the web chat. Only messages after the person's own count as its answer."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket

    @classmethod
    async def open(cls, url: str) -> GatewayChat:
        """Greeted. Each chat comes from an address of its own, as behind a proxy: one may open only so many."""
        number = next(_addresses)
        headers = {"X-Forwarded-For": f"10.{number // 62_500}.{number // 250 % 250}.{number % 250 + 1}"}
        socket = await connect(
            url.replace("http", "ws") + "/chat/ws", extra_headers=headers, max_size=None, ping_interval=None
        )
        await socket.send(json.dumps({"type": "hello", "token": None, "seq": 0}))
        chat = cls(socket)
        while (await chat.frame(_PATIENCE_SECONDS))["type"] != "message":
            pass
        return chat

    async def frame(self, seconds: float) -> dict[str, Any]:
        """The next frame. Raises NoReply when none comes in time."""
        try:
            return dict(json.loads(await asyncio.wait_for(self._socket.recv(), seconds)))
        except asyncio.TimeoutError:
            raise NoReply(f"nothing for {seconds:g} s") from None

    async def say(self, text: str) -> str:
        """Send without waiting for anything."""
        identity = uuid4().hex
        await self._socket.send(json.dumps({"type": "say", "id": identity, "text": text}))
        return identity

    async def turn(self, text: str) -> Answered:
        sent = time.monotonic()
        identity = await self.say(text)
        own, stored, last = None, None, None
        while True:
            try:
                frame = await self.frame(_PATIENCE_SECONDS if last is None else QUIET_SECONDS)
            except NoReply:
                if last is None:
                    raise
                return Answered(last, stored)
            took = time.monotonic() - sent
            if frame["type"] == "rejected":
                raise NoReply("the gateway refused the message")
            if frame["type"] == "accepted" and frame["id"] == identity:
                own, stored = frame["seq"], took
            elif frame["type"] == "message" and frame["id"] == identity:
                own = frame["seq"]
            elif frame["type"] == "message" and own is not None and frame["seq"] > own:
                last = took

    async def close(self) -> None:
        await self._socket.close()


class StockChat:
    """A sender at the REST channel; its answer is one response with all messages."""

    def __init__(self, url: str, http: aiohttp.ClientSession) -> None:
        self._url, self._http, self._sender = f"{url}/webhooks/rest/webhook", http, uuid4().hex

    @classmethod
    async def open(cls, url: str) -> StockChat:
        return cls(url, aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_PATIENCE_SECONDS)))

    async def turn(self, text: str) -> Answered:
        sent = time.monotonic()
        async with self._http.post(self._url, json={"sender": self._sender, "message": text}) as response:
            messages = await response.json(content_type=None)
        if response.status != 200:
            raise NoReply(f"status {response.status}")
        return Answered(time.monotonic() - sent, silent=not messages)

    async def close(self) -> None:
        await self._http.close()
