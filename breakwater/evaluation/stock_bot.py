"""What the stock bot understood of a message, told with the names that ours uses.

It has one intent a message and nothing else. From that follow the kind of threat (it is part of the intent), the
question that was asked, the wish for a person (`ask_human`), and that it was not understood (its own
`FallbackClassifier`). Everything else it cannot tell; its entities would have to be marked by hand in our data.
It reads a message alone: the bot's question before it is not an input of the stock pipeline.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from breakwater.evaluation.lines import Line
from breakwater.evaluation.records import eval_topic
from breakwater.evaluation.stock import parted
from breakwater.rasa.offline import offline_parser
from breakwater.support.topics import Topics

FIELDS = frozenset({"threat_type", "topic", "wants_human", "fallback"})
_FALLBACK = "nlu_fallback"


def stock_bot(model: Path, topics: Topics) -> Callable[[Line], dict[str, Any]]:
    """A function from a line to what the stock bot in `model` understood of it."""
    parse = offline_parser(model)
    return lambda line: told(parse(line.text, {})["intent"]["name"], topics)


def told(stock_intent: str | None, topics: Topics) -> dict[str, Any]:
    """The fields that this intent of the stock bot amounts to."""
    intent, threat_type = parted(stock_intent or _FALLBACK)
    topic = intent.removeprefix("ask_") if intent.startswith("ask_") and intent != "ask_human" else None
    return {
        "intent": intent,
        "threat_type": threat_type,
        "topic": topic,
        "eval_topic": eval_topic(topics, intent, topic),
        "wants_human": intent == "ask_human",
        "fallback": intent == _FALLBACK,
    }
