"""What is taken back: a no to the question about dying that was said for fear of what would follow, or comes late; and
an attempt that was only understood as one."""

from __future__ import annotations

import re
from dataclasses import replace

from breakwater.support.memory import Memory
from breakwater.understanding.facts import CaseFacts, Reading

_TAKEN_BACK = re.compile(
    r"\b(?:(?:was|were)(?:n'?t| not) (?:really )?(?:true|honest|being honest|the truth)|not true what i|"
    r"i (?:kinda |kind of )?lied|i was lying|that was a lie|didn'?t tell (?:you|u) the truth|"
    r"(?:only |just )?said no (?:bc|because|cause|cos|cuz|so|to)|said no (?:earlier|before) but|"
    r"shouldn'?t have said no|can i change (?:my|that) answer)\b",
    re.IGNORECASE,
)
_ABOUT_DYING = re.compile(
    r"\b(?:dying|die|dead|death|suicid\w*|kill(?:ing)? myself|end(?:ing)? (?:my life|it)|my life|alive|"
    r"what (?:you|u) asked)\b",
    re.IGNORECASE,
)
_NOTHING_DONE = re.compile(
    r"\b(?:have ?n['o]?t|did ?n['o]?t|have not|did not|never) (?:actually |really |even )?"
    r"(?:done|do|did|take|taken|took|tried|try|hurt|harmed) (?:anything|nothing|something|myself|it)\b"
    r"(?! (?:else|all|more|wrong|bad|to|for|with)\b)"
    r"|\bi (?:only|just) (?:thought|was thinking) (?:about|of)\b|\bonly thoughts?\b"
    r"|\b(?:wrong|mis)(?: ?button| ?tap|click|understood|understand)|\bi meant no\b"
    r"|^\W*no\W+nothing(?: (?:at all|happened))?\W*$",
    re.IGNORECASE,
)


def denied_attempt(text: str, reading: Reading, known: CaseFacts) -> Reading:
    """The reading as a no to whether something was done, where an attempt is on record and the person says that they
    did nothing. It is asked once more before that counts (`danger.attempted`)."""
    if "attempt" not in known.now or "attempt" in reading.facts.now or known.for_somebody_else:
        return reading
    denied = _NOTHING_DONE.search(text.replace("’", "'"))
    return replace(reading, question="attempt", answer="no") if denied else reading


def said_late(reading: Reading, memory: Memory) -> Reading:
    """The reading as an answer to the question about dying, where that was asked, passed over, and is denied now."""
    waits = "suicide" in memory.asked and "suicide" not in memory.answers
    if not waits or reading.answer or "denies_life" not in reading.cues or reading.facts.risk:
        return reading
    return replace(reading, question="suicide", answer="no")


def taken_back(text: str, reading: Reading, memory: Memory) -> Reading:
    """The reading with a wish to die as its cue, when the text takes the no back: it names the question, or that
    question was answered last."""
    said = text.replace("’", "'")
    if memory.answers.get("suicide") != "no" or not _TAKEN_BACK.search(said):
        return reading
    named = _ABOUT_DYING.search(said)
    if not named and ([*memory.answers][-1] != "suicide" or reading.facts.age_known):  # "i lied, im 14"
        return reading
    facts = reading.facts
    risk = facts.risk if "suicide_passive" in facts.risk else (*facts.risk, "suicide_passive")
    words = {"risk": text, **facts.words}
    return replace(reading, facts=replace(facts, risk=risk, words=words), denies_risk=False, answer=None, question=None)
