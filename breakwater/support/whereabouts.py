"""In which country somebody is, for the numbers they see (safeguarding rules 5, 7 and 18). Read aloud it says:

Where anybody in the world may write from, the country is asked once, with the reason; in danger only after the
questions about it, and after an attempt beside the doctor's number. Whoever names a country that we have no checked
numbers of is told so. Whoever was shown numbers already gets those of the country they name.
"""

from __future__ import annotations

from breakwater.support.situation import Situation, unsaid
from breakwater.understanding.countries import WHOSE

UNLISTED, UNTOLD = "utter_ack_country_unlisted", "utter_ack_country_rather_not"
_FIRST, _INSTEAD = "utter_ack_country", "utter_ack_country_instead"


def was_asked(s: Situation) -> bool:
    return any(s.asked(kind) for kind in WHOSE)


def to_ask(s: Situation) -> bool:
    """Whether the country should be asked: a helpline's own page is hardly opened abroad, a bot on Telegram is."""
    return s.facts.country is None and s.place.worldwide and not was_asked(s)


def asked_in_danger(s: Situation, attempted: bool) -> str | None:
    """The question where a life may be in danger; never to whoever is calling already."""
    if not to_ask(s) or s.answer("can_call") == "yes":
        return None
    return "utter_attempt_country" if attempted else "utter_danger_country"


def named(s: Situation) -> str | None:
    """What is said to whoever names a country, or was asked for it; None where their numbers need no word."""
    asked, said_now = {s.memory.question, s.reading.question} & set(WHOSE), s.reading.facts.country
    if s.facts.country and not s.directory.knows(s.facts.country):
        return unsaid(s, UNLISTED)
    if said_now is None:
        nothing = s.reading.facts.empty and s.reading.topic is None
        return unsaid(s, UNTOLD) if asked and nothing else None
    shown = s.gave("emergency_number") or s.gave("support_line")
    if not asked and not (shown and said_now != s.place.home_country):
        return None
    return unsaid(s, _INSTEAD, _FIRST) if shown else unsaid(s, _FIRST, _INSTEAD)
