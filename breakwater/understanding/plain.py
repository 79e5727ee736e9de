"""A message as one plain line, for forms that are easier to write as patterns than as phrases.

Numbers are digits ("twenty one" is 21), sentences are parted by " / ", commas, brackets and the
like stand alone: "Im fifteen. My mum, 40..." reads "/ im 15 / my mum , 40 /".
"""

# ruff: noqa: E501 (tables)

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from breakwater.understanding.text import Text

_UNITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]  # fmt: skip
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_MISSPELT = {
    "forteen": 14,
    "fourten": 14,
    "fiveteen": 15,
    "fifteeen": 15,
    "sixten": 16,
    "seventen": 17,
    "fourty": 40,
}
_OTHERS = (  # 10 to 19 in Dutch, German, French, Spanish (as folded: no accents)
    "tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien",
    "zehn elf zwolf dreizehn vierzehn funfzehn sechzehn siebzehn achtzehn neunzehn",
    "dix onze douze treize quatorze quinze seize dixsept dixhuit dixneuf",
    "diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve",
)
_FOREIGN = {word: n for row in _OTHERS for n, word in enumerate(row.split(), 10) if word not in ("once", "dix")}
NUMBERS = (
    {w: n for n, w in enumerate(_UNITS) if n > 1 or w == "one"}
    | {w: 10 * n for n, w in enumerate(_TENS, 2)}
    | _MISSPELT
    | _FOREIGN
)
_MARK = re.compile(r"[,;:()\[\]\"“”—–=*|>•]|-")
_NTH = re.compile(r"\.0+$|[.,]+$")


@dataclass(frozen=True)
class Plain:
    """`line` to search; `word_at` leads back from a place in it to the word of the text."""

    line: str
    starts: tuple[int, ...]
    words: tuple[int, ...]

    def word_at(self, place: int) -> int:
        return self.words[max(bisect_right(self.starts, place) - 1, 0)]


def plain(text: Text) -> Plain:
    """The text as a plain line. It begins with "/ " and ends with " /"."""
    parts: list[str] = []
    origin: list[int] = []
    last_end = 0
    for at, word in enumerate(text.words):
        for mark in _MARK.findall(text.original[last_end : word.start]):
            parts.append(mark)
            origin.append(at)
        last_end = max(last_end, word.end)
        number = NUMBERS.get(word.norm)
        if number == 1 and not _is_tens(text, at - 1):
            number = None  # "one" is hardly ever a number
        if number is not None and number < 10 and _is_tens(text, at - 1):
            if parts[-1] == "-":
                parts.pop()
                origin.pop()
            parts[-1] = str(int(parts[-1]) + number)
            continue
        parts.append(str(number) if number is not None else _NTH.sub("", word.norm) or word.norm)
        origin.append(at)
    starts, place = [], 0
    for part in parts:
        starts.append(place)
        place += len(part) + 1
    return Plain(" ".join(parts), tuple(starts), tuple(origin))


def _is_tens(text: Text, at: int) -> bool:
    return at > 0 and text.words[at].norm in _TENS
