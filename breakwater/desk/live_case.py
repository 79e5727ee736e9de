"""What an open case page has been told, and what is new since: nothing twice, nothing left out."""

from __future__ import annotations

import asyncio
from typing import Any

from breakwater.cases.counsellors import Counsellor
from breakwater.cases.records import Case
from breakwater.conversations.transcript import PERSON, Message
from breakwater.desk.case_page import message_html, side_html, top_html
from breakwater.desk.context import Desk
from breakwater.desk.standing import standing


class LiveCase:
    """One case on one page. `news` compares the store with what was sent before."""

    def __init__(self, desk: Desk, case: Case, who: Counsellor, csrf: str, since: int) -> None:
        self.id, self.conversation = case.id, case.conversation_id
        self._desk, self._who, self._csrf, self._since = desk, who, csrf, since
        self._told: dict[int, bool] = {}  # seq → shown as delivered
        self._parts: dict[str, Any] = {}
        self._mine = False
        self._one_at_a_time = asyncio.Lock()

    @classmethod
    async def open(cls, desk: Desk, case_id: str, who: Counsellor, csrf: str, since: int) -> LiveCase | None:
        """None when there is no such case. Leaves an audit row: the transcript is about to be read."""
        case = await desk.counselling.case(case_id, who)
        return cls(desk, case, who, csrf, since) if case else None

    async def news(self) -> list[dict[str, Any]]:
        """Frames for everything that changed since the last call."""
        async with self._one_at_a_time:
            case = await self._desk.counselling.case(self.id)
            if case is None:
                return []
            messages = await self._desk.counselling.transcript(case)
            now = await standing(self._desk, case, self._who)
            self._mine = now.mine
            frames = [{"type": "state", "mine": now.mine, "free": now.free, "line": now.line}]
            frames.append({"type": "part", "part": "top", "html": top_html(case, messages)})
            frames.append({"type": "part", "part": "side", "html": side_html(case, self._csrf, now.mine)})
            changed = [frame for frame in frames if self._changed(frame)]
            return self._new_messages(messages) + changed

    async def type(self) -> bool:
        """Tell the person that the counsellor types, if the case is theirs. Whether it is."""
        case = await self._desk.counselling.case(self.id) if self._mine else None
        if case is None or case.state != "taken" or case.counsellor_id != self._who.id:
            return False
        await self._desk.counselling.typing(case)
        return True

    def _new_messages(self, messages: list[Message]) -> list[dict[str, Any]]:
        fresh = [m for m in messages if self._is_news(m)]
        self._told |= {m.seq: m.delivered for m in fresh}
        items = [{"seq": m.seq, "person": m.sender == PERSON, "html": message_html(m)} for m in fresh]
        return [{"type": "messages", "items": items}] if items else []

    def _is_news(self, message: Message) -> bool:
        """New to the page, or delivered meanwhile. Pages ask again from their first undelivered one on."""
        if message.seq not in self._told:
            return message.seq > self._since
        return message.delivered and not self._told[message.seq]

    def _changed(self, frame: dict[str, Any]) -> bool:
        name = frame.get("part", frame["type"])
        before, self._parts[name] = self._parts.get(name), frame
        return before != frame
