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
_OTHERS = (  # 10 to 19 in Dutch, German, French, Spanish, Portuguese, Italian, Polish (as folded: no accents)
    "tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien",
    "zehn elf zwolf dreizehn vierzehn funfzehn sechzehn siebzehn achtzehn neunzehn",
    "dix onze douze treize quatorze quinze seize dixsept dixhuit dixneuf",
    "diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve",
    "dez onze doze treze catorze quinze dezesseis dezessete dezoito dezenove",
    "dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove",
    "dziesiec jedenascie dwanascie trzynascie czternascie pietnascie szesnascie siedemnascie osiemnascie dziewietnascie",
)
_FOREIGN = {word: n for row in _OTHERS for n, word in enumerate(row.split(), 10) if word not in ("once", "dix")}
_FOREIGN |= {"acht": 8, "ocho": 8, "negen": 9, "neun": 9, "nueve": 9}
_AFTER_DIX = {"sept": 17, "huit": 18, "neuf": 19}
_BEFORE_YEARS = {"dix": 10, "once": 11, "huit": 8, "neuf": 9}  # numbers only where years are counted
_WITH_YEARS = re.compile(r"(\d{1,2})(ans|anos|anni|jaar|jahre|lat)")
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
        if _joins(parts, word.norm):
            continue
        number = NUMBERS.get(word.norm)
        if number == 1 and not _is_tens(text, at - 1):
            number = None  # "one" is hardly ever a number
        if number is not None and number < 10 and _is_tens(text, at - 1) and _whole(parts, origin).isdigit():
            parts[-1] = str(int(parts[-1]) + number)
            continue
        counted = _WITH_YEARS.fullmatch(word.norm)
        for part in counted.groups() if counted else (str(number or _NTH.sub("", word.norm) or word.norm),):
            parts.append(part)
            origin.append(at)
    starts, place = [], 0
    for part in parts:
        starts.append(place)
        place += len(part) + 1
    return Plain(" ".join(parts), tuple(starts), tuple(origin))


def _whole(parts: list[str], origin: list[int]) -> str:
    """The last part, a hyphen after it taken away: "twenty-one" is one number, "twenty, one" is two."""
    if parts[-1] == "-":
        parts.pop()
        origin.pop()
    return parts[-1]


def _joins(parts: list[str], word: str) -> bool:
    """Whether the word makes a French or Spanish number of what stands before it: "dix-sept", "once años"."""
    at = len(parts) - (2 if parts[-1:] == ["-"] else 1)
    before = parts[at] if at >= 0 else ""
    if before == "dix" and word in _AFTER_DIX:
        parts[at] = str(_AFTER_DIX[word])
        return True
    if before in _BEFORE_YEARS and word in ("ans", "anos"):
        parts[at] = str(_BEFORE_YEARS[before])
    return False


def _is_tens(text: Text, at: int) -> bool:
    return at > 0 and text.words[at].norm in _TENS
