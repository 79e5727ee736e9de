"""A short answer to what was just said, before the next step: nobody gets only the script."""

from __future__ import annotations

from collections.abc import Callable

from breakwater.support import whereabouts
from breakwater.support.first import disclosed, told_as_posted
from breakwater.support.situation import Situation
from breakwater.support.telling import WORDS

_Heard = Callable[[Situation], bool]


def _states(name: str, value: str) -> _Heard:
    return lambda s: getattr(s.reading.facts, name) == value


def _plainly(name: str, value: str, *questions: str) -> _Heard:
    """Said in plain words, or as the answer to our question: nobody is thanked for what the model only guesses."""

    def holds(s: Situation) -> bool:
        plain = name in s.reading.plain or s.reading.question in questions
        return plain and getattr(s.reading.facts, name) == value

    return holds


def _answered(question: str, *values: str) -> _Heard:
    return lambda s: s.reading.question == question and s.reading.answer in values


def _afraid_of_telling(s: Situation) -> bool:
    """A young child who says "but she'll be mad", or that going to a grown-up is scary."""
    return (
        "fears_telling" in s.reading.cues
        or (s.reading.question == "done_step" and s.reading.answer == "no")
        or s.heard == "feelings"
    )


def _tells_little(s: Situation) -> bool:
    if s.reading.question == "next_step":  # "go on", which tells nothing
        return False
    return s.heard in ("tell", "answer", "nlu_fallback") and s.reading.facts.empty


def _unknown_question(s: Situation) -> bool:
    """Something was asked, and we do not know what: said so rather than passed over."""
    return s.reading.asks and s.reading.topic is None and s.heard in ("tell", "answer", "nlu_fallback")


def _asks_for_a_number(s: Situation) -> bool:
    return "asks_number" in s.reading.cues and s.reading.topic is None


def _knows_them(s: Situation) -> bool:
    """Then it is no gang that does this to many."""
    return s.facts.offender in ("known", "family_or_trust") or s.facts.threat_type == "ex_partner"


def _was_no_bluff(s: Situation) -> bool:
    """First told that the mail is nearly always a bluff; now there is a live threat."""
    return s.gave("email_bluff") and s.facts.live_threat and s.facts.threat_type != "scam_email"


def _became_a_threat(s: Situation) -> bool:
    """First met as somebody whom nobody threatens yet; many tell the worst last."""
    return s.said("utter_first_pre") and s.facts.live_threat and s.facts.threat_type != "pre_threat"


def _asked_for_money_first_now(s: Situation) -> bool:
    warned = s.gave("dont_pay") or s.gave("stop_paying")
    return "money" in s.reading.facts.demand and s.facts.paid != "yes" and not warned


def told_of_fake_office(s: Situation) -> bool:
    """Police, a lawyer or a court wants money; of somebody they know it may be true."""
    theirs = s.facts.speaker in ("perpetrator", "bystander") or _knows_them(s)
    return "fake_office" in s.reading.cues and s.facts.live_threat and not theirs


def _news_that_it_is_out(s: Situation) -> bool:
    return s.reading.facts.already_posted == "yes" and not told_as_posted(s)


def _may_hear_of_the_trick(s: Situation) -> bool:
    """How they choose whom to press on: not of somebody they know, and no reproach to who has paid."""
    return not _knows_them(s) and s.facts.paid != "yes"


def _is_ashamed(s: Situation) -> bool:
    return "shame" in s.reading.cues and s.facts.speaker == "victim"


def _told_to_pass_money_on(s: Situation) -> bool:
    """The blackmailer's money through their account; asked about, it is a topic with the same answer."""
    return "money_mule" in s.reading.cues and s.facts.speaker == "victim" and s.facts.live_threat


def _protests(s: Situation) -> bool:
    return s.facts.under_13 and "protests" in s.reading.cues


def _reads_the_card(s: Situation) -> bool:
    """A grown-up reads what was meant for them."""
    return s.said_last(WORDS["card"])


def _watched_and_not_told(s: Situation) -> bool:
    told = s.said("utter_first_watched", "utter_first_close_watched")
    return s.facts.watched == "yes" and not told and not _reads_the_card(s)


def _denies_unasked(s: Situation) -> bool:
    """A no about dying, whatever was asked; it is taken as said, and the way back stays open."""
    own = s.facts.speaker == "victim" and disclosed(s)
    return own and "denies_life" in s.reading.cues and not s.reading.facts.risk


def _safe_after_danger(s: Situation) -> bool:
    """A yes to "are you safe now?", once nothing more is said of the danger itself."""
    return _answered("safe_now", "yes")(s) and not s.reading.facts.suicide_or_self_harm


def _told_that_they_are_sorry(s: Situation) -> bool:
    return "says_sorry" in s.reading.cues and s.facts.live_threat and s.facts.speaker == "victim"


def _begged_to_keep_it(s: Situation) -> bool:
    """A teacher, whom a pupil asks to tell nobody."""
    return "begs_secrecy" in s.reading.cues and s.facts.speaker == "teacher"


def _fears_somebody_at_home(s: Situation) -> bool:
    """A mother who is afraid of what the father does; a friend who knows of theirs."""
    return s.facts.for_somebody_else and (s.reading.facts.home_unsafe == "yes" or s.reading.fears_family)


def _may_be_offered_a_person(s: Situation) -> bool:
    """A child is told that one was called, and whoever asked or said no is not asked again."""
    return s.place.counsellor_here and not (s.facts.child or s.facts.wants_human or s.answer("want_human"))


THANKS = ("utter_ack_thanks", "utter_ack_thanks_again")  # for what gives nothing to go by
_ACKS: tuple[tuple[_Heard, str], ...] = (
    (lambda s: "what_was_told" in s.reading.cues and s.said("utter_someone_else"), "utter_told_them"),
    (_was_no_bluff, "utter_ack_no_bluff"),
    (lambda s: _reads_the_card(s) and s.reading.facts.empty, "utter_young_card_read"),
    (_fears_somebody_at_home, "utter_third_home"),
    (_begged_to_keep_it, "utter_third_secrecy"),
    (_states("home_unsafe", "yes"), "utter_ack_home_unsafe"),
    (_watched_and_not_told, "utter_ack_watched"),
    (lambda s: s.reading.facts.watched == "yes" and not _reads_the_card(s), "utter_ack_watched_again"),
    (told_of_fake_office, "utter_answer_fake_police"),
    (lambda s: _news_that_it_is_out(s) and s.facts.adult, "utter_ack_posted_adult"),
    (lambda s: _news_that_it_is_out(s) and not s.said("utter_ack_posted_adult"), "utter_ack_posted"),
    (_became_a_threat, "utter_ack_became_a_threat"),
    (_states("paid", "yes"), "utter_ack_paid"),
    (lambda s: "recruit_others" in s.reading.facts.demand, "utter_ack_wants_others"),
    (lambda s: _told_to_pass_money_on(s) and s.facts.child, "utter_answer_money_mule_child"),
    (lambda s: _told_to_pass_money_on(s) and not s.facts.child, "utter_answer_money_mule"),
    (_plainly("blocked_already", "yes", "blocked", "done_step"), "utter_ack_blocked"),
    (_plainly("evidence_saved", "yes", "evidence_saved"), "utter_ack_saved"),
    (_plainly("adult_told", "yes"), "utter_ack_told"),
    (_safe_after_danger, "utter_ack_safe"),
    (_told_that_they_are_sorry, "utter_ack_says_sorry"),
    (_protests, "utter_young_believe"),
    (_is_ashamed, "utter_ack_shame_1"),
    (_is_ashamed, "utter_ack_shame_2"),
    (lambda s: s.reading.facts.deadline is not None, "utter_ack_deadline"),
    (lambda s: bool({"images", "sexual_act"} & set(s.reading.facts.demand)), "utter_ack_wants_images"),
    (_plainly("paid", "no", "paid"), "utter_ack_not_paid"),
    (_asked_for_money_first_now, "utter_ack_dont_pay"),
    (lambda s: "nothing_yet" in s.reading.cues and s.facts.live_threat, "utter_ack_nothing_yet"),
    (lambda s: s.reading.facts.demand == ("money",) and _may_hear_of_the_trick(s), "utter_ack_wants_money"),
    (lambda s: _answered("suicide", "no")(s) and s.heard == "feelings", "utter_ack_suicide_no_scared"),
    (lambda s: _answered("suicide", "no")(s) and _may_be_offered_a_person(s), "utter_ack_suicide_no_offer"),
    (_answered("suicide", "no"), "utter_ack_suicide_no"),
    (_denies_unasked, "utter_ack_denies"),
    (_answered("suicide", "rather_not", "unsure"), "utter_ack_suicide_rather_not"),
    (lambda s: s.reading.facts.age_known and s.reading.facts.child, "utter_ack_age_child"),
    (lambda s: s.facts.under_13 and s.facts.home_unsafe != "yes" and _afraid_of_telling(s), "utter_young_mad"),
    (lambda s: s.heard == "feelings" and s.facts.speaker == "perpetrator", "utter_ack_feelings_own"),
    (lambda s: s.heard == "feelings", "utter_ack_feelings_1"),
    (lambda s: s.heard == "feelings", "utter_ack_feelings_2"),
    (lambda s: s.heard == "shorter" and s.facts.threat_type == "scam_email", "utter_shorter_email"),
    (lambda s: s.heard == "shorter" and s.facts.live_threat, "utter_shorter"),
    (lambda s: s.heard == "thanks", "utter_thanks"),
    (lambda s: s.heard in ("bot_test", "ask_are_you_a_bot"), "utter_bot"),
    (_asks_for_a_number, "utter_ack_numbers"),
    (_unknown_question, "utter_ack_question_unclear"),
    (_unknown_question, "utter_ack_question_unclear_again"),
    *((lambda s: _tells_little(s) and not s.reading.asks, thanks) for thanks in THANKS),
)


# Said to the person it happened to; a parent or friend who reports the same is not spoken to like that.
_TO_THE_PERSON = frozenset({
    "utter_ack_paid", "utter_ack_wants_others", "utter_ack_wants_images", "utter_ack_told", "utter_ack_age_child",
    "utter_ack_home_unsafe", "utter_ack_watched", "utter_ack_watched_again", "utter_young_mad",
    "utter_ack_became_a_threat", "utter_ack_dont_pay", "utter_ack_denies", "utter_young_believe",
    "utter_ack_nothing_yet",
})  # fmt: skip
# What was told of danger and of what was posted is met before the numbers of the country that was named beside it.
_BEFORE_NUMBERS = frozenset(
    {"utter_ack_home_unsafe", "utter_ack_watched", "utter_ack_posted", "utter_ack_posted_adult"}
)
_COMFORT = frozenset({"utter_ack_feelings_1", "utter_ack_feelings_2", "utter_ack_posted", "utter_ack_posted_adult"})


def acknowledgement(s: Situation) -> str | None:
    """The first fitting one that was not used yet."""
    fitting = (response for holds, response in _ACKS if holds(s) and not s.said(response))
    unfit = _TO_THE_PERSON if s.facts.for_somebody_else else _COMFORT if s.facts.speaker == "perpetrator" else ()
    first = next((r for r in fitting if r not in unfit), None)
    return first if first in _BEFORE_NUMBERS else whereabouts.named(s) or first
