"""The web chat's socket: one WebSocket a tab, frames as in docs/web-protocol.md."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import anyio
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket, WebSocketDisconnect

from breakwater.channels.visit import FRAME_BYTES, Busy, Entered, Frame, Reception, Visit
from breakwater.privacy.keyring import Erased

__all__ = ["FRAME_BYTES", "WebChannel"]
_HELLO_SECONDS = 10
_SEND_SECONDS = 20  # a page that takes nothing for so long is gone; it resumes by seq
_LOOK_SECONDS = 30
_MOST_SOCKETS = 4000
_MOST_AN_ADDRESS = 200  # a school behind one address


@dataclass
class WebChannel:
    """Handles the chat's sockets."""

    reception: Reception
    _open: Counter[str] = field(default_factory=Counter)

    async def socket(self, socket: WebSocket) -> None:
        """One tab's connection, from hello to its end."""
        if not self.reception.own_page(socket.headers.get("origin"), socket.headers.get("host")):
            await socket.close(1008)
            return
        address = socket.client.host if socket.client else None
        with self._counted(self.reception.addresses.key(address)) as room:
            if not room:
                await socket.close(1013)
                return
            await socket.accept()
            try:
                await self._attend(socket, address)
            except (WebSocketDisconnect, RuntimeError):
                pass  # the tab is gone; nothing is lost, it resumes by seq
            except asyncio.TimeoutError:
                await _close(socket, 1002)
            except _BadFrame:
                await _close(socket, 1003)
            except Busy:
                await _close(socket, 1013)
            except Erased:
                await _close(socket, 1000)  # the page says hello again and learns that its token is unknown

    async def exit(self, request: Request) -> Response:
        """Quick exit, by sendBeacon with the token as body. Always 204: nobody learns whether it existed."""
        body = await request.body()
        if len(body) <= 200:
            conversation = await self.reception.find(body.decode("utf8", "replace"))
            if conversation:
                await self.reception.chats.left(conversation)
        return Response(status_code=204)

    async def _attend(self, socket: WebSocket, address: str | None) -> None:
        hello = await asyncio.wait_for(_frame(socket), _HELLO_SECONDS)
        if hello.get("type") != "hello":
            await socket.close(1002)
            return
        entered = await self.reception.enter(hello, address)
        if isinstance(entered, Entered):
            await self._stay(socket, entered, hello.get("seq"))
        else:
            await socket.send_json(entered)
            await socket.close(1000)

    async def _stay(self, socket: WebSocket, entered: Entered, seq: object) -> None:
        async def send(frame: Frame) -> None:
            with anyio.move_on_after(_SEND_SECONDS) as taken:
                await socket.send_json(frame)
            if taken.cancel_called:
                raise WebSocketDisconnect(1006)

        visit = Visit(self.reception, entered.conversation, seq, send)
        tabs, live, topic = self.reception.tabs, self.reception.live, entered.conversation
        tabs[topic] += 1
        try:
            with live.listen(topic) as events:
                await visit.welcome(entered.token)
                live.publish(topic, kind="tabs")
                work = (_read(socket, visit), _write(socket, visit, events), _look(visit))
                tasks = [asyncio.create_task(one) for one in work]
                done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                for task in pending:
                    task.cancel()
                await asyncio.gather(*pending, return_exceptions=True)
                for task in done:
                    task.result()
        finally:
            tabs[topic] -= 1
            if not tabs[topic]:
                del tabs[topic]
            live.publish(topic, kind="tabs")

    @contextlib.contextmanager
    def _counted(self, address: str) -> Iterator[bool]:
        """Whether there is room for one more socket, here and from this address; it counts while the block runs."""
        if self._open.total() >= _MOST_SOCKETS or self._open[address] >= _MOST_AN_ADDRESS:
            yield False
            return
        self._open[address] += 1
        try:
            yield True
        finally:
            self._open[address] -= 1
            if not self._open[address]:
                del self._open[address]


async def _read(socket: WebSocket, visit: Visit) -> None:
    while True:
        await visit.hear(await _frame(socket))


async def _write(socket: WebSocket, visit: Visit, events: asyncio.Queue[dict[str, Any]]) -> None:
    while await visit.told(await events.get()):
        pass
    await socket.close(1000)


async def _look(visit: Visit) -> None:
    """Finds what a lost wake-up would have told, and what changes with time alone."""
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        await visit.catch_up()


class _BadFrame(ValueError):
    """Not a JSON object."""


async def _frame(socket: WebSocket) -> Frame:
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1006))
    try:
        frame = json.loads(message.get("text") or "")
    except (ValueError, RecursionError):
        raise _BadFrame from None
    if not isinstance(frame, dict):
        raise _BadFrame
    return frame


async def _close(socket: WebSocket, code: int) -> None:
    with contextlib.suppress(RuntimeError, WebSocketDisconnect):
        await socket.close(code)
