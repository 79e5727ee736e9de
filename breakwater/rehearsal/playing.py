"""A dialogue played turn by turn, on a private stack or at a running service."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from breakwater.conversations.transcript import PERSON, Message
from breakwater.privacy.keyring import Erased
from breakwater.privacy.keys import token_hash
from breakwater.rehearsal.played import Known, Reply, Turn
from breakwater.rehearsal.script import Dialogue, Entry
from breakwater.rehearsal.stage import Stage
from breakwater.rehearsal.tab import PlayBroken, Tab
from breakwater.support.wording import Wording

_ANSWERED_SECONDS = 20.0
_QUIET_SECONDS = 1.5  # at a running service: so long without a new message, and the turn is over


class Service(Protocol):
    """What the tab is open at."""

    @property
    def url(self) -> str: ...
    async def before(self, entry: Entry) -> None: ...
    async def settled(self, tab: Tab, since: int) -> tuple[tuple[Reply, ...], Known | None]: ...


async def play(dialogue: Dialogue, service: Service) -> tuple[list[Turn], str]:
    """Every entry in one conversation of its own; a new one only after the person deleted theirs. What was played, and
    why it could not be played to its end (empty: it was)."""
    tab = Tab(service.url)
    turns: list[Turn] = []
    try:
        await tab.open()
        replies, known = await service.settled(tab, 0)
        turns.append(Turn(0, "opens", "", replies, known))
        for number, entry in enumerate(dialogue.entries, 1):
            turns.append(await _turn(number, entry, tab, service))
    except PlayBroken as stopped:
        return turns, f"turn {len(turns)}: {stopped}"
    finally:
        await tab.close()
    return turns, ""


async def _turn(number: int, entry: Entry, tab: Tab, service: Service) -> Turn:
    greeted: tuple[Reply, ...] = ()
    if tab.erased and entry.kind == "wait_hours":  # nobody is there
        await service.before(entry)
        return Turn(number, entry.kind, _hours(entry), (), erased=True)
    if tab.erased:
        await tab.open()
        greeted, _ = await service.settled(tab, 0)
    since = tab.seq
    await service.before(entry)
    if entry.kind == "say":
        await tab.say(entry.words)
    elif entry.kind == "photo":
        await tab.show(entry.words)
    elif entry.kind == "tap":
        await tab.tap(entry.words)
    replies, known = await service.settled(tab, since)
    return Turn(number, entry.kind, entry.words or _hours(entry), greeted + replies, known, erased=tab.erased)


def _hours(entry: Entry) -> str:
    return f"{entry.hours:g} hours" if entry.hours else ""


@dataclass
class FromBehind:
    """The private stack: what was said is read from the stored messages, with its tags, and the case beside it."""

    stage: Stage

    @property
    def url(self) -> str:
        return self.stage.url

    async def before(self, entry: Entry) -> None:
        self.stage.man_the_desk()
        if entry.kind == "wait_hours":
            await self.stage.pass_time(entry.hours)

    async def settled(self, tab: Tab, since: int) -> tuple[tuple[Reply, ...], Known | None]:
        """When all is answered, and the page has it: the replies after message `since`, and what is known now."""
        gateway = self.stage.gateway
        try:
            conversation = await gateway.chats.find("web", token_hash(tab.token))
            if conversation is None:
                raise Erased(tab.token)
            stored = await self._answered(conversation, since)
            case = await gateway.chats.case(conversation)
        except Erased:
            await tab.until(lambda frame: frame["type"] == "erased")
            return _LAST_WORDS, None
        await tab.until(lambda frame: frame.get("seq", 0) >= stored[-1].seq if stored else True)
        replies = tuple(_reply(message.body) for message in stored if message.sender != PERSON)
        return replies, Known(case.facts, case.tier, case.state, dict(case.memory.answers))

    async def _answered(self, conversation: str, since: int) -> list[Message]:
        end = time.monotonic() + _ANSWERED_SECONDS
        while time.monotonic() < end:
            stored = await self.stage.gateway.chats.since(conversation, since)
            if not any(message.turn == "waiting" for message in stored):
                return stored
            await asyncio.sleep(0.02)
        raise PlayBroken(f"no answer in {_ANSWERED_SECONDS:.0f} s")


@dataclass
class FromOutside:
    """A running service: only what the page gets. Tags are found again by the words of `domain.yml`."""

    url: str
    wording: Wording

    async def before(self, entry: Entry) -> None:
        """Nothing can be arranged there; dialogues that wait are not played."""

    async def settled(self, tab: Tab, since: int) -> tuple[tuple[Reply, ...], Known | None]:
        await tab.until(
            lambda f: f["type"] == "erased" or (f.get("seq", 0) > since and f.get("from", PERSON) != PERSON)
        )
        await tab.quiet(_QUIET_SECONDS)
        if tab.erased:
            return _LAST_WORDS, None
        replies = (m for m in tab.messages if m["seq"] > since and m["from"] != PERSON)
        return tuple(self._recognised(message) for message in replies), None

    def _recognised(self, frame: Mapping[str, Any]) -> Reply:
        buttons = tuple(b["title"] for b in frame["buttons"])
        for name, variations in self.wording.responses.items():
            for variation in variations:
                pattern = re.sub(r"\\\{\w+\\\}", ".+", re.escape(" ".join(variation["text"].split())))
                if re.fullmatch(pattern, " ".join(frame["text"].split())):
                    meta = variation.get("metadata") or {}
                    tags = tuple(meta.get("tags") or ())
                    return Reply(frame["text"], tags, meta.get("question"), name, buttons)
        return Reply(frame["text"], buttons=buttons)


# What the page shows when the conversation is deleted (widget/src/texts.js).
_LAST_WORDS = (Reply("This chat is deleted. This page has forgotten it too.", ("erase_done",)),)


def _reply(body: Mapping[str, Any]) -> Reply:
    return Reply(
        str(body.get("text", "")), tuple(body.get("tags") or ()), body.get("question"), body.get("response"),
        tuple(button["title"] for button in body.get("buttons") or ()), bool(body.get("automated")),
    )  # fmt: skip
