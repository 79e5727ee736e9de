"""The person's own words behind a fact that the model read: the part of the message that speaks for it most.

Word lists and rules know their words; the network judges a message whole, but knows how much each word added to its
judgement. The part where these add up to most is quoted. It is evidence for a counsellor and decides nothing.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from breakwater.understanding.encoder import Seen
from breakwater.understanding.facts import YES_NO_FACTS, CaseFacts

_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")
_WORD = re.compile(r"\S+")
_LONGEST = 20  # words: a longer sentence is cut, so that what is quoted can be read at a glance
_MOST_PARTS = 60  # of a very long story the rest goes unquoted, not unread
_KINDS = ("threat_type", "speaker", "offender", "minor", *YES_NO_FACTS)
_LISTS = ("demand", "now", "risk")


def with_own_words(facts: CaseFacts, text: str, seen: Seen, labels: Sequence[str]) -> CaseFacts:
    """The same facts; those without words quote the part of `text` that speaks for them most.

    `seen` is what the network saw in it; `labels` are those that it tells, in its order. A fact whose label it does not
    know gets no words, but in a short message, which is its own evidence.
    """
    lacking = {name: values for name, values in _stated(facts) if name not in facts.words}
    parts = parts_of(text)
    if not lacking or not parts:
        return facts
    if len(parts) == 1:
        return replace(facts, words={**dict.fromkeys(lacking, _said(text, *parts[0])), **facts.words})
    number = {label: at for at, label in enumerate(labels)}
    speaks = seen.speaks_in(parts)
    quoted = {}
    for name, values in lacking.items():
        best = [parts[int(speaks[number[value]].argmax())] for value in values if value in number]
        if best:
            quoted[name] = " … ".join(dict.fromkeys(_said(text, *part) for part in best))
    return replace(facts, words={**quoted, **facts.words})


def parts_of(text: str) -> list[tuple[int, int]]:
    """First and last letter of each sentence, long ones cut into pieces of much the same length."""
    found: list[tuple[int, int]] = []
    start = 0
    for end in [*(m.end() for m in _SENTENCE_END.finditer(text)), len(text)]:
        words = [(start + m.start(), start + m.end()) for m in _WORD.finditer(text[start:end])]
        start = end
        pieces = -(-len(words) // _LONGEST)
        cuts = [len(words) * i // pieces for i in range(pieces + 1)] if pieces else []
        found += [(words[first][0], words[last - 1][1]) for first, last in itertools.pairwise(cuts)]
    return found[:_MOST_PARTS]


def _said(text: str, start: int, end: int) -> str:
    return " ".join(text[start:end].split())


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
