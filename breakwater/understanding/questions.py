"""Whether a text asks us something, by its form alone: nobody's question may be passed over unheard."""

from __future__ import annotations

import re

_QUOTED = re.compile(r'"[^"]*"|“[^”]*”')
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
_ASKING = re.compile(
    r"^\W*(?:(?:and|but|so|ok|okay|also|pls|please|then|wait|or|um+|just)\W+)*"
    r"(?:(?:what|whats|how|hows|who|whos|where|wheres|when|why|which)\b"
    r"|(?:is|are|am|was|do|does|did|can|could|will|would|should|shall|has|have|may|might|isnt|arent|dont|cant|wont|"
    r"isn't|aren't|don't|can't|won't)\s+(?:i|u|you|they|he|she|it|we|my|the|this|that|there|these|those|your|ur|any|"
    r"anyone|anybody|someone|somebody|people|police|instagram|snapchat|telegram|whatsapp|parents)\b)",
    re.IGNORECASE,
)
# "what do I do" asks for the next step, which follows anyway; "who does that?!" asks nothing.
_NEXT_STEP = re.compile(
    r"\bwhat\s+(?:now|next|then|(?:do|should|can|shall|could|am|must|shud|shld)\s*(?:i|we)\b"
    r"(?!.{0,5} (?:about|with|if)\b).{0,25})\W*$|"
    r"\b(?:can|could|will|would)\s+(?:you|u|someone|anyone|somebody|anybody)\s+(?:please\s+|pls\s+)?help\b|"
    r"\bwho\s+does\s+that\b|\bhow\s+could\s+i\b",
    re.IGNORECASE,
)


def asks(text: str) -> bool:
    """True when a sentence of `text`, quotes left out, is a question of its own."""
    for sentence in _SENTENCE.findall(_QUOTED.sub(" ", text)):
        form = sentence.rstrip().endswith("?") or bool(_ASKING.search(sentence))
        if form and not _NEXT_STEP.search(sentence.strip()):
            return True
    return False
