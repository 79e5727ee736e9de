"""Whom this helpline's counsellors are for (safeguarding rule 18). Read aloud it says:

Whoever writes gets everything the assistant has, and the lines that are open in their own country. Where a life may
be in danger a counsellor is called, whoever it is. Otherwise they are called for the countries and languages that
the helpline names, and for everybody of whom neither is known. At a helpline for children, adults get a counsellor
only until they are safe, or not at all. And when more people wait than it can see to, those who can wait are told so,
and how to come back, instead of being told to wait.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from breakwater.support import tiers
from breakwater.support.turn import Place
from breakwater.understanding.facts import CaseFacts
from breakwater.understanding.languages import NAMES

# Ranks of `tiers`: a counsellor is called for those up to here.
EVERYBODY = 13
UNTIL_SAFE = 4  # danger in and around the person
LIFE = 1  # immediate danger, and any talk of dying: "tell me and I'll still call someone here"


def called_up_to(facts: CaseFacts, place: Place) -> int:
    """Up to which rank a counsellor is called for this person."""
    if _elsewhere(facts, place):
        return LIFE
    if facts.adult and not facts.ever_child and place.serves_adults != "yes":
        return UNTIL_SAFE if place.serves_adults == "until_safe" else LIFE
    return EVERYBODY


def not_served(facts: CaseFacts, place: Place) -> bool:
    """No counsellor is called, nor promised."""
    return tiers.rank(facts) > called_up_to(facts, place)


def busy(facts: CaseFacts, place: Place) -> bool:
    """Counsellors are there, but more people wait than they can see to, and this one can wait."""
    soon = tiers.tier_of(tiers.rank(facts)) == "soon"
    return place.surge and place.counsellor_here and soon and not not_served(facts, place)


def about(facts: CaseFacts, place: Place) -> dict[str, Any]:
    """What a variation of a response may depend on, for this person: a counsellor is there only for whom one is
    promised, and called out where nobody is. `someone_here`: whoever it is for."""
    served, waits = not not_served(facts, place), busy(facts, place)
    promised = served and not waits
    return {
        **place.about,
        "counsellor_here": promised and (place.counsellor_here or (place.on_call and tiers.rank(facts) == 0)),
        "may_call_for_you": place.about["may_call_for_you"] and promised,
        "someone_here": place.counsellor_here,
        "not_served": not served,
        "busy": waits,
    }


def for_whom(facts: CaseFacts, place: Place, names: Mapping[str, str]) -> str:
    """Whom the counsellors are for, in the words for this person; `names` of countries by their code."""
    countries, languages = _listed(place.remit_countries), _listed(place.remit_languages)
    if facts.country and countries and facts.country not in countries:
        return f"people in {_joined([named(names.get(code, code)) for code in countries], 'some countries')}"
    if facts.language and languages and facts.language not in languages:
        return f"people who write {_joined([NAMES.get(code, (code,))[-1] for code in languages], 'some languages')}"
    return "people under 18"


def _elsewhere(facts: CaseFacts, place: Place) -> bool:
    countries, languages = _listed(place.remit_countries), _listed(place.remit_languages)
    abroad = bool(facts.country and countries and facts.country not in countries)
    return abroad or bool(facts.language and languages and facts.language not in languages)


def _listed(setting: str) -> list[str]:
    return [part for part in setting.split(",") if part]


def named(country: str) -> str:
    """A country as it stands in a sentence."""
    return f"the {country}" if country.startswith(("United", "Netherlands", "Philippines")) else country


def _joined(words: list[str], many: str) -> str:
    """Two by name; more would be longer than the sentence."""
    return " or ".join(words) if len(words) < 3 else many
