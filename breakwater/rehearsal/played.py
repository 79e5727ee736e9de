"""What happened when a dialogue was played: turn by turn, as plain values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from breakwater.understanding.facts import CaseFacts


@dataclass(frozen=True)
class Reply:
    """One message to the person. `automated`: the gateway's own words, because the assistant had no answer."""

    text: str
    tags: tuple[str, ...] = ()
    question: str | None = None
    response: str | None = None
    buttons: tuple[str, ...] = ()
    automated: bool = False


@dataclass(frozen=True)
class Known:
    """What the service held after a turn. `answers`: question kind → answer, as in the case's memory."""

    facts: CaseFacts = field(default_factory=CaseFacts)
    tier: str = "routine"
    state: str = "bot"
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Turn:
    """One entry of the script and what came of it; number 0 is the greeting. `known` is None where it cannot be seen
    (a running service, or an erased conversation); `erased`: the conversation was deleted in this turn."""

    number: int
    kind: str
    words: str
    replies: tuple[Reply, ...]
    known: Known | None = None
    erased: bool = False

    @property
    def text(self) -> str:
        return "\n".join(reply.text for reply in self.replies)

    @property
    def tags(self) -> frozenset[str]:
        return frozenset(tag for reply in self.replies for tag in reply.tags)

    def as_json(self) -> dict[str, Any]:
        return {
            "turn": self.number, self.kind: self.words, "erased": self.erased,
            "replies": [vars(reply) for reply in self.replies],
            "known": {**vars(self.known), "facts": self.known.facts.known()} if self.known else None,
        }  # fmt: skip


def before_erasure(turns: Sequence[Turn]) -> Sequence[Turn]:
    """The turns before the first in which the conversation was deleted."""
    return turns[: next((i for i, turn in enumerate(turns) if turn.erased), len(turns))]


def since_erasure(turns: Sequence[Turn]) -> Sequence[Turn]:
    """The turns after the last in which the conversation was deleted; all of them when it never was."""
    return turns[max((i + 1 for i, turn in enumerate(turns) if turn.erased), default=0) :]


def with_before(turns: Sequence[Turn]) -> Iterator[tuple[Turn, Known]]:
    """Each turn with what was known before it. After an erasure nothing is."""
    before = Known()
    for turn in turns:
        yield turn, before
        before = turn.known or Known()
