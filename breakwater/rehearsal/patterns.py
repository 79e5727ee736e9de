"""Words that no conversation may hold, by name: `data/lexicon/patterns.yml`, which says how they are read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from breakwater.rehearsal.script import ScriptBroken, read_yaml

_SENTENCE = re.compile(r"[^.?!\n]+[.?!]*")
_CLAUSE = re.compile(r"[,;:–—(]| (?:but|so) ")
_DONT = re.compile(r"\s*(?:please )?(?:don't|do not|never)\b")
_LISTED = re.compile(r", (?=(?:[\w']+,? ){0,4}or )")  # "don't pay, answer, or write to them" is one denial
_NOT = re.compile(
    r"\b(?:not|never|no|nobody|none|nothing|without|nor|(?:do|does|did|is|are|was|ca|wo|should|would|could|have|has)n't|cannot)\b"
)


@dataclass(frozen=True)
class Patterns:
    """Lists of words by name."""

    lists: Mapping[str, tuple[tuple[re.Pattern[str], ...], tuple[re.Pattern[str], ...]]]

    @classmethod
    def load(cls, file: Path) -> Patterns:
        """Raises ScriptBroken naming the file and the list."""
        lists = {}
        for name, entry in read_yaml(file)["lists"].items():
            if not entry.get("why") or not entry.get("words"):
                raise ScriptBroken(f"{file.name}, list {name}: it needs `why` and `words`.")
            try:
                lists[name] = (_compiled(entry["words"]), _compiled(entry.get("unless") or []))
            except re.error as error:
                raise ScriptBroken(f"{file.name}, list {name}: {error}.") from error
        return cls(lists)

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.lists)

    def found(self, name: str, text: str) -> str | None:
        """The words of list `name` that a text holds and does not deny; None when there are none."""
        words, unless = self.lists[name]
        for sentence in map(str.strip, _SENTENCE.findall(text.lower().replace("’", "'"))):
            if any(exception.search(sentence) for exception in unless):
                continue
            for word in words:
                for match in word.finditer(sentence):
                    if not _denied(sentence, match.start()):
                        return match[0].strip()
        return None


def _denied(sentence: str, start: int) -> bool:
    """Whether a denial stands before the words in their own clause: "you are not to blame", "I can't promise"."""
    before = _LISTED.sub("  ", sentence)[:start] if _DONT.match(sentence) else sentence[:start]
    return _NOT.search(_CLAUSE.split(before)[-1]) is not None


def _compiled(words: list[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(word) for word in words)
