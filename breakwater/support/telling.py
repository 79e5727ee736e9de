"""Words for telling somebody: offered after a yes, chosen by the person, and only where home was asked about and is
safe (safeguarding rule 8). Everybody else is pointed to an adult outside home, by the step `tell`.
"""

from __future__ import annotations

from dataclasses import replace

from breakwater.support.memory import Memory
from breakwater.support.situation import Situation
from breakwater.understanding.facts import Reading

OFFER = "utter_tell_words"
WORDS = {
    "say": "utter_tell_words_say",
    "text": "utter_tell_words_text",
    "show": "utter_tell_words_show",
    "private": "utter_tell_words_private",
    "card": "utter_parent_card",
}
_HOW_TO_TELL = "how_tell_parents"
_HOME_ASKED_FIRST = "utter_answer_how_tell_parents_home_unknown"
_TELL_SOMEONE = "utter_step_tell_someone"


def wants_words(s: Situation) -> bool:
    """They want to tell: a yes to "is there someone like that?", or they asked how, before or after home was asked."""
    told = s.reading.question, s.reading.answer
    says_yes = s.said_last(_TELL_SOMEONE) and told == ("who_with_you", "yes")
    asks_how = s.reading.topic == _HOW_TO_TELL or (s.said_last(_HOME_ASKED_FIRST) and told == ("home_safe", "no"))
    return _may_be_offered(s) and (says_yes or asks_how)


def chosen(s: Situation) -> str | None:
    """The words just chosen. A bare yes to the offer is words to say; a yes to the words themselves is enough."""
    if s.reading.question != "which_words" or not _may_be_offered(s):
        return None
    answer = "say" if s.reading.answer == "yes" and s.said_last(OFFER) else s.reading.answer
    return WORDS.get(answer or "")


def read_by_grown_up(reading: Reading, memory: Memory) -> Reading:
    """The reading of what is written after the card for a grown-up: who reads along now is that grown-up."""
    if memory.said[-1:] != (WORDS["card"],):
        return reading
    guessed = "now" not in reading.plain
    now = tuple(danger for danger in reading.facts.now if danger != "live_coercion" or not guessed)
    return replace(reading, facts=replace(reading.facts, watched="unknown", now=now))


def _may_be_offered(s: Situation) -> bool:
    f = s.facts
    return (
        f.home_unsafe == "no"
        and f.offender != "family_or_trust"
        and f.speaker == "victim"
        and not f.adult
        and f.watched != "yes"
    )
