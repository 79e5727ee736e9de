"""From Rasa's parse data back to a Reading: the case fact reader puts it there as plain JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from breakwater.understanding.facts import Reading

READING = "reading"


def reading_of_parse(parsed: Mapping[str, Any]) -> Reading:
    """The reading that the pipeline made of a message."""
    return Reading.of(parsed[READING])


def as_words(text: str) -> str:
    """The text as Rasa may have it. Text is never a command: a leading slash is words, since Rasa would take it
    for an intent of the writer's choice. Half an emoji from a broken client becomes a question mark: spaCy
    would refuse the whole message for it."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return whole.lstrip("/ \t\n") or whole.replace("/", " ")
