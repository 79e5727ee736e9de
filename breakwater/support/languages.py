"""Somebody who writes in another language than English is answered in it, shortly, and a person is asked for.

The texts are ours and no native speaker has read them yet (docs/decisions/0007-unreviewed-languages.md), so they
are few and say what is safe for everybody. Each asks something that a button answers: what is written in between
is read by word lists only.
"""

from __future__ import annotations

from dataclasses import replace

from breakwater.support.danger import attempted, in_danger
from breakwater.support.memory import Memory
from breakwater.support.situation import Move, Situation, move, unused
from breakwater.support.steps import careful
from breakwater.understanding.facts import OFFLINE, CaseFacts
from breakwater.understanding.languages import ENGLISH, NAMES
from breakwater.understanding.text import fold

# Where each language is spoken, and the name of the country in it: a language alone proves no country.
COUNTRIES: dict[str, dict[str, str]] = {
    "nl": {"NL": "Nederland", "BE": "België"},
    "de": {"DE": "Deutschland", "AT": "Österreich", "CH": "Schweiz"},
    "fr": {"FR": "France", "BE": "Belgique", "CH": "Suisse"},
    "es": {"ES": "España", "US": "Estados Unidos"},
    "pt": {"PT": "Portugal", "BR": "Brasil"},
    "it": {"IT": "Italia", "CH": "Svizzera"},
    "pl": {"PL": "Polska"},
    "tl": {"PH": "Pilipinas"},
}
LANGUAGES = (ENGLISH, *COUNTRIES)
CHOSEN = "language"  # the question that a choice of language answers
# What a directory entry calls it, where that is another code than ours.
SPOKEN_AS = {"tl": "fil"}


def named(text: str) -> str | None:
    """The code of the language that `text` names: a code, or a name, with or without accents."""
    said = fold(text.strip())[0]
    return next((c for c, names in NAMES.items() if said in {c, *(fold(name)[0] for name in names)}), None)


def answered_in(facts: CaseFacts, memory: Memory) -> str | None:
    """The language to answer in: the one that was chosen, else the one that the person writes in."""
    return memory.answers.get(CHOSEN) or facts.language


def addressed(facts: CaseFacts, memory: Memory) -> CaseFacts:
    """The facts as the numbers and lines look at them: in the language that is answered in."""
    return replace(facts, language=answered_in(facts, memory))


def in_their_language(s: Situation) -> Move | None:
    """The reply in the language somebody chose or writes in; None for English, for one that this helpline has
    switched off, and for what has words of its own (pictures, a script nobody reads)."""
    language = answered_in(s.facts, s.memory)
    if language not in COUNTRIES or language not in s.place.languages.split(",") or s.facts.unreadable:
        return None
    if s.heard.startswith("media_"):
        return None
    texts = f"utter_lang_{language}_"
    what = _what(s, texts)
    # A danger that only the network reads may be none: beside it stands what everybody in a threat has to hear.
    unsure = what == "danger" and not {"risk", "now"} & set(s.reading.plain)
    heard = any(name.startswith(texts + said) for name in s.memory.said for said in ("first", "fault"))
    fault = unsure and not heard and s.facts.live_threat and not s.facts.for_somebody_else
    return move(*([texts + "fault"] if fault else []), texts + what)


def _what(s: Situation, texts: str) -> str:
    """Which of the texts, whose names begin with `texts`: safety first, then each step once, then company."""
    said = {name.removeprefix(texts) for name in s.memory.said if name.startswith(texts)}

    def least_said(*whats: str) -> str:
        return unused(s, *(texts + what for what in whats)).removeprefix(texts)

    company = ("stay", "go_on") if _may_block(s) else ("stay", "danger")
    if s.returned and not (s.reading.facts.risk or s.reading.facts.now):
        return "stay"  # after hours away nothing of before is named (rules 3, 9)
    own = not s.facts.for_somebody_else
    if own and attempted(s):
        return least_said("doctor", "danger")  # each names the doctor, until help is there (rule 5)
    if own and s.answer("suicide") in ("yes", "sometimes") and not s.asked("attempt"):
        return "attempt"
    if _danger_open(s):
        return least_said("danger", "person", "stay") if s.facts.suicide_or_self_harm else least_said("danger", "stay")
    if s.heard == "ask_human" or s.reading.facts.wants_human:
        return "person" if "person" not in said else least_said(*company)
    if not said & {"first", "first_child"}:
        return "first_child" if s.facts.child and not s.facts.for_somebody_else else "first"
    steps = {"person": True, "save": _may_save(s), "go_on": _may_block(s)}
    return next((step for step, fits in steps.items() if fits and step not in said), None) or least_said(*company)


def not_answered(language: str | None) -> bool:
    """A language that is recognised and has no texts: Swedish, Turkish and others of `function_words.yml`."""
    return language is not None and language not in LANGUAGES


def with_person(s: Situation, found: Move) -> Move:
    """Who writes in another language is never left to the assistant alone, whatever it answers."""
    if {s.facts.language, answered_in(s.facts, s.memory)} <= {None, ENGLISH} or "handover" in found.requests:
        return found
    return replace(found, requests=(*found.requests, "handover"))


def _danger_open(s: Situation) -> bool:
    """As in `danger.py`: a plain no to the question ends what was only said, never what is happening now."""
    again = s.reading.facts.suicide_or_self_harm
    life = s.facts.suicide_or_self_harm and (again or s.answer("suicide") != "no")
    outside = bool(OFFLINE & set(s.facts.risk)) and s.answer("safe_now") != "yes"
    return in_danger(s) or life or outside


def _may_save(s: Situation) -> bool:
    """Not under 13, and not where somebody else keeps the phone."""
    return not s.facts.under_13 and not s.facts.for_somebody_else


def _may_block(s: Situation) -> bool:
    """Not under 13, and not where the other one is near: blocking may bring them to act (rule 8)."""
    return not s.facts.under_13 and not careful(s)
