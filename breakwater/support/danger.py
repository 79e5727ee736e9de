"""Life and safety come before everything (safeguarding rules 1, 3, 5, 6, 8).

Each function answers: given what is known, what is the next thing to say? None: nothing here.
One question a turn: thoughts, already done something, something near, who could be with you.
Plan, time and means are never asked by a machine, and never repeated back.
"""

from __future__ import annotations

from breakwater.support import whereabouts
from breakwater.support.memory import THERE_OR_FORCED
from breakwater.support.situation import Move, Say, Situation, move, unsaid, unused
from breakwater.understanding.facts import SUICIDE_OR_SELF_HARM

COMPANY = tuple(f"utter_danger_company_{n}" for n in range(1, 6))
# After an attempt every line carries the doctor's number: feeling fine is no sign (rule 5).
DOCTOR_LINES = tuple(f"utter_attempt_wait_{n}" for n in range(1, 4))
SAFE_PLACE = tuple(f"utter_safe_company_{n}" for n in range(1, 4))
AT_THE_DOOR = tuple(f"utter_door_stay_{n}" for n in range(1, 4))
PLACE_KEPT = "media_location_kept"
_CALL = ("handover",)
_UNCLEAR = ("unsure", "rather_not", "sometimes")  # whether something was done: never taken for a no
_STILL_COMING = ("utter_person_still_coming", "utter_person_still_coming_again")
_OFFLINE = frozenset({"offline_danger", "meeting_planned", "runaway"})
_ABOUT_THE_DOCTOR = (
    "utter_attempt_doctor", "utter_attempt_doctor_away", "utter_attempt_doctor_again", "utter_attempt_go_to_them",
    "utter_attempt_country", "utter_cannot_call", *DOCTOR_LINES,
)  # fmt: skip
_UNHEARD = frozenset({"media_voice", "media_video_note", "media_image", "media_video"})


def danger_move(s: Situation) -> Move | None:
    """The next safety message, with a person called; None when no danger is open."""
    if s.reading.topic == "panic" and not (in_danger(s) or s.facts.suicide_or_self_harm):
        return None  # nobody can answer where they live while they cannot breathe
    for rule in _RULES_FOR_ANOTHER if s.facts.for_somebody_else else _RULES:
        response = rule(s)
        if response:
            return _with_question_parked(s, response)
    return None


def in_danger(s: Situation) -> bool:
    """Immediate danger: no blackmail step is taken now."""
    now = {danger for danger in s.facts.now if danger not in THERE_OR_FORCED or not _over(s, danger)}
    return bool(now - {"being_shared"}) or "suicide_active" in s.facts.risk or _out_alone(s)


def _over(s: Situation, danger: str) -> bool:
    """Nobody is at the door, or forces them, any more, and they said after that that they are safe, or with somebody.
    The case stays as urgent as it was; the rest may be talked about."""
    passed = "utter_door_gone" if danger == "offender_present" else "utter_live_off"
    if not s.said(passed) or danger in s.reading.facts.now:
        return False
    since = s.memory.said[s.memory.said.index(passed) :]
    with_somebody = "utter_with_someone_good" in since and s.answer("safe_now") != "no"
    return with_somebody or (_says_safe(s) if danger == "offender_present" else _off_camera(s))


def _says_safe(s: Situation) -> bool:
    return s.answer("safe_now") == "yes"


def _off_camera(s: Situation) -> bool:
    return s.answer("off_camera") == "yes" or _says_safe(s)


def company(s: Situation) -> str:
    """Company that fits the danger, in other words each time; before it, once, the country, for the right numbers."""
    if country := whereabouts.asked_in_danger(s, attempted(s)):
        return country
    if attempted(s):
        return unused(s, *DOCTOR_LINES)
    if s.facts.suicide_or_self_harm:
        return unused(s, *COMPANY)
    at_the_door = s.said("utter_door_now") and (_there_now(s) or not s.said("utter_door_gone"))
    return unused(s, *(AT_THE_DOOR if at_the_door else SAFE_PLACE))


def attempted(s: Situation) -> bool:
    """Whether something was done already. A no takes that back only as the answer to the question that is asked once
    more: the case keeps its tier, and nobody who did nothing is sent to a doctor for ever."""
    asked = [said for said in s.memory.said if said in ("utter_attempt_sure", *_ABOUT_THE_DOCTOR)]
    believed = s.answer("attempt") == "no" and asked[-1:] == ["utter_attempt_sure"]
    return "attempt" in s.facts.now and not believed


def person_called(s: Situation) -> str:
    """The answer to whoever asks for a person, in other words each time."""
    return "utter_person_coming" if not s.said("utter_person_coming") else unused(s, *_STILL_COMING)


def _attempt(s: Situation) -> str | None:
    """Something was already done: a doctor, and nothing else, until help is there."""
    if not attempted(s):
        return None
    if s.answer("attempt") == "no":
        return "utter_attempt_sure"
    doctor = "utter_attempt_doctor_away" if s.facts.home_unsafe == "yes" else "utter_attempt_doctor"
    if not s.said("utter_attempt_doctor", "utter_attempt_doctor_away"):
        return doctor
    if _cannot_call(s) and not s.said("utter_cannot_call"):
        return "utter_cannot_call"
    if _somebody_near(s) and not s.said("utter_attempt_go_to_them"):
        return "utter_attempt_go_to_them"
    if country := whereabouts.asked_in_danger(s, attempted(s)):
        return country
    shouts = s.facts.home_unsafe != "yes"  # "open your door and call out"
    if shouts and not s.said("utter_attempt_doctor_again") and s.answer("can_call") != "yes":
        return "utter_attempt_doctor_again"
    return company(s)


def _cannot_call(s: Situation) -> bool:
    return s.answer("can_call") == "no" or "cannot_call" in s.reading.cues


def _forced_now(s: Situation) -> str | None:
    if "live_coercion" not in s.facts.now:
        return None
    if not s.said("utter_live_coercion"):
        return "utter_live_coercion"
    if _off_camera(s):
        return None if s.said("utter_live_off") else "utter_live_off"
    return None if s.said("utter_live_off", "utter_live_again") else "utter_live_again"


def _there_now(s: Situation) -> bool:
    """Said in this message, whatever was over before."""
    return "offender_present" in s.reading.facts.now


def _at_the_door(s: Situation) -> str | None:
    if "offender_present" not in s.facts.now:
        return None
    if s.facts.home_unsafe == "yes" and s.facts.offender != "stranger":  # they live there: no locked door helps
        return None if s.said("utter_home_danger") else "utter_home_danger"
    if not s.said("utter_door_now"):
        return "utter_door_now"
    if _cannot_call(s) and not s.said("utter_cannot_call_door"):
        return "utter_cannot_call_door"
    if not _there_now(s):
        if s.said("utter_door_gone"):
            return None
        if "danger_passed" in s.reading.cues:
            return "utter_door_gone"
    return None if s.said(AT_THE_DOOR[0]) else AT_THE_DOOR[0]


def _not_safe(s: Situation) -> str | None:
    """A no to "are you safe right now?", whatever is behind it."""
    said_no = s.reading.question == "safe_now" and s.reading.answer == "no"
    return "utter_not_safe" if said_no and not s.said("utter_not_safe") and not s.facts.suicide_or_self_harm else None


def _home(s: Situation) -> str | None:
    if s.facts.home_unsafe == "yes" and "offline_danger" in s.facts.risk and not s.said("utter_home_danger"):
        return "utter_home_danger"
    return None


def _suicide(s: Situation) -> str | None:
    """The ladder of rule 5. A plain no to the first question ends it, unless a plan was told."""
    if not s.facts.suicide_or_self_harm:
        return None
    active = "suicide_active" in s.facts.risk or bool({"attempt", "means_at_hand"} & set(s.facts.now))
    again = bool(SUICIDE_OR_SELF_HARM & set(s.reading.facts.risk))
    if not s.asked("suicide") and not {"attempt", "means_at_hand"} & set(s.facts.now):
        return "utter_suicide_direct_young" if s.facts.under_13 else "utter_suicide_direct"
    if s.answer("suicide") == "no" and not active:
        return _ask_again(s) if again else None
    if s.heard in _UNHEARD and s.memory.question == "suicide" and not active:
        return _ask_again(s)
    if s.answer("attempt") in _UNCLEAR and not s.said("utter_attempt_unsure"):
        return "utter_attempt_unsure"
    if _passed_over(s, "attempt") and not s.said("utter_attempt_asked_again"):
        return "utter_attempt_asked_again"
    unsure = (s.reading.question, s.reading.answer) == ("suicide", "unsure")
    said_so = s.answer("suicide") in ("yes", "sometimes") or (again and not unsure)
    first = "utter_suicide_yes" if said_so else "utter_suicide_open"
    for question, response in (("attempt", first), ("means_near", "utter_means_ask")):
        if not s.asked(question) and not ("means_at_hand" in s.facts.now and question == "means_near"):
            return response
    if "means_at_hand" in s.facts.now and not s.said("utter_means_distance"):
        return "utter_means_distance"
    if not s.asked("who_with_you"):
        return "utter_who_with_you"
    if s.answer("who_with_you") == "yes" and not s.said("utter_with_someone_good"):
        return "utter_with_someone_good"
    alone = s.answer("who_with_you") == "no" and not s.said(*COMPANY)
    return company(s) if active or again or alone else None


def _passed_over(s: Situation, question: str) -> bool:
    """Asked, and another question came before it was answered, or something that nobody here can hear or see."""
    return s.unanswered(question) and (s.memory.question != question or s.heard in _UNHEARD)


def _ask_again(s: Situation) -> str:
    """Words of risk after a no: asked again, in other words; later, company with the numbers."""
    return unsaid(s, "utter_suicide_again", "utter_suicide_direct") or company(s)


def _offline(s: Situation) -> str | None:
    """A threat to come, or a meeting: two questions, and any yes counts."""
    if "offender_present" in s.facts.now and not _over(s, "offender_present"):
        return None  # whoever has somebody at the door is not asked where that is
    comes = "meeting_planned" in s.facts.risk or "meet" in s.facts.demand
    threat = "offline_danger" in s.facts.risk and s.facts.home_unsafe != "yes"
    if not (comes or threat):
        return None
    if s.facts.offender == "family_or_trust" and not comes:  # they know where; `utter_first_close` asks what counts
        asked = s.said("utter_first_close", "utter_first_close_watched")
        return "utter_offline_plan" if asked and not s.said("utter_offline_plan") else None
    if not s.asked("outside_now") and not (threat and s.said("utter_door_gone")):
        return "utter_door" if threat else "utter_meeting"
    if not s.asked("knows_address"):
        return "utter_knows_address"
    return None if s.said("utter_offline_plan") else "utter_offline_plan"


def _away(s: Situation) -> str | None:
    return "utter_runaway" if "runaway" in s.facts.risk and not s.said("utter_runaway") else None


def _out_alone(s: Situation) -> bool:
    """A child away from home, until they say that they are somewhere safe."""
    return "runaway" in s.facts.risk and not s.facts.adult and s.answer("safe_now") != "yes"


def _somebody_near(s: Situation) -> bool:
    """As an answer, or unasked where home is safe."""
    named = (s.reading.question, s.reading.answer) == ("who_with_you", "yes")
    offender_known = s.facts.offender in ("known", "family_or_trust") or s.facts.threat_type == "ex_partner"
    may_be_them = offender_known or s.facts.home_unsafe == "yes" or _there_now(s)
    return named or ("somebody_near" in s.reading.cues and not may_be_them)


def _with_somebody(s: Situation) -> str | None:
    """Whoever has named somebody beside them is told to stay with them, once."""
    new = _somebody_near(s) and not s.said("utter_with_someone_good")
    return "utter_with_someone_good" if new and in_danger(s) else None


def _stay(s: Situation) -> str | None:
    """No blackmail step in immediate danger: company until a person clears it."""
    return company(s) if in_danger(s) else None


def _their_attempt(s: Situation) -> str | None:
    """Reported by a parent, friend or teacher: a doctor, whoever writes (rules 1, 5)."""
    if "attempt" not in s.facts.now:
        return None
    if s.said("utter_third_attempt") and whereabouts.to_ask(s):
        return "utter_third_attempt_country"
    return unused(s, "utter_third_attempt", "utter_third_attempt_wait")  # the doctor, until help is there


def _their_life(s: Situation) -> str | None:
    """What a parent, friend or teacher reports counts fully, also when played down."""
    fears = s.facts.suicide_or_self_harm or s.answer("is_child_safe") == "unsure"
    if s.said("utter_fear_for_life", "utter_fear_for_friend"):
        again = SUICIDE_OR_SELF_HARM & set(s.reading.facts.risk)
        for cue, response in (
            ("help_reached", "utter_third_reached"),
            ("with_them", "utter_third_with_them"),
            ("knows_where", "utter_third_where"),
        ):
            if cue in s.reading.cues and not again and not s.said(response):
                return response
        if s.said_last("utter_third_where") and in_danger(s) and s.reading.answer != "yes":
            return "utter_third_call_first"
        return "utter_fear_again" if again and not s.said("utter_fear_again") else None
    if not fears:
        return None
    return "utter_fear_for_friend" if s.facts.speaker == "friend" else "utter_fear_for_life"


def _their_safety(s: Situation) -> str | None:
    now = THERE_OR_FORCED & set(s.facts.now)
    outside = now or set(s.facts.risk) & _OFFLINE
    spoken = s.said("utter_fear_for_life", "utter_fear_for_friend") and "live_coercion" in now
    if "attempt" in s.facts.now or (s.facts.suicide_or_self_harm and not spoken and "offender_present" not in now):
        return None  # their life comes first; "they are coming" is the ambulance
    return "utter_third_danger" if outside and not s.said("utter_third_danger") else None


def _with_question_parked(s: Situation, response: str) -> Move:
    """A question asked in danger is named and comes back later; it is not answered now."""
    ordered = "self_harm" in s.facts.demand and not s.facts.for_somebody_else and not attempted(s)
    if ordered and not s.said("utter_not_their_order", "utter_first_told_to_hurt"):  # the line of this case (rule 10)
        return move("utter_not_their_order", response, requests=_CALL)
    calm = not attempted(s) and "offender_present" not in s.facts.now
    if "police_sent" in s.reading.cues and calm and not s.said("utter_police_sent"):
        return move("utter_police_sent", response, requests=_CALL)
    own = s.facts.suicide_or_self_harm and not s.facts.for_somebody_else and not attempted(s)
    if own and "gone_for_others" in s.reading.cues and not s.said("utter_danger_not_without_you"):
        return move("utter_danger_not_without_you", response, requests=_CALL)
    if s.heard == "ask_human" and not attempted(s):
        return move(person_called(s), response, requests=_CALL)
    if s.heard == PLACE_KEPT:
        return move("utter_place_kept", response, requests=_CALL)
    if s.heard in _UNHEARD:  # nobody in danger may think that we know what was in it (rules 21, 23)
        return move("utter_media_danger", response, requests=_CALL)
    if "asks_number" in s.reading.cues and "emergency_number" not in s.wording.about(response, s.about)["tags"]:
        return move("utter_ack_numbers", response, requests=_CALL)
    topic = s.reading.topic if s.reading.asks else None
    parked = (topic,) if topic else ()
    if numbers := whereabouts.named(s):
        return Move((Say(numbers), Say(response)), _CALL, parked)
    if s.said("utter_person_declined") and not s.said("utter_declined_ended"):
        return Move((Say("utter_declined_ended"), Say(response)), _CALL, parked)
    if topic is None:
        return move(response, requests=_CALL)
    named = s.said("utter_question_parked") or attempted(s)  # then the doctor, and nothing else
    says = (Say(response),) if named else (Say("utter_question_parked"), Say(response))
    return Move(says, _CALL, parked)


_RULES = (_attempt, _forced_now, _at_the_door, _not_safe, _home, _suicide, _offline, _away, _with_somebody, _stay)
_RULES_FOR_ANOTHER = (_their_attempt, _their_life, _their_safety)
