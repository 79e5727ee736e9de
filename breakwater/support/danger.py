"""Life and safety come before everything (safeguarding rules 1, 3, 5, 6, 8).

Each function answers: given what is known, what is the next thing to say? None: nothing here.
One question a turn: thoughts, already done something, something near, who could be with you.
Plan, time and means are never asked by a machine, and never repeated back.
"""

from __future__ import annotations

from breakwater.support.situation import Move, Say, Situation, move

COMPANY = tuple(f"utter_danger_company_{n}" for n in range(1, 6))
_CALL = ("handover",)


def danger_move(s: Situation) -> Move | None:
    """The next safety message, with a person called; None when no danger is open."""
    rules = (
        (_somebody_elses_life,)
        if s.facts.for_somebody_else
        else (_attempt, _forced_now, _not_safe, _door, _home, _suicide, _away)
    )
    for rule in rules:
        response = rule(s)
        if response:
            return _with_question_parked(s, response)
    return None


def in_danger(s: Situation) -> bool:
    """Immediate danger: no blackmail step is taken now."""
    now = set(s.facts.now) & {"attempt", "means_at_hand", "offender_present", "live_coercion"}
    return bool(now) or "suicide_active" in s.facts.risk


def _attempt(s: Situation) -> str | None:
    """Something was already done: a doctor, and nothing else, until help is there."""
    if "attempt" not in s.facts.now:
        return None
    if not s.said("utter_attempt_doctor"):
        return "utter_attempt_doctor"
    if s.answer("safe_now") == "no" and not s.said("utter_cannot_call"):
        return "utter_cannot_call"
    if not s.said("utter_attempt_doctor_again") and s.answer("safe_now") != "yes":
        return "utter_attempt_doctor_again"
    return company(s)


def _forced_now(s: Situation) -> str | None:
    if "live_coercion" in s.facts.now and not s.said("utter_live_coercion"):
        return "utter_live_coercion"
    return None


def _not_safe(s: Situation) -> str | None:
    """A no to "are you safe right now?", whatever is behind it."""
    said_no = s.reading.question == "safe_now" and s.reading.answer == "no"
    return "utter_not_safe" if said_no and not s.said("utter_not_safe") and not s.facts.suicide_or_self_harm else None


def _door(s: Situation) -> str | None:
    """Somebody outside, on the way, or a meeting: two questions, and any yes counts."""
    if "offender_present" in s.facts.now:
        if not s.said("utter_door_now"):
            return "utter_door_now"
        return None if s.said("utter_offline_plan") else "utter_offline_plan"
    comes = "meeting_planned" in s.facts.risk or "meet" in s.facts.demand
    threat = "offline_danger" in s.facts.risk and s.facts.home_unsafe != "yes"
    if not (comes or threat):
        return None
    if not s.asked("outside_now"):
        return "utter_door"
    if not s.asked("knows_address"):
        return "utter_knows_address"
    return None if s.said("utter_offline_plan") else "utter_offline_plan"


def _home(s: Situation) -> str | None:
    if s.facts.home_unsafe == "yes" and "offline_danger" in s.facts.risk and not s.said("utter_home_danger"):
        return "utter_home_danger"
    return None


def _suicide(s: Situation) -> str | None:
    """The ladder of rule 5. A plain no to the first question ends it, unless a plan was told."""
    if not s.facts.suicide_or_self_harm:
        return None
    active = in_danger(s)
    answered = s.answer("suicide")
    if not s.asked("suicide") and not active:
        return "utter_suicide_direct"
    if answered == "no" and not active:
        # Words of risk after a no: asked again, once, in other words.
        return "utter_suicide_again" if s.reading.facts.risk and not s.said("utter_suicide_again") else None
    for question, response in (("attempt", "utter_suicide_yes"), ("means_near", "utter_means_ask")):
        if not s.asked(question) and not ("means_at_hand" in s.facts.now and question == "means_near"):
            return response
    if "means_at_hand" in s.facts.now and not s.said("utter_means_distance"):
        return "utter_means_distance"
    if not s.asked("who_with_you"):
        return "utter_who_with_you"
    if s.answer("who_with_you") == "yes" and not s.said("utter_with_someone_good"):
        return "utter_with_someone_good"
    return company(s) if active or s.reading.facts.risk else None


def _away(s: Situation) -> str | None:
    return "utter_runaway" if "runaway" in s.facts.risk and not s.said("utter_runaway") else None


def _somebody_elses_life(s: Situation) -> str | None:
    """What a parent, friend or teacher reports counts fully, also when played down."""
    if not (s.facts.suicide_or_self_harm or s.facts.now or s.answer("is_child_safe") == "unsure"):
        return None
    if s.said("utter_fear_for_life", "utter_fear_for_friend"):
        return None
    return "utter_fear_for_friend" if s.facts.speaker == "friend" else "utter_fear_for_life"


def company(s: Situation) -> str:
    """Company in other words each time; when all were used, the one longest ago."""
    unused = [r for r in COMPANY if not s.said(r)]
    if unused:
        return unused[0]
    last = {r: index for index, r in enumerate(s.memory.said)}
    return min(COMPANY, key=lambda r: last[r])


def _with_question_parked(s: Situation, response: str) -> Move:
    """A question asked in danger is named and comes back later; it is not answered now."""
    topic = s.reading.topic
    if topic is None:
        return move(response, requests=_CALL)
    says = (Say(response),) if s.said("utter_question_parked") else (Say("utter_question_parked"), Say(response))
    return Move(says, _CALL, parked=(topic,))
