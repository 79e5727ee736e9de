"""Puts the Telegram channel together from the settings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from breakwater.cases.records import Case
from breakwater.channels.moving import Moving
from breakwater.channels.telegram.api import a_bot
from breakwater.channels.telegram.arrivals import CHANNEL, Arrivals
from breakwater.channels.telegram.bot import WEBHOOK, TelegramChannel
from breakwater.channels.telegram.delivery import Delivery
from breakwater.channels.telegram.posting import Posting
from breakwater.conversations.chats import Chats
from breakwater.conversations.live import Live
from breakwater.privacy.keyring import Keyring
from breakwater.settings import Settings
from breakwater.storage.store import Store


def telegram_channel(
    settings: Settings, chats: Chats, store: Store, keyring: Keyring, live: Live, moving: Moving,
    says: Callable[[str], str], clock: Callable[[], datetime],
) -> TelegramChannel | None:  # fmt: skip
    """The channel, or None without a token. Links to our own pages are left out while they have no public address:
    Telegram refuses a message with a link to this machine."""
    if not settings.telegram_token:
        return None
    public = settings.url if settings.url.startswith("https://") else ""

    def call_page(case: Case) -> str:
        country = case.facts.country or settings.home_country
        return f"{public}/call/{country.lower()}" if public and country else ""

    async def move(conversation: str) -> str:
        return f"{public}/#move={await moving.link(conversation, 'web')}" if public else ""

    posting = Posting(a_bot(settings.telegram_token, settings.telegram_api))
    delivery = Delivery(posting, chats, store, keyring, live, clock, call_page, move)
    arrivals = Arrivals(chats, delivery, moving, store, keyring, clock, settings.max_message_characters,
                        tuple(settings.languages.split(",")))  # fmt: skip
    made = TelegramChannel(
        posting.bot, arrivals, delivery, says,
        webhook=f"{settings.url}{WEBHOOK}" if settings.telegram_mode == "webhook" else "",
        secret=settings.telegram_webhook_secret or keyring.pseudonym(CHANNEL, "webhook"),
    )  # fmt: skip
    moving.telegram_name, moving.left_telegram = lambda: posting.bot.public_name, made.moved_away
    return made
