"""Where the time of a turn goes, measured from outside: each layer alone, with the same messages, then the whole.

What a layer adds is the difference to the layers inside it. Nothing in the product is changed for this.
"""

from __future__ import annotations

import asyncio
import tarfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import sqlalchemy as sa

from bench.budgets import parts
from bench.doors import GatewayChat
from bench.figures import typical
from bench.words import CHAT
from breakwater.rasa.connector import FACT_SLOTS
from breakwater.rasa.offline import offline_parser
from breakwater.rasa.readings import reading_of_parse
from breakwater.settings import ROOT
from breakwater.storage.store import engine_for
from breakwater.storage.tables import audit, metadata
from breakwater.storage.times import naive, utc_now
from breakwater.support.turn import Place, TurnAnswer, TurnRequest
from breakwater.training import model_path
from breakwater.understanding.encoder import Encoder
from breakwater.understanding.merge import merge
from breakwater.understanding.quick_read import QuickRead
from breakwater.understanding.reader import Reader
from tests.stack import Stack

Rounds = list[list[float]]
_LEXICON = ROOT / "data" / "lexicon"


class Layers:
    """Collects seconds: layer by layer, round by round, message by message."""

    def __init__(self) -> None:
        self._rounds: dict[str, Rounds] = {}

    def begin(self) -> None:
        """A new round: the chat starts from its first message."""
        for rounds in self._rounds.values():
            rounds.append([])

    def time(self, layer: str, work: Callable[..., Any], *args: Any) -> Any:
        started = time.perf_counter()
        result = work(*args)
        self.add(layer, time.perf_counter() - started)
        return result

    def add(self, layer: str, seconds: float) -> None:
        self._rounds.setdefault(layer, [[]])[-1].append(seconds)

    def typical(self) -> dict[str, float]:
        return {name: typical(rounds) for name, rounds in self._rounds.items()}


async def layers(stack: Stack, stock_model: Path, rounds: int) -> dict[str, Any]:
    """Milliseconds of each layer alone, the parts of a turn that follow from them, and the stock bot's parse."""
    inside = await asyncio.to_thread(_inside, stack, stock_model, rounds)  # Rasa wants an event loop of its own
    door = Layers()
    for _ in range(rounds):
        door.begin()
        chat = await GatewayChat.open(stack.url)
        for text in CHAT:
            turn = await chat.turn(text)
            door.add("whole", turn.seconds)
            door.add("stored", turn.stored or 0.0)
        await chat.close()
    alone = inside.typical() | door.typical() | _store(rounds * len(CHAT))
    return {"alone": alone, "parts": parts(alone)}


def _inside(stack: Stack, stock_model: Path, rounds: int) -> Layers:
    encoder, quick = Encoder.load(ROOT / "models" / "encoder"), QuickRead.load(_LEXICON)
    parse, stock_parse, reader = offline_parser(model_path(ROOT)), offline_parser(stock_model), _reader()
    rasa, actions = (
        httpx.Client(base_url=f"http://127.0.0.1:{stack.environment[port]}", trust_env=False)
        for port in ("BREAKWATER_RASA_PORT", "BREAKWATER_ACTIONS_PORT")
    )

    def turn(asked: TurnRequest) -> TurnAnswer:
        return TurnAnswer.of(rasa.post("/webhooks/gateway/turn", json=asked.as_json()).json())

    def act(call: dict[str, Any]) -> None:
        actions.post("/webhook", json=call).raise_for_status()

    found = Layers()
    for number in range(rounds + 1):
        if number == 1:
            found = Layers()  # the one before was to warm up
        found.begin()
        asked = TurnRequest("reply", "bench", "m", "", Place(utc_now().isoformat(), counsellor_here=True))
        for text in CHAT:
            asked = replace(asked, text=text)
            question = asked.memory.question
            found.time("quick_read", quick, text, question)
            found.time("reader", reader.read, text, found.time("encoder", encoder.read, text, question), question)
            parsed = found.time("parse", parse, text, {"question": question})
            found.time("stock_parse", stock_parse, text, {})
            found.time("listen", turn, replace(asked, mode="listen"))
            found.time("action", act, _action_call(asked, parsed))
            answer = found.time("reply", turn, asked)
            asked = replace(asked, facts=answer.facts, memory=answer.memory.after(answer.replies))
    rasa.close()
    actions.close()
    return found


def _reader() -> Reader:
    """The case fact reader out of the trained model's archive."""
    with TemporaryDirectory() as folder, tarfile.open(model_path(ROOT)) as archive:
        archive.extractall(folder, filter="data")  # Rasa writes absolute names into it
        (learned,) = Path(folder).glob("components/*CaseFactReader*")
        return Reader.load(learned, _LEXICON)


def _action_call(asked: TurnRequest, parsed: dict[str, Any]) -> dict[str, Any]:
    """What Rasa posts to the action server in this turn, without the events, which no action of ours reads."""
    reading = reading_of_parse(parsed)
    facts = merge(asked.facts, reading)
    memory = asked.memory.answered(reading.question, reading.answer)
    slots = {name: getattr(facts, name) for name in FACT_SLOTS} | {
        "memory": memory.as_json(), "place": asked.as_json()["place"], "reading": reading.as_json(), "requests": [],
        "counsellor_here": True, "may_call_for_you": False,
    }  # fmt: skip
    tracker = {
        "sender_id": asked.conversation, "slots": slots, "latest_message": {}, "events": [], "paused": False,
        "followup_action": None, "active_loop": {}, "latest_action_name": None, "latest_input_channel": "gateway",
    }  # fmt: skip
    return {
        "next_action": "action_next_move", "sender_id": asked.conversation, "tracker": tracker, "domain": {},
        "version": "3.6.21",
    }  # fmt: skip


def _store(times: int) -> dict[str, float]:
    """The database alone: one row written to disk, and one look, each with a connection of its own as in the store."""
    found = Layers()
    with TemporaryDirectory() as folder:
        engine = engine_for(f"sqlite:///{folder}/bench.db")
        metadata.create_all(engine)

        def write() -> None:
            with engine.begin() as connection:
                connection.execute(sa.insert(audit).values(at=naive(utc_now()), action="bench"))

        def look() -> None:
            with engine.connect().execution_options(read_only=True) as connection:
                connection.execute(sa.select(audit).limit(1)).first()

        for _ in range(times):
            found.begin()
            found.time("one_write", write)
            found.time("one_look", look)
        engine.dispose()
    return found.typical()
