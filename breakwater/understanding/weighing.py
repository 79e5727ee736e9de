"""Which of the risk words found in a message stand, and which are held off, and why.

Held off are look-alikes, denials, a closed past (kept as history), songs and news, and the other
side's own threats to harm himself. What is doubtful stands (safeguarding rules 1 and 17).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from breakwater.understanding.facts import SUICIDE_OR_SELF_HARM
from breakwater.understanding.lexicon import FACTS, Match
from breakwater.understanding.text import END, Text

_LONGER = 2  # a risk phrase this many words longer than a look-alike inside it is not that idiom
_BEFORE_QUOTE = 8  # words in which "he wrote" or "i said" claims the quotation that follows
_AFTER_QUOTE = 3


@dataclass(frozen=True)
class Weighed:
    """`standing`: what counts. `denied`: a risk was denied. `history`: a closed past was told."""

    standing: tuple[Match, ...]
    denied: bool
    history: bool

    def values(self, fact: str) -> list[str]:
        return [value for match in self.standing for value in match.group.facts.get(fact, ())]

    def of(self, fact: str) -> list[Match]:
        return [match for match in self.standing if match.group.facts.get(fact)]


def weigh(text: Text, found: list[Match], question: str | None, about_other: bool) -> Weighed:
    """Decides about every match of the lexicon in `text`; linear in the length of the text.

    `about_other`: the message tells of somebody else even where it does not name them.
    """
    scene = _Scene(text, found, about_other)
    told = [m for m in found if m.group.role == "told" and not scene.idiom(m)]
    swallowed = _covered(text, told)
    standing, denied, history = list(told), False, False
    for match in (m for m in found if m.group.role == "risk"):
        if not _asked_for(match, text, question, bool(told)) or swallowed[match.start] or scene.idiom(match):
            continue
        if scene.denied(match):
            denied = True
        elif scene.closed_past(match):
            history = history or _about_life(match)
        elif not scene.of_somebody_else(match):
            standing.append(match)
        history = history or (scene.in_past(match) and _about_life(match))
    denied = denied or any(m.group.role == "denial" for m in found)
    history = history or any(m.group.role == "history" for m in found)
    return Weighed(tuple(sorted(standing, key=lambda m: (m.start, m.end))), denied, history)


def _about_life(match: Match) -> bool:
    return bool(SUICIDE_OR_SELF_HARM & set(match.group.facts.get(FACTS[0], ())))


def _asked_for(match: Match, text: Text, question: str | None, told: bool) -> bool:
    group = match.group
    if group.questions and question not in group.questions:
        return False
    if group.most_words is not None and text.length > group.most_words:
        return False
    return told or group.needs != "told"


def _covered(text: Text, matches: list[Match]) -> list[Match | None]:
    """For each word the longest of these matches that covers it."""
    cover: list[Match | None] = [None] * (len(text.words) + 1)
    for match in sorted(matches, key=lambda m: m.end - m.start):
        cover[match.start : match.end] = [match] * (match.end - match.start)
    return cover


class _Scene:
    """What stands round the risk words: idioms, denials, times, voices."""

    def __init__(self, text: Text, found: list[Match], about_other: bool) -> None:
        roles: dict[str, list[Match]] = {}
        for match in found:
            roles.setdefault(match.group.role, []).append(match)
        self._text = text
        self._sentence = _sentences(text)
        self._idioms = _covered(text, roles.get("look_alike", []))
        self._denials = _covered(text, roles.get("denial", []))
        self._denied = self._denied_places(roles)
        self._past = self._in_sentences(roles.get("past", []))
        self._present = self._in_sentences(roles.get("present", []))
        self._outside = self._in_sentences(roles.get("outside", []))
        self._speaks_of_other = about_other or bool(roles.get("person_at_risk"))
        self._returned = bool(roles.get("returned"))
        self._offender = set() if self._speaks_of_other else set(self._offender_words(roles))

    def idiom(self, match: Match) -> bool:
        return self._inside(match, self._idioms)

    def denied(self, match: Match) -> bool:
        return self._inside(match, self._denials) or match.start in self._denied

    def closed_past(self, match: Match) -> bool:
        now = self._sentence[match.start] in self._present or match.group.facts.get("now")
        return self.in_past(match) and not self._returned and not now

    def in_past(self, match: Match) -> bool:
        return self._sentence[match.start] in self._past

    def of_somebody_else(self, match: Match) -> bool:
        """The other side's own danger, or people outside the case (songs, games, news)."""
        if match.group.whose == "other" and not self._speaks_of_other:
            return True
        if match.start in self._offender and match.group.whose != "either":
            return True
        if match.start in self._offender and _about_life(match):
            return True
        begun = self._outside.get(self._sentence[match.start])
        return begun is not None and begun <= match.start and not match.group.firm

    @staticmethod
    def _inside(match: Match, cover: list[Match | None]) -> bool:
        here = [c for c in cover[match.start : match.end] if c is not None]
        return any((match.end - match.start) - (c.end - c.start) < _LONGER or _crosses(match, c) for c in here)

    def _in_sentences(self, matches: list[Match]) -> dict[int, int]:
        """Sentence → the first place where one of these stands in it."""
        first: dict[int, int] = {}
        for match in matches:
            first.setdefault(self._sentence[match.start], match.start)
        return first

    def _denied_places(self, roles: dict[str, list[Match]]) -> set[int]:
        taken_back: dict[int, int] = {}
        for undo in roles.get("undo", []):
            taken_back[self._sentence[undo.start]] = undo.start
        return {
            place
            for denial in roles.get("denial_before", [])
            if taken_back.get(self._sentence[denial.start], -1) < denial.start - 1
            for place in range(denial.start + 1, denial.end + 2)
            if self._sentence[min(place, len(self._sentence) - 1)] == self._sentence[denial.start]
        }

    def _offender_words(self, roles: dict[str, list[Match]]) -> Iterator[int]:
        """The places of words that the other side wrote: quoted after "he said", or after "him:"."""
        words = self._text.words
        theirs = {m.end for m in roles.get("offender_says", [])}
        theirs_after = {m.start for m in roles.get("offender_says", [])}
        own = {m.end for m in roles.get("own_words", [])}
        for match in roles.get("offender_says", []):
            if words[match.end - 1].before_colon:
                at = match.end
                while at < len(words) and words[at].norm != END:
                    yield at
                    at += 1
        for start, end in _quotations(self._text):
            before = range(start, max(start - _BEFORE_QUOTE, 0), -1)
            speaker = next((p for p in before if p in theirs or p in own), None)
            after = any(p in theirs_after for p in range(end, end + _AFTER_QUOTE))
            if (speaker in theirs and speaker not in own) or (speaker is None and after):
                yield from range(start, end)


def _crosses(match: Match, cover: Match) -> bool:
    return cover.start < match.start or cover.end > match.end


def _sentences(text: Text) -> list[int]:
    numbers, number = [], 0
    for word in text.words:
        number += word.norm == END
        numbers.append(number)
    return numbers


def _quotations(text: Text) -> Iterator[tuple[int, int]]:
    start = None
    for at, word in enumerate(text.words):
        if word.quoted and start is None:
            start = at
        elif not word.quoted and start is not None:
            yield start, at
            start = None
