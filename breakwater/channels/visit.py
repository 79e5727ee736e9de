"""The web chat without its wires: who comes in, what their page says, what it is told (docs/web-protocol.md).

The socket (`web`) and long polling (`polling`) carry the same frames through here. The token comes in a frame or
a body, never in a URL or cookie; only its hash is stored. What a person missed is replayed by `seq`; what they send
twice is stored once.
"""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from breakwater.cases.records import Case
from breakwater.channels.come_back import ComeBack
from breakwater.channels.limits import Addresses, Limit
from breakwater.channels.moving import MINUTES, Moving
from breakwater.conversations.chats import Chats
from breakwater.conversations.inbox import Inbound, TooLong
from breakwater.conversations.live import Live
from breakwater.conversations.transcript import Message
from breakwater.privacy.keyring import Erased
from breakwater.privacy.keys import token_hash

logger = logging.getLogger(__name__)
FRAME_BYTES = 64 * 1024
_TOO_FAST = "That was very fast. Please wait a moment and send it again."
_TOO_LONG = "That is longer than I can take in at once. Please send it in two or three parts."
_NOT_STORED = "That did not arrive. Please send it again."
_MEDIA = frozenset({"image", "video", "voice", "document"})
_EVERYBODY = "everybody"
_LARGEST = 2**31 - 1  # of a seq; what the database can compare
_ID = re.compile(r"[\w-]{1,64}", re.ASCII)
Frame = dict[str, Any]


class Busy(Exception):
    """Too many new chats from one address; the page tries again later by itself."""


@dataclass(frozen=True)
class Entered:
    """Somebody is in. `token` only for a conversation that was opened just now."""

    conversation: str
    token: str | None = None


@dataclass
class Reception:
    """Lets pages in, and holds what they share. `origins`: where our own page is served, besides the request's
    host. `wait`: the frame that tells who waits for a counsellor what to expect."""

    chats: Chats
    live: Live
    come_back: ComeBack
    moving: Moving
    welcome: Frame
    wait: Callable[[Case], Frame]
    move_warning: str
    origins: tuple[str, ...] = ()
    tabs: Counter[str] = field(default_factory=Counter)
    addresses: Addresses = field(default_factory=Addresses)
    messages: Limit = field(default_factory=lambda: Limit(burst=20, every=0.7))
    mentions: Limit = field(default_factory=lambda: Limit(burst=30, every=0.2))
    openings: Limit = field(default_factory=lambda: Limit(burst=30, every=2.0))
    words_asked: Limit = field(default_factory=lambda: Limit(burst=5, every=60.0))
    tries: Limit = field(default_factory=lambda: Limit(burst=5, every=720.0))  # five an hour; rule 14
    all_tries: Limit = field(default_factory=lambda: Limit(burst=200, every=5.0))

    def own_page(self, origin: str | None, host: str | None) -> bool:
        """Whether a request comes from our own page, framed or not; without an origin it is no browser, which has no
        person's session to abuse."""
        return origin is None or origin.partition("://")[2] == host or origin in self.origins

    async def enter(self, hello: Frame, address: str | None) -> Entered | Frame:
        """Follow a `hello`: somebody is in, or the one frame that answers it. Raises Busy."""
        if isinstance(hello.get("words"), str):
            return await self._by_words(hello["words"], self.addresses.key(address))
        if isinstance(hello.get("move"), str):
            return await self._by_link(hello["move"])
        if hello.get("token") is not None:
            conversation = await self.find(hello["token"])
            return Entered(conversation) if conversation else _refused("unknown_token")
        if not self.openings.allows(self.addresses.key(address)):
            raise Busy
        token = secrets.token_urlsafe(32)
        return Entered(await self.chats.open("web", token_hash(token)), token)

    async def find(self, token: object) -> str | None:
        """The conversation of a token, its first or one given out for words; None for an invented or erased one."""
        if not isinstance(token, str) or not token.isascii():
            return None
        return await self.chats.find("web", token_hash(token)) or await self.come_back.find(token)

    async def _by_link(self, link: str) -> Entered | Frame:
        """Somebody comes over from Telegram: this page has the conversation from now on, with a token of its own."""
        token = secrets.token_urlsafe(32)
        conversation = await self.moving.to_web(link, token_hash(token))
        return Entered(conversation, token) if conversation else _refused("link_over")

    async def _by_words(self, words: str, address: str) -> Frame:
        """A token for come-back words. It says nothing of the conversation: the person chooses what to do with it."""
        if not self.tries.allows(address) or not self.all_tries.allows(_EVERYBODY):
            return _refused("too_many_tries")
        token = await self.come_back.token_for(words)
        return {"type": "found", "token": token} if token else _refused("unknown_words")


class Visit:
    """One open page in one conversation. `send` carries a frame to it, in order."""

    def __init__(
        self, reception: Reception, conversation: str, seq: object, send: Callable[[Frame], Awaitable[None]]
    ) -> None:
        self._reception, self._chats, self.conversation = reception, reception.chats, conversation
        self.seq = seq if isinstance(seq, int) and 0 <= seq <= _LARGEST else 0
        self._checked = False
        self._transmit = send
        self._speaker: tuple[str, str | None] | None = None
        self._wait: Frame | None = None
        self._sending = asyncio.Lock()

    async def welcome(self, token: str | None) -> None:
        case = await self._chats.case(self.conversation)
        self._speaker = await self._chats.speaker(case)
        speaker, name = self._speaker
        await self.send(
            {
                "type": "welcome", "token": token, "seq": self.seq, "speaker": speaker, "name": name,
                "other_tabs": self._other_tabs, **self._reception.welcome,
            }
        )  # fmt: skip
        await self.catch_up()

    async def send(self, frame: Frame) -> None:
        async with self._sending:
            await self._transmit(frame)

    async def catch_up(self) -> None:
        """Everything after the last seq that this page has, and who answers, and what to expect, where it changed."""
        async with self._sending:
            try:
                found, case = await self._news()
                speaker = await self._chats.speaker(case)
            except Erased:
                return
            for message in found:
                await self._transmit(shown(message))
                self.seq = message.seq
            if speaker != self._speaker:
                self._speaker = speaker
                await self._transmit({"type": "speaker", "speaker": speaker[0], "name": speaker[1]})
            wait = self._reception.wait(case)
            if wait != self._wait:
                self._wait = wait
                await self._transmit(wait)

    async def _news(self) -> tuple[list[Message], Case]:
        """What comes after `seq`; everything, where the page names a message that there never was."""
        if self._checked or not self.seq:
            return await self._chats.news(self.conversation, self.seq)
        self._checked = True
        found, case = await self._chats.news(self.conversation, self.seq - 1)
        if found and found[0].seq == self.seq:
            return found[1:], case
        self.seq = 0
        return await self._chats.news(self.conversation, 0)

    async def told(self, event: dict[str, Any]) -> bool:
        """Something happened in the conversation. False: it was erased, and the visit is over."""
        kind = event["kind"]
        if kind == "message":
            await self.catch_up()
        elif kind == "typing" and event["who"] != "person":
            await self.send({"type": "typing", "from": event["who"]})
        elif kind == "tabs":
            await self.send({"type": "other_tabs", "open": self._other_tabs})
        elif kind == "erased":
            await self.send({"type": "erased"})
            return False
        elif kind == "moved":
            await self.send({"type": "moved"})
            return False
        return True

    async def hear(self, frame: Frame) -> None:
        """One frame of the page; what is none of ours is passed over."""
        handler = _FRAMES.get(str(frame.get("type")))
        if handler:
            try:
                await handler(self, frame)
            except Erased:
                await self.send({"type": "erased"})

    @property
    def _other_tabs(self) -> bool:
        return self._reception.tabs[self.conversation] > 1

    async def _on_say(self, frame: Frame) -> None:
        text = frame.get("text")
        if isinstance(text, str) and text.strip():
            await self._receive(frame, text, None, None)

    async def _on_tap(self, frame: Frame) -> None:
        """Only a button that we really showed in that message counts."""
        seq, payload, title = frame.get("seq"), frame.get("payload"), None
        if isinstance(seq, int) and 0 < seq <= _LARGEST:
            title = await self._chats.button(self.conversation, seq, payload)
        if title is None:
            await self.send({"type": "rejected", "id": _identity(frame), "text": _NOT_STORED})
            return
        await self._receive(frame, title, str(payload), None)

    async def _on_media_refused(self, frame: Frame) -> None:
        kind = frame.get("kind") if frame.get("kind") in _MEDIA else "document"
        await self._receive(frame, str(frame.get("caption") or ""), None, str(kind))

    async def _on_typing(self, frame: Frame) -> None:
        if self._reception.mentions.allows(self.conversation):
            self._reception.live.publish(self.conversation, kind="typing", who="person")

    async def _on_seen(self, frame: Frame) -> None:
        seq = frame.get("seq")
        if isinstance(seq, int) and seq > 0 and self._reception.mentions.allows(self.conversation):
            await self._chats.delivered(self.conversation, min(seq, self.seq))

    async def _on_words(self, frame: Frame) -> None:
        if self._reception.words_asked.allows(self.conversation):
            words = await self._reception.come_back.words_for(self.conversation)
            await self.send({"type": "words", "words": words})
        else:
            await self.send({"type": "words", "words": None})

    async def _on_move(self, frame: Frame) -> None:
        """An address that moves this chat to Telegram, with the warning to show before it is opened."""
        if self._reception.words_asked.allows(self.conversation):
            url = await self._reception.moving.link_to_telegram(self.conversation)
            warning = self._reception.move_warning
            await self.send({"type": "move", "url": url or None, "minutes": MINUTES, "text": warning})

    async def _receive(self, frame: Frame, text: str, payload: str | None, media: str | None) -> None:
        identity = _identity(frame)
        if identity is None:
            return
        if not self._reception.messages.allows(self.conversation):
            await self.send({"type": "rejected", "id": identity, "text": _TOO_FAST})
            return
        try:
            received = await self._chats.say(self.conversation, Inbound(identity, text, payload, media))
        except TooLong:
            await self.send({"type": "rejected", "id": identity, "text": _TOO_LONG})
        except Erased:
            raise
        except Exception as error:
            logger.error("a message was not stored: %s", type(error).__name__)
            await self.send({"type": "rejected", "id": identity, "text": _NOT_STORED})
        else:
            await self.send({"type": "accepted", "id": identity, "seq": received.message.seq})


_FRAMES: dict[str, Callable[[Visit, Frame], Awaitable[None]]] = {
    "say": Visit._on_say,
    "tap": Visit._on_tap,
    "media_refused": Visit._on_media_refused,
    "typing": Visit._on_typing,
    "seen": Visit._on_seen,
    "words": Visit._on_words,
    "move": Visit._on_move,
}


def shown(message: Message) -> Frame:
    """A message as the person's page gets it: no tags, no names of responses."""
    body = message.body
    return {
        "type": "message", "seq": message.seq, "from": message.sender, "name": body.get("name"), "text": message.text,
        "buttons": body.get("buttons") or [], "cards": body.get("cards") or [],
        "at": message.at.isoformat().replace("+00:00", "Z"), "id": message.client_id, "media": body.get("media"),
    }  # fmt: skip


def _identity(frame: Frame) -> str | None:
    """The page's own id of a message; None for what cannot be one."""
    identity = frame.get("id")
    return identity if isinstance(identity, str) and _ID.fullmatch(identity) else None


def _refused(reason: str) -> Frame:
    return {"type": "refused", "reason": reason}
