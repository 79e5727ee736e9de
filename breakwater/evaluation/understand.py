"""The assistant as it is trained now, reading messages one after the other without a server."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from breakwater.evaluation.lines import BadLine, Line, read_lines
from breakwater.evaluation.records import Account
from breakwater.rasa.offline import offline_reader
from breakwater.support.topics import Topics, load_topics
from breakwater.understanding.facts import Reading
from breakwater.understanding.quick_read import QuickRead


@dataclass(frozen=True)
class Understanding:
    """Reads lines and tells what it understood of each. `read` is the trained assistant."""

    read: Callable[..., Reading]
    topics: Topics
    quick: QuickRead

    @classmethod
    def load(cls, root: Path) -> Understanding:
        """The trained assistant of the project in `root`. Raises FileNotFoundError when there is none."""
        return cls(
            offline_reader(root / "models"),
            load_topics(root / "data" / "topics.yaml"),
            QuickRead.load(root / "data" / "lexicon"),
        )

    def lines(
        self, raw: Iterable[str], question: str | None = None, today: date | None = None
    ) -> Iterator[Line | BadLine]:
        """The messages in `raw` JSONL. Raises ValueError for a `question` that we never ask."""
        if question is not None and question not in self.topics.questions:
            raise ValueError(f"There is no question {question!r}. There are: {', '.join(self.topics.questions)}.")
        return read_lines(raw, self.topics.question_kind, question, today)

    def record(self, line: Line) -> dict[str, Any]:
        """What is understood of one message, its id in front."""
        reading = self.read(line.text, line.question, line.today)
        account = Account(self.topics, self.quick)
        return {"id": line.id, **account.of(line.text, reading, line.question, line.today)}

    def one(self, line: Line | BadLine) -> dict[str, Any] | BadLine:
        """The record of a line, or the broken line itself."""
        return line if isinstance(line, BadLine) else self.record(line)

    def records(self, lines: Iterable[Line | BadLine]) -> Iterator[dict[str, Any] | BadLine]:
        """The records of all lines in their order, broken ones as they are; two are read at a time, since the network
        works outside Python's lock."""
        with ThreadPoolExecutor(2) as pool:
            yield from pool.map(self.one, lines)


def as_json(record: dict[str, Any]) -> str:
    """The record on one line. Half an emoji from a broken client becomes a question mark."""
    return json.dumps(record, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")


def typed(texts: Iterable[str]) -> Iterator[str]:
    """Texts from the command line as lines to be read."""
    return (json.dumps({"text": text}) for text in texts)


def opened(file: str) -> Iterable[str]:
    """The lines of a file, or of standard input for `-`. Raises OSError."""
    return sys.stdin if file == "-" else Path(file).read_text("utf8", errors="replace").split("\n")
