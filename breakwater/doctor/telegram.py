"""The Telegram bot: does its token work, do updates reach us, and is it neutral on somebody's phone?

Asks Telegram, and only when there is a token. docs/telegram.md says how each point is set.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass

from telegram import BotCommand, User, WebhookInfo
from telegram.error import InvalidToken, TelegramError

from breakwater.channels.telegram.api import Bot, a_bot
from breakwater.channels.telegram.bot import WEBHOOK
from breakwater.doctor.findings import Finding
from breakwater.settings import ROOT, Settings
from breakwater.support.wording import Wording

COMMANDS = {
    "help": "What you can do here", "human": "Talk to a person", "hide": "Clear this chat", "stop": "Clear this chat",
    "delete": "Delete what is stored", "privacy": "What is stored, and where", "language": "Other languages",
    "web": "Go on in the web chat",
}  # fmt: skip
_TELLING = re.compile(
    r"sex|nude|naked|porn|blackmail|extort|abuse|assault|suicid|self.?harm|victim|revenge|leak|chantage|erpress",
    re.IGNORECASE,
)
_MANY = 100  # updates that wait


@dataclass(frozen=True)
class Profile:
    """The bot as people see it, and how Telegram reaches us."""

    me: User
    name: str
    description: str
    short: str
    commands: tuple[BotCommand, ...]
    webhook: WebhookInfo


def examine_telegram(settings: Settings) -> list[Finding]:
    """Everything about the bot; one line when there is none. Not to be called where an event loop runs."""
    if not settings.telegram_token:
        return [Finding("ok", "Telegram is off: there is no token.")]
    try:
        profile = asyncio.run(_asked(settings))
    except InvalidToken:
        return [Finding("error", "Telegram does not know the bot's token.",
                        "Copy it again from @BotFather into BREAKWATER_TELEGRAM_TOKEN.")]  # fmt: skip
    except TelegramError as error:
        return [Finding("error", f"Telegram could not be asked: {type(error).__name__}.",
                        "Look whether this machine reaches the address in BREAKWATER_TELEGRAM_API.")]  # fmt: skip
    found = [*_reached(profile, settings), *_neutral(profile), *_said(profile, settings), *_alone(profile)]
    return found or [Finding("ok", f"The bot @{profile.me.username} is set up.")]


async def _asked(settings: Settings) -> Profile:
    bot: Bot = a_bot(settings.telegram_token, settings.telegram_api)
    try:
        await bot.initialize()
        return Profile(
            bot.bot, (await bot.get_my_name()).name, (await bot.get_my_description()).description,
            (await bot.get_my_short_description()).short_description, await bot.get_my_commands(),
            await bot.get_webhook_info(),
        )  # fmt: skip
    finally:
        await bot.shutdown()


def _reached(profile: Profile, settings: Settings) -> Iterator[Finding]:
    hook = profile.webhook
    ours = f"{settings.url}{WEBHOOK}" if settings.telegram_mode == "webhook" else ""
    if hook.url != ours:
        wrong = f"Telegram calls {hook.url}" if hook.url else "Telegram has no webhook"
        yield Finding("warning", f"{wrong}; BREAKWATER_TELEGRAM_MODE is {settings.telegram_mode}.",
                      "Start Breakwater, which sets it. If it comes back, another program uses this bot.")  # fmt: skip
    if hook.last_error_message:
        yield Finding("warning", f"Telegram's last call failed: {hook.last_error_message}",
                      "Look at the certificate and at the reverse proxy.")  # fmt: skip
    if hook.pending_update_count > _MANY:
        yield Finding("error", f"{hook.pending_update_count} updates wait at Telegram: people are not answered.",
                      "Look whether Breakwater runs, and into gateway.log.")  # fmt: skip
    if not settings.url.startswith("https://"):
        yield Finding("warning", "Number cards have no link to our call page, and nobody can move to the web chat.",
                      "Set BREAKWATER_PUBLIC_URL to an address that begins with https://.")  # fmt: skip


def _neutral(profile: Profile) -> Iterator[Finding]:
    """The name stands on the lock screen, the rest where anybody who holds the phone may look (rule 13)."""
    shown = {
        "user name": profile.me.username or "", "name": profile.name, "description": profile.description,
        "short description": profile.short, "list of commands": " ".join(c.description for c in profile.commands),
    }  # fmt: skip
    for what, text in shown.items():
        if telling := _TELLING.search(text):
            yield Finding("warning", f"The bot's {what} says {telling[0]!r}. A parent or a blackmailer may see it.",
                          "Choose neutral words, with @BotFather.")  # fmt: skip


def _said(profile: Profile, settings: Settings) -> Iterator[Finding]:
    """The description is shown before the first word, so it is the greeting; commands are the way to a person."""
    wording = Wording.load(ROOT / "domain.yml")
    days = str(settings.retention_days)
    greeting = str(wording.reply("utter_greeting", {"channel": "telegram"}, days=days)["text"])
    if " ".join(profile.description.split()) != " ".join(greeting.split()):
        yield Finding("warning", "The bot's description is not the greeting.",
                      f"With @BotFather, /setdescription: {greeting}")  # fmt: skip
    missing = sorted(set(COMMANDS) - {c.command for c in profile.commands})
    if missing:
        listed = "; ".join(f"{name} - {COMMANDS[name]}" for name in COMMANDS)
        yield Finding("warning", f"The bot's menu lacks: {', '.join(missing)}.",
                      f"With @BotFather, /setcommands: {listed}")  # fmt: skip


def _alone(profile: Profile) -> Iterator[Finding]:
    if profile.me.can_join_groups:
        yield Finding("warning", "The bot can be added to groups.", "With @BotFather: /setjoingroups, Disable.")
    if profile.me.can_read_all_group_messages:
        yield Finding("warning", "The bot could read groups.", "With @BotFather: /setprivacy, Enable.")
