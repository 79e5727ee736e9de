"""The person's own words behind a fact that the model read: the part of the message that speaks for it most.

Word lists and rules know their words; a model judges a message whole. So its parts are asked one by one, by words
and letters alone: which of them is most like the messages that carry this label. It is evidence for a counsellor
and decides nothing.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from breakwater.understanding.facts import YES_NO_FACTS, CaseFacts
from breakwater.understanding.likeness import Array

Scores = Callable[[Sequence[str]], Mapping[str, Array]]
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")
_LONGEST = 20  # words: a longer sentence is cut, so that what is quoted can be read at a glance
_MOST_PARTS = 60  # of a very long story the rest goes unquoted, not unread
_KINDS = ("threat_type", "speaker", "offender", "minor", *YES_NO_FACTS)
_LISTS = ("demand", "now", "risk")


def with_own_words(facts: CaseFacts, text: str, scores: Scores) -> CaseFacts:
    """The same facts; those without words quote the part of `text` that speaks for them most.

    `scores` gives, for every label, how much each of some texts speaks for it (`FactModel.by_words`).
    """
    lacking = {name: labels for name, labels in _stated(facts) if name not in facts.words}
    parts = parts_of(text)
    if not lacking or not parts:
        return facts
    if len(parts) == 1:
        return replace(facts, words={**dict.fromkeys(lacking, parts[0]), **facts.words})
    found = scores(parts)
    said = {
        name: [parts[int(found[label].argmax())] for label in labels if label in found]
        for name, labels in lacking.items()
    }
    quoted = {name: " … ".join(dict.fromkeys(places)) for name, places in said.items() if places}
    return replace(facts, words={**quoted, **facts.words})


def parts_of(text: str) -> list[str]:
    """The sentences of a text, long ones cut into pieces of much the same length."""
    found: list[str] = []
    for sentence in _SENTENCE_END.split(text):
        words = sentence.split()
        pieces = -(-len(words) // _LONGEST)
        cuts = [len(words) * i // pieces for i in range(pieces + 1)] if pieces else []
        found += [" ".join(words[start:end]) for start, end in itertools.pairwise(cuts)]
    return found[:_MOST_PARTS]


def _stated(facts: CaseFacts) -> Iterator[tuple[str, list[str]]]:
    """Each fact that is more than its usual value, with its labels as the model knows them."""
    usual = CaseFacts()
    for name in _KINDS:
        if (value := getattr(facts, name)) != getattr(usual, name):
            yield name, [f"{name}={value}"]
    for name in _LISTS:
        if values := getattr(facts, name):
            yield name, [f"{name}={value}" for value in values]
    if facts.wants_human:
        yield "wants_human", ["wants_human=yes"]
