"""The small phrase language of the word lists (documented at the head of `data/lexicon/risk.yml`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Union

from breakwater.understanding.text import END, fold

_TOKEN = re.compile(r"\.\.|[()\[\]|/]|<\w+>|[^\s()\[\]|<>/]+")
_CLOSES = {"(": ")", "[": "]"}


class PhraseBroken(ValueError):
    """A phrase that does not follow the language."""


@dataclass(frozen=True)
class Step:
    """One step: a `word`, one of a `set` of words, a `stem` (the beginning of a word) or a `gap`."""

    kind: str
    words: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Choice:
    """One of several sequences; the empty one where the part may be left out."""

    ways: tuple[tuple[Part, ...], ...]


Part = Union[Step, Choice]  # noqa: UP007 - evaluated at run time
GAP = Step("gap")


def parse(phrase: str, sets: Mapping[str, frozenset[str]]) -> tuple[Part, ...]:
    """The parts of `phrase`. Raises `PhraseBroken` saying what is wrong."""
    tokens = _TOKEN.findall(phrase)
    parts, rest = _sequence(tokens, 0, sets)
    if rest != len(tokens):
        raise PhraseBroken(f"{tokens[rest]!r} closes nothing")
    if _can_be_empty(parts):
        raise PhraseBroken("it can be empty")
    if GAP in (parts[0], parts[-1]):
        raise PhraseBroken("it begins or ends with a gap")
    return parts


def _can_be_empty(parts: tuple[Part, ...]) -> bool:
    return all(isinstance(p, Choice) and any(_can_be_empty(way) for way in p.ways) for p in parts)


def _sequence(tokens: list[str], at: int, sets: Mapping[str, frozenset[str]]) -> tuple[tuple[Part, ...], int]:
    parts: list[Part] = []
    while at < len(tokens) and tokens[at] not in (")", "]", "|"):
        if tokens[at] in _CLOSES:
            part, at = _choice(tokens, at, sets)
            parts.append(part)
        else:
            parts.append(_named(tokens[at], sets) if tokens[at][0] == "<" else _step(tokens[at]))
            at += 1
    return tuple(parts), at


def _choice(tokens: list[str], at: int, sets: Mapping[str, frozenset[str]]) -> tuple[Part, int]:
    opening = tokens[at]
    ways: list[tuple[Part, ...]] = [()] if opening == "[" else []
    while True:
        way, at = _sequence(tokens, at + 1, sets)
        ways.append(way)
        if at >= len(tokens) or tokens[at] not in ("|", _CLOSES[opening]):
            raise PhraseBroken(f"{opening!r} is not closed")
        if tokens[at] != "|":
            return _joined(ways), at + 1


def _joined(ways: list[tuple[Part, ...]]) -> Part:
    """Ways of one plain word each become one step, a set: it keeps the graph of words small."""
    words: set[str] = set()
    rest: list[tuple[Part, ...]] = []
    for way in ways:
        if len(way) == 1 and isinstance(way[0], Step) and way[0].kind in ("word", "set"):
            words |= way[0].words
        else:
            rest.append(way)
    if not words:
        return Choice(tuple(rest))
    one = Step("set", frozenset(words))
    return Choice((*rest, (one,))) if rest else one


def _named(part: str, sets: Mapping[str, frozenset[str]]) -> Part:
    """One of a set, whose entries may be of several words."""
    if part[1:-1] not in sets:
        raise PhraseBroken(f"no set is called {part}")
    return _joined([tuple(_step(word) for word in entry.split()) for entry in sorted(sets[part[1:-1]])])


def _step(part: str) -> Step:
    if part == "..":
        return GAP
    if part == "/":
        return Step("word", frozenset({END}))
    if part.endswith("*"):
        stem = fold(part[:-1])[0]
        if len(stem) < 3:
            raise PhraseBroken(f"{part!r}: a word ending needs three letters before it")
        return Step("stem", frozenset({stem}))
    word = fold(part)[0]
    if "?" in part or not any(letter.isalnum() for letter in word):
        raise PhraseBroken(f"{part!r} is no word")
    return Step("word", frozenset({word}))
