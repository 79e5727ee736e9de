"""A stand-in for Telegram's Bot API, over HTTP on this machine: one bot, any number of people.

It keeps what Telegram keeps (chats, messages, the queue of updates, the webhook) and counts every call. Faults are
asked for with `fail`. Any call that it does not know, such as `getFile`, is a failed test.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.stack import free_port

TOKEN = "123456:stand-in"
Json = dict[str, Any]


@dataclass
class Fault:
    """The next calls of `method` end so. `where`: only for calls whose parameters it accepts."""

    status: int
    times: int
    description: str = "fault"
    retry_after: int | None = None
    hang: float = 0.0
    takes: bool = False  # the call is done all the same, and only its answer is lost
    where: Callable[[Json], bool] = lambda _: True


@dataclass
class StandIn:
    port: int = field(default_factory=free_port)
    calls: list[tuple[str, Json]] = field(default_factory=list)
    chats: defaultdict[int, dict[int, Json]] = field(default_factory=lambda: defaultdict(dict))
    sent: list[Json] = field(default_factory=list)  # every message of the bot, in order, also deleted ones
    answers: list[Json] = field(default_factory=list)  # answered taps
    queue: list[Json] = field(default_factory=list)
    blocked: set[int] = field(default_factory=set)
    webhook: Json | None = None
    about: Json = field(default_factory=lambda: {"name": "Chat helper", "description": "", "short_description": ""})
    commands: list[Json] = field(default_factory=list)
    me: Json = field(default_factory=lambda: {"can_join_groups": False, "can_read_all_group_messages": False})
    faults: defaultdict[str, list[Fault]] = field(default_factory=lambda: defaultdict(list))
    unknown: list[str] = field(default_factory=list)
    polls: int = 0
    closing: bool = False
    _numbers: Counter[str] = field(default_factory=Counter)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _server: uvicorn.Server | None = None
    _task: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        app = Starlette(routes=[Route("/bot{token}/{method}", self._call, methods=["GET", "POST"])])
        self._server = uvicorn.Server(
            uvicorn.Config(app, port=self.port, ws="none", log_level="error", timeout_graceful_shutdown=1)
        )
        self._task = asyncio.create_task(self._server.serve())
        while not self._server.started:  # noqa: ASYNC110 - uvicorn offers no event
            await asyncio.sleep(0.01)

    async def stop(self) -> None:
        assert self._server and self._task
        self._server.should_exit = self.closing = True
        self._news.set()
        await self._task

    # ---- what a test does

    def number(self, kind: str) -> int:
        self._numbers[kind] += 1
        return self._numbers[kind]

    def update(self, **content: Any) -> Json:
        """An update of this content, waiting to be fetched."""
        made = {"update_id": 1000 + self.number("update"), **content}
        self.bring(made)
        return made

    def bring(self, *updates: Any) -> None:
        self.queue.extend(updates)
        self._news.set()

    def fail(self, method: str, status: int, times: int = 1, **about: Any) -> Fault:
        self.faults[method].append(fault := Fault(status, times, **about))
        return fault

    def count(self, method: str) -> int:
        return sum(name == method for name, _ in self.calls)

    def of(self, chat: int) -> list[Json]:
        """The bot's messages in this chat, in order."""
        return [message for message in self.sent if message["chat"]["id"] == chat]

    async def call_webhook(self, update: Any, secret: str | None = None) -> int:
        """As Telegram does it; the status of the answer."""
        assert self.webhook is not None
        token = self.webhook["secret_token"] if secret is None else secret
        async with httpx.AsyncClient() as http:
            body = update if isinstance(update, bytes) else json.dumps(update).encode()
            headers = {"X-Telegram-Bot-Api-Secret-Token": token.encode("latin-1")} if token else {}
            return (await http.post(self.webhook["url"], content=body, headers=headers)).status_code

    # ---- the API

    async def _call(self, request: Request) -> Response:
        method, data = request.path_params["method"], await _parameters(request)
        self.calls.append((method, data))
        if request.path_params["token"] != TOKEN:
            return _error(401, "Unauthorized")
        fault = next((f for f in self.faults[method] if f.times > 0 and f.where(data)), None)
        if fault:
            fault.times -= 1
            if fault.takes:
                await self._answer(method, data)
            if fault.hang:
                await asyncio.sleep(fault.hang)
            return _error(fault.status, fault.description, fault.retry_after)
        return await self._answer(method, data)

    async def _answer(self, method: str, data: Json) -> Response:
        handler = getattr(self, f"_{method}", None)
        if handler is None:
            self.unknown.append(method)
            return _error(404, "Not Found")
        found = handler(data)
        result = await found if asyncio.iscoroutine(found) else found
        return result if isinstance(result, Response) else JSONResponse({"ok": True, "result": result})

    def _getMe(self, _: Json) -> Json:
        return {"id": 1, "is_bot": True, "first_name": self.about["name"], "username": "stand_in_bot", **self.me}

    async def _getUpdates(self, data: Json) -> Any:
        if self.webhook:
            return _error(409, "Conflict: can't use getUpdates method while webhook is active")
        offset, end = int(data.get("offset") or 0), time.monotonic() + min(float(data.get("timeout") or 0), 1.0)
        self.queue = [u for u in self.queue if _number(u, offset) >= offset]
        while not self.queue and not self.closing and time.monotonic() < end:
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), max(0.01, end - time.monotonic()))
            except asyncio.TimeoutError:
                break
        self.polls += 1
        given, self.queue = self.queue[:100], [u for u in self.queue if _number(u, -1) >= 0]
        return given

    def _sendMessage(self, data: Json) -> Any:
        chat = int(data["chat_id"])
        if chat in self.blocked:
            return _error(403, "Forbidden: bot was blocked by the user")
        text = data.get("text", "")
        if not text.strip():
            return _error(400, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le")) // 2 > 4096:
            return _error(400, "Bad Request: message is too long")
        keyboard = (data.get("reply_markup") or {}).get("inline_keyboard", [])
        for button in (b for row in keyboard for b in row):
            if len(button.get("callback_data", "").encode()) > 64:
                return _error(400, "Bad Request: BUTTON_DATA_INVALID")
            if "url" in button and not button["url"].startswith(("https://", "http://t.me")):
                return _error(400, "Bad Request: BUTTON_URL_INVALID")
        message = self.message(chat, text=text, bot=True)
        message["about"] = data
        if keyboard:
            message["reply_markup"] = {"inline_keyboard": keyboard}
        self.sent.append(message)
        return {k: v for k, v in message.items() if k != "about"}

    def message(self, chat: int, bot: bool = False, **content: Any) -> Json:
        """A message in a private chat."""
        number = self.number(f"message {chat}")
        made = {
            "message_id": number,
            "date": int(time.time()),
            "chat": {"id": chat, "type": "private", "first_name": "P"},
            "from": {"id": 1 if bot else chat, "is_bot": bot, "first_name": "P"},
            **content,
        }
        self.chats[chat][number] = made
        return made

    def _editMessageReplyMarkup(self, data: Json) -> Any:
        message = self.chats[int(data["chat_id"])].get(int(data["message_id"]))
        if message is None:
            return _error(400, "Bad Request: message to edit not found")
        new = data.get("reply_markup") or {"inline_keyboard": []}
        if message.get("reply_markup", {"inline_keyboard": []}) == new:
            return _error(400, "Bad Request: message is not modified")
        message["reply_markup"] = new
        return {k: v for k, v in message.items() if k != "about"}

    def _deleteMessages(self, data: Json) -> bool:
        assert len(data["message_ids"]) <= 100
        for number in data["message_ids"]:
            self.chats[int(data["chat_id"])].pop(number, None)
        return True

    def _answerCallbackQuery(self, data: Json) -> bool:
        self.answers.append(data)
        return True

    def _sendChatAction(self, _: Json) -> bool:
        return True

    def _leaveChat(self, _: Json) -> bool:
        return True

    def _setWebhook(self, data: Json) -> bool:
        self.webhook = data
        return True

    def _deleteWebhook(self, _: Json) -> bool:
        self.webhook = None
        return True

    def _getWebhookInfo(self, _: Json) -> Json:
        hook = self.webhook or {}
        return {"url": hook.get("url", ""), "has_custom_certificate": False, "pending_update_count": len(self.queue)}

    def _getMyName(self, _: Json) -> Json:
        return {"name": self.about["name"]}

    def _getMyDescription(self, _: Json) -> Json:
        return {"description": self.about["description"]}

    def _getMyShortDescription(self, _: Json) -> Json:
        return {"short_description": self.about["short_description"]}

    def _getMyCommands(self, _: Json) -> list[Json]:
        return self.commands


def _number(update: Any, otherwise: int) -> int:
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if isinstance(number, int) else otherwise


async def _parameters(request: Request) -> Json:
    """What the library sends: a form whose values are text or JSON."""
    body = (await request.body()).decode()
    found: Json = {}
    for name, value in parse_qsl(body, keep_blank_values=True):
        try:
            found[name] = value if name in ("text", "offset") else json.loads(value)
        except ValueError:
            found[name] = value
    return found


def _error(status: int, description: str, retry_after: int | None = None) -> Response:
    parameters = {"parameters": {"retry_after": retry_after}} if retry_after else {}
    return JSONResponse({"ok": False, "error_code": status, "description": description, **parameters}, status)
