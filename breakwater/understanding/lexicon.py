"""The word lists of `data/lexicon`, compiled: which groups of phrases a text contains, and where.

The phrase language is documented at the head of `data/lexicon/risk.yml`. Matching walks a tree
of words, so its time grows with the length of the text and not with the number of phrases.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from breakwater.understanding.phrase_tree import PhraseTree
from breakwater.understanding.phrases import PhraseBroken
from breakwater.understanding.text import Text

FOREIGN = ("languages.yml", "dutch.yml", "german.yml", "french.yml", "spanish.yml")
FILES = (
    "risk.yml",
    "sideways.yml",
    "plans.yml",
    "self_harm.yml",
    "danger.yml",
    "nearby.yml",
    *FOREIGN,
    "told.yml",
    "look_alikes.yml",
    "context.yml",
)
FACTS = ("risk", "now", "demand", "home_unsafe")
STATES = "states"
ROLES = (
    "risk", "told", "look_alike", "denial", "denial_before", "undo", "past", "present", "returned", "history",
    "outside", "person_at_risk", "offender_says", "own_words", "fact",
)  # fmt: skip

_KEYS = {
    "role", "why", "phrases", "whose", "firm", "broad", "questions", "most_words", "needs", "last", STATES, *FACTS,
}  # fmt: skip


class LexiconBroken(Exception):
    """A word list that cannot be read; the message names file, group and phrase."""


@dataclass(frozen=True)
class Group:
    """Phrases that mean the same.

    `facts` are the labels they state (docs/labels.md), for the lists of risk by the name of the fact, for
    `facts.yml` all under `states`. `whose`: the words are about the `writer`,
    about an`other` person, or about `either`. `firm`: clear enough that a song or a film in the
    same sentence does not cancel it. `broad`: also said without any danger, so that a reader who knows the whole
    message may leave it out. `questions`: counts only as an answer to one of these.
    `most_words`: counts only in a message of at most so many words. `needs`: counts only beside a
    match of that role. `last`: counts only as the last words of a message. `foreign`: in another language than English.
    """

    name: str
    role: str
    facts: Mapping[str, tuple[str, ...]]
    whose: str = "writer"
    firm: bool = False
    broad: bool = False
    questions: tuple[str, ...] = ()
    most_words: int | None = None
    needs: str | None = None
    last: bool = False
    foreign: bool = False


@dataclass(frozen=True)
class Match:
    """A group found in the words `start` to `end` (exclusive) of a text."""

    group: Group
    start: int
    end: int

    def overlaps(self, other: Match) -> bool:
        return self.start < other.end and other.start < self.end


class Lexicon:
    """All phrases of all lists. Immutable once loaded; may be shared by threads."""

    def __init__(self, emoji: Mapping[str, str], spellings: Mapping[str, str] = MappingProxyType({})) -> None:
        self.emoji = emoji
        self._spellings = spellings
        self._tree: PhraseTree[Group] = PhraseTree()

    @classmethod
    def load(cls, folder: Path, files: Sequence[str] = FILES) -> Lexicon:
        """Reads the lists `files` in `folder`. Raises `LexiconBroken` naming file, group and phrase."""
        emoji = read_list(folder / "emoji.yml").get("emoji", {})
        listed = read_list(folder / "sets.yml")
        sets = {name: frozenset(words) for name, words in listed.get("sets", {}).items()}
        # The lists of facts were tried out on words as they are typed, so only the lists of risk read past spelling.
        spelt = listed.get("spellings", {}) if files is FILES else {}
        spellings = {way: word for word, ways in spelt.items() for way in ways}
        lexicon = cls({sign: f"emoji_{name}" for sign, name in emoji.items()}, spellings)
        for name in files:
            listed = read_list(folder / name)
            own = {key: frozenset(words) for key, words in listed.get("sets", {}).items()}
            for group_name, content in listed.get("groups", {}).items():
                lexicon._add(name, group_name, content, sets | own)
        return lexicon

    def find(self, text: Text) -> list[Match]:
        """Every group found, in order of place; of one group at one place the longest match."""
        found = (Match(group, start, end) for group, start, end in self._tree.find(text, self._spellings))
        return [match for match in found if not match.group.last or match.end == len(text.words)]

    def _add(self, file: str, name: str, content: Any, sets: Mapping[str, frozenset[str]]) -> None:
        group = _group(file, name, content)
        for phrase in content["phrases"]:
            try:
                self._tree.add(phrase, group, sets)
            except PhraseBroken as error:
                raise LexiconBroken(f"{file}, group {name}, phrase {phrase!r}: {error}") from error


def _group(file: str, name: str, content: Any) -> Group:
    def broken(why: str) -> LexiconBroken:
        return LexiconBroken(f"{file}, group {name}: {why}")

    if not isinstance(content, dict) or not content.get("why") or not content.get("phrases"):
        raise broken("a group needs `why` and `phrases`")
    if stray := set(content) - _KEYS:
        raise broken(f"unknown key {', '.join(sorted(stray))}")
    role = content.get("role", "risk")
    if role not in ROLES:
        raise broken(f"role {role!r} is not one of {', '.join(ROLES)}")
    return Group(
        name=name, role=role, facts={f: tuple(content[f]) for f in (*FACTS, STATES) if f in content},
        whose=content.get("whose", "writer"), firm=content.get("firm") == "true", broad=content.get("broad") == "true",
        last=content.get("last") == "true",
        questions=tuple(content.get("questions", ())), needs=content.get("needs"),
        most_words=int(content["most_words"]) if "most_words" in content else None, foreign=file in FOREIGN,
    )  # fmt: skip


def read_list(file: Path) -> dict[str, Any]:
    """A word list as text only: yes, no, on and 15 are words here. Raises `LexiconBroken`."""
    try:
        content = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - all text: "no" is a word here
    except (OSError, yaml.YAMLError) as error:
        raise LexiconBroken(f"{file.name} cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise LexiconBroken(f"{file.name} is empty or no table")
    return content
