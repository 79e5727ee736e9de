"""A message as words to match, with the way back to what the person really typed.

People in distress type fast: "im gonna k*ll myselffff 😭". Every word is folded to one plain
form (no accents, no apostrophes, small letters, "su1cide" as "suicide"), while `Text.said`
gives the original words, which is all that a counsellor ever sees as evidence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

END = "/"
"""The word that stands between sentences, and before the first and after the last."""
UNKNOWN_EMOJI = "emoji"
LONGEST_WORD = 60  # nothing longer is a word; cut, so that folding stays cheap

_HIDDEN = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_INNER = rf"\u0300-\u036f{_HIDDEN}"  # accents of their own, and what cannot be seen
_TOKEN = re.compile(
    r"(?P<number>[£$€₹¥#+]?\d(?:[\d.,:/]*\d)?(?:[^\W\d_]{0,12}%?))"
    r"|(?P<dotted>(?:[^\W\d_]\.){2,}[^\W\d_](?![^\W_]))"
    rf"|(?P<word>[^\W_](?:[^\W_]|[{_INNER}]|['’‘ʼ`´*@$_](?=[^\W_]))*)"
    r"|(?P<pause>\.{2,}|…)"
    r"|(?P<end>[.!?\n]+)"
    r"|(?P<quote>[\"“”«»„]|(?<![^\W_])['‘](?=[^\W_])|(?<=\S)['’](?![^\W_]))"
    r"|(?P<colon>:(?!\S*[)(/3DPp]))"
    r"|(?P<sign>[^\s\w])"
)
_DROP = re.compile(rf"['’‘ʼ`´.{_INNER}]")
_LEET = str.maketrans({"1": "i", "3": "e", "0": "o", "@": "a", "$": "s"})
_LEET_INSIDE = re.compile(r"(?<=[^\W\d_])[130@$]+(?=[^\W\d_])")
_STROKED = str.maketrans("łøđ", "lod")  # letters that Unicode does not take apart
_THRICE = re.compile(r"([^\W\d_])\1{2,}")


@dataclass(frozen=True)
class Word:
    """One word: `norm` to match, `alt` where letters were drawn out ("noooo": "noo", "no")."""

    norm: str
    alt: str
    start: int
    end: int
    quoted: bool = False
    before_colon: bool = False


@dataclass(frozen=True)
class Text:
    """A message in words. `words` begins and ends with `END`, which also parts sentences."""

    original: str
    words: tuple[Word, ...]

    def said(self, start: int, end: int) -> str:
        """The original text of words `start` to `end` (exclusive), sentence marks left out."""
        real = [w for w in self.words[start:end] if w.norm != END]
        return self.original[real[0].start : real[-1].end].strip() if real else ""

    def sentence(self, position: int) -> tuple[int, int]:
        """The words (start, end) of the sentence round the word at `position`."""
        start = end = position
        while start > 0 and self.words[start - 1].norm != END:
            start -= 1
        while end < len(self.words) and self.words[end].norm != END:
            end += 1
        return start, end

    @cached_property
    def length(self) -> int:
        """Words that are neither emoji nor sentence marks."""
        return sum(1 for w in self.words if w.norm != END and not w.norm.startswith(UNKNOWN_EMOJI))


@lru_cache(maxsize=20_000)
def fold(word: str) -> tuple[str, str]:
    """The form of one word to match, and the form with drawn-out letters written once."""
    plain = unicodedata.normalize("NFKD", _DROP.sub("", word[:LONGEST_WORD])).casefold()
    plain = "".join(c for c in plain if not unicodedata.combining(c)).translate(_STROKED)
    plain = _LEET_INSIDE.sub(lambda m: m.group().translate(_LEET), plain)
    return _THRICE.sub(r"\1\1", plain).replace("*", "_"), _THRICE.sub(r"\1", plain).replace("*", "_")


def _number(found: str) -> str:
    """A number keeps its point and comma: "2º" is 2o, "15años" 15anos, "1.5" as it stands."""
    return "".join(c for c in unicodedata.normalize("NFKD", found).lower() if not unicodedata.combining(c))


def read_text(original: str, emoji: Mapping[str, str]) -> Text:
    """`original` in words. `emoji` names the signs that mean something; others are `emoji`."""
    words = [Word(END, END, 0, 0)]
    quotes: list[int] = []
    for token in _TOKEN.finditer(original):
        kind, found, (start, end) = token.lastgroup, token.group(), token.span()
        if kind in ("word", "number", "dotted"):
            norm, alt = fold(found) if kind != "number" else (_number(found),) * 2
            if norm:
                words.append(Word(norm, alt, start, end))
        elif kind == "end" and words[-1].norm != END:
            words.append(Word(END, END, start, end))
        elif kind == "quote":
            quotes.append(len(words))
        elif kind == "colon":
            last = words[-1]
            words[-1] = Word(last.norm, last.alt, last.start, last.end, before_colon=True)
        elif kind == "sign" and (name := _sign(found, emoji)):
            words.append(Word(name, name, start, end))
    if words[-1].norm != END:
        words.append(Word(END, END, len(original), len(original)))
    return Text(original, tuple(_quoted(words, quotes)))


def _sign(sign: str, emoji: Mapping[str, str]) -> str | None:
    if sign in emoji:
        return emoji[sign]
    return UNKNOWN_EMOJI if unicodedata.category(sign) == "So" else None


def _quoted(words: list[Word], quotes: list[int]) -> list[Word]:
    """Marks the words between pairs of quotation marks; a last one without a partner is ignored."""
    for opened, closed in zip(quotes[::2], quotes[1::2], strict=False):
        for i in range(opened, closed):
            w = words[i]
            words[i] = Word(w.norm, w.alt, w.start, w.end, quoted=True, before_colon=w.before_colon)
    return words


def mostly_foreign_script(original: str) -> bool:
    """More than half of the letters, and at least two, are of a script other than Latin."""
    letters = [c for c in original if c.isalpha()]
    foreign = sum(1 for c in letters if c > "\u024f" and "LATIN" not in unicodedata.name(c, ""))
    return foreign >= 2 and foreign * 2 > len(letters)
