"""The first reply to a disclosure: not your fault, and the one line that stops the harm of that case
(safeguarding rule 10)."""

from __future__ import annotations

from breakwater.support.situation import Situation

FIRST = "utter_first_"


def disclosed(s: Situation) -> bool:
    """Enough is known to answer the case rather than to ask what it is. Under 13, anything is enough."""
    f = s.facts
    told = f.threat_type != "none" or f.speaker != "victim" or f.already_posted == "yes"
    return told or bool(f.demand) or f.under_13


def told_as_posted(s: Situation) -> bool:
    """Whether the first reply was already for pictures that are out: then it is no news when it is said again."""
    return s.said(*(FIRST + case for case in ("posted", "posted_money", "deepfake_passed_on")))


def first_reply(s: Situation) -> str | None:
    """The first reply, once; None when it was given or nothing was told yet."""
    if any(r.startswith(FIRST) for r in s.memory.said) or not disclosed(s):
        return None
    if s.memory.turns and _life_was_first(s):
        return FIRST + _after(s)
    return FIRST + _case(s)


def _after(s: Situation) -> str:
    if s.facts.for_somebody_else:
        return "after_fear_friend" if s.facts.speaker == "friend" else "after_fear"
    return "after_danger"


def _life_was_first(s: Situation) -> bool:
    """The stop line comes after safety then, shorter: the rest was said, or can wait. Whoever has just told what would
    happen at home, or who is coming, hears of the blackmail second."""
    if s.facts.for_somebody_else:
        return s.said("utter_fear_for_life", "utter_fear_for_friend")
    outside = s.said("utter_home_danger", "utter_door_now", "utter_door", "utter_live_coercion")
    return outside or (s.facts.suicide_or_self_harm and s.asked("attempt"))


def _case(s: Situation) -> str:
    f = s.facts
    if f.speaker != "victim":
        return f.speaker
    if "self_harm" in f.demand:
        return "told_to_hurt"
    if f.offender == "family_or_trust":  # who lives with the person may read along this minute (rule 9)
        return "close_watched" if f.watched == "yes" else "close"
    if f.under_13:
        return "child_sent_nothing" if f.images_shared_already == "no" else "child"
    if f.threat_type == "scam_email":
        return "email"
    if f.watched == "yes":  # no detail from us from the first word on (rule 9)
        return "watched"
    if f.already_posted == "yes" or "being_shared" in f.now:
        if f.threat_type == "deepfake":
            return "deepfake" if f.demand else "deepfake_passed_on"
        return "posted_money" if f.money_asked else "posted"
    if f.threat_type == "pre_threat":
        return "pre"
    if f.threat_type == "deepfake":
        return "deepfake" if f.demand else "deepfake_passed_on"
    if f.threat_type == "ex_partner":
        return "ex" if f.demand else "ex_no_demand"
    if f.threat_type == "financial" or (f.threat_type == "both" and "money" in f.demand):
        return "money_paid" if f.paid == "yes" else "money"
    return "images" if f.threat_type in ("image", "both") else "threat"
