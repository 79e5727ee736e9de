"""The reader that needs no model: risk, danger, age, country and language, in milliseconds, for every fragment.

It knows words, not meaning. Recall comes first: a false alarm costs a question, a miss can
cost a life. What holds it back is written in `data/lexicon`: look-alikes, denials, a closed past,
songs and news, and whose words they are (safeguarding rules 1 and 17).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from breakwater.understanding import answers
from breakwater.understanding.age_voices import Scene
from breakwater.understanding.ages import Sight, read_age
from breakwater.understanding.countries import Countries
from breakwater.understanding.facts import DEMANDS, NOW, RISKS, SUICIDE_OR_SELF_HARM, CaseFacts, Reading
from breakwater.understanding.keyboard import writer
from breakwater.understanding.languages import ENGLISH, Languages
from breakwater.understanding.lexicon import FACTS, Lexicon, Match
from breakwater.understanding.plain import plain
from breakwater.understanding.school_years import SchoolYears
from breakwater.understanding.text import END, UNKNOWN_EMOJI, Text, mostly_foreign_script, read_text
from breakwater.understanding.weighing import Weighed, weigh

_LIFE_QUESTIONS = ("suicide", "attempt")
_NEAR = frozenset({"offline_danger", "offender_present"})
# "no nobody would hurt me", "my aunt, 10 min away": a whole answer, which the words alone would turn into danger
_HURTS = re.compile(r"\b(hits?|hurts?|beats?|kills?|belt|drunk|smacks?|scared|afraid)\b", re.IGNORECASE)
_SETTLED: dict[tuple[str | None, str | None], frozenset[str]] = {
    ("home_safe", "no"): _NEAR,
    ("outside_now", "no"): _NEAR,
}
_PRESENT = frozenset({"offender_present"})
_PLACES = 4  # places quoted to the counsellor for one fact


class QuickRead:
    """Reads one message. Pure, never raises on any text, takes time linear in its length."""

    def __init__(self, lexicon: Lexicon, school_years: SchoolYears, languages: Languages, countries: Countries) -> None:
        self._lexicon = lexicon
        self._school_years = school_years
        self._languages = languages
        self._countries = countries

    @classmethod
    def load(cls, lexicon_folder: Path) -> QuickRead:
        """The reader with the word lists in `lexicon_folder`. Raises `LexiconBroken`."""
        return cls(
            Lexicon.load(lexicon_folder),
            SchoolYears.load(lexicon_folder),
            Languages.load(lexicon_folder),
            Countries.load(lexicon_folder),
        )

    def __call__(
        self,
        text: str,
        question: str | None = None,
        today: date | None = None,
        doubted: frozenset[str] = frozenset(),
        sight: Sight | None = None,
    ) -> Reading:
        """What `text` says of risk, danger, age and country, and its language; nothing else.

        `question` is the bot's open question (data/topics.yaml), which a short text may answer.
        `facts.words` holds the person's own words for each fact. `doubted`: risks for which broad words, and any about
        danger offline, are not enough, because whoever read the whole message sees none of them; only in English,
        which alone that reader knows. `sight`: what the model makes of
        ages in it.
        """
        read = read_text(text, self._lexicon.emoji)
        about_other = question == "is_child_safe" or Scene.of(plain(read).line).third
        language = self._languages.of(read)
        foreign = language is not None and language.code != ENGLISH
        found = self._found(read, frozenset() if foreign else doubted)
        weighed = weigh(read, found, question, about_other)
        age = read_age(
            text, question, today, school_years=self._school_years, read=read, sight=None if foreign else sight
        )
        answer = answers.of_words(text, question)
        stated = answers.stated(question, answer)
        evidence = dict(_evidence(read, weighed)) | ({"age": age.words} if age.words else {})
        evidence |= {"language": language.words} if language and foreign else {}
        country = self._countries(read, question)
        evidence |= {"country": country.words} if country else {}
        names = question == "who_with_you" and answers.names_somebody(text) and not _HURTS.search(text)
        safe = _NEAR if names else _SETTLED.get((question, answer), frozenset())
        facts = CaseFacts(
            risk=_union(RISKS, set(weighed.values("risk")) - safe, stated.risk),
            now=_union(NOW, set(weighed.values("now")) - safe, stated.now),
            demand=_union(DEMANDS, weighed.values("demand")),
            risk_history="yes" if weighed.history else "unknown",
            home_unsafe="yes" if weighed.values("home_unsafe") else "unknown",
            age=age.age, age_min=age.age_min, age_max=age.age_max,
            age_in_image=age.age_in_image, minor=age.minor,
            country=country.code if country else None,
            language=language.code if language else None, unreadable=_unreadable(read), words=evidence,
        )  # fmt: skip
        denied = weighed.denied or (question in _LIFE_QUESTIONS and answer == "no")
        who = writer(text)
        return Reading(
            facts=facts, answer=answer, corrects_age=age.corrects, others_age=age.of_other, denies_risk=denied,
            writer=who,
        )  # fmt: skip

    def _found(self, read: Text, doubted: frozenset[str]) -> list[Match]:
        return [m for m in self._lexicon.find(read) if not _is_doubted(m, doubted)]


def _is_doubted(match: Match, doubted: frozenset[str]) -> bool:
    if match.group.questions or match.group.foreign:
        return False  # an answer to us, or another language than the model knows
    risks = {*match.group.facts.get("risk", ()), *(_PRESENT & set(match.group.facts.get("now", ())))}
    weak = match.group.broad or not risks & SUICIDE_OR_SELF_HARM
    return weak and bool(risks & doubted)


def _union(order: Sequence[str], *found: Iterable[str]) -> tuple[str, ...]:
    every = {value for values in found for value in values}
    return tuple(value for value in order if value in every)


def _evidence(read: Text, weighed: Weighed) -> Iterator[tuple[str, str]]:
    """For each fact the person's own words, the first few places where they say it."""
    for fact in FACTS:
        said = dict.fromkeys(read.said(m.start, m.end) for m in weighed.of(fact))
        if said:
            yield fact, " … ".join(list(said)[:_PLACES])


def _unreadable(read: Text) -> bool:
    """A script we cannot read, or nothing but signs that no list explains (safeguarding rule 21)."""
    words = [w.norm for w in read.words if w.norm != END]
    return mostly_foreign_script(read.original) or (bool(words) and set(words) == {UNKNOWN_EMOJI})
