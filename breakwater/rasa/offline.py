"""The trained assistant's understanding without a server, for the command line and for measuring."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import date
from pathlib import Path

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.utils.log_utils import configure_structlog

from breakwater.rasa.readings import reading_of_parse
from breakwater.rasa.tracker_store import PerTurn
from breakwater.understanding.facts import Reading


def offline_reader(models: Path) -> Callable[..., Reading]:
    """A function of (text, question, today) that reads exactly as the running assistant does."""
    configure_structlog(logging.WARNING)  # Rasa's debug lines hold what people wrote
    agent = Agent.load(str(models / "assistant.tar.gz"))
    agent.tracker_store = PerTurn(agent.domain)

    def read(text: str, question: str | None = None, today: date | None = None) -> Reading:
        about = {"question": question, "today": today}
        parsed = asyncio.run(agent.processor.parse_message(UserMessage(text, metadata=about)))
        return reading_of_parse(parsed)

    return read
