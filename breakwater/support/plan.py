"""What to say next. The whole order of a conversation is this one function.

Safety first; then what the person asked or said; then the next step. At most two messages, one
question, and a person's own question is answered before the plan goes on.
"""

from __future__ import annotations

from dataclasses import replace

from breakwater.support import hour
from breakwater.support.acknowledge import THANKS, acknowledgement, told_of_fake_office
from breakwater.support.danger import PLACE_KEPT, attempted, danger_move, in_danger, person_called
from breakwater.support.first import disclosed, first_reply
from breakwater.support.forwarded import RISK_FORWARDED
from breakwater.support.languages import CHOSEN, in_their_language, not_answered, with_person
from breakwater.support.memory import OVERVIEW
from breakwater.support.situation import Move, Say, Situation, move, unsaid, unused
from breakwater.support.steps import HOUR_WRITE, SUICIDE, first_question, goes_to_grown_up, next_step, track
from breakwater.support.topics import BEFORE

HOME_MEANT = "utter_ask_home_meant"
PLAIN_COMPANY = tuple(f"utter_company_{n}" for n in range(1, 5))
_TAKE_IT_DOWN = (("Take It Down", "https://takeitdown.ncmec.org"),)
_STOP_NCII = (("StopNCII", "https://stopncii.org"),)
LINKS = {
    "utter_step_removal_under_18": _TAKE_IT_DOWN,
    "utter_answer_take_down_child": _TAKE_IT_DOWN,
    "utter_answer_take_down_tool_safe_child": _TAKE_IT_DOWN,
    "utter_answer_if_they_post_child": _TAKE_IT_DOWN,
    "utter_answer_take_down_parent": _TAKE_IT_DOWN,
    "utter_third_removal": _TAKE_IT_DOWN,
    "utter_step_removal_adult": _STOP_NCII,
    "utter_answer_take_down_adult": _STOP_NCII,
    "utter_answer_take_down_tool_safe_adult": _STOP_NCII,
    "utter_answer_if_they_post_adult": _STOP_NCII,
    OVERVIEW: _TAKE_IT_DOWN + _STOP_NCII,
}


def next_move(s: Situation) -> Move:
    """Always a move. Pure: the same situation gives the same move."""
    for rule in (
        _hide,
        _someone_else,
        _erase,
        in_their_language,
        _returns,
        _repeats,
        _somebody_elses_words,
        danger_move,
        _whose_words,
        _unreadable,
        _asks_for_person,
        _chose_english,
        _declines_person,
        _media,
        _writes_afterwards,
    ):
        if found := rule(s):
            break
    else:
        found = _conversation(s)
    return with_person(s, _with_links(found))


def _hide(s: Situation) -> Move | None:
    return move("utter_hidden", requests=("hide",)) if s.heard == "hide" else None


def _someone_else(s: Situation) -> Move | None:
    """Another person has the phone: no summary, no yes or no about what was written, help for them (rule 9)."""
    if s.facts.writer != "other":
        if s.reading.question == "who_is_writing" and s.reading.answer == "yes":
            return move("utter_welcome_back_safe")
        return None
    if s.heard == "ask_human":
        return move("utter_person_coming", requests=("handover",))
    if "attempt" in s.reading.facts.now:
        return move("utter_third_attempt", requests=("handover",))
    unsafe = s.reading.question == "safe_now" and s.reading.answer == "no"
    if (unsafe or s.reading.facts.now) and not s.said("utter_third_danger"):
        return move("utter_third_danger", requests=("handover",))
    if s.reading.writer == "back" and s.memory.question != "who_is_writing":
        return move("utter_is_it_you")
    if s.reading.facts.suicide_or_self_harm and not s.said("utter_fear_for_life"):
        return move("utter_fear_for_life", requests=("handover",))
    return move(unused(s, "utter_someone_else", *_SOMEONE_ELSE))


def _erase(s: Situation) -> Move | None:
    """Erased after one tap, or when asked for a second time; while a life may be in danger it waits for a person,
    and says so (rule 12)."""
    asked_for_yes = s.said_last("utter_erase_confirm", "utter_erase_confirm_danger")
    yes = s.reading.question == "next_step" and s.reading.answer == "yes"
    insists = asked_for_yes and (s.heard == "erase" or yes)
    if attempted(s) and (s.heard in ("erase", "erase_now") or insists) and (doctor := danger_move(s)):
        again = "utter_erase_after" in s.memory.said[-2:]
        says = (*(() if again else (Say("utter_erase_after"),)), doctor.says[-1])  # the doctor, in this turn (rule 5)
        return replace(doctor, says=says, requests=(*doctor.requests, "erase_later"))
    if s.heard == "erase_now" or insists:
        return move("utter_erase_hold", requests=("erase_later", "handover")) if in_danger(s) else _erased()
    if s.heard == "numbers":
        return move("utter_numbers")
    if s.heard != "erase":
        return None
    # nobody is offered "at once" what one tap later has to wait
    return move("utter_erase_confirm_danger", requests=("handover",)) if in_danger(s) else move("utter_erase_confirm")


def _erased() -> Move:
    return move("utter_erase_done", requests=("erase",))


def _unreadable(s: Situation) -> Move | None:
    """A script or a language nobody here reads: never the same words twice in a row, always with the numbers
    (rule 21)."""
    if not (s.facts.unreadable or not_answered(s.reading.facts.language)):
        return None
    return move(unused(s, "utter_unreadable", "utter_unreadable_again"), requests=("handover",))


def _asks_for_person(s: Situation) -> Move | None:
    if s.heard != "ask_human" and not s.reading.facts.wants_human:
        return None
    first = first_reply(s)
    called = person_called(s)
    if first:
        return move(first, called, requests=("handover",))
    topic = s.reading.topic if s.reading.topic != "human_available" else None
    step = next_step(s, called)
    numbers = "utter_ack_numbers" if "asks_number" in s.reading.cues else None
    then = numbers or (answer_to(s, topic) if topic else None) or (step.words(s) if step else None)
    return move(called, *([then] if then else []), requests=("handover",))


def _chose_english(s: Situation) -> Move | None:
    """A language was chosen, and it is the one that all of this is written in."""
    return move("utter_language_english") if s.reading.question == CHOSEN else None


def _declines_person(s: Situation) -> Move | None:
    """A no to a person is heard, unless a life may be in danger (rule 19)."""
    no = s.heard == "decline_human" or (s.reading.question == "want_human" and s.reading.answer == "no")
    if not no:
        return None
    if s.facts.suicide_or_self_harm:
        return None if s.said("utter_person_declined_danger") else move("utter_person_declined_danger")
    return None if s.said("utter_person_declined") else move("utter_person_declined", requests=("decline",))


def _media(s: Situation) -> Move | None:
    if not s.heard.startswith("media_"):
        return None
    if s.heard == PLACE_KEPT:
        return move("utter_place_kept")
    kind = s.heard.removeprefix("media_")
    if kind in ("voice", "video_note"):
        head = "utter_media_voice"
    elif kind in ("image", "video"):
        return _picture(s)
    elif kind in ("location", "contact"):
        head = f"utter_media_{kind}"
    else:
        head = "utter_media_other"
    first = first_reply(s)
    return move("utter_media_not_opened", first) if first else move(head)


def _picture(s: Situation) -> Move:
    """Not looked at, and no scolding; what happened is asked for only where it was not told."""
    first = first_reply(s)
    if first:
        return move("utter_media_not_opened", first)
    if s.said("utter_media_not_opened", "utter_media_image"):
        return _go_on(s, "utter_media_image_again")
    return _go_on(s, "utter_media_not_opened") if disclosed(s) else move("utter_media_image")


def _returns(s: Situation) -> Move | None:
    """After hours away: neutral, nothing of before is named (rules 3, 9), unless new words of danger cannot wait.
    What they ask is answered once they choose to go on."""
    if s.said_last("utter_welcome_back_safe") and s.reading.answer == "yes" and not s.reading.facts.risk:
        return move("utter_welcome_back")
    if s.said_last("utter_welcome_back") and s.reading.answer == "no":
        return move("utter_welcome_fresh")
    if not s.returned or s.reading.facts.risk or s.reading.facts.now:
        return None
    welcome = "utter_welcome_back_safe" if s.facts.suicide_or_self_harm or in_danger(s) else "utter_welcome_back"
    return Move((Say(welcome),), parked=(s.reading.topic,) if s.reading.topic else ())


def _writes_afterwards(s: Situation) -> Move | None:
    """A yes or no to one message after their deadline; after the yes nothing more is asked, or the answer would take
    it back (rule 24 S)."""
    answer = hour.answered(s)
    return _go_on(s, answer) if answer == hour.NOT_WANTED else move(answer) if answer else None


def _whose_words(s: Situation) -> Move | None:
    """Forwarded words of wanting to die, in a case where most of what is forwarded is the blackmailer's."""
    unclear = RISK_FORWARDED in s.reading.cues and not s.said("utter_whose_words")
    return move("utter_whose_words", requests=("handover",)) if unclear else None


def _somebody_elses_words(s: Situation) -> Move | None:
    """The forwarded words are of somebody whose life may be in danger: first what to do for them. The case stays that
    of whoever writes, who is asked about their own life after that."""
    theirs = (s.reading.question, s.reading.answer) == ("whose_words", "someone")
    hears = theirs and not s.facts.for_somebody_else and not in_danger(s)
    return move("utter_fear_for_friend", requests=("handover",)) if hears else None


def _repeats(s: Situation) -> Move | None:
    """Asked to say it again, and nothing else: the last message, in the same words, also in danger."""
    last = s.memory.said[-1] if s.memory.said else ""
    twice = s.memory.said[-2:-1] == (last,)
    if s.heard != "repeat" or not s.reading.facts.empty or twice or not last.startswith(_CAN_BE_REPEATED):
        return None
    return move(last)


def _conversation(s: Situation) -> Move:
    first = first_reply(s)
    if first:
        return _opening(s, first)
    if "asks_to_go" in s.reading.cues and ("meeting_planned" in s.facts.risk or "meet" in s.facts.demand):
        return _go_on(s, unused(s, "utter_go_and_meet", "utter_go_and_meet_again"))
    if s.reading.topic:
        return _answer(s, s.reading.topic)
    if not disclosed(s):
        return _before_disclosure(s)
    if ending := _ending(s):
        return ending
    found = _go_on(s, acknowledgement(s))
    unread_again = s.reading.fallback and s.said(THANKS[0])
    return replace(found, requests=(*found.requests, *_NOT_READ)) if unread_again else found


def _opening(s: Situation, first: str) -> Move:
    """The first reply, then what the person asked, else its own question, else one fact that decides the
    next words. A question that has no room now is answered next."""
    asks_itself = first.removeprefix("utter_first_") in _ASK_THEMSELVES
    topic = s.reading.topic
    answer = answer_to(s, topic) if topic and (s.reading.asks or topic == "panic") else None
    if first == "utter_first_told_to_hurt" and not s.asked("suicide"):  # asked in this turn (rule 5)
        return Move((Say(first), Say(SUICIDE.words(s))), parked=(topic,) if answer and topic else ())
    if answer and topic and asks_itself:
        return Move((Say(first),), parked=(topic,))
    if answer:
        return move(first, answer)
    if first == "utter_first_watched":
        return move(first)
    if "recruit_others" in s.facts.demand and s.facts.speaker == "victim" and not asks_itself:
        return move(first, "utter_ack_wants_others")  # the line that stops the harm of this case (rule 10)
    if _ask_what_is_meant(s) and not asks_itself:
        return move(first, HOME_MEANT)
    if told_of_fake_office(s) and not asks_itself:
        return move(first, "utter_answer_fake_police")
    step = None if asks_itself else first_question(s)
    return move(first, *([step.words(s)] if step else []))


def _answer(s: Situation, topic: str) -> Move:
    """The person's question first, then the plan goes on where it was. An answer that asks about home first is given
    in full once home was answered."""
    answer = answer_to(s, topic)
    found = _go_on(s, answer or acknowledgement(s))
    waits = answer and s.question_of(answer) == "home_safe"
    return replace(found, parked=(topic,)) if waits else found


def answer_to(s: Situation, topic: str) -> str | None:
    """The response that answers a topic, in the variant for this person; None for a topic nobody listed.

    Some questions are half a statement: told of a payment, its acknowledgement answers them. That of
    `just_paid` says the same words and what to do with the receipt, so it stands alone.
    """
    if topic in _ABOUT_PAYING and not (s.facts.money_asked or s.facts.paid == "yes"):
        return None  # nobody asked for money: it was misread
    if topic == "just_paid" and s.reading.facts.paid == "no":
        return None  # "i have no money" tells of no payment
    paid_now = s.reading.facts.paid == "yes" and not s.facts.for_somebody_else
    if paid_now and topic in ("going_to_pay", "sent_it_already") and not s.said("utter_ack_paid"):
        return "utter_ack_paid"
    return s.topics.response(topic, s.facts, s.memory)


def _go_on(s: Situation, head: str | None) -> Move:
    """An acknowledgement or answer, then the next step. At the end of the track, company."""
    if _ask_what_is_meant(s) and not (head and s.asks(head)):
        return move(*([head] if head else []), HOME_MEANT)
    put_off = _parked(s)
    if put_off and head and put_off != head:
        return move(head, put_off)
    head = head or put_off
    if head and (s.asks(head) or head in _READ_ALONG):
        return move(head)
    # who says unasked that they don't want to die is not asked about it in the same breath
    step = next_step(s, head)
    if step and head == "utter_ack_denies" and s.question_of(step.words(s)) == "suicide":
        step = next_step(s, head, leave_out=step)
    if step:
        words = step.words(s)
        return move(*(r for r in (_before_leaving(s, words, head), words) if r))
    if head:
        return move(head)
    return move(unused(s, "utter_step_anything_else", *PLAIN_COMPANY))


def _ask_what_is_meant(s: Situation) -> bool:
    """ "My dad will kill me" is asked back, never taken for a figure of speech (rule 8)."""
    known = s.facts.home_unsafe != "unknown" or s.asked("home_safe") or s.facts.for_somebody_else
    return s.reading.fears_family and not known


def _before_leaving(s: Situation, words: str, head: str | None) -> str | None:
    """Before a step that leads out of the page, how to come back to it (rule 14); it takes the place of a mere
    acknowledgement, never of an answer."""
    offers = s.place.channel == "web" and s.place.retention_days > 0 and not s.said("utter_come_back_words")
    return "utter_come_back_words" if words in _LEAD_OUT and offers and head in _MERE_THANKS else head


def _parked(s: Situation) -> str | None:
    """The answer to a question that was put off for safety, once, as soon as nothing more pressing is said."""
    if in_danger(s) and not s.facts.for_somebody_else:
        return None
    answers = (answer_to(s, topic) for topic in s.memory.parked if not _was_answered(s, topic))
    return next((a for a in answers if a and a != BEFORE and not s.said(a)), None)


def _was_answered(s: Situation, topic: str) -> bool:
    """In words that left nothing open; or they wait for an answer about home that may still come."""
    listed = s.topics.by_name.get(topic)  # a case may hold one that was taken off the list since
    said = [v.response for v in listed.variants if s.said(v.response)] if listed else []
    about_home = any(s.question_of(r) == "home_safe" for r in said)
    if about_home and s.facts.home_unsafe == "unknown" and s.memory.asked.get("home_safe", 0) == 1:
        return s.answer("home_safe") is None
    return any(not s.asks(r) for r in said)


def _with_links(found: Move) -> Move:
    """Whatever names a tool for taking pictures down shows where it is."""
    return replace(found, says=tuple(replace(say, cards=(*say.cards, *_link(say.response))) for say in found.says))


def _link(response: str) -> tuple[dict[str, str], ...]:
    return tuple({"kind": "link", "name": name, "url": url, "note": ""} for name, url in LINKS.get(response, ()))


def _before_disclosure(s: Situation) -> Move:
    """Nobody has said yet what it is about."""
    heard = s.heard
    overview = answer_to(s, "what_do_i_do_now") if heard == "next_step" else None
    if overview and not s.said(overview):
        ask = unsaid(s, *_ASK_FOR_MORE)
        return move(overview, *([ask] if ask else []))
    if heard in ("greet", "ask_human", "next_step") and not s.said("utter_hello"):
        return move("utter_hello")
    something_else = heard == "out_of_scope" or (s.reading.asks and s.heard != "hostile")
    if something_else and not s.said("utter_scope"):
        return move("utter_scope")
    if heard == "hostile" and not s.said("utter_hostile"):
        return move("utter_hostile")
    if heard != "thanks" and (ending := _ending(s)):
        return ending
    if s.facts.wants_human and s.reading.facts.empty and s.memory.turns > 0 and not s.said("utter_untold_help"):
        return move("utter_untold_help")  # "help", "pls": with a person called, and the numbers
    if "cannot_say" in s.reading.cues and not s.said("utter_cannot_say"):
        return move("utter_cannot_say", requests=_NOT_READ)
    if heard == "nlu_fallback" or s.reading.fallback:
        return _not_understood(s)
    head = acknowledgement(s)
    if s.said("utter_not_understood") and s.reading.facts.empty and heard in ("tell", "unsure", "deny", "ask_human"):
        return _not_understood(s)  # still nothing that we could go by
    begun = heard == "tell" and not s.reading.facts.empty
    if begun or s.said("utter_hello", "utter_hello_again"):  # who has begun to tell is asked to go on
        ask = unsaid(s, *(_ASK_FOR_MORE if s.reading.facts.empty else _ASK_FOR_MORE[::-1]))
    else:
        ask = "utter_hello" if s.memory.turns < 2 else "utter_hello_again"  # later a greeting is none any more
    if ask is None:
        return move("utter_bye") if heard == "thanks" else _not_understood(s)
    return move(head, ask) if head and head not in THANKS else move(ask)


def _not_understood(s: Situation) -> Move:
    """Never the same fallback twice; the second brings a person."""
    if not s.said("utter_not_understood"):
        return move("utter_not_understood")
    if not s.said("utter_not_understood_again"):
        return move("utter_not_understood_again", requests=_NOT_READ)
    return move(unused(s, "utter_hello_again", *PLAIN_COMPANY), requests=_NOT_READ)


def _ending(s: Situation) -> Move | None:
    """Goodbye with a safety question if it was ever open or the person is under 18."""
    if goes_to_grown_up(s):
        return None
    last = s.memory.said[-1:]
    if last == ("utter_bye_safety",) and s.reading.answer == "yes":
        return move(_farewell(s))
    if last and last[0] in _ASK_AT_GOODBYE and s.reading.question == "suicide":
        evades = s.reading.answer in ("rather_not", "unsure") and not s.said("utter_ack_suicide_rather_not")
        return move(*(["utter_ack_suicide_rather_not"] if evades else []), _farewell(s))
    if s.heard == "thanks" and last == ("utter_bye",):
        return move("utter_thanks")
    if s.heard != "bye" and (s.heard != "thanks" or next_step(s)):
        return None
    still_open = s.asked("suicide") and s.answer("suicide") != "no"
    own = not (s.facts.suicide_or_self_harm or s.facts.for_somebody_else)
    if still_open and own and not s.said(*_ASK_AT_GOODBYE):
        return move(_ASK_AT_GOODBYE[s.facts.under_13])
    asks = s.facts.suicide_or_self_harm or s.facts.child or still_open
    if asks and not s.said("utter_bye_safety", *_ASK_AT_GOODBYE):
        return move("utter_bye_safety")
    offer = s.said("utter_person_declined") and not s.said("utter_bye_offer")
    return move("utter_bye_offer" if offer else _farewell(s))


def _farewell(s: Situation) -> str:
    """Whoever leaves while the clock runs is asked whether we write afterwards, or told once more that we do."""
    if HOUR_WRITE not in track(s) or not HOUR_WRITE.wanted(s) or (s.said(hour.OFFER) and not s.said(hour.AGREED)):
        return "utter_bye"
    return hour.AGREED if s.said(hour.AGREED) else hour.OFFER


_READ_ALONG = frozenset({"utter_ack_watched", "utter_ack_watched_again"})  # no detail beside these (rule 9)
_LEAD_OUT = frozenset(
    {
        "utter_step_save",
        "utter_step_save_any",
        "utter_hour_save",
        "utter_step_mute_and_save",
        "utter_step_block_report",
        "utter_step_removal_under_18",
    }
)
_MERE_THANKS = (None, *THANKS, "utter_ack_suicide_no", "utter_ack_saved")
_ASK_FOR_MORE = ("utter_ask_what_happened", "utter_ask_go_on")
_ASK_AT_GOODBYE = ("utter_bye_suicide", "utter_bye_suicide_young")  # to a child under 13 in their words (rule 6)
_NOT_READ = ("could_not_read", "handover")  # urgent 8: whatever it was, a person should look (rule 21)
_ABOUT_PAYING = frozenset({"going_to_pay", "just_paid", "pay_small_part"})
_SOMEONE_ELSE = tuple(f"utter_someone_else_{n}" for n in range(2, 5))
_CAN_BE_REPEATED = (
    "utter_tell_", "utter_parent_card",
    "utter_first_", "utter_step_", "utter_young_", "utter_third_", "utter_email_", "utter_pre_", "utter_answer_",
    "utter_ask_", "utter_suicide_", "utter_attempt_", "utter_means_", "utter_who_with_you", "utter_with_someone_good",
    "utter_danger_", "utter_door", "utter_safe_", "utter_live_", "utter_home_", "utter_fear_", "utter_meeting",
    "utter_knows_address", "utter_offline_plan", "utter_cannot_call", "utter_runaway",
)  # fmt: skip
_ASK_THEMSELVES = frozenset({"child", "child_sent_nothing", "parent", "friend", "teacher", "close", "close_watched"})
