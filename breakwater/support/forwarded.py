"""Forwarded words are somebody else's, most often the offender's (safeguarding rule 17).

They set threat, demand and deadline, never the writer's age, country or who writes, and answer no question of ours.
Words of suicide in them count where it is not plain that a blackmailer wrote them: a worried friend forwards such a
message too. Where it is plain, it is asked whose words they are.
"""

from __future__ import annotations

from dataclasses import replace

from breakwater.understanding.facts import SUICIDE_OR_SELF_HARM, CaseFacts, Reading

RISK_FORWARDED = "risk_forwarded"  # the cue that such words may be the person's own, or of somebody they worry about
_THEY_WROTE = 'They wrote: "'
_MARKS = str.maketrans({mark: "'" for mark in '"“”«»„'})
_WHO_AND_WHERE = (
    "country", "age", "age_min", "age_max", "age_in_image", "minor", "lowest_age", "speaker", "speaker_minor",
    "wants_human", "risk_history", "home_unsafe", "adult_told",
)  # fmt: skip
_OF_ONES_OWN = frozenset({"attempt", "means_at_hand"})


def as_read(text: str, known: CaseFacts) -> str:
    """The words as the reader is to take them: a blackmailer's are named and in quotation marks."""
    return f'{_THEY_WROTE}{text.translate(_MARKS)}"' if text and _from_blackmailer(known) else text


def words_alone(read: str) -> str | None:
    """The words that `as_read` put between quotation marks; None where it did not."""
    return read.removeprefix(_THEY_WROTE).removesuffix('"') if read.startswith(_THEY_WROTE) else None


def of_another(known: CaseFacts, said: Reading) -> Reading:
    """The reading of forwarded words in a case of which so much is `known`, without what such words cannot say of the
    writer."""
    nothing = CaseFacts()
    facts = replace(said.facts, **{name: getattr(nothing, name) for name in _WHO_AND_WHERE})
    if _from_blackmailer(known):
        risk = tuple(r for r in facts.risk if r not in SUICIDE_OR_SELF_HARM)
        facts = replace(facts, risk=risk, now=tuple(n for n in facts.now if n not in _OF_ONES_OWN))
    return replace(
        said, facts=facts, question=None, answer=None, corrects_age=False, denies_risk=False, fears_family=False,
        writer="",
    )  # fmt: skip


def _from_blackmailer(known: CaseFacts) -> bool:
    return known.live_threat and not known.for_somebody_else
