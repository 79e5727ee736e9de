"""What to say next. The whole order of a conversation is this one function.

Safety first; then what the person asked or said; then the next step. At most two messages, one
question, and a person's own question is answered before the plan goes on.
"""

from __future__ import annotations

from breakwater.support.acknowledge import acknowledgement
from breakwater.support.danger import company, danger_move, in_danger
from breakwater.support.first import disclosed, first_reply
from breakwater.support.situation import Move, Say, Situation, move
from breakwater.support.steps import first_question, next_step

LINKS = {
    "utter_step_removal_link_under_18": ("Take It Down", "https://takeitdown.ncmec.org"),
    "utter_step_removal_adult": ("StopNCII", "https://stopncii.org"),
}


def next_move(s: Situation) -> Move:
    """Always a move. Pure: the same situation gives the same move."""
    for rule in (
        _hide,
        danger_move,
        _danger_goes_on,
        _unreadable,
        _asks_for_person,
        _declines_person,
        _media,
        _returns,
    ):
        if found := rule(s):
            return found
    return _conversation(s)


def _hide(s: Situation) -> Move | None:
    return move("utter_hidden", requests=("hide",)) if s.heard == "hide" else None


def _danger_goes_on(s: Situation) -> Move | None:
    """No blackmail step in immediate danger: company until a person clears it."""
    if not in_danger(s) or s.facts.for_somebody_else:
        return None
    return move(company(s), requests=("handover",))


def _unreadable(s: Situation) -> Move | None:
    return move("utter_unreadable", requests=("handover",)) if s.facts.unreadable else None


def _asks_for_person(s: Situation) -> Move | None:
    if s.heard != "ask_human" and not s.reading.facts.wants_human:
        return None
    first = first_reply(s)
    called = "utter_person_coming" if not s.said("utter_person_coming") else "utter_person_still_coming"
    if first:
        return move(first, called, requests=("handover",))
    step = next_step(s)
    return move(called, *([step.words(s)] if step else []), requests=("handover",))


def _declines_person(s: Situation) -> Move | None:
    no = s.heard == "decline_human" or (s.reading.question == "want_human" and s.reading.answer == "no")
    return move("utter_person_declined") if no and not s.said("utter_person_declined") else None


def _media(s: Situation) -> Move | None:
    if not s.heard.startswith("media_"):
        return None
    kind = s.heard.removeprefix("media_")
    if kind in ("voice", "video_note"):
        head = "utter_media_voice"
    elif kind in ("image", "video"):
        head = "utter_media_image_again" if s.said("utter_media_image") else "utter_media_image"
    else:
        head = "utter_media_other"
    first = first_reply(s)
    return move(head, first) if first else move(head)


def _returns(s: Situation) -> Move | None:
    if not s.returned:
        return None
    return move("utter_welcome_back_safe" if s.facts.suicide_or_self_harm else "utter_welcome_back")


def _conversation(s: Situation) -> Move:
    first = first_reply(s)
    if first:
        return _opening(s, first)
    if s.reading.topic:
        return _answer(s, s.reading.topic)
    if not disclosed(s):
        return _before_disclosure(s)
    if s.heard in ("bye", "thanks") and (ending := _ending(s)):
        return ending
    return _go_on(s, acknowledgement(s))


def _opening(s: Situation, first: str) -> Move:
    """The first reply; its own question if it has one, else one fact that decides the next words."""
    asks_itself = first.removeprefix("utter_first_") in _ASK_THEMSELVES
    step = None if asks_itself else first_question(s)
    return move(first, *([step.words(s)] if step else []))


def _answer(s: Situation, topic: str) -> Move:
    """The person's question first, then the plan goes on where it was."""
    return _go_on(s, answer_to(s, topic))


def answer_to(s: Situation, topic: str) -> str:
    """The response that answers a topic, in the variant for this person."""
    return f"utter_answer_{topic}"


def _go_on(s: Situation, head: str | None) -> Move:
    """An acknowledgement or answer, then the next step. At the end of the track, company."""
    step = next_step(s)
    if step:
        words = step.words(s)
        says = tuple(Say(r, _link(r)) for r in (head, words) if r)
        return Move(says)
    if s.memory.parked and not head:
        head = answer_to(s, s.memory.parked[0])
    if head:
        return move(head)
    return move("utter_step_anything_else" if not s.said("utter_step_anything_else") else company(s))


def _link(response: str) -> tuple[dict[str, str], ...]:
    if response not in LINKS:
        return ()
    name, url = LINKS[response]
    return ({"kind": "link", "name": name, "url": url, "note": ""},)


def _before_disclosure(s: Situation) -> Move:
    """Nobody has said yet what it is about."""
    heard = s.heard
    if heard in ("greet", "ask_human", "next_step") and not s.said("utter_hello"):
        return move("utter_hello")
    if heard == "out_of_scope" and not s.said("utter_scope"):
        return move("utter_scope")
    if heard == "hostile" and not s.said("utter_hostile"):
        return move("utter_hostile")
    if heard in ("bye", "thanks"):
        return move("utter_bye")
    if heard == "nlu_fallback" or s.reading.fallback:
        return _not_understood(s)
    head = acknowledgement(s)
    ask = "utter_ask_what_happened" if s.said("utter_hello") else "utter_hello"
    if s.said("utter_ask_what_happened"):
        return _not_understood(s)
    return move(head, ask) if head and head != "utter_ack_thanks" else move(ask)


def _not_understood(s: Situation) -> Move:
    """Never the same fallback twice; the second brings a person."""
    if not s.said("utter_not_understood"):
        return move("utter_not_understood")
    if not s.said("utter_not_understood_again"):
        return move("utter_not_understood_again", requests=("handover",))
    return move(company(s), requests=("handover",))


def _ending(s: Situation) -> Move | None:
    """Goodbye with a safety question if it was ever open or the person is under 18."""
    if s.heard == "thanks" and next_step(s):
        return None
    asks = s.facts.suicide_or_self_harm or s.facts.child or s.answer("suicide") not in ("no", None)
    if asks and not s.said("utter_bye_safety"):
        return move("utter_bye_safety")
    return move("utter_bye")


_ASK_THEMSELVES = frozenset({"child", "child_sent_nothing", "parent", "friend", "teacher", "told_to_hurt"})
