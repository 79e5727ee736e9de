"""Whether somebody else has taken the phone, or the person has it back (safeguarding rule 9).

Only plain words count: a wrong "you are somebody else" would turn a frightened person away.
"""

from __future__ import annotations

import re

_FAMILY = (
    r"(?:mum|mom|mam|mother|mummy|mommy|dad|father|daddy|parents?|step ?(?:mum|mom|dad|mother|father)|sister|brother|"
    r"aunt|uncle|gran|nan|grandma|grandad|grandmother|grandfather|guardian|carer|foster (?:mum|mom|dad|carer)|teacher|"
    r"boyfriend|girlfriend|husband|wife|roommate|flatmate|friend)"
)
_IS = r"(?:this is|its|it's|it is|i am|i'm|im)"
_CHILD = r"(?:son|daughter|child|kid|boy|girl|brother|sister|grandson|granddaughter|pupil|student|nephew|niece)"
_OTHER = re.compile(
    rf"\b{_IS}\s+(?:now\s+)?(?:his|her|their|the (?:boy|girl|kid|child)'?s)\s+{_FAMILY}\b"
    rf"|\bi(?:'ve| have)?\s+(?:just\s+)?(?:took|taken|found|got|have)\s+(?:his|her|their|my {_CHILD}'?s)\s+"
    r"(?:phone|tablet|laptop|ipad|computer|account|telegram)\b"
    r"|\b(?:who|what)\s+(?:is|are|has|have)\b.{0,30}\b(?:talking|writing|chatting|speaking|texting)\s+(?:to|with)\s+my\s+"
    rf"{_CHILD}\b"
    rf"|\bwhat\s+(?:did|has|have|does)\s+my\s+{_CHILD}\b.{{0,20}}\b(?:told|tell|said|say|write|wrote)\b.{{0,12}}\b(?:you|here)"
    r"\b"
    rf"|\bthis is (?:my|the) {_CHILD}'?s (?:phone|account|tablet|laptop)\b",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"\b(?:its|it's|it is|this is|i'm|im|i am)\s+(?:me|back)(?:\s+(?:again|now|back))?\b"
    r"|\bi(?:'ve| have)?\s+(?:got|have)\s+(?:my|the)\s+phone\s+back\b"
    rf"|\bthat\s+(?:was|wasnt|wasn't)\s+(?:me|my\s+{_FAMILY})\b",
    re.IGNORECASE,
)


def writer(text: str) -> str:
    """`other`: somebody else says that they write now; `back`: the person may be back; else empty."""
    if _OTHER.search(text):
        return "other"
    return "back" if _BACK.search(text) else ""
