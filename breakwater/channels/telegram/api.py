"""The library's bot, as we use it: Telegram's limits kept, updates as they come, and nothing in a log."""

from __future__ import annotations

import logging
from typing import Any

from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest

UPDATES = ("message", "edited_message", "callback_query", "my_chat_member", "message_reaction")
_POLL_SECONDS = 25
_PATIENCE_SECONDS = 10  # for an answer
_RETRIES = 3  # when Telegram says that it is too much; the library's own default is none


class Bot(ExtBot[int]):
    """A bot that hands out updates unread."""

    async def fetch(self, offset: int) -> list[Any]:
        """Updates from `offset` on, as JSON, waiting a while for the first. Raises TelegramError."""
        asked = {"offset": offset, "timeout": _POLL_SECONDS, "allowed_updates": list(UPDATES)}
        found: Any = await self._post("getUpdates", asked, read_timeout=_POLL_SECONDS + _PATIENCE_SECONDS)
        return found if isinstance(found, list) else []

    @property
    def public_name(self) -> str:
        """The bot's name in addresses; empty until Telegram has told it."""
        return self._bot_user.username or "" if self._bot_user else ""


def a_bot(token: str, api: str) -> Bot:
    """The bot of this token at this address of the Bot API. The library's addresses hold the token, and its errors
    may hold people's words: neither may reach a log."""
    for name, level in (("httpx", logging.WARNING), ("telegram", logging.CRITICAL)):
        logging.getLogger(name).setLevel(level)
    return Bot(
        token, base_url=f"{api}/bot", rate_limiter=AIORateLimiter(max_retries=_RETRIES),
        request=HTTPXRequest(connection_pool_size=32, read_timeout=_PATIENCE_SECONDS, pool_timeout=_PATIENCE_SECONDS),
        get_updates_request=HTTPXRequest(connection_pool_size=1),
    )  # fmt: skip
