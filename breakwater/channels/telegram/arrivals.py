"""What happens when something comes from Telegram: stored first, and only then is Telegram told that it is done.

Within a chat one thing after the other, different chats beside each other. Everything may come twice.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakValueDictionary

from breakwater.channels.moving import Moving
from breakwater.channels.telegram import letterbox
from breakwater.channels.telegram.delivery import Delivery
from breakwater.channels.telegram.incoming import Blocked, Command, Elsewhere, Incoming, Said, Tapped, read
from breakwater.channels.telegram.letterbox import Posted
from breakwater.conversations.chats import Chats
from breakwater.conversations.counselling import SEVERE
from breakwater.conversations.inbox import Inbound
from breakwater.privacy.keyring import Erased, Keyring
from breakwater.storage.store import Store
from breakwater.support.languages import CHOSEN, named
from breakwater.understanding.answers import stated
from breakwater.understanding.languages import NAMES

CHANNEL = "telegram"
_EXPIRES = timedelta(hours=24)  # buttons with content (safeguarding rule 9)
_OVER = "That button is from earlier. Please use the newest one, or just write."
_LINK_OVER = "That link has run out. You can go on right here."
# What is answered here, without the plan.
_ANSWERS = {"help": "utter_telegram_help", "privacy": "utter_telegram_privacy", "delete": "utter_erase_confirm",
            "web": "utter_move_to_web"}  # fmt: skip
_WITH_MOVE = ("help", "privacy", "web")


@dataclass
class Arrivals:
    """`longest`: characters that one message may hold. `languages`: those in which people are answered."""

    chats: Chats
    delivery: Delivery
    moving: Moving
    store: Store
    keyring: Keyring
    clock: Callable[[], datetime]
    longest: int
    languages: tuple[str, ...] = ("en",)
    _taken: deque[Any] = field(default_factory=lambda: deque(maxlen=1000))  # that the same comes twice is common
    _locks: WeakValueDictionary[int, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    async def take(self, update: Any) -> None:
        """Store what this update brings. Raises when it could not be stored; taking it again is harmless."""
        found = read(update, self.clock(), self.longest)
        identity = update.get("update_id") if isinstance(update, dict) else None
        if found is None or identity in self._taken:
            return
        lock = self._locks.setdefault(found.chat, asyncio.Lock())
        async with lock:
            try:
                await self._take(found)
            except Erased:  # by somebody else in this moment: the same again, in a new conversation
                await self._take(found)
        self._taken.append(identity)

    async def _take(self, found: Incoming) -> None:
        if isinstance(found, Elsewhere):
            self.delivery.posting.later(self.delivery.posting.leave(found.chat))
        elif isinstance(found, Blocked):
            if conversation := await self.chats.find(CHANNEL, self._address(found.chat)):
                await self.chats.left(conversation)
        elif isinstance(found, Tapped):
            await self._tapped(found)
        elif isinstance(found, Command):
            await self._command(found)
        else:
            await self._said(found)

    async def _said(self, said: Said) -> None:
        conversation, _ = await self._conversation(said.chat)
        for inbound in said.inbound:
            await self.chats.say(conversation, inbound)
        if said.message is not None:
            await self._noted(conversation, said.message)

    async def _command(self, command: Command) -> None:
        if command.name == "start":
            await self._start(command)
            return
        conversation, _ = await self._conversation(command.chat)
        inbound = Inbound(f"tg:{command.message}", f"/{command.name} {command.argument}".strip())
        await self._noted(conversation, command.message)
        if command.name == "help" and (await self.chats.case(conversation)).rank <= SEVERE:
            await self.chats.say(conversation, replace(inbound, payload="do:human"))
        elif command.name in ("hide", "stop"):
            await self.chats.hide(conversation, inbound)
        elif response := _ANSWERS.get(command.name):
            about = {"move": "web"} if command.name in _WITH_MOVE else {}
            await self.chats.answer(conversation, inbound, response, **about)
        elif command.name == "language":
            await self._language(conversation, inbound, command.argument)
        else:
            await self.chats.say(conversation, replace(inbound, payload="do:human"))

    async def _language(self, conversation: str, inbound: Inbound, meant: str) -> None:
        """One that was named is answered in from now on; else all that there are, to choose from."""
        if (code := named(meant)) in self.languages:
            await self.chats.say(conversation, replace(inbound, payload=f"answer:{CHOSEN}={code}"))
        elif len(self.languages) > 1:
            buttons = [{"title": NAMES[c][0], "payload": f"answer:{CHOSEN}={c}"} for c in self.languages]
            await self.chats.answer(conversation, inbound, "utter_language", buttons=buttons)
        else:
            await self.chats.say(conversation, replace(inbound, payload="ask:help_in_my_language"))

    async def _start(self, command: Command) -> None:
        """The greeting, for somebody new; the conversation that a link brings; else a hello, as to anybody back."""
        address = self._address(command.chat)
        moved = None
        if command.argument:
            moved = await self.moving.follow(command.argument, CHANNEL, address, command.chat)
        conversation, new = await self._conversation(command.chat)
        await self._noted(conversation, command.message)
        inbound = Inbound(f"tg:{command.message}", "/start", "do:greet")
        if moved:
            await self.chats.answer(conversation, inbound, "utter_moved_to_telegram")
        elif not new:
            await self.chats.say(conversation, inbound)

    async def _tapped(self, tapped: Tapped) -> None:
        """Only a button that we showed in this chat, under the newest message, today, and once. An answer that tells of
        danger counts under an older message too: it was meant, and only crossed with something."""
        posting = self.delivery.posting
        row, _, place = tapped.data.partition(":")
        old = await self.store.read(letterbox.posted, row)
        button = await self._button(old, place, tapped.chat) if old else None
        if old is None or button is None:
            posting.later(posting.acknowledge(tapped.query, _OVER))
            return
        inbound, new = Inbound(f"tap:{row}:{place}", button["title"], payload=button["payload"]), True
        if button["payload"] == "do:hide":
            await self.chats.hide(old.conversation, inbound)
        elif button["payload"] == "do:erase":
            await self.chats.answer(old.conversation, inbound, "utter_erase_confirm")
        else:
            new = (await self.chats.say(old.conversation, inbound)).new
        await self.store.write(letterbox.used, row)
        posting.later(posting.acknowledge(tapped.query, "" if new else _OVER))
        posting.later(self.delivery.withdraw(old, tapped.chat))

    async def _button(self, old: Posted, place: str, chat: int) -> dict[str, str] | None:
        here = await self.chats.find(CHANNEL, self._address(chat))
        if old.conversation != here or self.clock() - old.at > _EXPIRES:
            return None
        buttons = await self.chats.buttons(old.conversation, old.seq)
        found = buttons[int(place)] if place in {str(n) for n in range(len(buttons))} else None
        return found if found and (old.buttons or _tells_of_danger(found["payload"])) else None

    async def _conversation(self, chat: int) -> tuple[str, bool]:
        """The conversation of this chat, opened if there is none; and whether it is new."""
        address = self._address(chat)
        conversation = await self.chats.find(CHANNEL, address)
        new = conversation is None
        if conversation is None:
            conversation = await self.chats.open(CHANNEL, address)
        if new or not await self.store.read(letterbox.is_ours, conversation):
            await self.store.write(letterbox.bind, self.keyring.of(conversation), conversation, chat)
        self.delivery.wake(conversation)
        return conversation, new

    async def _noted(self, conversation: str, message: int) -> None:
        key, now = self.keyring.of(conversation), self.clock()
        await self.store.write(letterbox.note, key, conversation, message, now)

    def _address(self, chat: int) -> str:
        return self.keyring.pseudonym(CHANNEL, str(chat))


def _tells_of_danger(payload: str) -> bool:
    question, _, answer = payload.removeprefix("answer:").partition("=")
    found = stated(question, answer)
    return bool(found.risk or found.now)
