"""Every number in a message that could be somebody's age, and where it stands.

Whose it is, nobody knows by the number alone: rules (`age_voices.py`) and the network's age scores decide.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from breakwater.understanding.plain import Plain
from breakwater.understanding.text import Text

YOUNGEST, OLDEST = 5, 99
_NUMBER = re.compile(r"(?<![\w£$€₹.,:/+#%-])[mf]?(\d{1,2})(?:yo|yrs?|m|f|y|nb)?(?![\w%.:/])")


@dataclass(frozen=True)
class Number:
    """`value` as written in digits or words, at the letters `start` to `end` of the text; its digits stand in the plain
    line from `first` to `last`."""

    value: int
    start: int
    end: int
    first: int
    last: int


def numbers(read: Text, line: Plain) -> list[Number]:
    """All of them, in order."""
    found = []
    for match in _NUMBER.finditer(line.line):
        value = int(match.group(1))
        if YOUNGEST <= value <= OLDEST:
            first, last = line.word_at(match.start()), line.word_at(match.end() - 1)
            start, end = read.words[first].start, read.words[last].end
            found.append(Number(value, start, end, *match.span(1)))
    return found
