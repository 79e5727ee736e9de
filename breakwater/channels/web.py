"""The web chat: one WebSocket a tab, frames as in docs/web-protocol.md.

The token is sent in the first frame, never in a URL or cookie; only its hash is stored. What a
person missed is replayed by `seq`; what they send twice is stored once.
"""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket, WebSocketDisconnect

from breakwater.channels.limits import Limit
from breakwater.conversations.chats import Chats
from breakwater.conversations.inbox import Inbound, TooLong
from breakwater.conversations.live import Live
from breakwater.conversations.transcript import Message
from breakwater.privacy.keyring import Erased
from breakwater.privacy.keys import token_hash

logger = logging.getLogger(__name__)
FRAME_BYTES = 64 * 1024
_HELLO_SECONDS = 10
_TOO_FAST = "That was very fast. Please wait a moment and send it again."
_TOO_LONG = "That is longer than I can take in at once. Please send it in two or three parts."
_NOT_STORED = "That did not arrive. Please send it again."
_MEDIA = frozenset({"image", "video", "voice", "document"})


@dataclass
class WebChannel:
    """Handles the chat's sockets. `origins`: pages on which the chat may run, besides its own host."""

    chats: Chats
    live: Live
    welcome: dict[str, Any]
    longest: int
    origins: tuple[str, ...] = ()
    _tabs: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    _messages: Limit = field(default_factory=lambda: Limit(burst=20, every=0.7))
    _openings: Limit = field(default_factory=lambda: Limit(burst=30, every=2.0))

    async def socket(self, socket: WebSocket) -> None:
        """One tab's connection, from hello to its end."""
        if not self._origin_allowed(socket):
            await socket.close(1008)
            return
        await socket.accept()
        try:
            hello = await asyncio.wait_for(_frame(socket), _HELLO_SECONDS)
            if hello.get("type") == "hello":
                await self._attend(socket, hello)
            else:
                await socket.close(1002)
        except asyncio.TimeoutError:
            await socket.close(1002)
        except _BadFrame:
            await socket.close(1003)
        except (WebSocketDisconnect, RuntimeError):
            pass  # the tab is gone; nothing is lost, it resumes by seq

    async def exit(self, request: Request) -> Response:
        """Quick exit, by sendBeacon with the token as body. Always 204: nobody learns whether it existed."""
        body = await request.body()
        if len(body) <= 200:
            conversation = await self.chats.find("web", token_hash(body.decode("utf8", "replace")))
            if conversation:
                await self.chats.left(conversation)
        return Response(status_code=204)

    async def _attend(self, socket: WebSocket, hello: dict[str, Any]) -> None:
        token, seq = hello.get("token"), hello.get("seq")
        seq = seq if isinstance(seq, int) and seq >= 0 else 0
        new = token is None
        if new:
            token = secrets.token_urlsafe(32)
            if not self._openings.allows(_address(socket), time.monotonic()):
                await socket.close(1013)
                return
            conversation = await self.chats.open("web", token_hash(token))
        else:
            found = await self.chats.find("web", token_hash(str(token))) if isinstance(token, str) else None
            if found is None:
                await socket.send_json({"type": "refused", "reason": "unknown_token"})
                await socket.close(1000)
                return
            conversation = found
        tab = _Tab(self, socket, conversation, seq)
        await tab.run(token if new else None)

    def _origin_allowed(self, socket: WebSocket) -> bool:
        origin = socket.headers.get("origin")
        if origin is None:
            return True  # not a browser; it has no person's session to abuse
        return origin.partition("://")[2] == socket.headers.get("host") or origin in self.origins


class _Tab:
    """One open tab: reads frames, and writes what happens, in order of `seq`."""

    def __init__(self, channel: WebChannel, socket: WebSocket, conversation: str, seq: int) -> None:
        self._channel, self._socket, self._conversation = channel, socket, conversation
        self._seq = seq
        self._speaker: tuple[str, str | None] | None = None
        self._sending = asyncio.Lock()

    async def run(self, token: str | None) -> None:
        tabs, topic = self._channel._tabs, self._conversation
        tabs[topic] += 1
        try:
            with self._channel.live.listen(topic) as events:
                await self._welcome(token)
                self._channel.live.publish(topic, kind="tabs")
                tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._write(events))]
                done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                for task in pending:
                    task.cancel()
                for task in done:
                    task.result()
        finally:
            tabs[topic] -= 1
            if not tabs[topic]:
                del tabs[topic]
            self._channel.live.publish(topic, kind="tabs")

    async def _welcome(self, token: str | None) -> None:
        case = await self._channel.chats.case(self._conversation)
        self._speaker = await self._channel.chats.speaker(case)
        await self._send(
            {
                "type": "welcome",
                "token": token,
                "seq": self._seq,
                "speaker": self._speaker[0],
                "name": self._speaker[1],
                "other_tabs": self._other_tabs,
                **self._channel.welcome,
            }
        )
        await self._catch_up()

    @property
    def _other_tabs(self) -> bool:
        return self._channel._tabs[self._conversation] > 1

    async def _read(self) -> None:
        while True:
            frame = await _frame(self._socket)
            handler = getattr(self, f"_on_{frame.get('type')}", None) if frame.get("type") in _FRAMES else None
            if handler:
                await handler(frame)

    async def _write(self, events: asyncio.Queue[dict[str, Any]]) -> None:
        while True:
            event = await events.get()
            kind = event["kind"]
            if kind == "message":
                await self._catch_up()
            elif kind == "typing" and event["who"] != "person":
                await self._send({"type": "typing", "from": event["who"]})
            elif kind == "tabs":
                await self._send({"type": "other_tabs", "open": self._other_tabs})
            elif kind == "erased":
                await self._send({"type": "erased"})
                await self._socket.close(1000)
                return

    async def _catch_up(self) -> None:
        """Everything after the last seq this tab has, and a change of speaker."""
        async with self._sending:
            try:
                found = await self._channel.chats.since(self._conversation, self._seq)
                speaker = await self._channel.chats.speaker(await self._channel.chats.case(self._conversation))
            except Erased:
                return
            for message in found:
                await self._socket.send_json(shown(message))
                self._seq = message.seq
            if speaker != self._speaker:
                self._speaker = speaker
                await self._socket.send_json({"type": "speaker", "speaker": speaker[0], "name": speaker[1]})

    async def _send(self, frame: dict[str, Any]) -> None:
        async with self._sending:
            await self._socket.send_json(frame)

    async def _on_say(self, frame: dict[str, Any]) -> None:
        text = frame.get("text")
        if isinstance(text, str) and text.strip():
            await self._receive(frame, text, None, None)

    async def _on_tap(self, frame: dict[str, Any]) -> None:
        """Only a button that we really showed in that message counts."""
        seq, payload = frame.get("seq"), frame.get("payload")
        title = await self._channel.chats.button(self._conversation, seq, payload) if isinstance(seq, int) else None
        if title is None:
            await self._send({"type": "rejected", "id": frame.get("id"), "text": _NOT_STORED})
            return
        await self._receive(frame, title, str(payload), None)

    async def _on_media_refused(self, frame: dict[str, Any]) -> None:
        kind = frame.get("kind") if frame.get("kind") in _MEDIA else "document"
        await self._receive(frame, str(frame.get("caption") or ""), None, str(kind))

    async def _on_typing(self, frame: dict[str, Any]) -> None:
        self._channel.live.publish(self._conversation, kind="typing", who="person")

    async def _on_seen(self, frame: dict[str, Any]) -> None:
        if isinstance(frame.get("seq"), int):
            await self._channel.chats.delivered(self._conversation, frame["seq"])

    async def _receive(self, frame: dict[str, Any], text: str, payload: str | None, media: str | None) -> None:
        identity = frame.get("id")
        if not isinstance(identity, str) or not 1 <= len(identity) <= 64:
            return
        if not self._channel._messages.allows(self._conversation, time.monotonic()):
            await self._send({"type": "rejected", "id": identity, "text": _TOO_FAST})
            return
        try:
            received = await self._channel.chats.say(self._conversation, Inbound(identity, text, payload, media))
        except TooLong:
            await self._send({"type": "rejected", "id": identity, "text": _TOO_LONG})
        except Erased:
            await self._send({"type": "erased"})
        except Exception as error:
            logger.error("a message was not stored: %s", type(error).__name__)
            await self._send({"type": "rejected", "id": identity, "text": _NOT_STORED})
        else:
            await self._send({"type": "accepted", "id": identity, "seq": received.message.seq})


_FRAMES = frozenset({"say", "tap", "media_refused", "typing", "seen"})


class _BadFrame(ValueError):
    """Not a JSON object."""


async def _frame(socket: WebSocket) -> dict[str, Any]:
    text = await socket.receive_text()
    try:
        frame = json.loads(text)
    except ValueError:
        raise _BadFrame from None
    if not isinstance(frame, dict):
        raise _BadFrame
    return frame


def _address(socket: WebSocket) -> str:
    return socket.client.host if socket.client else "unknown"


def shown(message: Message) -> dict[str, Any]:
    """A message as the person's page gets it: no tags, no names of responses."""
    body = message.body
    return {
        "type": "message", "seq": message.seq, "from": message.sender, "name": body.get("name"), "text": message.text,
        "buttons": body.get("buttons") or [], "cards": body.get("cards") or [],
        "at": message.at.isoformat().replace("+00:00", "Z"), "id": message.client_id, "media": body.get("media"),
    }  # fmt: skip
