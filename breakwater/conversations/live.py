"""Wake-ups inside this process: something changed, go and look. They carry no words.

A page that missed one reads the database by `seq`, so a lost wake-up loses nothing.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

DESK, EVERYTHING = "desk", "everything"


class Live:
    """Publishes small events by topic: a conversation's id, or `DESK`. Whoever listens to `EVERYTHING` gets all of
    them, each with its `topic`."""

    def __init__(self) -> None:
        self._listeners: defaultdict[str, set[asyncio.Queue[dict[str, Any]]]] = defaultdict(set)

    @contextmanager
    def listen(self, topic: str) -> Iterator[asyncio.Queue[dict[str, Any]]]:
        """A queue of the topic's events while the block runs; a slow reader loses the oldest."""
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(maxsize=100)
        self._listeners[topic].add(queue)
        try:
            yield queue
        finally:
            self._listeners[topic].discard(queue)
            if not self._listeners[topic]:
                del self._listeners[topic]

    def publish(self, topic: str, **event: Any) -> None:
        for queue in self._listeners.get(topic, ()):
            _put(queue, event)
        for queue in self._listeners.get(EVERYTHING, ()):
            _put(queue, {**event, "topic": topic})


def _put(queue: asyncio.Queue[dict[str, Any]], event: dict[str, Any]) -> None:
    if queue.full():
        queue.get_nowait()
    queue.put_nowait(event)
