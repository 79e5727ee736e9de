"""The steps, in the order of safeguarding §6. Each is taken once; what is known is not asked.

A track is a list of steps for one kind of case; the next step is the first that is wanted and not yet
taken. Read a track from top to bottom and you have read the conversation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from breakwater.support import hour, whereabouts
from breakwater.support.danger import in_danger
from breakwater.support.first import disclosed, told_as_posted
from breakwater.support.remit import not_served
from breakwater.support.situation import Situation
from breakwater.support.telling import OFFER, WORDS, chosen, wants_words


@dataclass(frozen=True)
class Step:
    """`response` (or a choice of one) is said when `wanted`; it is taken once `taken` holds."""

    name: str
    response: str | Callable[[Situation], str]
    wanted: Callable[[Situation], bool]
    taken: Callable[[Situation], bool]

    def words(self, s: Situation) -> str:
        return self.response if isinstance(self.response, str) else self.response(s)


def _always(_: Situation) -> bool:
    return True


def _asks(question: str) -> Callable[[Situation], bool]:
    return lambda s: s.asked(question)


def _gave(tag: str) -> Callable[[Situation], bool]:
    return lambda s: s.gave(tag)


def _said(*responses: str) -> Callable[[Situation], bool]:
    return lambda s: s.said(*responses)


def careful(s: Situation) -> bool:
    """Blocking could set off somebody near: first mute and plan with a person (rules 8, 9; §1.4 E, F)."""
    f = s.facts
    near = f.offender in ("known", "family_or_trust") or f.threat_type == "ex_partner"
    near = near or bool({"self_harm", "recruit_others"} & set(f.demand))  # a group: leaving it may set it off
    near = near or f.home_unsafe == "yes" or f.watched == "yes"
    return near or "meeting_planned" in f.risk or "offline_danger" in f.risk


def _money(s: Situation) -> bool:
    return "money" in s.facts.demand or s.facts.threat_type == "financial"


def _can_do_both(s: Situation) -> bool:
    """An adult with time can mute and save in one go; the app's own words for it are known. Proof comes only after
    the question about dying (rule 6)."""
    time = s.facts.deadline is None and s.asked("suicide")
    return s.facts.adult and bool(s.facts.platform) and time and s.facts.evidence_saved != "yes"


def _mute(s: Situation) -> str:
    if s.facts.under_13:
        return "utter_step_mute"
    if s.facts.watched == "yes":
        return "utter_step_mute_watched"
    if careful(s):
        return "utter_step_mute_no_block"
    if _can_do_both(s):
        return "utter_step_mute_and_save"
    return "utter_step_mute" if s.facts.platform else "utter_step_mute_which_app"


def _pictures_exist(s: Situation) -> bool:
    return s.facts.images_shared_already != "no" or s.facts.threat_type == "deepfake"


def _home_known_safe(s: Situation) -> bool:
    return s.facts.home_unsafe == "no" and s.facts.offender != "family_or_trust"


def _goes_to_pay_and_hides_first(s: Situation) -> bool:
    """A yes to "shall we hide your friends list first?"."""
    asked = s.said_last("utter_answer_going_to_pay")
    return asked and s.reading.question == "next_step" and s.reading.answer == "yes"


WHAT_HAPPENED = Step(
    "what_happened",
    "utter_ask_what_happened",
    lambda s: s.topics.group(s.reading.topic) != "service",  # who asks about this chat is not pressed for more
    _said("utter_ask_what_happened"),
)
DEMAND = Step(
    "demand",
    "utter_ask_demand",
    lambda s: not s.facts.demand and s.facts.already_posted != "yes",
    _asks("demand"),
)
PAID = Step("paid", "utter_ask_paid", lambda s: _money(s) and s.facts.paid == "unknown", _asks("paid"))

SUICIDE = Step(
    "suicide",
    lambda s: "utter_suicide_everyone_young" if s.facts.under_13
    else "utter_suicide_everyone_watched" if s.facts.watched == "yes" else "utter_suicide_everyone",
    _always,
    _asks("suicide"),
)  # fmt: skip
SUICIDE_IF_CHILD = Step("suicide_if_child", "utter_suicide_everyone", lambda s: s.facts.child, _asks("suicide"))
SUICIDE_AGAIN = Step(
    "suicide_again",
    lambda s: "utter_suicide_again_young" if s.facts.under_13 else "utter_suicide_again",
    lambda s: s.asked("suicide") and _went_out_now(s),
    _said("utter_suicide_again", "utter_suicide_again_young"),
)
_STILL = ("utter_suicide_still", "utter_suicide_still_young")
# Passed over: the boys who died mostly gave no cue in words. At once where it goes badly, else before the settings.
SUICIDE_STILL = Step(
    "suicide_still",
    lambda s: _STILL[s.facts.under_13],
    lambda s: s.unanswered("suicide") and s.memory.question != "suicide" and s.facts.watched != "yes",
    _said(*_STILL, "utter_suicide_again", "utter_suicide_again_young"),
)
SUICIDE_IN_PAIN = Step(
    "suicide_in_pain", SUICIDE_STILL.response, lambda s: SUICIDE_STILL.wanted(s) and _in_pain(s), SUICIDE_STILL.taken
)
MUTE = Step(
    "mute",
    _mute,
    lambda s: s.facts.blocked_already != "yes",
    lambda s: s.gave("mute") or s.said("utter_step_mute_watched"),
)
AGE = Step("age", "utter_step_age", lambda s: not s.facts.age_known and not s.facts.adult, _asks("age"))
COUNTRY = Step(
    "country",
    lambda s: "utter_third_country" if s.facts.for_somebody_else else "utter_step_country",
    whereabouts.to_ask,
    whereabouts.was_asked,
)
PERSON = Step(
    "person",
    lambda s: "utter_step_person_offer" if not s.facts.child
    else "utter_step_person_child" if s.facts.home_unsafe == "unknown" else "utter_person_coming",
    lambda s: (
        not s.facts.wants_human
        and not not_served(s.facts, s.place)
        and (s.facts.child or s.answer("want_human") is None)
        and not (s.facts.child and _calls_made(s))
    ),
    lambda s: (
        s.said("utter_step_person_child", "utter_person_coming", "utter_person_declined")
        or (s.gave("human_offer") and not s.facts.child)
    ),
)  # fmt: skip
PERSON_AGAIN = Step(
    "person_again",
    "utter_person_offer_again",
    # it may have had to wait for the question about dying, which comes first
    lambda s: (
        s.said("utter_person_declined") and (_worse_now(s) or _asked_again(s)) and not not_served(s.facts, s.place)
    ),
    _said("utter_person_offer_again"),
)
REMIT = Step("not_served", "utter_remit", lambda s: not_served(s.facts, s.place), _said("utter_remit"))  # rule 18
HOME = Step(
    "home",
    "utter_step_home",
    lambda s: s.facts.child and s.facts.home_unsafe == "unknown",
    _asks("home_safe"),
)
HOME_AGAIN = Step(  # something else was said instead of an answer
    "home_again",
    "utter_step_home_again",
    lambda s: HOME.wanted(s) and s.unanswered("home_safe") and not s.said(WORDS["card"]),
    _said("utter_step_home_again"),
)
HIDE_FRIENDS = Step(
    "hide_friends",
    "utter_step_hide_friends",
    lambda s: not careful(s) and (hour.may_be_near(s) or _goes_to_pay_and_hides_first(s)),
    _said("utter_step_hide_friends", "utter_step_lock_down"),
)


def _save_words(s: Situation) -> str:
    if s.facts.evidence_saved == "yes":
        return "utter_step_save_checked"
    if s.facts.watched == "yes":
        return "utter_step_save_watched"
    if hour.near(s):
        return "utter_hour_save"
    return "utter_step_save" if s.facts.money_asked else "utter_step_save_any"


SAVE = Step(
    "save",
    _save_words,
    _always,
    _gave("save_evidence"),
)
BLOCK = Step(
    "block",
    lambda s: "utter_step_mute_watched" if s.facts.watched == "yes"
    else "utter_step_mute_no_block" if careful(s)
    else "utter_step_report_blocked" if s.facts.blocked_already == "yes" else "utter_step_block_report",
    lambda s: not (careful(s) and s.facts.blocked_already == "yes"),
    lambda s: s.said("utter_step_mute_no_block", "utter_step_mute_watched")
    or (s.gave("block_report") and s.gave("platform_report")),
)  # fmt: skip
LOCK_DOWN = Step("lock_down", "utter_step_lock_down", lambda s: not careful(s), _gave("change_password"))
REMOVAL = Step(
    "removal",
    lambda s: "utter_step_removal_no_file" if s.facts.has_file == "no"
    else "utter_step_removal_adult" if _adult_picture(s) else "utter_step_removal_under_18",
    _pictures_exist,
    lambda s: any(s.gave(t) for t in ("removal_under_18", "removal_adult", "removal_no_file")),
)  # fmt: skip
NO_FILE = Step(
    "no_file", "utter_step_removal_no_file",
    lambda s: s.gave("removal_under_18") and s.facts.has_file == "no", _gave("removal_no_file"),
)  # fmt: skip
TELL = Step(
    "tell",
    lambda s: "utter_step_tell_outside_home" if s.facts.home_unsafe == "yes"
    else "utter_pre_tell" if s.facts.threat_type == "pre_threat" and not s.facts.adult
    else "utter_step_one_person_adult" if s.facts.adult
    else "utter_step_tell_someone" if _home_known_safe(s) else "utter_step_tell_somebody_safe",
    lambda s: s.facts.adult_told != "yes",
    _said(
        "utter_step_tell_someone", "utter_step_tell_outside_home", "utter_step_one_person_adult",
        "utter_step_tell_somebody_safe", "utter_pre_tell",
    ),
)  # fmt: skip
FIND_WORDS = Step("find_words", OFFER, wants_words, _asks("which_words"))
GIVE_WORDS = Step(
    "give_words",
    lambda s: chosen(s) or WORDS["say"],
    lambda s: chosen(s) is not None,
    lambda s: s.said(chosen(s) or WORDS["say"]),
)
# Not taken by "keep the receipt" right after a payment: only here is it said whom to ask.
MONEY_BACK = Step(
    "money_back",
    "utter_step_money_back",
    lambda s: s.facts.paid == "yes",
    _said("utter_step_money_back", "utter_answer_money_back", "utter_answer_money_back_child"),
)
PAYMENT = Step(
    "payment",
    "utter_ask_payment",
    lambda s: not s.facts.payment and MONEY_BACK.wanted(s) and not MONEY_BACK.taken(s),
    _asks("payment"),
)
TELL_SOON = Step("tell_soon", TELL.response, lambda s: s.facts.child and s.facts.adult_told == "no", TELL.taken)
POLICE = Step(
    "police",
    lambda s: "utter_step_police_home_unsafe" if s.facts.home_unsafe == "yes" else "utter_step_police",
    _always,
    _said(
        "utter_step_police",
        "utter_step_police_home_unsafe",
        "utter_answer_what_happens_report",
        "utter_answer_what_happens_report_home_unsafe",
    ),
)
COME_BACK = Step("come_back", "utter_step_come_back", _always, _said("utter_step_come_back"))

YOUNG_ASK = Step("young_ask", "utter_young_grown_up", lambda s: s.facts.home_unsafe != "yes", _asks("who_with_you"))
YOUNG_ELSE = Step(
    "young_else",
    "utter_young_who_else",
    lambda s: s.answer("who_with_you") != "yes" and s.facts.home_unsafe != "yes",
    _said("utter_young_who_else"),
)
YOUNG_SHOW = Step(
    "young_show", "utter_young_show_adult", lambda s: s.facts.home_unsafe == "unknown", _asks("home_safe")
)
YOUNG_OUTSIDE = Step(  # named before we asked, or then
    "young_outside",
    "utter_young_outside",
    lambda s: s.facts.home_unsafe == "yes" and ("outside_home" in s.reading.cues or _found_somebody_outside(s)),
    _said("utter_young_outside"),
)
YOUNG_UNSAFE = Step(
    "young_unsafe",
    "utter_young_home_unsafe",
    lambda s: s.facts.home_unsafe == "yes",
    _said("utter_young_home_unsafe", "utter_young_outside"),
)
YOUNG_GO = Step(
    "young_go",
    lambda s: "utter_young_go_now" if s.said("utter_young_show_adult") else "utter_young_show_and_go",
    _home_known_safe,
    _said("utter_young_go_now", "utter_young_show_and_go"),
)
YOUNG_CARD = Step("young_card", WORDS["card"], lambda s: goes_to_grown_up(s), _said(WORDS["card"]))
YOUNG_SUICIDE = Step(
    "young_suicide",
    "utter_suicide_everyone_young",
    lambda s: s.memory.turns >= 2 and not _about_to_go_to_somebody(s),
    _asks("suicide"),
)
YOUNG_STAY = Step("young_stay", "utter_young_stay", _always, _said("utter_young_stay"))

EMAIL_EXPLAIN = Step("email_explain", "utter_email_explain", _always, _gave("password_from_leak"))
EMAIL_PASSWORD = Step("email_password", "utter_email_password", _always, _gave("change_password"))
EMAIL_REPORT = Step("email_report", "utter_email_report", _always, _gave("report_scam"))
EMAIL_END = Step("email_end", "utter_email_if_real", _always, _said("utter_email_if_real"))

PRE = Step("pre", "utter_pre_protect", _always, _said("utter_pre_protect"))
THIRD_STAY = Step("third_stay", "utter_third_stay", _always, _said("utter_third_stay"))
THIRD_SAY = Step("third_say", "utter_third_say", _always, _said("utter_third_say"))
THIRD_SAVE = Step("third_save", "utter_third_save", _always, _said("utter_third_save"))
THIRD_REMOVAL = Step("third_removal", "utter_third_removal", lambda s: not s.facts.adult, _gave("removal_under_18"))
THIRD_POLICE = Step("third_police", "utter_third_police", _always, _gave("police_hotline"))
FRIEND_ADULT = Step("friend_adult", "utter_friend_adult", _always, _gave("tell_someone"))
FRIEND_SAY = Step("friend_say", "utter_friend_say", _always, _said("utter_friend_say"))
BYSTANDER_ADULT = Step("bystander_adult", "utter_bystander_adult", _always, _gave("tell_someone"))
BYSTANDER_REPORT = Step("bystander_report", "utter_bystander_report", _always, _gave("police_hotline"))
THIRD_YOU = Step("third_you", "utter_third_for_you", _always, _said("utter_third_for_you"))
# Whoever hates themselves for what they did may not want to live; asked where they say so, not of everybody.
OWN_SUICIDE = Step(
    "own_suicide", "utter_suicide_own", lambda s: s.heard == "feelings" or "shame" in s.reading.cues, _asks("suicide")
)
OWN = Step("own", "utter_own_behaviour", _always, _said("utter_own_behaviour"))
OWN_OTHERS = Step("own_others", "utter_own_others", _always, _said("utter_own_others"))
OWN_PERSON = Step(
    "own_person",
    "utter_step_person_offer",
    lambda s: not s.facts.wants_human and not not_served(s.facts, s.place),
    _gave("human_offer"),
)

# A deadline under two hours (rule 24 S): calm and mute, the friends list, two minutes of proof, then block.
HOUR_MUTE = Step("hour_mute", "utter_hour_mute", MUTE.wanted, MUTE.taken)  # beside the first reply
HOUR_WRITE = Step(
    "offer_to_write_on_telegram", hour.OFFER, lambda s: hour.may_offer(s) and not careful(s), _said(hour.OFFER)
)
HOUR_OVER = Step(
    "hour_over", "utter_hour_over", lambda s: hour.over(s) and s.asked("suicide"), _said("utter_hour_over")
)


def _found_somebody_outside(s: Situation) -> bool:
    return s.said_last("utter_young_home_unsafe") and s.reading.answer == "yes"


def _about_to_go_to_somebody(s: Situation) -> bool:
    return s.answer("who_with_you") == "yes" and YOUNG_GO.wanted(s) and not YOUNG_GO.taken(s)


def goes_to_grown_up(s: Situation) -> bool:
    """A young child is about to show the phone to a grown-up: what they read then is meant for them. Whoever goes
    without a word about home goes to somebody they feel safe with: so they were asked."""
    if s.said_last("utter_young_show_adult"):
        return s.facts.home_unsafe != "yes" and s.heard in ("bye", "done_step")
    yes = s.reading.question == "done_step" and s.reading.answer == "yes"
    return s.said_last("utter_young_go_now", "utter_young_show_and_go") and _home_known_safe(s) and yes


def _in_pain(s: Situation) -> bool:
    return s.heard == "feelings" or bool({"feels", "shame", "panics"} & set(s.reading.cues))


def _went_out_now(s: Situation) -> bool:
    """News, also to who told at first that something is out, when it spreads this minute."""
    new = s.reading.facts
    return "being_shared" in new.now or (new.already_posted == "yes" and not told_as_posted(s))


def _asked_again(s: Situation) -> bool:
    """This answers the question that came first when it got worse."""
    return s.reading.question == "suicide" and s.said_last("utter_suicide_again", "utter_suicide_again_young")


def _worse_now(s: Situation) -> bool:
    new = s.reading.facts
    return _went_out_now(s) or new.deadline is not None or "meet" in new.demand


def _calls_made(s: Situation) -> bool:
    """A child was told of the person and asked about home, in whatever words."""
    return s.asked("home_safe") and (s.gave("human_coming") or s.gave("no_one_on_shift"))


def _adult_picture(s: Situation) -> bool:
    if s.facts.age_in_image is not None:
        return s.facts.age_in_image >= 18
    return s.facts.adult


# A child who says that nobody may know comes to a grown-up of their own choice before the settings.
# Money can sometimes be stopped within hours, so the bank comes as soon as the account is blocked. An adult who paid
# comes to it before a person is offered: the offer stands below every message, the hours run out.
LIVE = (
    SUICIDE_AGAIN, SUICIDE_IN_PAIN, PERSON_AGAIN, HOUR_OVER, DEMAND, PAID, SUICIDE, FIND_WORDS, GIVE_WORDS, MUTE, AGE,
    COUNTRY, REMIT, PERSON, HOME, HIDE_FRIENDS, SAVE, BLOCK, TELL_SOON, PAYMENT, MONEY_BACK, REMOVAL, NO_FILE,
    SUICIDE_STILL, LOCK_DOWN, HOME_AGAIN, TELL, POLICE, COME_BACK,
)  # fmt: skip
ADULT_PAID = (
    SUICIDE_AGAIN, SUICIDE_IN_PAIN, PERSON_AGAIN, HOUR_OVER, SUICIDE, FIND_WORDS, GIVE_WORDS, MUTE, COUNTRY, REMIT,
    HIDE_FRIENDS, SAVE, BLOCK, PAYMENT, MONEY_BACK, REMOVAL, PERSON, SUICIDE_STILL, LOCK_DOWN, NO_FILE, TELL, POLICE,
    COME_BACK,
)  # fmt: skip
# Home is asked about before blocking all the same: it could set off what makes home the danger.
HOUR = (
    SUICIDE_AGAIN, SUICIDE_IN_PAIN, PERSON_AGAIN, SUICIDE, FIND_WORDS, GIVE_WORDS, MUTE, HIDE_FRIENDS, SAVE, AGE,
    COUNTRY, REMIT, PERSON, HOME, BLOCK, HOUR_WRITE, DEMAND, PAID, PAYMENT, MONEY_BACK, LOCK_DOWN, REMOVAL, NO_FILE,
    SUICIDE_STILL, TELL, POLICE, COME_BACK,
)  # fmt: skip
POSTED_TRACK = (
    SUICIDE_AGAIN, SUICIDE_IN_PAIN, PERSON_AGAIN, SUICIDE, FIND_WORDS, GIVE_WORDS, MUTE, AGE, COUNTRY, REMIT, PERSON,
    HOME, REMOVAL, NO_FILE, SAVE, SUICIDE_STILL, BLOCK, HOME_AGAIN, TELL, POLICE, PAYMENT, MONEY_BACK, LOCK_DOWN,
    COME_BACK,
)  # fmt: skip
# The question that everyone is asked comes in the third turn, unless a safe grown-up is a few steps away.
YOUNG = (
    SUICIDE_AGAIN, SUICIDE_IN_PAIN, YOUNG_CARD, YOUNG_SUICIDE, YOUNG_OUTSIDE, YOUNG_UNSAFE, YOUNG_ASK, YOUNG_ELSE,
    YOUNG_SHOW, HOME_AGAIN, YOUNG_GO, COUNTRY, REMIT, SUICIDE, MUTE, SUICIDE_STILL, YOUNG_STAY,
)  # fmt: skip
EMAIL = (EMAIL_EXPLAIN, EMAIL_PASSWORD, EMAIL_REPORT, EMAIL_END)
PRE_TRACK = (
    AGE, SUICIDE_IF_CHILD, COUNTRY, FIND_WORDS, GIVE_WORDS, PRE, REMOVAL, NO_FILE, REMIT, PERSON, TELL, COME_BACK,
)  # fmt: skip
PARENT = (THIRD_STAY, COUNTRY, REMIT, THIRD_SAVE, THIRD_REMOVAL, THIRD_POLICE, THIRD_SAY, THIRD_YOU)
FRIEND = (FRIEND_ADULT, COUNTRY, REMIT, THIRD_SAVE, THIRD_REMOVAL, FRIEND_SAY, THIRD_POLICE, THIRD_YOU)
# While somebody may die, saving and reporting can wait; where they only spoke of it, these come last.
THIRD_IN_DANGER = (THIRD_STAY, COUNTRY, THIRD_SAY, THIRD_YOU)
FRIEND_IN_DANGER = (FRIEND_ADULT, COUNTRY, FRIEND_SAY, THIRD_YOU)
THIRD_IN_FEAR = (*THIRD_IN_DANGER, REMIT, THIRD_SAVE, THIRD_REMOVAL, THIRD_POLICE)
FRIEND_IN_FEAR = (*FRIEND_IN_DANGER, REMIT, THIRD_SAVE, THIRD_REMOVAL, THIRD_POLICE)
_THIRD = (THIRD_IN_DANGER, THIRD_IN_FEAR, PARENT)
_FRIEND = (FRIEND_IN_DANGER, FRIEND_IN_FEAR, FRIEND)
BYSTANDER = (BYSTANDER_ADULT, BYSTANDER_REPORT, THIRD_YOU)
PERPETRATOR = (OWN_SUICIDE, OWN, OWN_OTHERS, OWN_PERSON)
UNTOLD = (WHAT_HAPPENED,)


def track(s: Situation) -> tuple[Step, ...]:
    """The steps for this kind of case."""
    f = s.facts
    if f.speaker in ("perpetrator", "bystander"):
        return PERPETRATOR if f.speaker == "perpetrator" else BYSTANDER
    if f.for_somebody_else:
        danger, fear, calm = _FRIEND if f.speaker == "friend" else _THIRD
        return danger if in_danger(s) else fear if f.suicide_or_self_harm else calm
    if not disclosed(s):
        return UNTOLD
    if f.under_13:
        return YOUNG
    if f.threat_type == "scam_email":
        return EMAIL
    if f.threat_type == "pre_threat":
        return PRE_TRACK
    if f.already_posted == "yes" or "being_shared" in f.now:
        return POSTED_TRACK
    if hour.near(s):
        return HOUR
    return ADULT_PAID if f.adult and f.paid == "yes" else LIVE


def next_step(s: Situation, head: str | None = None, leave_out: Step | None = None) -> Step | None:
    """The first step of the track that is wanted and not taken, by `head` either, the words said just before it;
    None at its end."""
    told = s.after(head)
    return next((step for step in track(s) if step.wanted(s) and not step.taken(told) and step != leave_out), None)


def first_question(s: Situation) -> Step | None:
    """What comes right after the first reply: one fact that decides the next words, or the first step. Whether
    somebody thinks of dying is asked of everybody, but not in the first breath."""
    if s.facts.threat_type == "pre_threat":
        return AGE if AGE.wanted(s) else None
    if track(s) is HOUR and HOUR_MUTE.wanted(s):
        return HOUR_MUTE
    return next_step(s, leave_out=SUICIDE)
