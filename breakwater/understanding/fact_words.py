"""What a message states in plain words: paid or not, sent, blocked, posted, told, what is demanded, for whom; and how
it is meant: a goodbye, a feeling, when it happened.

The words are in `data/lexicon/facts.yml` and `cues.yml`. They say less than the trained model guesses, and are
right more often: where both speak, the words count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from breakwater.understanding.facts import DEMANDS, SPEAKERS, YES_NO_FACTS, CaseFacts
from breakwater.understanding.lexicon import STATES, Lexicon, Match
from breakwater.understanding.text import END, Text, Word, read_text

FACT_WORDS = ("facts.yml", "cues.yml")
_CURRENCY = "£$€₹¥"
_FEW = 20  # below this a bare figure is an age or a count more often than a sum


@dataclass(frozen=True)
class FactWords:
    """The phrases, built once. Pure; takes time linear in the length of the text."""

    lexicon: Lexicon

    @classmethod
    def load(cls, folder: Path) -> FactWords:
        """With the word lists in `folder`. Raises `LexiconBroken`."""
        return cls(Lexicon.load(folder, FACT_WORDS))

    def __call__(self, text: str) -> tuple[CaseFacts, frozenset[str]]:
        """The yes or no facts, demands and speaker that the words state, with the words themselves; and the names of
        the cues, which say how it is meant.

        What happened once has happened: of a yes and a no in one message the yes counts.
        """
        read = with_figures(read_text(text, self.lexicon.emoji))
        said: dict[str, list[str]] = {}
        for label, words in _labels(read, self.lexicon.find(read)):
            said.setdefault(label, []).append(words)
        return _facts(said), frozenset(_cues(said))


def with_figures(read: Text) -> Text:
    """The text with every figure readable as `n_sum` or `n_few` too (the sets <sum> and <number>)."""
    words = [replace(w, alt=_figure(w)) if w.norm[:1].isdigit() or w.norm[:1] in _CURRENCY else w for w in read.words]
    return Text(read.original, tuple(words))


def _figure(word: Word) -> str:
    digits = "".join(c for c in word.norm if c.isdecimal())
    large = word.norm[0] in _CURRENCY or not word.norm[-1].isdigit() or int(digits or 0) >= _FEW
    return "n_sum" if large else "n_few"


def _labels(read: Text, found: list[Match]) -> Iterator[tuple[str, str]]:
    """Every label stated, with its words. Of phrases about one fact that overlap the longest speaks, and of
    two as long the one that leaves it unknown."""
    taken: dict[str, list[Match]] = {}
    for match in sorted(found, key=lambda match: _rank(read, match), reverse=True):
        for label in match.group.facts[STATES]:
            others = taken.setdefault(label.partition("=")[0], [])
            if not any(other.overlaps(match) for other in others):
                others.append(match)
                yield label, read.said(match.start, match.end)


def _rank(read: Text, match: Match) -> tuple[int, bool, int]:
    length = sum(word.norm != END for word in read.words[match.start : match.end])
    return length, any(label.endswith("=unknown") for label in match.group.facts[STATES]), -match.start


def _facts(said: dict[str, list[str]]) -> CaseFacts:
    yes_no: dict[str, Any] = {}
    words: dict[str, str] = {}
    for name in YES_NO_FACTS:
        value = next((v for v in ("yes", "no") if f"{name}={v}" in said), "unknown")
        yes_no[name] = value
        if value != "unknown":
            words[name] = said[f"{name}={value}"][0]
    demand = tuple(d for d in DEMANDS if f"demand={d}" in said)
    if demand:
        words["demand"] = " … ".join(said[f"demand={d}"][0] for d in demand)
    speaker = next((s for s in SPEAKERS if f"speaker={s}" in said), "victim")
    if speaker != "victim":
        words["speaker"] = said[f"speaker={speaker}"][0]
    return CaseFacts(demand=demand, speaker=speaker, words=words, **yes_no)


def _cues(said: Iterable[str]) -> Iterator[str]:
    """Whatever is stated that is no fact of a case."""
    for label in said:
        name, _, value = label.partition("=")
        if value == "yes" and name not in YES_NO_FACTS:
            yield name
