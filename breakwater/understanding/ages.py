"""The age of the person at risk, as stated: "im 15", "turning 16 in march", "born 2010", "year 9".

Only theirs: never what the other side claims to be, nor a brother's age, a price, a time or "15 pics".
The forms are in `age_forms`, whose age it is in `age_voices`, school years and hints in `data/lexicon`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, datetime, timezone
from itertools import pairwise

from breakwater.understanding.age_forms import Said, said_ages
from breakwater.understanding.age_voices import Scene, Whose, whose
from breakwater.understanding.numbers import Number, numbers
from breakwater.understanding.plain import Plain, plain
from breakwater.understanding.school_years import SchoolYears
from breakwater.understanding.text import Text, read_text

ADULT = 18
_UNLIKELY = 0.2  # below this chance of a child its hints and school years are somebody else's
_SURE = 0.5  # from these log-odds on a number is their age, whatever form it has
_DOUBTED = {"me": -3.0}  # below these a form that looks like an age is none (measured on messages kept back)
_DOUBTED_ELSE = -1.0
_YOUNGEST = 7  # who writes here is older: "4 yrs clean", "he did 5 yrs"
_NEAR = 50  # letters between an age and its correction
_OF_NUMBERS = (
    "amount",
    "deadline",
    "demand",
    "paid",
    "payment",
)  # questions to which a bare number is an hour or a sum
_SHORT = 7  # words: an answer to "how old are you?" is hardly longer
_LONE = re.compile(r"^/ (?:\W )*(\d{1,2})(?: ?(?:m|f|yo|y))?(?: (?:lol|pls|please|btw|sir|po|tho|sorry|,|-|x))* /$")
_ANY_NUMBER = re.compile(r"(?<![\d£$€])\b(\d{1,2})(?:yo|m|f|y)?\b(?! ?%)")
_CORRECTION = re.compile(
    r"\b(?:sorry|meant|mean|oops|typo|correction|actually|edit|make that|lied|lying|truth|scratch that|"
    r"wait no|real age)\b"
    r"|\b\d{1,2} not \d{1,2}\b|\bnot \d{1,2} ?,? (?:im )?\d{1,2}\b|\d{1,2} \*|\* \d{1,2}|/ \* ?\d{1,2}"
)
_OUT_OF_ONE = re.compile(
    r"\bnot (?P<wrong>\d{1,2})\b(?: ,)? (?:im |its )?(?P<n>\d{1,2})\b|\b(?P<m>\d{1,2}) not \d{1,2}\b"
)
_TEEN = re.compile(r"\b(?:teen|teenager|teens|minor|underage|under age|child|kid|under 18|not 18|young)\b")
_GROWN = re.compile(
    r"\b(?:adult|not a (?:minor|kid|child|teen)|grown|over 18|old enough|18 \+|over eighteen|grown up)\b"
)


@dataclass(frozen=True)
class Sight:
    """What the trained model makes of the message: `age_at`, the log-odds that the letters from here to there are the
    age of the person at risk; `child`, the chance that this person is under 18."""

    age_at: Callable[[int, int], float | None]
    child: float


_HER_FATHER = re.compile(  # says so: "its her uncle, shes 13" reports a child in danger
    r"\b(?:says|said|saying|claims|claiming) (?:that )?"
    r"(?:hes|he is|shes|she is) (?:her|the girl s|the girls) (?:dad|father|mum|mom|mother)\b"
)


def claimed_by_her_father(text: str) -> bool:
    """Whether a "father" speaks for the girl in the chat; what he says of her age is part of the threat."""
    return bool(_HER_FATHER.search(plain(read_text(text, {})).line))


@dataclass(frozen=True)
class AgeReading:
    """`minor` is yes, no or unknown; `corrects`: takes back an age given before; `words`: the evidence; `of_other`: it
    is said of somebody else, who may or may not be the person at risk ("hes 11")."""

    age: int | None = None
    age_min: int | None = None
    age_max: int | None = None
    minor: str = "unknown"
    words: str = ""
    corrects: bool = False
    age_in_image: int | None = None
    of_other: bool = False


def read_age(
    text: str,
    question: str | None = None,
    today: date | None = None,
    *,
    school_years: SchoolYears,
    read: Text | None = None,
    sight: Sight | None = None,
) -> AgeReading:
    """The age that `text` states of the person at risk; empty when it states none.

    `question` is the bot's open question: to "age" a bare number is an answer. `read` saves
    reading the words twice. School years and hints are those of `school_years`. `sight`: what the model makes of it;
    without it the forms alone decide.
    """
    read = read or read_text(text, {})
    line = plain(read)
    scene = Scene.of(line.line)
    day = today or datetime.now(timezone.utc).date()
    voices = [(said, whose(line.line, said, scene)) for said in said_ages(line.line, day)]
    if _HER_FATHER.search(line.line):
        voices, sight = [(said, v) for said, v in voices if v is not Whose.OTHER], None
    years = school_years.find(read)
    if years and not (scene.child or scene.peer_in_danger or scene.third):
        voices = [(said, v) for said, v in voices if v is not Whose.OTHER]
    in_years = {at for _, start, end in years for at in range(start, end)}
    voices = [(said, v) for said, v in voices if line.word_at(max(said.end - 1, 0)) not in in_years]
    lone = _LONE.match(line.line) is not None
    stated = _lone(line, question) if lone else _of_person(voices, scene) or _lone(line, question, in_years)
    if sight and not lone and question not in ("age", "age_in_image"):
        stated = _seen(stated, numbers(read, line), sight)
    unlikely = sight is not None and sight.child < _UNLIKELY and question != "age"
    then = (Whose.IMAGE, Whose.PAST) if question == "age_in_image" else (Whose.IMAGE,)
    image = next((s.low for s, v in voices if v in then), None)
    if stated:
        said, corrects = _corrected(stated, line.line)
        if question == "age_in_image" and image is None and len(stated) == 1:
            return AgeReading(age_in_image=said.low, words=_words(said, line, read))
        of_other = any(theirs is said and voice is Whose.OTHER for theirs, voice in voices)
        reading = replace(_reading(said, line, read), corrects=corrects, of_other=of_other)
    elif years and not unlikely:
        year, start, end = years[0]
        reading = AgeReading(age_min=year.age_min, age_max=year.age_max, minor="yes", words=read.said(start, end))
    else:
        reading = _hint(line, read, scene, question, school_years)
        reading = AgeReading() if unlikely and reading.minor == "yes" else reading
    return replace(reading, age_in_image=image) if image and image != reading.age else reading


def _of_person(voices: list[tuple[Said, Whose]], scene: Scene) -> list[Said]:
    own = [s for s, v in voices if v is Whose.WRITER and (s.high is None or s.high >= _YOUNGEST)]
    other = [s for s, v in voices if v is Whose.OTHER]
    young = [s for s in other if s.high is not None and s.high < ADULT]
    writer_young = any(s.high is not None and s.high < ADULT for s in own)
    if scene.child or scene.peer_in_danger:
        if other and (young or not writer_young):
            return young or other
        return own if writer_young or scene.writer_in_danger or not scene.child else []
    if not own:
        return young or (other if scene.peer or scene.third else [])
    reported = scene.cares if scene.third else scene.peer  # "shes 13 im 15", "shes 15, im 28": theirs who writes
    return young if young and reported and not writer_young else own


def _seen(stated: list[Said], found: list[Number], sight: Sight) -> list[Said]:
    """The numbers that the network takes for the age of the person at risk, in the form they have ("turning 18" is
    17); else what the forms say, unless it plainly takes it for something else. A child's age that it does not doubt
    stays."""
    scores = {number.last: sight.age_at(number.start, number.end) or 0.0 for number in found}
    kept = [
        said for said in stated if not said.exact or scores.get(said.end, 0.0) >= _DOUBTED.get(said.kind, _DOUBTED_ELSE)
    ]
    sure = [number for number in found if scores[number.last] >= _SURE]
    forms = {said.end: said for said in stated}
    seen = [forms.get(n.last) or Said(n.first, n.last, n.value, n.value, True, "me") for n in sure]
    young = [said for said in kept if said.high is not None and said.high < ADULT and said not in seen]
    by_form = {said.start for said in kept}  # "shes 13 im 15": what words make plain comes before a guess
    return sorted([*seen, *young], key=lambda said: (said.start not in by_form, said.start)) if seen else kept


def _lone(line: Plain, question: str | None, in_years: AbstractSet[int] = frozenset()) -> list[Said]:
    """A number that is the whole message, or stands in a short answer to the question of age; never that of a school
    year, which stands at the words `in_years`."""
    alone = _LONE.match(line.line)
    if alone and (
        question in ("age", "age_in_image") or (question not in _OF_NUMBERS and 9 <= int(alone.group(1)) <= 19)
    ):
        return [_said(alone)] if 4 <= int(alone.group(1)) <= 99 else []
    if question == "age" and len(line.line.split()) <= _SHORT + 2:
        numbers = [m for m in _ANY_NUMBER.finditer(line.line) if 4 <= int(m.group(1)) <= 99]
        numbers = [m for m in numbers if line.word_at(m.start(1)) not in in_years]
        return [_said(m) for m in numbers[:1]]
    return []


def _said(match: re.Match[str]) -> Said:
    return Said(match.start(1), match.end(1), int(match.group(1)), int(match.group(1)), True)


def _corrected(stated: list[Said], line: str) -> tuple[Said, bool]:
    """The age that holds, and whether it puts right another: the one corrected, else the first exact one."""
    exact = [s for s in stated if s.exact] or stated
    for earlier, later in pairwise(exact):
        if later.start - earlier.end < _NEAR and _CORRECTION.search(line[earlier.end - 2 : later.end + 10]):
            both = _OUT_OF_ONE.search(line)
            right = int(both.group("n") or both.group("m")) if both else later.low
            return next((s for s in (later, earlier) if s.low == right), later), True
    first = stated[0]
    return first, bool(_CORRECTION.search(line[max(first.start - _NEAR // 2, 0) : first.end + 10]))


def _reading(said: Said, line: Plain, read: Text) -> AgeReading:
    words = _words(said, line, read)
    low, high = said.low, said.high
    minor = "yes" if high is not None and high < ADULT else "no" if low is not None and low >= ADULT else "unknown"
    age = low if said.exact or (low == high) else None
    bounds = (None, None) if said.exact else (low, high)
    return AgeReading(age=age, age_min=bounds[0], age_max=bounds[1], minor=minor, words=words)


def _words(said: Said, line: Plain, read: Text) -> str:
    return read.said(line.word_at(said.start), line.word_at(max(said.end - 1, 0)) + 1)


def _hint(line: Plain, read: Text, scene: Scene, question: str | None, hints: SchoolYears) -> AgeReading:
    """Under or over 18 where no age is said."""
    if question == "age" and len(line.line.split()) <= _SHORT + 2:
        if _GROWN.search(line.line):
            return AgeReading(age_min=ADULT, minor="no", words=read.said(0, len(read.words)))
        if _TEEN.search(line.line):
            return AgeReading(age_max=ADULT - 1, minor="yes", words=read.said(0, len(read.words)))
    found = hints.hints(read)
    kinds = ("other_minor",) if scene.child else ("adult", "minor")
    for kind in kinds:
        if kind in found:
            return AgeReading(minor="no" if kind == "adult" else "yes", words=read.said(*found[kind]))
    return AgeReading()
