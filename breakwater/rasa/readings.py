"""From Rasa's parse data back to a Reading: the case fact reader puts it there as plain JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from breakwater.understanding.facts import Reading

READING = "reading"


def reading_of_parse(parsed: Mapping[str, Any]) -> Reading:
    """The reading that the pipeline made of a message."""
    return Reading.of(parsed[READING])
