"""How urgent a case is, with the reasons in words (safeguarding rule 2). Read aloud, it is the rule itself.

A machine only ever raises a tier; lowering one is a person's decision, with a reason.
"""

from __future__ import annotations

from dataclasses import dataclass

from breakwater.support import deadline
from breakwater.understanding.facts import CaseFacts
from breakwater.understanding.languages import ENGLISH, RISK_IS_READ


@dataclass(frozen=True, order=True)
class Reason:
    """One ground for a tier.

    `rank` orders the whole queue: 0 immediate, 1–8 the places inside urgent, 9–12 soon, 13 routine.
    `words` is what a counsellor reads; `fact` names the fact whose own words stand behind it.
    """

    rank: int
    words: str
    fact: str

    @property
    def tier(self) -> str:
        return tier_of(self.rank)


def tier_of(rank: int) -> str:
    return "immediate" if rank == 0 else "urgent" if rank <= 8 else "soon" if rank <= 12 else "routine"


def target_seconds(rank: int) -> int | None:
    """Within how many seconds a person should answer: the table of rule 2. None: no target."""
    if rank == 0:
        return 60
    if rank <= 4:
        return 5 * 60
    if rank <= 9:
        return 15 * 60
    return 60 * 60 if rank <= 12 else None


def reasons(facts: CaseFacts) -> tuple[Reason, ...]:
    """Every ground that holds, most severe first; never empty."""
    found = sorted({*_immediate(facts), *_urgent(facts), *_soon(facts)})
    return tuple(found) or (Reason(13, "information only", "threat_type"),)


def rank(facts: CaseFacts) -> int:
    return reasons(facts)[0].rank


def _immediate(f: CaseFacts) -> list[Reason]:
    words = {
        "attempt": "may have hurt themselves already",
        "means_at_hand": "plan, means at hand or a time",
        "offender_present": "offender at the door or on the way",
        "live_coercion": "being forced to do something live, now",
    }
    found = [Reason(0, words[danger], "now") for danger in f.now if danger in words]
    if "suicide_active" in f.risk:
        found.append(Reason(0, "speaks of a plan, a time or goodbye", "risk"))
    if "runaway" in f.risk and (f.ever_child or not f.adult):
        found.append(Reason(0, "a child away from home, or about to leave", "risk"))
    return found


def _urgent(f: CaseFacts) -> list[Reason]:
    found = []
    if {"suicide_passive", "self_harm"} & set(f.risk):
        found.append(Reason(1, "speaks of suicide or self-harm", "risk"))
    if "self_harm" in f.demand:
        found.append(Reason(2, "told to hurt themselves", "demand"))
    if f.sent_other_child == "yes" or "recruit_others" in f.demand:
        found.append(Reason(2, "told to draw in somebody else", "demand"))
    if f.ever_under_13:
        found.append(Reason(3, "under 13", "age"))
    if f.offender in ("known", "family_or_trust"):
        who = "known in person" if f.offender == "known" else "family or trusted"
        found.append(Reason(4, f"abuser is {who}", "offender"))
    if f.home_unsafe == "yes":
        found.append(Reason(4, "home is not safe", "home_unsafe"))
    if f.watched == "yes":
        found.append(Reason(4, "may be read along", "watched"))
    if "meet" in f.demand or "meeting_planned" in f.risk:
        found.append(Reason(4, "a meeting is asked for", "demand"))
    if "offline_danger" in f.risk:
        found.append(Reason(4, "threat outside the internet", "risk"))
    if "being_shared" in f.now:
        found.append(Reason(5, "being shared right now", "now"))
    if deadline.short(f.deadline):
        found.append(Reason(6, "deadline under two hours", "deadline"))
    if f.ever_child and _threatened(f):
        found.append(Reason(7, "under 18 in a live threat", "age"))
    if f.unreadable:
        found.append(Reason(8, "could not be read", "unreadable"))
    if f.language and f.language not in RISK_IS_READ:
        found.append(Reason(8, f"could not be read well ({f.language})", "language"))
    return found


def _soon(f: CaseFacts) -> list[Reason]:
    found = []
    if _threatened(f) and not f.child and not f.adult:
        found.append(Reason(9, "live threat, age unknown", "threat_type"))
    if _threatened(f) and f.adult:
        found.append(Reason(10, "adult in a live threat", "threat_type"))
    if f.threat_type == "pre_threat" and f.ever_child:
        found.append(Reason(11, "child, nothing threatened yet", "threat_type"))
    if f.wants_human:
        found.append(Reason(11, "asks for a person", "wants_human"))
    if f.language and f.language != ENGLISH:
        found.append(Reason(11, f"writes in another language ({f.language})", "language"))
    if f.for_somebody_else:
        found.append(Reason(12, f"{f.speaker} asking for somebody else", "speaker"))
    return found


def _threatened(f: CaseFacts) -> bool:
    """A threat that was carried out is still a live one, also when nobody names what it was for."""
    return f.live_threat or f.already_posted == "yes"
