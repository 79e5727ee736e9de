"""People at the web chat: over the socket, and by long polling."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any
from uuid import uuid4

import httpx
import websockets

from tests.channels.contract import Shown

_OURS = {"assistant", "counsellor", "notice"}


class Page:
    """What a page keeps: its token, what it saw, and where it stands. `_transmit` is the wire's own."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.token: str | None = None
        self.seq = 0
        self.messages: dict[int, dict[str, Any]] = {}
        self.history: list[Shown] = []
        self.answered: dict[str, dict[str, Any]] = {}
        self.frames: list[dict[str, Any]] = []

    async def shown(self) -> list[Shown]:
        return list(self.history)

    async def say(self, text: str) -> None:
        await self._sent(type="say", text=text)

    async def again(self, text: str) -> None:
        identity = uuid4().hex
        for _ in range(2):
            await self._sent(type="say", id=identity, text=text)

    async def tap(self, title: str) -> None:
        newest = next(m for m in reversed(self.messages.values()) if any(b["title"] == title for b in m["buttons"]))
        payload = next(b["payload"] for b in newest["buttons"] if b["title"] == title)
        await self._sent(type="tap", seq=newest["seq"], payload=payload)

    async def refuse_media(self, kind: str, caption: str = "") -> None:
        await self._sent(type="media_refused", kind=kind, caption=caption)

    async def _sent(self, **frame: Any) -> None:
        identity = frame.setdefault("id", uuid4().hex)
        self.answered.pop(identity, None)
        await self._transmit(frame)
        await asyncio.wait_for(self._answer_to(identity), 5)

    async def _answer_to(self, identity: str) -> None:
        while identity not in self.answered:  # noqa: ASYNC110 - the frames come from another task
            await asyncio.sleep(0.01)

    async def _transmit(self, frame: dict[str, Any]) -> None:
        raise NotImplementedError

    def _heard(self, frame: dict[str, Any]) -> None:
        self.frames.append(frame)
        kind = frame["type"]
        if kind == "welcome":
            self.token = frame["token"] or self.token
        elif kind == "message" and frame["seq"] > self.seq:
            self.seq = frame["seq"]
            self.messages[self.seq] = frame
            if frame["from"] in _OURS:
                titles = tuple(button["title"] for button in frame["buttons"])
                self.history.append(Shown(frame["from"], frame["text"], titles))
        elif kind in ("accepted", "rejected"):
            self.answered[frame["id"]] = frame
            if kind == "rejected":
                self.history.append(Shown("refusal", frame["text"]))
        elif kind in ("erased", "refused"):
            self.token, self.seq = None, 0
            self.messages.clear()

    async def start(self) -> None:
        for _ in range(2):  # a token that opens nothing is forgotten, and hello said again
            before = len(self.frames)
            await self.come_back()
            await asyncio.wait_for(self._answered_since(before), 5)
            if self.token:
                break
        await asyncio.wait_for(self._greeted(), 5)

    async def come_back(self) -> None:
        raise NotImplementedError

    async def _answered_since(self, before: int) -> None:
        while not any(frame["type"] in ("welcome", "refused") for frame in self.frames[before:]):  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    async def _greeted(self) -> None:
        while not self.messages:  # noqa: ASYNC110 - the frames come from another task
            await asyncio.sleep(0.01)


class SocketPage(Page):
    """A tab with a WebSocket."""

    _socket: Any = None
    _task: asyncio.Task[None] | None = None

    async def come_back(self) -> None:
        if self._task and not self._task.done():
            await self.leave()
        self._socket = await websockets.connect(self.url.replace("http", "ws") + "/chat/ws", max_size=None)
        await self._socket.send(json.dumps({"type": "hello", "token": self.token, "seq": self.seq}))
        self._task = asyncio.create_task(self._read(self._socket))

    async def leave(self) -> None:
        await self._socket.close()
        if self._task:
            await asyncio.gather(self._task, return_exceptions=True)

    async def _transmit(self, frame: dict[str, Any]) -> None:
        await self._socket.send(json.dumps(frame))

    async def _read(self, socket: Any) -> None:
        with contextlib.suppress(websockets.ConnectionClosed):
            while True:
                self._heard(json.loads(await socket.recv()))


class PollingPage(Page):
    """A tab behind a filter that blocks WebSockets."""

    _task: asyncio.Task[None] | None = None

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._http = httpx.AsyncClient(base_url=url, timeout=40)

    async def come_back(self) -> None:
        if self._task and not self._task.done():
            await self.leave()
        await self._ask([{"type": "hello"}])
        self._task = asyncio.create_task(self._listen())

    async def leave(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _transmit(self, frame: dict[str, Any]) -> None:
        await self._ask([frame])

    async def _listen(self) -> None:
        while self.token:
            await self._ask([], wait=True)

    async def _ask(self, frames: list[dict[str, Any]], wait: bool = False) -> None:
        asked = {"token": self.token, "seq": self.seq, "frames": frames, "wait": wait}
        answer = await self._http.post("/chat/poll", json=asked)
        assert answer.status_code == 200, answer.status_code
        for frame in answer.json()["frames"]:
            self._heard(frame)
