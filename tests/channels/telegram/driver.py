"""A person with Telegram on their phone, for the channel contract and the tests of this channel."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.channels.contract import Shown
from tests.channels.telegram.stand_in import Json, StandIn

_FILES = {
    "image": {"photo": [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]},
    "video": {"video": {"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1, "duration": 1}},
    "voice": {"voice": {"file_id": "f", "file_unique_id": "u", "duration": 1}},
    "video_note": {"video_note": {"file_id": "f", "file_unique_id": "u", "length": 1, "duration": 1}},
    "document": {"document": {"file_id": "f", "file_unique_id": "u", "file_name": "n.pdf"}},
}  # fmt: skip


@dataclass
class Phone:
    """Writes into the chat with the bot and looks at what stands there. `seen` only grows."""

    telegram: StandIn
    chat: int
    seconds: float = 30.0
    _away_at: int | None = None
    _bots: list[Json] = field(default_factory=list)

    async def start(self, payload: str = "") -> None:
        before = len(await self.shown())
        self.send(text=f"/start {payload}".strip())
        await self.until(lambda seen: len(seen) > before)

    async def say(self, text: str) -> None:
        self.send(text=text)
        await self._taken()

    async def tap(self, title: str) -> None:
        message, data = self.button(title)
        self.press(message, data)
        await self._taken()

    async def refuse_media(self, kind: str, caption: str = "") -> None:
        self.send(**_FILES[kind], **({"caption": caption} if caption else {}))
        await self._taken()

    async def again(self, text: str) -> None:
        update = self.send(text=text)
        self.telegram.bring(update)
        self.telegram.update(message=update["message"])
        await self._taken()

    async def shown(self) -> list[Shown]:
        mine = self.telegram.of(self.chat)
        return [_shown(message) for message in (mine if self._away_at is None else mine[: self._away_at])]

    async def leave(self) -> None:
        self._away_at = len(self.telegram.of(self.chat))

    async def come_back(self) -> None:
        self._away_at = None

    # ---- beyond the contract

    def send(self, **content: Any) -> Json:
        """A message of this person, waiting for the bot."""
        return self.telegram.update(message=self.telegram.message(self.chat, **content))

    def press(self, message: Json, data: str) -> Json:
        query = {
            "id": f"q{self.telegram.number('query')}", "from": {"id": self.chat, "is_bot": False, "first_name": "P"},
            "chat_instance": "1", "data": data, "message": {k: v for k, v in message.items() if k != "about"},
        }  # fmt: skip
        return self.telegram.update(callback_query=query)

    def button(self, title: str) -> tuple[Json, str]:
        """The newest button with this title, whether it is still there or not."""
        for message in reversed(self.telegram.of(self.chat)):
            for button in _buttons(message["about"]):
                if button["text"] == title:
                    return message, button["callback_data"]
        raise AssertionError(f"there is no button {title}")

    def links(self) -> list[str]:
        """The addresses under the newest message."""
        return [b["url"] for b in _buttons(self.telegram.of(self.chat)[-1]) if "url" in b]

    async def until(self, holds: Callable[[list[Shown]], bool]) -> list[Shown]:
        end = asyncio.get_running_loop().time() + self.seconds
        while not holds(seen := await self.shown()):
            assert asyncio.get_running_loop().time() < end, f"not shown in time; shown were {seen[-5:]}"
            await asyncio.sleep(0.02)
        return seen

    async def told(self, words: str) -> list[Shown]:
        return await self.until(lambda seen: any(words in one.text for one in seen))

    async def _taken(self) -> None:
        """Until the bot has fetched past everything that was sent."""
        polls, end = self.telegram.polls, asyncio.get_running_loop().time() + self.seconds
        while self.telegram.queue or self.telegram.polls == polls:
            if not self.telegram.queue and self.telegram.webhook is None:
                return
            assert asyncio.get_running_loop().time() < end, "the bot does not fetch"
            await asyncio.sleep(0.01)


def _buttons(holder: Json) -> list[Json]:
    return [b for row in (holder.get("reply_markup") or {}).get("inline_keyboard", []) for b in row]


def _shown(message: Json) -> Shown:
    """Who speaks is told by how the message begins, as for the person."""
    text = message["text"]
    sender = "counsellor" if text.startswith("Sam: ") else "assistant"
    titles = tuple(b["text"] for b in _buttons(message["about"]) if "callback_data" in b)
    return Shown(sender, text.removeprefix("Automated helper: "), titles)
