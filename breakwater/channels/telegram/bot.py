"""The bot inside the gateway: it fetches or is brought updates, and keeps at it whatever happens.

Updates are fetched raw and stored one by one, and the place in Telegram's queue moves on only when all are. The
library's own polling is not used: it drops a whole batch, again and again, for one update that it cannot parse, and
ends for good when an update cannot be stored.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response
from telegram.error import Conflict, InvalidToken, TelegramError

from breakwater.channels.telegram import letterbox
from breakwater.channels.telegram.api import UPDATES, Bot
from breakwater.channels.telegram.arrivals import Arrivals
from breakwater.channels.telegram.delivery import Delivery
from breakwater.conversations.erasure import Erasure
from breakwater.privacy.keyring import Erased

logger = logging.getLogger(__name__)
WEBHOOK = "/telegram/webhook"
_TRIES = 3  # for an update that fails although the database works: it must not hold up the others
_LARGEST = 1024 * 1024  # bytes of an update


@dataclass
class TelegramChannel:
    """Runs beside the web chat. `webhook` is the address that Telegram calls; empty: updates are fetched. `secret`
    comes with every call. `says` gives the words of a response. `status` says in words how it is."""

    bot: Bot
    arrivals: Arrivals
    delivery: Delivery
    says: Callable[[str], str]
    webhook: str = ""
    secret: str = ""
    status: str = "starting"
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _failed: defaultdict[Any, int] = field(default_factory=lambda: defaultdict(int))

    def start(self) -> None:
        """Returns at once: the web chat never waits for Telegram."""
        self._tasks = [asyncio.create_task(self._begin()), asyncio.create_task(self.delivery.run())]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.delivery.posting.close()
        await self.bot.shutdown()

    async def called(self, request: Request) -> Response:
        """Telegram brings an update. Anything but 200 makes it come again."""
        given = request.headers.get("x-telegram-bot-api-secret-token", "")
        if not hmac.compare_digest(given.encode(), self.secret.encode()):
            return Response(status_code=403)
        if int(request.headers.get("content-length") or 0) > _LARGEST:
            return Response(status_code=413)
        try:
            update = json.loads(await request.body())
        except (ValueError, RecursionError):
            return Response(status_code=400)
        return Response(status_code=200 if await self._store(update) else 503)

    def parting(self, connection: Connection, conversation: str, asked: bool) -> Callable[[], None]:
        """A conversation is about to be erased: afterwards the chat is cleared too, and, if the person asked for it
        just now, they are told what Telegram keeps."""
        try:
            key = self.delivery.keyring.of(conversation)
        except Erased:
            return lambda: None
        chat = letterbox.chat_of(connection, key, conversation)
        numbers = letterbox.deletable(connection, key, conversation, self.delivery.clock())
        posting = self.delivery.posting

        async def clear(chat: int) -> None:
            await posting.delete(chat, numbers)
            if asked:
                await posting.tell(chat, self.says("utter_erase_done"))

        return lambda: posting.later(clear(chat)) if chat is not None else None

    async def erase(self, erasure: Erasure, conversation: str, seconds: float = 20.0) -> bool:
        """For a command beside the running service: erase, and clear the chat. False: the conversation is gone, but
        its chat could not be cleared within `seconds`."""
        if not await self.delivery.store.read(letterbox.is_ours, conversation):
            await erasure.erase(conversation)
            return True
        erasure.parting = self.parting
        await erasure.erase(conversation)
        cleared = await self.delivery.posting.done(seconds)
        await self.delivery.posting.close()
        await self.bot.shutdown()
        return cleared

    def moved_away(self, chat: int) -> None:
        """Its conversation goes on in the web chat."""
        posting = self.delivery.posting
        posting.later(posting.tell(chat, self.says("utter_moved_to_web")))

    async def _begin(self) -> None:
        await self._until_done("the bot could not sign in", self.bot.initialize)
        await (self._be_called() if self.webhook else self._fetch())

    async def _be_called(self) -> None:
        def tell() -> Awaitable[Any]:
            return self.bot.set_webhook(self.webhook, allowed_updates=UPDATES, secret_token=self.secret)

        await self._until_done("the webhook could not be set", tell)
        self.status = "ready"

    async def _fetch(self) -> None:
        await self._until_done("an old webhook could not be removed", self.bot.delete_webhook)
        offset, tries = 0, 0
        while True:
            try:
                updates = await self.bot.fetch(offset)
                offset, tries, self.status = await self._take_all(updates, offset), 0, "ready"
            except (TelegramError, _NotStored) as error:
                self._complain("updates could not be fetched", error)
                await asyncio.sleep(self.delivery.posting.patience.pause(tries))
                tries += 1

    async def _take_all(self, updates: list[Any], offset: int) -> int:
        """Store these, chats beside each other; the place after them. Raises _NotStored: then nothing moves on."""
        chats: defaultdict[Any, list[Any]] = defaultdict(list)
        for update in updates:
            chats[_chat(update)].append(update)
        stored = await asyncio.gather(*(self._take_in_order(each) for each in chats.values()))
        if not all(stored):
            raise _NotStored
        numbers = (u.get("update_id") for u in updates if isinstance(u, dict))
        return max([offset, *(n + 1 for n in numbers if isinstance(n, int))])

    async def _take_in_order(self, updates: list[Any]) -> bool:
        for update in updates:
            if not await self._store(update):
                return False
        return True

    async def _store(self, update: Any) -> bool:
        """Whether it is safe with us, or can never be."""
        identity = update.get("update_id") if isinstance(update, dict) else None
        try:
            await self.arrivals.take(update)
        except SQLAlchemyError as error:
            logger.error("an update waits for the database: %s", type(error).__name__)
            return False
        except Exception as error:
            self._failed[identity] += 1
            given_up = self._failed[identity] >= _TRIES
            logger.error("an update failed%s: %s", " for good" if given_up else "", type(error).__name__)
            if given_up:
                del self._failed[identity]
            return given_up
        return True

    async def _until_done(self, problem: str, call: Callable[[], Awaitable[Any]]) -> None:
        tries = 0
        while True:
            try:
                await call()
                return
            except TelegramError as error:
                self._complain(problem, error)
                await asyncio.sleep(self.delivery.posting.patience.pause(tries))
                tries += 1

    def _complain(self, problem: str, error: Exception) -> None:
        """Once a change: a token that is wrong all night is one line."""
        why = _WHY.get(type(error), type(error).__name__)
        if self.status != f"{problem}: {why}":
            self.status = f"{problem}: {why}"
            logger.error("Telegram: %s", self.status)


class _NotStored(Exception):
    """Some of these updates are not safe with us yet."""


_WHY: Mapping[type[Exception], str] = {
    Conflict: "another program uses this bot's token, or a webhook is set elsewhere",
    InvalidToken: "Telegram does not know this token",
    _NotStored: "the database does not take them",
}


def _chat(update: Any) -> Any:
    """What an update is ordered by: its chat; one without a chat stands for itself."""
    for part in update.values() if isinstance(update, dict) else ():
        if isinstance(part, dict):
            message = part.get("message") if isinstance(part.get("message"), dict) else part
            chat = message.get("chat") if message else None
            if isinstance(chat, dict) and isinstance(chat.get("id"), int):
                return chat["id"]
    return None
