"""What we ask of Telegram about one chat, and how patiently."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ChatAction
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from breakwater.channels.telegram import outgoing
from breakwater.channels.telegram.api import Bot
from breakwater.channels.telegram.outgoing import Button

logger = logging.getLogger(__name__)
T = TypeVar("T")
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_AT_ONCE = 100  # messages that Telegram deletes with one request
_TYPING_SECONDS = 4.0  # Telegram shows it for five


@dataclass(frozen=True)
class Patience:
    """Seconds: between tries (`first`, then twice as long, up to `longest`), and between looks for what was left."""

    first: float = 0.5
    longest: float = 30.0
    look: float = 10.0

    def pause(self, tries: int) -> float:
        return min(self.longest, self.first * 2.0 ** min(tries, 10))


@dataclass
class Posting:
    """The bot, as the rest of this room uses it. Nothing it sends is markup or protected from copying."""

    bot: Bot
    patience: Patience = Patience()
    _typing: dict[int, float] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Do this beside everything else: what comes in never waits for what goes out."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def done(self, seconds: float) -> bool:
        """Wait for everything that was begun; whether it ended in time."""
        _, left = await asyncio.wait(self._tasks, timeout=seconds) if self._tasks else ((), ())
        return not left

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def send(self, chat: int, texts: Sequence[str], buttons: Sequence[Button], silent: bool) -> list[int]:
        """Telegram's numbers of what was sent; the last has the buttons. Raises TelegramError."""
        numbers = []
        for text in texts:
            last = text is texts[-1]
            sent = await self.bot.send_message(
                chat, text, link_preview_options=_NO_PREVIEW, protect_content=False, disable_notification=silent,
                reply_markup=_keyboard(buttons) if last and buttons else None,
            )  # fmt: skip
            numbers.append(sent.message_id)
        return numbers

    async def tell(self, chat: int, text: str) -> None:
        """A word outside any conversation, such as that it was deleted."""
        await self.insist(lambda: self.send(chat, [text], [], silent=True))

    async def delete(self, chat: int, numbers: Sequence[int]) -> None:
        """Delete these messages; what Telegram does not delete is the person's to delete."""
        for at in range(0, len(numbers), _AT_ONCE):
            await self._delete(chat, numbers[at : at + _AT_ONCE])

    async def _delete(self, chat: int, some: Sequence[int]) -> None:
        await self.insist(lambda: self.bot.delete_messages(chat, some))

    async def only_links(self, chat: int, number: int, links: Sequence[Button]) -> None:
        """Take the answers away from under a message; they are dead here in any case."""
        try:
            await self.bot.edit_message_reply_markup(chat, number, reply_markup=_keyboard(links) if links else None)
        except TelegramError as error:
            logger.info("old answers could not be taken away: %s", type(error).__name__)

    async def acknowledge(self, query: str, text: str = "") -> None:
        """A tap must be answered, or the button keeps turning."""
        try:
            await self.bot.answer_callback_query(query, text or None, show_alert=bool(text))
        except TelegramError as error:
            logger.info("a tap could not be acknowledged: %s", type(error).__name__)

    async def typing(self, chat: int) -> None:
        now = time.monotonic()
        if now - self._typing.get(chat, 0.0) < _TYPING_SECONDS:
            return
        self._typing = {c: at for c, at in self._typing.items() if now - at < _TYPING_SECONDS} | {chat: now}
        with contextlib.suppress(TelegramError):  # only a courtesy
            await self.bot.send_chat_action(chat, ChatAction.TYPING)

    async def leave(self, chat: int) -> None:
        """A group or channel is no place for this."""
        try:
            await self.bot.leave_chat(chat)
        except TelegramError as error:
            logger.warning("a group could not be left: %s", type(error).__name__)

    async def insist(self, call: Callable[[], Awaitable[T]]) -> T | None:
        """Try until Telegram has taken it; None when it refuses for good."""
        tries = 0
        while True:
            try:
                return await call()
            except (BadRequest, Forbidden):
                return None
            except TelegramError as error:
                await self.wait(error, tries)
                tries += 1

    async def wait(self, error: TelegramError, tries: int) -> None:
        """As long as Telegram asked for, else a little longer each time."""
        asked = error._retry_after.total_seconds() if isinstance(error, RetryAfter) else 0.0
        logger.warning("Telegram did not take a message: %s", type(error).__name__)
        await asyncio.sleep(max(asked, self.patience.pause(tries)))


def nobody_there(refused: BadRequest) -> bool:
    return "chat not found" in refused.message.lower()


def _keyboard(buttons: Sequence[Button]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[_shown(button) for button in row] for row in outgoing.rows(buttons)])


def _shown(button: Button) -> InlineKeyboardButton:
    if button.url:
        return InlineKeyboardButton(button.title, url=button.url)
    return InlineKeyboardButton(button.title, callback_data=button.data)
