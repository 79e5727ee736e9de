"""A case in a few lines: who is at risk, in what danger, what was asked, until when, what must not be done.

Pure. The person's own words stand beside every label, because a label alone has been wrong before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from breakwater.cases.records import Case
from breakwater.conversations.counselling import SEVERE
from breakwater.conversations.transcript import PERSON, Message
from breakwater.understanding.facts import CaseFacts

_RELATION = re.compile(
    r"\bmy (?:\w+ )?(son|daughter|child|kid|boy|girl|brother|sister|stepson|stepdaughter|grandson|"
    r"granddaughter|nephew|niece|cousin|boyfriend|girlfriend|friend|best friend|classmate|pupil|student)\b",
    re.IGNORECASE,
)
_SOMEBODY = {
    "parent": "child of the writer",
    "friend": "friend of the writer",
    "teacher": "pupil of the writer",
    "bystander": "somebody else; the writer has seen it",
    "perpetrator": "somebody else; the writer may have done it",
}
_ENOUGH = 160


@dataclass(frozen=True)
class Line:
    """One line at the top of a case. `words` are the person's own, `warning` marks what must not be done."""

    label: str
    text: str
    words: str = ""
    warning: bool = False


def at_risk(facts: CaseFacts) -> str:
    """Who is in danger: the writer, or somebody the writer tells about ("son of the writer")."""
    if facts.speaker == "victim":
        return "the writer"
    relation = _RELATION.search(facts.words.get("speaker", ""))
    if relation and facts.for_somebody_else:
        return f"{relation[1].lower()} of the writer"
    return _SOMEBODY.get(facts.speaker, "not clear")


def age_band(facts: CaseFacts) -> str:
    """The age as far as it is known; empty when it is not. A younger age said before is named."""
    top = facts.age if facts.age is not None else facts.age_max
    low = facts.age if facts.age is not None else facts.age_min
    if top is None and low is None:
        band = {"yes": "under 18", "no": "18 or older"}.get(facts.minor, "")
    else:
        band = _band(top if top is not None else low or 0)
    if facts.lowest_age is not None and _band(facts.lowest_age) != band:
        return f"{band}, {facts.lowest_age} said before" if band else _band(facts.lowest_age)
    return band


def top_lines(case: Case, messages: Sequence[Message]) -> list[Line]:
    """At most five lines for whoever takes the case in the middle of the night."""
    facts = case.facts
    who = ", ".join(part for part in (at_risk(facts), age_band(facts) or "age not known") if part)
    lines = [Line("At risk", who, facts.words.get("age", ""))]
    danger = [r for r in case.reasons if r.rank <= SEVERE][:3] or list(case.reasons[:1])
    if danger:
        words = facts.words.get(danger[0].fact, "")
        lines.append(Line("Danger", "; ".join(dict.fromkeys(r.words for r in danger)), words))
    if asked := asked_last(messages):
        lines.append(Line("Last asked", "", asked))
    if facts.deadline:
        lines.append(Line("Deadline", facts.deadline, facts.words.get("deadline", "")))
    if forbidden := must_not(facts):
        lines.append(Line("Careful", " ".join(forbidden), warning=True))
    return lines


def must_not(facts: CaseFacts) -> list[str]:
    """What must not be done in this case (safeguarding rules 8 and 9)."""
    found = []
    if facts.home_unsafe == "yes":
        found.append("Do not contact the family.")
    if facts.writer == "other":
        found.append("Somebody else is writing: no summary, no yes or no about what was said.")
    if facts.watched == "yes":
        found.append("May be read along: neutral words, no detail.")
    return found


def asked_last(messages: Sequence[Message]) -> str:
    """The person's last question, else their last words, in their own words."""
    said = [m.text.strip() for m in messages if m.sender == PERSON and m.text.strip()]
    questions = [text for text in said[-6:] if "?" in text]
    return shortened((questions or said[-1:] or [""])[-1])


def shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _ENOUGH else text[:_ENOUGH].rsplit(" ", 1)[0] + " …"


def _band(age: int) -> str:
    return "under 13" if age < 13 else "13 to 15" if age < 16 else "16 or 17" if age < 18 else "18 or older"
