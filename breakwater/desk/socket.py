"""The desk's WebSocket: one per page. It wakes the page, carries typing both ways, and beats.

Page to server: `hello` (case or none, last seq seen), `beat` (with `active` when somebody touched
the page), `typing`. Server to page: `waiting`, `part`, `messages`, `state`, `typing`, `beat`.
The server sets the beat, because browsers slow down the timers of pages in the background.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any
from uuid import uuid4

import anyio
from starlette.websockets import WebSocket, WebSocketDisconnect

from breakwater.cases.counsellors import Counsellor
from breakwater.conversations.live import DESK
from breakwater.desk import guard, sessions
from breakwater.desk.context import Desk
from breakwater.desk.live_case import LiveCase
from breakwater.desk.presence import BEAT_SECONDS
from breakwater.desk.queue_page import lists_html, waiting_frame
from breakwater.desk.sessions import Session
from breakwater.privacy.keyring import Erased

SIGNED_OUT, GONE, WRONG, GOING = 4401, 4404, 4400, 1001
Events = asyncio.Queue[dict[str, Any]]
_LONGEST_FRAME = 4096
_HELLO_SECONDS, _SILENT_SECONDS, _TOGETHER_SECONDS = 10, 3 * BEAT_SECONDS, 0.15


async def desk_socket(desk: Desk, websocket: WebSocket) -> None:
    """Refuse pages of others, send those who are signed out to sign in, then serve one page until it goes."""
    found = await guard.signed_in(desk, websocket)
    if not guard.own_origin(desk, websocket) or (found and found[1].role not in guard.TALKS):
        return await websocket.close()
    await websocket.accept()
    if found is None:  # a browser learns the reason only once the line is open
        return await websocket.close(SIGNED_OUT)
    page = Page(desk, websocket, *found)
    try:
        await page.serve()
        await page.close(GOING)
    finally:
        desk.presence.left(page.id)


class Page:
    """One open page: the queue, or a case."""

    def __init__(self, desk: Desk, websocket: WebSocket, session: Session, who: Counsellor) -> None:
        self.id = uuid4().hex
        self._desk, self._websocket, self._session, self._who = desk, websocket, session, who
        self._case: LiveCase | None = None
        self._heard = 0
        self._one_at_a_time = asyncio.Lock()

    async def serve(self) -> None:
        try:
            hello = await asyncio.wait_for(self._hear(), _HELLO_SECONDS)
        except (asyncio.TimeoutError, WebSocketDisconnect):
            return
        if hello.get("type") != "hello":
            return await self.close(WRONG)
        self._desk.presence.here(self._who.id, self.id, self._desk.clock())
        with self._desk.live.listen(DESK) as events:
            if hello.get("case") is None:
                queue = self._watch(events, self._tell_queue)
                return await self._until_one_ends(self._listen(), self._beat(), queue)
            await self._serve_case(str(hello["case"]), _whole(hello.get("since")), events)

    async def _serve_case(self, case_id: str, since: int, events: Events) -> None:
        with suppress(Erased):
            self._case = await LiveCase.open(self._desk, case_id, self._who, self._session.csrf, since)
        if self._case is None:
            return await self.close(GONE)
        with self._desk.live.listen(self._case.conversation) as wakes:
            desk, case = self._watch(events, self._tell_desk), self._watch(wakes, self._tell_case)
            await self._until_one_ends(self._listen(), self._beat(), desk, case)

    async def _until_one_ends(self, *works: Awaitable[None]) -> None:
        async with anyio.create_task_group() as group:

            async def run(work: Awaitable[None]) -> None:
                try:
                    await work
                except Erased:
                    await self.close(GONE)
                except (WebSocketDisconnect, RuntimeError):
                    pass  # the page is gone; Starlette raises either, depending on who noticed first
                group.cancel_scope.cancel()

            for work in works:
                group.start_soon(run, work)

    async def _watch(self, events: Events, tell: Callable[[], Awaitable[None]]) -> None:
        """Tell the page now, and again whenever something changed; many changes at once are told once."""
        await tell()
        while True:
            newest = await events.get()
            if newest.get("kind") != "typing":
                await asyncio.sleep(_TOGETHER_SECONDS)
                while not events.empty():
                    newest = events.get_nowait()
                await tell()
            if _person_types(newest):
                await self._send({"type": "typing"})

    async def _tell_queue(self) -> None:
        await self._send(await waiting_frame(self._desk))
        html = await lists_html(self._desk, self._session.csrf, self._who.id)
        await self._send({"type": "part", "part": "lists", "html": html})

    async def _tell_desk(self) -> None:
        await self._send(await waiting_frame(self._desk))
        await self._tell_case()

    async def _tell_case(self) -> None:
        if self._case:
            for frame in await self._case.news():
                await self._send(frame)

    async def _listen(self) -> None:
        while True:
            frame = await self._hear()
            self._heard += 1
            self._desk.presence.here(self._who.id, self.id, self._desk.clock())
            if frame.get("type") == "typing" and self._case and await self._case.type():
                self._desk.presence.typed(self._case.id, self._desk.clock())
            if frame.get("active") or frame.get("type") == "typing":
                await self._still_here()

    async def _beat(self) -> None:
        """Ask the page whether it is there; end when it is silent or its session has ended."""
        silent = 0
        while True:
            found = await guard.signed_in(self._desk, self._websocket)
            if found is None:
                return await self.close(SIGNED_OUT)
            self._session = found[0]
            left = self._session.left(self._desk.clock())
            before = self._heard
            await self._send({"type": "beat", "left": int(left.total_seconds())})
            await asyncio.sleep(BEAT_SECONDS)
            silent = silent + BEAT_SECONDS if self._heard == before else 0
            if silent >= _SILENT_SECONDS:
                return
            await self._tell_case()

    async def _still_here(self) -> None:
        now = self._desk.clock()
        if sessions.stale(self._session, now) and await guard.signed_in(self._desk, self._websocket):
            await self._desk.store.write(sessions.touch, self._session, now)

    async def _hear(self) -> dict[str, Any]:
        """The next frame; what is not a JSON object counts as an empty one."""
        with suppress(json.JSONDecodeError, KeyError):
            text = await self._websocket.receive_text()
            frame = json.loads(text) if len(text) < _LONGEST_FRAME else None
            if isinstance(frame, dict):
                return frame
        return {}

    async def _send(self, frame: dict[str, Any]) -> None:
        async with self._one_at_a_time:
            await self._websocket.send_json(frame)

    async def close(self, code: int) -> None:
        """Close, unless that has happened already."""
        with suppress(RuntimeError, WebSocketDisconnect):
            await self._websocket.close(code)


def _person_types(event: dict[str, Any]) -> bool:
    return event.get("kind") == "typing" and event.get("who") == "person"


def _whole(value: Any) -> int:
    return value if isinstance(value, int) and value >= 0 else 0
