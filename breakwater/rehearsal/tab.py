"""The person at the page: one tab of the web chat, speaking docs/web-protocol.md."""

from __future__ import annotations

import asyncio
import contextlib
import json
import uuid
from collections.abc import Callable
from typing import Any

import websockets

Frame = dict[str, Any]
_ANSWER_SECONDS = 20.0  # far over the promised five: what is late is shown, not lost
_TRIES = 8


class PlayBroken(RuntimeError):
    """The dialogue could not be played on; the message says where it stopped."""


class Tab:
    """An open chat. `open` it first; after the conversation was deleted, the next message opens a new one."""

    def __init__(self, url: str) -> None:
        self._address = url.rstrip("/").replace("http", "ws", 1) + "/chat/ws"
        self._socket: Any = None
        self._reading: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self.token = ""
        self.frames: list[Frame] = []
        self.erased = False

    async def open(self) -> None:
        """A new conversation, greeted."""
        await self.close()
        self.frames, self.erased = [], False
        for _ in range(_TRIES):  # a busy service asks us to come back in a moment (1013)
            try:
                self._socket = await websockets.connect(self._address, max_size=None, ping_interval=None)  # type: ignore[attr-defined]
            except (OSError, websockets.WebSocketException) as error:  # type: ignore[attr-defined]
                raise PlayBroken(f"{self._address} does not open a chat: {error}") from None
            self._reading = asyncio.create_task(self._read())
            await self._send(type="hello", token=None, seq=0)
            with contextlib.suppress(PlayBroken):
                self.token = (await self.until(lambda f: f["type"] == "welcome", 3.0))["token"]
                await self.until(lambda f: f["type"] == "message")
                return
            await self.close()
        raise PlayBroken(f"{self._address} does not open a chat.")

    async def close(self) -> None:
        if self._reading:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
            with contextlib.suppress(websockets.ConnectionClosed):  # type: ignore[attr-defined]  # it went first
                await self._socket.close()

    async def say(self, text: str) -> None:
        """Send words; returns when they are stored."""
        await self._deliver(type="say", text=text)

    async def show(self, caption: str) -> None:
        """Drop a picture on the page: its bytes never leave the browser, the caption does."""
        await self._deliver(type="media_refused", kind="image", caption=caption)

    async def tap(self, title: str) -> None:
        """Tap a button of the newest message that is not the person's own. Raises PlayBroken when it has none such."""
        newest = next((m for m in reversed(self.messages) if m["from"] != "person"), None)
        buttons = {b["title"]: b["payload"] for b in newest["buttons"]} if newest else {}
        if newest is None or title not in buttons:
            raise PlayBroken(f"there is no button “{title}” to tap, only: {', '.join(buttons) or 'none'}")
        await self._deliver(type="tap", seq=newest["seq"], payload=buttons[title])

    @property
    def messages(self) -> list[Frame]:
        return [frame for frame in self.frames if frame["type"] == "message"]

    @property
    def seq(self) -> int:
        """The last message that the page has."""
        return max((m["seq"] for m in self.messages), default=0)

    async def until(self, holds: Callable[[Frame], bool], seconds: float = _ANSWER_SECONDS, since: int = 0) -> Frame:
        """The first frame, of those from place `since` on, for which it holds. Raises PlayBroken when none comes."""
        try:
            return await asyncio.wait_for(self._first(holds, since), seconds)
        except asyncio.TimeoutError:
            raise PlayBroken(f"nothing came from {self._address} in {seconds:.0f} s") from None

    async def quiet(self, seconds: float) -> None:
        """Until nothing new has come for so long."""
        seen = -1
        while seen != len(self.frames):
            seen = len(self.frames)
            await asyncio.sleep(seconds)

    async def _first(self, holds: Callable[[Frame], bool], since: int) -> Frame:
        while True:
            self._news.clear()
            for frame in self.frames[since:]:
                if holds(frame):
                    return frame
            await self._news.wait()

    async def _deliver(self, **frame: Any) -> None:
        """Once and for sure: what is refused as too fast is sent again under the same id."""
        if self.erased:
            await self.open()
        identity = uuid.uuid4().hex
        for _ in range(_TRIES):
            before = len(self.frames)
            await self._send(id=identity, **frame)
            answer = await self.until(lambda f: f["type"] == "erased" or f.get("id") == identity, since=before)
            if answer["type"] != "rejected":
                return
            await asyncio.sleep(1.0)
        raise PlayBroken(f"the service does not take the message: {answer['text']}")

    async def _send(self, **frame: Any) -> None:
        with contextlib.suppress(websockets.ConnectionClosed):  # type: ignore[attr-defined]  # what is missing then shows in `until`
            await self._socket.send(json.dumps(frame))

    async def _read(self) -> None:
        with contextlib.suppress(websockets.ConnectionClosed):  # type: ignore[attr-defined]
            while True:
                frame = json.loads(await self._socket.recv())
                self.frames.append(frame)
                self.erased = self.erased or frame["type"] == "erased"
                self._news.set()
