"""Many phrases as one graph of words, walked once for each word of a text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from breakwater.understanding.phrases import Choice, Part, Step, parse
from breakwater.understanding.text import END, Text, Word

T = TypeVar("T")
_AS_TYPED: Mapping[str, str] = MappingProxyType({})
GAP = 3
"""How many words `..` may skip. It never leaves the sentence."""


@dataclass
class _Node:
    words: dict[str, _Node] = field(default_factory=dict)
    sets: dict[frozenset[str], _Node] = field(default_factory=dict)
    of_sets: dict[str, list[_Node]] = field(default_factory=dict)
    stems: dict[str, list[tuple[str, _Node]]] = field(default_factory=dict)
    gap: _Node | None = None
    joins: dict[Choice, _Node] = field(default_factory=dict)
    also: list[_Node] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def follow(self, parts: tuple[Part, ...]) -> _Node:
        """The node after all these parts, made where it is missing."""
        node = self
        for part in parts:
            node = node.step(part) if isinstance(part, Step) else node._join(part)
        return node

    def _join(self, choice: Choice) -> _Node:
        """The node where all ways of a choice meet again."""
        if choice not in self.joins:
            self.joins[choice] = meeting = _Node()
            for way in choice.ways:
                self.follow(way).also.append(meeting)
        return self.joins[choice]

    def step(self, step: Step) -> _Node:
        """The node after this step, made where it is missing."""
        if step.kind == "gap":
            self.gap = self.gap or _Node()
            return self.gap
        if step.kind == "word":
            return self.words.setdefault(next(iter(step.words)), _Node())
        return self._set(step.words) if step.kind == "set" else self._stem(next(iter(step.words)))

    def _set(self, words: frozenset[str]) -> _Node:
        if words not in self.sets:
            self.sets[words] = node = _Node()
            for word in words:
                self.of_sets.setdefault(word, []).append(node)
        return self.sets[words]

    def _stem(self, stem: str) -> _Node:
        known = self.stems.setdefault(stem[:3], [])
        for other, node in known:
            if other == stem:
                return node
        known.append((stem, _Node()))
        return known[-1][1]

    def after(self, word: str) -> list[_Node]:
        """The nodes that one word leads to."""
        nodes = [self.words[word]] if word in self.words else []
        if word in self.of_sets:
            nodes += self.of_sets[word]
        if self.stems:
            nodes += [node for stem, node in self.stems.get(word[:3], ()) if word.startswith(stem)]
        return nodes


class PhraseTree(Generic[T]):
    """Finds which phrases stand where in a text, and the value that each was added with.

    The time to find grows with the length of the text and hardly with the number of phrases.
    """

    def __init__(self) -> None:
        self._root = _Node()

    def add(self, phrase: str, value: T, sets: Mapping[str, frozenset[str]]) -> None:
        """Adds a phrase. Raises `PhraseBroken`."""
        node = self._root.follow(parse(phrase, sets))
        if value not in node.values:
            node.values.append(value)

    def find(self, text: Text, spellings: Mapping[str, str] = _AS_TYPED) -> list[tuple[T, int, int]]:
        """Each value with the words `start` to `end` (exclusive); of several together the longest.

        `spellings`: the word that a way of typing stands for; the typed form counts too.
        """
        forms = [_forms(word, spellings) for word in text.words]
        found: list[tuple[T, int, int]] = []
        for start in range(len(forms)):
            ends: list[tuple[T, int]] = []
            _walk(self._root, forms, start, ends)
            if ends:
                longest: dict[int, tuple[T, int, int]] = {}
                for value, end in ends:
                    if id(value) not in longest or longest[id(value)][2] < end:
                        longest[id(value)] = (value, start, end)
                found.extend(longest.values())
        return found


def _forms(word: Word, spellings: Mapping[str, str]) -> tuple[str, ...]:
    forms = (word.norm,) if word.alt == word.norm else (word.norm, word.alt)
    meant = spellings.get(word.alt)
    return forms if meant is None else (*forms, meant)


def _walk(node: _Node, forms: Sequence[tuple[str, ...]], at: int, ends: list[Any]) -> None:
    """Adds to `ends` every value whose phrase goes on from `node` at this word, with the place where it ends.

    The hot path of the reader: plain recursion over plain strings, for it runs on every fragment.
    """
    for value in node.values:
        ends.append((value, at))
    for other in node.also:
        _walk(other, forms, at, ends)
    if at < len(forms):
        for form in forms[at]:
            for after in node.after(form):
                _walk(after, forms, at + 1, ends)
    if node.gap is not None:
        for place in range(at, min(at + GAP, len(forms)) + 1):
            _walk(node.gap, forms, place, ends)
            if place == len(forms) or forms[place][0] == END:
                break
