"""The one thing Rasa exposes: `reply` and `listen` for the gateway, on loopback, HTTP API off.

The message is read and merged here, before any policy or action runs, so that what the model
understood reaches the gateway even when the action server is dead.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import fields, replace
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.core.tracker_store import FailSafeTrackerStore
from sanic import Blueprint, Request
from sanic.response import HTTPResponse, json

from breakwater.rasa import action_results
from breakwater.rasa.readings import as_words, reading_of_parse
from breakwater.rasa.tracker_store import PerTurn, Slots, turn_slots
from breakwater.support import remit
from breakwater.support.forwarded import RISK_FORWARDED, of_another, words_alone
from breakwater.support.hour import noted
from breakwater.support.taken_back import denied_attempt, said_late, taken_back
from breakwater.support.telling import read_by_grown_up
from breakwater.support.turn import TurnAnswer, TurnRequest
from breakwater.understanding.answers import reading_of_button
from breakwater.understanding.facts import CaseFacts, Reading
from breakwater.understanding.merge import merge

logger = logging.getLogger(__name__)
FACT_SLOTS = tuple(f.name for f in fields(CaseFacts))


class Replies(CollectingOutputChannel):
    """Collects responses whole: Rasa's own channel drops their metadata. Its name is that of the person's channel,
    by which Rasa chooses among the variations of a response."""

    def __init__(self, channel: str) -> None:
        super().__init__()
        self._channel = channel

    def name(self) -> str:
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        meta = message.get("metadata") or {}
        response = meta.get("utter_action") or message.get("utter_action")
        about = meta.get("metadata") or meta
        self.messages.append(
            {
                "response": response,
                "text": message.get("text") or "",
                "buttons": [{"title": b["title"], "payload": b["payload"]} for b in message.get("buttons") or ()],
                "cards": (message.get("custom") or {}).get("cards") or [],
                "tags": about.get("tags") or [],
                "question": about.get("question"),
            }
        )


class GatewayInput(InputChannel):
    """`POST /webhooks/gateway/turn` with a `support.turn.TurnRequest`; answers a `TurnAnswer`.

    400: not a turn. 503: no model, or a tracker store that would keep state. 504: no answer
    within the request's deadline; the body still holds facts and memory, with no replies.
    """

    @classmethod
    def name(cls) -> str:
        return "gateway"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        action_results.install()
        blueprint = Blueprint("gateway_input")

        @blueprint.get("/")
        async def health(request: Request) -> HTTPResponse:
            problem = _problem(request.app.ctx.agent)
            return json({"status": problem or "ready"}, 503 if problem else 200)

        @blueprint.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            agent = request.app.ctx.agent
            if problem := _problem(agent):
                return json({"error": problem}, 503)
            try:
                asked = TurnRequest.of(request.json)
            except (KeyError, TypeError, ValueError) as error:
                return json({"error": f"not a turn: {type(error).__name__}"}, 400)
            return await _answer(agent, asked)

        return blueprint


async def _answer(agent: Any, asked: TurnRequest) -> HTTPResponse:
    reading, parsed = await read(agent.processor, asked)
    if asked.forwarded:
        reading = of_another(asked.facts, reading)
        if await _speaks_of_dying(agent.processor, words_alone(as_words(asked.text))):
            reading = replace(reading, cues=(*reading.cues, RISK_FORWARDED))
    facts, memory = merge(asked.facts, reading), asked.memory.hearing(reading)
    memory = noted(memory, reading.facts, asked.place.now)
    heard = TurnAnswer((), facts, memory, (), reading.intent, reading.confidence)
    if asked.mode == "listen":
        return json(heard.as_json())
    about = remit.about(facts, asked.place)
    slots = Slots(
        {
            **{name: getattr(facts, name) for name in FACT_SLOTS},
            "memory": memory.as_json(),
            "place": asked.as_json()["place"],
            "reading": reading.as_json(),
            "requests": [],
            **{name: value for name, value in about.items() if name != "channel"},
        }
    )
    turn_slots.set(slots)
    replies = Replies(asked.place.channel)
    message = UserMessage(
        asked.text, replies, asked.conversation, parse_data=parsed, input_channel=GatewayInput.name(),
        message_id=asked.message_id,
    )  # fmt: skip
    try:
        await asyncio.wait_for(agent.handle_message(message), asked.deadline_seconds)
    except asyncio.TimeoutError:
        return json(heard.as_json(), 504)
    after = slots.values
    answer = TurnAnswer(
        tuple(replies.messages), facts, memory.of(after["memory"]), tuple(after["requests"]), reading.intent,
        reading.confidence,
    )  # fmt: skip
    return json(answer.as_json())


async def read(processor: Any, asked: TurnRequest) -> tuple[Reading, dict[str, Any]]:
    """What the message says, and the same as Rasa's parse data."""
    kind, _, what = (asked.payload or "").partition(":")
    if asked.payload and kind != "media":
        reading = reading_of_button(asked.payload, asked.memory.question)
        return reading, _parse(asked.text, reading)
    text = as_words(asked.text)
    parsed = await processor.parse_message(UserMessage(text, metadata={"question": asked.memory.question}))
    reading = reading_of_parse(parsed)
    if kind == "media":
        reading = replace(reading, intent=f"media_{what}", topic=None, fallback=False)
        return reading, _parse(text, reading)
    reading = denied_attempt(asked.text, said_late(reading, asked.memory), asked.facts)
    return read_by_grown_up(taken_back(asked.text, reading, asked.memory), asked.memory), parsed


async def _speaks_of_dying(processor: Any, forwarded: str | None) -> bool:
    """Whether forwarded words, read as if somebody said them of themselves, wish to die or to hurt themselves."""
    if forwarded is None:
        return False
    read = reading_of_parse(await processor.parse_message(UserMessage(forwarded)))
    return read.facts.suicide_or_self_harm


def _parse(text: str, reading: Reading) -> dict[str, Any]:
    """Rasa's rules only need to know whether a person was asked for; the rest is in the reading."""
    intent = "ask_human" if reading.intent == "ask_human" else "tell"
    return {"text": text, "intent": {"name": intent, "confidence": 1.0}, "entities": []}


def _problem(agent: Any) -> str | None:
    if agent is None or not agent.is_ready():
        return "no model is loaded"
    store = agent.tracker_store
    if isinstance(store, FailSafeTrackerStore):
        store = store._tracker_store
    return None if isinstance(store, PerTurn) else "endpoints.yml does not name the per-turn tracker store"
