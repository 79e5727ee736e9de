"""Which language a message is written in, from its small words alone (`data/lexicon/function_words.yml`).

A guess costs little here: it chooses the words of the reply and the lines, never whether a danger counts. So it
stays silent where it is not sure: "hola", a name or one borrowed word state nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from breakwater.understanding.lexicon import LexiconBroken, read_list
from breakwater.understanding.text import END, Text, fold

Words = Mapping[str, frozenset[str]]
ENGLISH = "en"
# What each is called by who speaks it, and in English: so that it can be chosen by name.
NAMES: dict[str, tuple[str, ...]] = {
    "en": ("English",), "nl": ("Nederlands", "Dutch"), "de": ("Deutsch", "German"), "fr": ("Français", "French"),
    "es": ("Español", "Spanish"), "pt": ("Português", "Portuguese"), "it": ("Italiano", "Italian"),
    "pl": ("Polski", "Polish"), "tl": ("Tagalog", "Filipino"),
}  # fmt: skip
RISK_IS_READ = frozenset({ENGLISH, "nl", "de", "fr", "es"})
"""In these, words of risk and ages are read well enough that the facts alone make the tier (`support/tiers.py`)."""
_LEAST = 2  # different words of one language; fewer state nothing
_LEAST_WEIGHT = 1.0
_ENGLISH_WORDS = 4  # a shorter message is no change to English: "ok", "no thanks"
_MIXED_SHARE = 3  # English words that one word of a language mixed with English outweighs


@dataclass(frozen=True)
class Language:
    """`code` of the language, or the name of a list of neighbours that we do not answer; and the person's own words
    from the first that shows it to the last."""

    code: str
    words: str


class Languages:
    """The languages we know by their small words. Immutable; may be shared by threads."""

    def __init__(self, words: Words, unanswered: Words, letters: Words, mixed: frozenset[str]) -> None:
        self._words, self._letters, self._mixed = {**words, **unanswered}, letters, mixed
        self._answered = frozenset(words)
        self._shared = Counter(word for listed in words.values() for word in listed)

    @classmethod
    def load(cls, lexicon: Path) -> Languages:
        """Raises `LexiconBroken` naming a word that stands in English and in another language."""
        content = read_list(lexicon / "function_words.yml")
        words, unanswered = _folded(content["words"]), _folded(content["unanswered"])
        for code, listed in words.items():
            if code != ENGLISH and (both := listed & words[ENGLISH]):
                raise LexiconBroken(f"function_words.yml, {code}: {', '.join(sorted(both))} is in {ENGLISH} too")
        letters = {code: frozenset(signs) for code, signs in content["letters"].items()}
        return cls(words, unanswered, letters, frozenset(content["mixed_with_english"]))

    def of(self, text: Text) -> Language | None:
        """The language of `text`; None where it is unclear or none of ours. English needs four words."""
        said = frozenset(form for word in text.words if word.norm != END for form in (word.norm, word.alt))
        found = {code: said & listed for code, listed in self._words.items()}
        english = len(found.pop(ENGLISH))
        weights = {code: self._weight(code, words, text) for code, words in found.items()}
        best, second = sorted(weights, key=lambda code: weights[code], reverse=True)[:2]
        against = english / _MIXED_SHARE if best in self._mixed else english
        signs = self._signs(best, text)
        enough = len(found[best]) + signs >= _LEAST and found[best] and weights[best] >= _LEAST_WEIGHT
        if enough and weights[best] > max(against, weights[second]):
            return Language(best, _extent(text, found[best]))
        if text.length >= _ENGLISH_WORDS and english >= _LEAST and english > weights[best]:
            return Language(ENGLISH, _extent(text, self._words[ENGLISH]))
        return None

    def _weight(self, code: str, words: frozenset[str], text: Text) -> float:
        """A word that several languages share counts less for each."""
        neighbours = 0 if code in self._answered else 1
        return sum(1 / (self._shared[word] + neighbours) for word in words) + self._signs(code, text)

    def _signs(self, code: str, text: Text) -> bool:
        return not self._letters.get(code, frozenset()).isdisjoint(text.original.lower())


def _folded(lists: Mapping[str, str]) -> Words:
    return {code: frozenset(fold(word)[0] for word in listed.split()) for code, listed in lists.items()}


def _extent(text: Text, words: frozenset[str]) -> str:
    places = [at for at, word in enumerate(text.words) if word.norm in words or word.alt in words]
    return text.said(places[0], places[-1] + 1)
