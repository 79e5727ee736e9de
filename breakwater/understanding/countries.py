"""The country of the person at risk, as stated: "im in kenya", "17m lagos", "we live near leeds", or as an answer.

Never where the other side says to be, and never guessed from a language, a currency or a way of paying: a wrong
guess shows the wrong emergency number (protocol §4). The words are in `data/lexicon/countries.yml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from breakwater.understanding.lexicon import LexiconBroken, read_list
from breakwater.understanding.phrase_tree import PhraseTree
from breakwater.understanding.phrases import PhraseBroken
from breakwater.understanding.text import END, Text

FILE = "countries.yml"
WHOSE = ("country", "their_country")
"""The questions that a place answers: of whoever writes, and of the person they write for."""
_ANSWER = 8  # words: a longer message is a story, in which only words like "im in" make a place theirs
_AGE = re.compile(r"(?:[mf]?\d{1,2}(?:[mf]|yo|yrs?|y)?)$")
_LISTS = ("others", "believed", "first_person", "after_age", "around", "not_own", "also_names")
_SAID_BEFORE = 3  # words before "im in" in which somebody may be said to believe or to say it
_BEFORE = 12  # words before a place in which somebody else may be named
_ARTICLE, _IN = "the", frozenset({"in", "near", "from", "at"})
_IS_IN, _FROM, _NOT_SAID = 1, 2, 99  # the later groups of `own`, and none of them

_Cue = tuple[int, str]
_Place = tuple[str, int, int]


@dataclass(frozen=True)
class Country:
    """`code`: ISO 3166, two letters; `words`: the person's own."""

    code: str
    words: str


class Countries:
    """The places, built once. May be shared by threads."""

    def __init__(
        self,
        places: PhraseTree[str],
        own: PhraseTree[_Cue],
        alone: Mapping[str, str],
        lists: Mapping[str, frozenset[str]],
    ) -> None:
        self._places = places
        self._own = own
        self._alone = alone
        self._lists = lists

    @classmethod
    def load(cls, folder: Path) -> Countries:
        """With the word list in `folder`. Raises `LexiconBroken` naming file and phrase."""
        content = read_list(folder / FILE)
        places: PhraseTree[str] = PhraseTree()
        own: PhraseTree[_Cue] = PhraseTree()
        try:
            for code, words in content["countries"].items():
                for word in words:
                    places.add(word, code, {})
            for rank, group in enumerate(content["own"]):
                for phrase in group["phrases"]:
                    own.add(phrase, (rank, phrase), {})
        except PhraseBroken as error:
            raise LexiconBroken(f"{FILE}: {error}") from error
        alone = {word: code for code, words in content["alone"].items() for word in words}
        return cls(places, own, alone, {name: frozenset(content[name]) for name in _LISTS})

    def __call__(self, read: Text, question: str | None) -> Country | None:
        """Where the person at risk is; None when the text does not say. Of several places the surest counts: where
        they live before where they come from. `question` is the bot's open question."""
        words = [w.norm for w in read.words]
        said = [w for w in words if w != END]
        if len(said) == 1 and said[0] in self._alone and question in WHOSE:
            return Country(self._alone[said[0]], read.said(0, len(words)))
        found = [place for place in _longest(self._places.find(read)) if not read.words[place[1]].quoted]
        if not found:
            return None
        rank, start, end, code = min(self._ranked(words, found, read))
        rest = [w for at, w in enumerate(words) if not start <= at < end and w != END]
        if rank == _NOT_SAID and not self._answers(rest, len(said), question) and not self._alone_is(said, rest):
            return None
        return Country(code, read.said(start, end))

    def _answers(self, rest: list[str], length: int, question: str | None) -> bool:
        """Whether a place is named in answer to our question; in that about somebody else "she is in" answers."""
        stray = self._lists["not_own"] | (self._lists["others"] if question == "country" else frozenset())
        return question in WHOSE and length <= _ANSWER and stray.isdisjoint(rest)

    def _alone_is(self, said: list[str], rest: list[str]) -> bool:
        """Whether the place is the whole message; "im jordan" is a name."""
        if not self._lists["around"].issuperset(rest):
            return False
        named = self._lists["also_names"].intersection(said) or {"im", "am"}.intersection(rest)
        return not named or not _IN.isdisjoint(rest)

    def _ranked(self, words: list[str], found: list[_Place], read: Text) -> Iterator[tuple[int, int, int, str]]:
        """How sure it is of each place that it is theirs, lower is surer, with the place."""
        cues: dict[int, list[tuple[int, int]]] = {}
        for (rank, _), start, end in self._own.find(read):
            cues.setdefault(end, []).append((rank, start))
        comes_from = -1
        for code, start, end in found:
            before = start - 1 if words[start - 1] == _ARTICLE else start
            rank = min((r for r, at in cues.get(before, ()) if self._theirs(words, at, before)), default=_NOT_SAID)
            if rank == _NOT_SAID:
                between = words[comes_from:start] if comes_from >= 0 else [END]
                if before == 1 and words[end] == END:
                    rank = _IS_IN  # "Saudi. I'm a maid"
                elif self._after_age(words, start):
                    rank = _FROM
                elif words[start - 1] in _IN and END not in between and self._nobody_else(between):
                    rank = _IS_IN  # "im a student from kerala in germany"
            comes_from = end if rank == _FROM else comes_from
            yield rank, start, end, code

    def _theirs(self, words: list[str], start: int, end: int) -> bool:
        """Whether "im .. in" is said of the person: nobody else stands between, or is said to say it; words without
        "i" or "we" ("living in") only where nobody else was named in the sentence."""
        if not self._nobody_else(words[start:end]):
            return False
        if words[start] in self._lists["first_person"]:
            return self._lists["believed"].isdisjoint(words[max(start - _SAID_BEFORE, 0) : start])
        return self._nobody_else(_sentence_before(words, start))

    def _after_age(self, words: list[str], at: int) -> bool:
        """ "17m lagos", "f15 from the uk": nobody else is named before it in the sentence."""
        age = at - 1
        while words[age] in self._lists["after_age"] or words[age] == _ARTICLE:
            age -= 1
        before = _sentence_before(words, age)
        own = before[-1:] != ["a"] or not self._lists["first_person"].isdisjoint(before[-2:])
        return bool(_AGE.match(words[age])) and own and self._nobody_else(before)

    def _nobody_else(self, words: list[str]) -> bool:
        return self._lists["others"].isdisjoint(words)


def _sentence_before(words: list[str], at: int) -> list[str]:
    """The last words of the sentence before the word `at`."""
    before = words[max(at - _BEFORE, 0) : at]
    return before[len(before) - before[::-1].index(END) :] if END in before else before


def _longest(found: list[_Place]) -> list[_Place]:
    """Of places that overlap the longest ("south africa", "northern ireland"); a town and its country beside it are
    one place ("london ontario")."""
    kept: list[_Place] = []
    for code, start, end in sorted(found, key=lambda place: (place[1], -place[2])):
        if kept and start < kept[-1][2]:
            continue
        if kept and start == kept[-1][2]:
            kept[-1] = (code, kept[-1][1], end)
        else:
            kept.append((code, start, end))
    return kept
