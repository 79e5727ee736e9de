"""Brings our messages to Telegram: in order within a chat, each marked only when it is there.

The transcript is the outbox. A wake-up starts a round for its conversation; what a lost wake-up or a restart left is
found by looking every few seconds. A crash between sending and marking may send one message twice, never none.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from telegram.error import BadRequest, Forbidden, TelegramError

from breakwater.cases.records import Case
from breakwater.channels.limits import Limit
from breakwater.channels.telegram import letterbox, outgoing
from breakwater.channels.telegram.letterbox import Posted
from breakwater.channels.telegram.outgoing import Button
from breakwater.channels.telegram.posting import Posting, nobody_there
from breakwater.conversations.chats import Chats
from breakwater.conversations.live import EVERYTHING, Live
from breakwater.conversations.transcript import Letter
from breakwater.privacy.keyring import Erased, Keyring
from breakwater.storage.store import Store

logger = logging.getLogger(__name__)
_LOOKS_BACK = timedelta(days=2)


@dataclass
class _Round:
    """One conversation being delivered; `again`: something came meanwhile."""

    task: asyncio.Task[None] | None = None
    again: bool = False


@dataclass
class Delivery:
    """Everything that leaves for Telegram goes through here. `call_page` gives the address of a case's numbers,
    `move` makes a one-time link to the web chat; both may be empty."""

    posting: Posting
    chats: Chats
    store: Store
    keyring: Keyring
    live: Live
    clock: Callable[[], datetime]
    call_page: Callable[[Case], str]
    move: Callable[[str], Awaitable[str]]
    pace: Limit = field(default_factory=lambda: Limit(burst=3, every=1.0))  # Telegram: one a second in a chat
    _rounds: dict[str, _Round] = field(default_factory=dict)

    async def run(self) -> None:
        """Until cancelled."""
        with self.live.listen(EVERYTHING) as events:
            looking = asyncio.create_task(self._look())
            try:
                while True:
                    event = await events.get()
                    if event["kind"] == "message":
                        self.wake(event["topic"])
                    elif event["kind"] == "typing" and event["who"] != "person":
                        self.posting.later(self._show_typing(event["topic"]))
            finally:
                rounds = [r.task for r in self._rounds.values() if r.task]
                for task in (looking, *rounds):
                    task.cancel()
                await asyncio.gather(looking, *rounds, return_exceptions=True)

    def wake(self, conversation: str) -> None:
        """There may be something to deliver."""
        if conversation in self._rounds:
            self._rounds[conversation].again = True
            return
        made = self._rounds[conversation] = _Round()
        made.task = asyncio.create_task(self._deliver(conversation, made))

    async def withdraw(self, old: Posted, chat: int) -> None:
        """The answers under a message are over. Its links stay: somebody may still need the numbers."""
        with contextlib.suppress(Erased):  # with the button that deletes
            await self.store.write(letterbox.used, old.row)
            number = await self.store.read(letterbox.number_of, self.keyring.of(old.conversation), old.row)
            found = await self.chats.since(old.conversation, old.seq - 1)
            case = await self.chats.case(old.conversation)
            if number is not None and found:
                await self.posting.only_links(chat, number, outgoing.links(found[0], self.call_page(case)))

    async def _look(self) -> None:
        while True:
            try:
                for conversation in await self.store.read(letterbox.undelivered, self.clock() - _LOOKS_BACK):
                    self.wake(conversation)
            except SQLAlchemyError as error:
                logger.error("what waits for Telegram could not be looked up: %s", type(error).__name__)
            await asyncio.sleep(self.posting.patience.look)

    async def _deliver(self, conversation: str, made: _Round) -> None:
        try:
            while True:
                made.again = False
                if await self.store.read(letterbox.is_ours, conversation):
                    await self._round(conversation)
                if not made.again:
                    return
        except Erased:
            pass
        except SQLAlchemyError as error:
            logger.error("a delivery waits for the database: %s", type(error).__name__)
            asyncio.get_running_loop().call_later(self.posting.patience.first, self.wake, conversation)
        except Exception:
            logger.exception("a delivery failed")
        finally:
            self._rounds.pop(conversation, None)

    async def _round(self, conversation: str) -> None:
        """One message after the other until none waits, or the person cannot be reached."""
        tries = 0
        while found := await self.chats.next_letter(conversation):
            letter, case = found
            if case.state == "unreachable":
                return
            if not await self._may_be_said(case, letter):
                continue
            while not self.pace.allows(conversation):  # noqa: ASYNC110 - time passes, nothing happens
                await asyncio.sleep(0.1)
            try:
                await self._send(case, letter)
                tries = 0
            except Forbidden:
                await self.chats.left(conversation)
                return
            except TelegramError as error:
                await self.posting.wait(error, tries)
                tries += 1

    async def _may_be_said(self, case: Case, letter: Letter) -> bool:
        """What is hidden or late is not said; before the word that it is hidden, the chat is cleared."""
        conversation, seq = case.conversation_id, letter.message.seq
        hiding = letter.message.body.get("response") == "utter_hidden"
        if case.state == "hidden" and not hiding:
            await self.chats.drop(conversation, seq + 1)
            return False
        if outgoing.too_late(letter, self.clock()):
            await self.chats.too_late(conversation, seq)
            return False
        if hiding:
            await self._clear(conversation)
        return True

    async def _clear(self, conversation: str) -> None:
        key, now = self.keyring.of(conversation), self.clock()
        chat = await self.store.read(letterbox.chat_of, key, conversation)
        numbers = await self.store.read(letterbox.deletable, key, conversation, now)
        if chat is not None:
            await self.posting.delete(chat, numbers)
        await self.store.write(letterbox.cleared, conversation)

    async def _send(self, case: Case, letter: Letter) -> None:
        conversation, row = case.conversation_id, secrets.token_urlsafe(12)
        chat = await self.store.read(letterbox.chat_of, self.keyring.of(conversation), conversation)
        if chat is None:
            return
        for old in await self.store.read(letterbox.with_buttons, conversation):
            await self.withdraw(old, chat)
        move = await self.move(conversation) if letter.message.body.get("move") else ""
        answers = outgoing.answers(letter.message, row)
        if answers:
            key, now, seq = self.keyring.of(conversation), self.clock(), letter.message.seq
            await self.store.write(letterbox.note, key, conversation, 0, now, seq, row)
        links = outgoing.links(letter.message, self.call_page(case), move)
        numbers = await self._post(chat, letter, answers, links)
        try:
            await self._noted(conversation, letter, numbers, row if answers else "")
        except Erased:  # meanwhile: then it may not stay there either
            await self.posting.delete(chat, numbers)
            raise
        self.live.publish(conversation, kind="delivered")

    async def _post(self, chat: int, letter: Letter, answers: list[Button], links: list[Button]) -> list[int]:
        """Telegram may refuse a link: then the words go without. Refuses it the words too, the desk sees them
        undelivered, and the next message is not held up."""
        texts, silent = outgoing.texts(letter), outgoing.silent(letter, self.clock())
        for buttons in (answers + links, answers):
            try:
                return await self.posting.send(chat, texts, buttons, silent)
            except BadRequest as refused:
                if nobody_there(refused):
                    raise Forbidden(refused.message) from None
                logger.error("Telegram refuses a message with %d buttons: %s", len(buttons), refused.message)
        return []

    async def _noted(self, conversation: str, letter: Letter, numbers: list[int], row: str) -> None:
        """Sent is sent: while the database is away this waits, so that nothing is sent twice. Raises Erased."""
        key, seq, tries = self.keyring.of(conversation), letter.message.seq, 0
        while True:
            try:
                if not numbers:
                    return await self.chats.drop(conversation, seq + 1)
                return await self.store.write(
                    letterbox.delivered, key, conversation, seq, numbers, self.clock(), row
                )  # fmt: skip
            except IntegrityError:
                raise Erased(conversation) from None
            except SQLAlchemyError as error:
                logger.error("a delivery could not be marked: %s", type(error).__name__)
                await asyncio.sleep(self.posting.patience.pause(tries))
                tries += 1

    async def _show_typing(self, conversation: str) -> None:
        try:
            chat = await self.store.read(letterbox.chat_of, self.keyring.of(conversation), conversation)
        except (SQLAlchemyError, Erased):
            return
        if chat is not None:
            await self.posting.typing(chat)
