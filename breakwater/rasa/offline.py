"""A trained assistant's understanding without a server, for the command line and for measuring."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.utils.log_utils import configure_structlog

from breakwater.rasa.readings import as_words, reading_of_parse
from breakwater.rasa.tracker_store import PerTurn
from breakwater.understanding.facts import Reading

Parse = Callable[[str, Mapping[str, Any]], dict[str, Any]]


def offline_reader(models: Path) -> Callable[..., Reading]:
    """A function of (text, question, today) that reads exactly as the running assistant does."""
    parse = offline_parser(models / "assistant.tar.gz")

    def read(text: str, question: str | None = None, today: date | None = None) -> Reading:
        return reading_of_parse(parse(text, {"question": question, "today": today}))

    return read


def offline_parser(model: Path) -> Parse:
    """A function of (text, metadata) to Rasa's parse data, by any model of Rasa's. Each thread that calls it has an
    event loop of its own.

    Raises FileNotFoundError, saying what to do."""
    if not model.exists():
        raise FileNotFoundError(f"There is no trained model {model.name}: run `breakwater train`.")
    configure_structlog(logging.WARNING)  # Rasa's debug lines hold what people wrote
    agent = Agent.load(str(model))
    agent.tracker_store = PerTurn(agent.domain)
    own = threading.local()

    def parse(text: str, metadata: Mapping[str, Any]) -> dict[str, Any]:
        message = UserMessage(as_words(text), metadata=dict(metadata))
        if not hasattr(own, "loop"):
            own.loop = asyncio.new_event_loop()
        parsed: dict[str, Any] = own.loop.run_until_complete(agent.processor.parse_message(message))
        return parsed

    return parse
