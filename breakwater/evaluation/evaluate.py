"""One evaluation: labelled messages, and what one bot or two understood of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from breakwater.evaluation import scores
from breakwater.evaluation.figures import Figure
from breakwater.evaluation.lines import BadLine, Line
from breakwater.evaluation.measures import MEASURES, Pair
from breakwater.understanding.facts import THREAT_TYPES

EVERYTHING = frozenset(measure.field for measure in MEASURES)


class LabelError(ValueError):
    """A label that no message can have; the message names the line."""


@dataclass(frozen=True)
class Bot:
    """A bot that was measured. `fields`: what it can tell at all; `pairs`: its messages with labels and findings."""

    name: str
    fields: frozenset[str]
    pairs: Sequence[Pair]

    @classmethod
    def asked(cls, name: str, fields: frozenset[str], lines: Sequence[Line], tell: Callable[[Line], Any]) -> Bot:
        """The bot after it has told of every line what it understood."""
        return cls(name, fields, [Pair(line.id, line.text, line.given, tell(line)) for line in lines])

    @cached_property
    def scores(self) -> Mapping[str, Mapping[str, Figure | None]]:
        """Slice → measure → figure; None for what the bot cannot tell."""
        return scores.scores(self.pairs, self.fields)

    @cached_property
    def misses(self) -> Mapping[str, Sequence[Pair]]:
        return scores.misses(self.pairs, self.fields)

    @cached_property
    def confusion(self) -> Mapping[str, Mapping[str, int]]:
        return scores.confusion(self.pairs)


@dataclass(frozen=True)
class Evaluation:
    """`name` of the set; `model`: the fingerprint of what ours was trained from; `bots`: ours first.

    `lost` are lines that could not be read; `notes` what a reader of the figures must know.
    """

    name: str
    day: date
    model: str
    bots: tuple[Bot, ...]
    lost: tuple[BadLine, ...] = ()
    notes: tuple[str, ...] = ()
    costs: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def ours(self) -> Bot:
        return self.bots[0]


def _without_doubt(line: Line) -> Line:
    if line.given.get("threat_type") != "unknown":
        return line
    return replace(line, given={k: v for k, v in line.given.items() if k not in ("threat_type", "demand")})


def checked(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines; where readers could name different kinds of threat (`unknown`), kind and demand do not count.

    Raises LabelError for a file without labels or with a kind of threat that does not exist.
    """
    if not any("threat_type" in line.given or "risk" in line.given for line in lines):
        raise LabelError("No line has a label such as threat_type or risk: there is nothing to measure against.")
    lines = [_without_doubt(line) for line in lines]
    for line in lines:
        threat = line.given.get("threat_type", "none")
        if threat not in THREAT_TYPES:
            raise LabelError(f"{line.id}: there is no threat_type {threat!r}, only {', '.join(THREAT_TYPES)}")
        for name in ("risk", "risk_also_ok", "demand"):
            if not isinstance(line.given.get(name, []), list):
                raise LabelError(f"{line.id}: {name} must be a list")
    return lines
