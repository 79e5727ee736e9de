"""The web chat without WebSockets, which filters of schools and hotels block: POST, and answers that wait.

One request carries the page's token, its last `seq` and any frames it has to say; the answer carries the frames that
the socket would have carried. A request with `wait` is held until there is something to tell.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from breakwater.channels.visit import FRAME_BYTES, Busy, Frame, Reception, Visit
from breakwater.privacy.keyring import Erased

_WAIT_SECONDS = 25.0  # proxies often cut at 30
_MOST_FRAMES = 50
_MOST_WAITING = 1000
_MOST_A_CONVERSATION = 5
_STANDING = frozenset({"speaker", "wait"})  # told with every answer; what they say is no news by itself
_HEADERS = {"Cache-Control": "no-store"}


@dataclass
class Polling:
    """Handles `POST /chat/poll`."""

    reception: Reception
    _waiting: Counter[str] = field(default_factory=Counter)

    async def poll(self, request: Request) -> Response:
        """`{"token", "seq", "frames", "wait"}` in, `{"frames"}` out. 400 for what is no such thing, 403 from another
        site's page, 413 too large, 429 when an address or a conversation asks for too much."""
        if not self.reception.own_page(request.headers.get("origin"), request.headers.get("host")):
            return _status(403)
        body = await _body(request)
        if body is None:
            return _status(413)
        asked = _asked(body)
        if asked is None:
            return _status(400)
        try:
            return await self._answer(asked, request.client.host if request.client else None)
        except Busy:
            return _status(429)

    async def _answer(self, asked: Frame, address: str | None) -> Response:
        said: list[Frame] = []

        async def send(frame: Frame) -> None:
            said.append(frame)

        frames = asked["frames"]
        greets = bool(frames) and frames[0].get("type") == "hello"
        hello = {**(frames.pop(0) if greets else {}), "token": asked.get("token")}
        if hello["token"] is None and not greets:
            return _status(400)
        entered = await self.reception.enter(hello, address)
        if isinstance(entered, dict):
            return _frames([entered])
        visit = Visit(self.reception, entered.conversation, asked.get("seq"), send)
        try:
            if greets:
                await visit.welcome(entered.token)
            for frame in frames:
                await visit.hear(frame)
            if not greets:
                await self._wait(visit, said, bool(asked.get("wait")))
        except Erased:
            said.append({"type": "erased"})
        return _frames(said)

    async def _wait(self, visit: Visit, said: list[Frame], long: bool) -> None:
        """What is new; with `long`, as soon as there is something."""
        topic = visit.conversation
        with self.reception.live.listen(topic) as events:
            await visit.catch_up()
            if not long or any(frame["type"] not in _STANDING for frame in said):
                return
            if self._waiting.total() >= _MOST_WAITING or self._waiting[topic] >= _MOST_A_CONVERSATION:
                raise Busy
            self._waiting[topic] += 1
            try:
                await asyncio.wait_for(_until_something(visit, events, said), _WAIT_SECONDS)
            except asyncio.TimeoutError:
                await visit.catch_up()
            finally:
                self._waiting[topic] -= 1
                if not self._waiting[topic]:
                    del self._waiting[topic]


async def _until_something(visit: Visit, events: asyncio.Queue[dict[str, Any]], said: list[Frame]) -> None:
    before = len(said)
    while len(said) == before:
        await visit.told(await events.get())


async def _body(request: Request) -> bytes | None:
    """The body; None when it is too large, found out before all of it is read."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > FRAME_BYTES:
            return None
    return body


def _asked(body: bytes) -> Frame | None:
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(asked, dict):
        return None
    frames = asked.setdefault("frames", [])
    good = isinstance(frames, list) and len(frames) <= _MOST_FRAMES and all(isinstance(frame, dict) for frame in frames)
    return asked if good else None


def _frames(frames: list[Frame]) -> Response:
    return JSONResponse({"frames": frames}, headers=_HEADERS)


def _status(status: int) -> Response:
    return Response(status_code=status, headers=_HEADERS)
