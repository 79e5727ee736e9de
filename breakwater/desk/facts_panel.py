"""What was understood, fact by fact, with the words it came from, and how a counsellor corrects it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from breakwater.understanding.facts import (
    DEMANDS,
    NOW,
    OFFENDERS,
    RISKS,
    SPEAKERS,
    THREAT_TYPES,
    YES_NO_FACTS,
    CaseFacts,
)

_YES_NO = ("unknown", "yes", "no")
_CHOICES: dict[str, tuple[str, ...]] = {
    "threat_type": THREAT_TYPES, "speaker": SPEAKERS, "minor": _YES_NO, "speaker_minor": _YES_NO,
    "offender": OFFENDERS, "wants_human": ("no", "yes"), "unreadable": ("no", "yes"),
    "writer": ("", "other"),
} | {name: _YES_NO for name in YES_NO_FACTS}  # fmt: skip
_SEVERAL = {"demand": DEMANDS, "now": NOW, "risk": RISKS}
_AGES = ("age", "age_min", "age_max", "age_in_image", "lowest_age")
_FLAGS = ("wants_human", "unreadable")
_LISTS = ("platform", "payment")
_LONGEST = 80

LABELS = {
    "now": "Danger in this hour", "risk": "Risk", "threat_type": "What is happening", "demand": "They demand",
    "age": "Age", "minor": "Under 18", "age_min": "At least", "age_max": "At most",
    "lowest_age": "Lowest age said", "age_in_image": "Age in the picture", "speaker": "Who writes",
    "speaker_minor": "Writer under 18", "offender": "Who threatens", "home_unsafe": "Home is not safe",
    "watched": "May be read along", "risk_history": "Risk in the past", "deadline": "Deadline",
    "paid": "Paid", "amount": "Amount", "payment": "Paid by", "images_shared_already": "They hold pictures",
    "already_posted": "Already posted", "has_file": "Still has the picture",
    "sent_other_child": "Sent somebody else's picture", "gave_access": "Gave login or access",
    "platform": "App", "blocked_already": "Blocked", "evidence_saved": "Proof saved",
    "adult_told": "An adult knows", "wants_human": "Asks for a person", "unreadable": "Could not be read",
    "country": "Country", "language": "Language", "writer": "Somebody else is writing",
}  # fmt: skip
VALUES = {
    "": "the same as before", "attempt": "may have hurt themselves already",
    "means_at_hand": "plan, means near, or a time",
    "offender_present": "offender here or coming", "live_coercion": "forced live, now",
    "being_shared": "spreading now", "suicide_active": "suicide: plan, time or goodbye",
    "suicide_passive": "wishes to be dead or gone", "self_harm": "self-harm",
    "offline_danger": "danger outside the internet", "meeting_planned": "meeting asked or fixed",
    "runaway": "running away", "financial": "blackmail for money", "image": "blackmail for pictures or acts",
    "both": "blackmail for money and pictures", "scam_email": "e-mail bluff", "deepfake": "faked picture",
    "ex_partner": "by a partner or ex", "pre_threat": "nothing threatened yet",
    "unclear_threat": "threat, aim not said", "none": "not known", "images": "pictures",
    "sexual_act": "a sexual act", "recruit_others": "bring in somebody else", "meet": "to meet",
    "victim": "the person themselves", "family_or_trust": "family or trusted", "known": "somebody known",
}  # fmt: skip


@dataclass(frozen=True)
class Fact:
    """One line of the panel. `kind` says how it is corrected: `one`, `several` or `text`."""

    name: str
    label: str
    text: str
    words: str
    kind: str
    options: tuple[tuple[str, str], ...]
    chosen: tuple[str, ...]  # its values now
    known: bool


def panel(facts: CaseFacts) -> list[Fact]:
    """Every fact, in the order a counsellor reads them; `known` says which were stated."""
    known = facts.known()
    return [_fact(name, getattr(facts, name), name in known, facts.words.get(name, "")) for name in LABELS]


def value_of(name: str, given: Sequence[str]) -> Any:
    """The value that a correction form means. Raises ValueError, in words, for one that cannot be."""
    texts = [text.strip() for text in given if text.strip()]
    if name not in LABELS:
        raise ValueError("There is no such fact.")
    if any(len(text) > _LONGEST for text in texts):
        raise ValueError(f"Please use at most {_LONGEST} characters.")
    if name in _SEVERAL:
        return texts
    if name in _LISTS:
        return [part.strip() for text in texts for part in text.split(",") if part.strip()]
    text = texts[0] if texts else ""
    if name in _AGES:
        return _age(text)
    if name in _CHOICES and text not in _CHOICES[name]:
        raise ValueError("Please choose one of the values.")
    return text == "yes" if name in _FLAGS else text if name in _CHOICES else text or None


def in_words(value: str) -> str:
    return VALUES.get(value, value.replace("_", " "))


def _age(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and int(text) <= 120):
        raise ValueError("Please give an age in years, or nothing.")
    return int(text)


def _fact(name: str, value: Any, known: bool, words: str) -> Fact:
    if isinstance(value, bool):
        chosen: tuple[str, ...] = ("yes" if value else "no",)
    elif isinstance(value, tuple):
        chosen = value
    else:
        chosen = (str(value),) if value is not None else ()
    options = _SEVERAL.get(name) or _CHOICES.get(name) or ()
    kind = "several" if name in _SEVERAL else "one" if name in _CHOICES else "text"
    text = ", ".join(in_words(v) if options or name in _LISTS else v for v in chosen) or "not known"
    pairs = tuple((option, in_words(option)) for option in options)
    return Fact(name, LABELS[name], text, words, kind, pairs, chosen, known)
