"""Messages to be read, as JSONL: one object a line. A broken line is named, and the others are still read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Line:
    """One message. `question` is the kind of the bot's question before it; `given` the whole line, with its labels."""

    id: str
    text: str
    question: str | None = None
    today: date | None = None
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class BadLine:
    """`why` says what to put right, for whoever wrote the file."""

    number: int
    why: str

    def __str__(self) -> str:
        return f"line {self.number}: {self.why}"


class _Wrong(ValueError):
    """What is wrong with a line."""


def read_lines(
    lines: Iterable[str],
    kind_of: Callable[[str], str | None],
    question: str | None = None,
    today: date | None = None,
) -> Iterator[Line | BadLine]:
    """Every line in order; empty ones are passed over.

    A line has `text`, and may have `id` (else its number), `context` (the bot's last question in any wording, whose
    kind is `kind_of`) and `today`. `question` and `today` are for lines that do not say.
    """
    seen: dict[str, int] = {}
    for number, raw in enumerate(lines, start=1):
        if not raw.strip("\ufeff \t\r\n"):
            continue
        try:
            line = _line(raw, number, kind_of, question, today)
            if line.id in seen:
                raise _Wrong(f"the id {line.id} is already that of line {seen[line.id]}; give it one of its own")
        except _Wrong as wrong:
            yield BadLine(number, str(wrong))
            continue
        seen[line.id] = number
        yield line


def _line(
    raw: str, number: int, kind_of: Callable[[str], str | None], question: str | None, today: date | None
) -> Line:
    given = _object(raw)
    text, context, day = given.get("text"), given.get("context"), given.get("today")
    if not isinstance(text, str) or not text.strip():
        raise _Wrong('it has no "text" with words in it')
    if context is not None and not isinstance(context, str):
        raise _Wrong('"context" must be the bot\'s last question as text')
    identity = given.get("id", number)
    if isinstance(identity, bool) or not isinstance(identity, (str, int)):
        raise _Wrong('"id" must be a text or a number')
    return Line(
        str(identity), text, kind_of(context) if context else question, today if day is None else day_of(day), given
    )


def _object(raw: str) -> dict[str, Any]:
    try:
        given = json.loads(raw.lstrip("\ufeff"))
    except ValueError as error:
        raise _Wrong(f"this is not JSON ({error})") from error
    except RecursionError as error:
        raise _Wrong("this is not JSON that can be read (nested too deeply)") from error
    if not isinstance(given, dict):
        raise _Wrong('this is JSON, but not an object like {"id": "1", "text": "hello"}')
    return given


def day_of(written: Any) -> date:
    """The date written as 2026-11-21. Raises ValueError saying so."""
    try:
        return date.fromisoformat(str(written))
    except ValueError:
        raise _Wrong(f"{written!r} is not a date like 2026-11-21") from None
