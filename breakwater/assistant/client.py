"""The gateway's client to Rasa: one request, one answer, a deadline.

No answer, an error, or an empty list of replies (which is what a dead action server looks like)
all come out as NoAnswer; it carries what Rasa understood, if it got so far.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

import httpx

from breakwater.support.turn import TurnAnswer, TurnRequest


class NoAnswer(Exception):
    """No reply came in time. `heard` holds facts and memory if Rasa had read the message."""

    def __init__(self, why: str, heard: TurnAnswer | None = None) -> None:
        super().__init__(why)
        self.heard = heard


class Assistant:
    """Speaks to one Rasa server on loopback."""

    def __init__(self, url: str) -> None:
        self._http = httpx.AsyncClient(base_url=url, trust_env=False, timeout=10)

    async def turn(self, request: TurnRequest) -> TurnAnswer:
        """The answer to a `reply` or `listen`. Raises NoAnswer; never later than the request's deadline."""
        # Rasa gives up a little earlier, so that what it understood still reaches us.
        inner = replace(request, deadline_seconds=max(0.3, request.deadline_seconds - 0.25))
        try:
            response = await asyncio.wait_for(
                self._http.post("/webhooks/gateway/turn", json=inner.as_json()), request.deadline_seconds
            )
            content = response.json()
        except (httpx.HTTPError, asyncio.TimeoutError, ValueError) as error:
            raise NoAnswer(type(error).__name__) from None
        if response.status_code not in (200, 504):
            raise NoAnswer(f"status {response.status_code}")
        try:
            answer = TurnAnswer.of(content)
            said = any(reply.get("text") for reply in answer.replies)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise NoAnswer(type(error).__name__) from None
        if request.mode == "reply" and not said:
            raise NoAnswer("no replies", answer)
        return answer

    async def ready(self) -> bool:
        try:
            return (await self._http.get("/webhooks/gateway/", timeout=2)).status_code == 200
        except httpx.HTTPError:
            return False

    async def close(self) -> None:
        await self._http.aclose()
