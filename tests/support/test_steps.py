"""The steps, each by itself: when it is wanted, when it is taken, and in which words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from breakwater.support import steps
from breakwater.support.memory import Memory
from breakwater.support.steps import Step, first_question, next_step, track
from breakwater.support.wording import Wording
from breakwater.understanding.facts import CaseFacts, Reading

Situations = Callable[..., Any]
STEPS = {name: step for name, step in vars(steps).items() if isinstance(step, Step)}
TRACKS = {
    "LIVE": {"threat_type": "financial"},
    "ADULT_PAID": {"threat_type": "financial", "age": 34, "minor": "no", "paid": "yes"},
    "POSTED_TRACK": {"threat_type": "image", "already_posted": "yes"},
    "YOUNG": {"threat_type": "scam_email", "age": 12, "minor": "yes"},
    "EMAIL": {"threat_type": "scam_email"},
    "PRE_TRACK": {"threat_type": "pre_threat"},
    "PARENT": {"threat_type": "financial", "speaker": "teacher"},
    "FRIEND": {"threat_type": "financial", "speaker": "friend"},
    "THIRD_IN_DANGER": {"speaker": "parent", "risk": ("suicide_active",)},
    "FRIEND_IN_DANGER": {"speaker": "friend", "risk": ("suicide_active",)},
    "BYSTANDER": {"speaker": "bystander"},
    "PERPETRATOR": {"threat_type": "image", "speaker": "perpetrator"},
}


@pytest.mark.parametrize(("name", "known"), TRACKS.items())
def test_each_kind_of_case_has_its_track(situations: Situations, name: str, known: dict[str, Any]) -> None:
    assert track(situations(CaseFacts(**known))) == getattr(steps, name)


def test_where_nothing_was_told_it_is_asked_once(situations: Situations) -> None:
    assert next_step(situations()) is steps.WHAT_HAPPENED
    assert next_step(situations(memory=Memory(said=("utter_ask_what_happened",)))) is None


def test_a_correction_of_the_age_leaves_the_track_for_the_young(situations: Situations) -> None:
    corrected = CaseFacts(threat_type="financial", age=61, minor="no", lowest_age=12)
    assert track(situations(corrected)) == steps.LIVE


@pytest.mark.parametrize("name", STEPS)
def test_a_step_is_taken_once_its_words_were_said(situations: Situations, wording: Wording, name: str) -> None:
    step = STEPS[name]
    s = situations(CaseFacts(threat_type="financial"))
    response = step.words(s)
    reply = wording.reply(response, {}, **dict.fromkeys(wording.places(response), "x"))
    assert step.taken(situations(s.facts, Memory().after([reply])))
    assert not step.taken(s)


@pytest.mark.parametrize("known", [known for name, known in TRACKS.items() if not name.endswith("IN_DANGER")])
@pytest.mark.parametrize("answer", ["yes", "no", None])
def test_every_track_ends(chats: Callable[..., Any], known: dict[str, Any], answer: str | None) -> None:
    """A step that is never taken would be said for ever."""
    chat = chats()
    chat.hears(**known)
    for _ in range(25):
        about_danger = chat.memory.question in ("suicide", "attempt", "home_safe", "is_child_safe", "already_posted")
        heard = chat.hears("tell", answer="no" if answer and about_danger else answer)
    assert set(heard.responses) <= {"utter_step_anything_else", *(f"utter_company_{n}" for n in range(1, 5))}


@pytest.mark.parametrize(
    ("step", "fact"),
    [
        ("PAID", {"paid": "yes"}),
        ("PAID", {"paid": "no"}),
        ("AGE", {"age": 15, "minor": "yes"}),
        ("AGE", {"age_max": 15}),
        ("AGE", {"minor": "no"}),
        ("DEMAND", {"demand": ("money",)}),
        ("PAYMENT", {"paid": "no"}),
        ("PAYMENT", {"paid": "yes", "payment": ("crypto",)}),
        ("MONEY_BACK", {"paid": "no"}),
        ("MUTE", {"blocked_already": "yes"}),
        ("TELL", {"adult_told": "yes"}),
        ("PERSON", {"wants_human": True}),
        ("REMOVAL", {"images_shared_already": "no"}),
        ("HOME", {"home_unsafe": "no"}),
        ("HOME_AGAIN", {"home_unsafe": "no"}),
    ],
)
def test_what_is_known_or_done_is_not_wanted(situations: Situations, step: str, fact: dict[str, Any]) -> None:
    assert not STEPS[step].wanted(situations(CaseFacts(**{"threat_type": "financial", "minor": "yes", **fact})))


@pytest.mark.parametrize(
    ("known", "response"),
    [
        ({"minor": "yes"}, "utter_step_removal_under_18"),
        ({}, "utter_step_removal_under_18"),
        ({"minor": "no", "age": 34}, "utter_step_removal_adult"),
        ({"minor": "no", "age": 19, "age_in_image": 15}, "utter_step_removal_under_18"),
        ({"minor": "no", "has_file": "no"}, "utter_step_removal_no_file"),
    ],
)
def test_the_tool_follows_the_age_in_the_picture(situations: Situations, known: dict[str, Any], response: str) -> None:
    assert steps.REMOVAL.words(situations(CaseFacts(threat_type="image", **known))) == response


@pytest.mark.parametrize(
    ("known", "response"),
    [
        ({"minor": "yes", "home_unsafe": "no"}, "utter_step_tell_someone"),
        ({"minor": "yes"}, "utter_step_tell_somebody_safe"),
        ({"minor": "yes", "home_unsafe": "yes"}, "utter_step_tell_outside_home"),
        ({"minor": "no"}, "utter_step_one_person_adult"),
        ({"minor": "no", "home_unsafe": "yes"}, "utter_step_tell_outside_home"),
    ],
)
def test_who_to_tell_depends_on_home(situations: Situations, known: dict[str, Any], response: str) -> None:
    assert steps.TELL.words(situations(CaseFacts(threat_type="image", **known))) == response


@pytest.mark.parametrize(
    ("step", "known", "response"),
    [
        ("SAVE", {}, "utter_step_save"),
        ("SAVE", {"evidence_saved": "yes"}, "utter_step_save_checked"),
        ("BLOCK", {}, "utter_step_block_report"),
        ("BLOCK", {"blocked_already": "yes"}, "utter_step_report_blocked"),
    ],
)
def test_what_was_done_before_is_praised_and_made_whole(
    situations: Situations, step: str, known: dict[str, Any], response: str
) -> None:
    s = situations(CaseFacts(threat_type="financial", **known))
    assert STEPS[step].wanted(s) and STEPS[step].words(s) == response


def test_an_earlier_no_does_not_make_home_safe_again(situations: Situations) -> None:
    memory = Memory(answers={"home_safe": "no"})
    s = situations(CaseFacts(threat_type="image", minor="yes", home_unsafe="yes"), memory)
    assert steps.TELL.words(s) == "utter_step_tell_outside_home"
    assert not steps.YOUNG_GO.wanted(s)


@pytest.mark.parametrize(
    "near",
    [
        {"offender": "known"}, {"offender": "family_or_trust"}, {"home_unsafe": "yes"},
        {"risk": ("meeting_planned",)}, {"risk": ("offline_danger",)},
    ],
)  # fmt: skip
def test_with_the_offender_near_mute_and_do_not_block(situations: Situations, near: dict[str, Any]) -> None:
    s = situations(CaseFacts(threat_type="image", deadline="in 30 min", **near))
    assert steps.BLOCK.words(s) == "utter_step_mute_no_block"
    assert not steps.LOCK_DOWN.wanted(s)
    assert not steps.HIDE_FRIENDS.wanted(s)


def test_where_somebody_reads_along_nothing_is_changed_on_that_phone(situations: Situations) -> None:
    s = situations(CaseFacts(threat_type="image", watched="yes"))
    assert steps.MUTE.words(s) == steps.BLOCK.words(s) == "utter_step_mute_watched"
    assert not steps.LOCK_DOWN.wanted(s)


def test_no_child_under_13_is_sent_to_an_aunt_when_home_is_the_danger(situations: Situations) -> None:
    s = situations(CaseFacts(threat_type="image", age=12, minor="yes", home_unsafe="yes"))
    named = next_step(s)
    assert named is steps.YOUNG_UNSAFE
    assert not steps.YOUNG_ELSE.wanted(s)
    assert not steps.YOUNG_SHOW.wanted(s)


def test_the_app_is_asked_before_proof_and_the_payment_before_money_back(chats: Callable[..., Any]) -> None:
    chat = chats(threat_type="financial", demand=("money",), age=19, minor="no", paid="yes")
    dangers = ("suicide", "already_posted", "want_human")
    said = [
        response
        for _ in range(20)
        for response in chat.hears("done_step", answer="no" if chat.memory.question in dangers else "yes").responses
    ]
    order = ["utter_step_mute_which_app", "utter_step_save", "utter_ask_payment", "utter_step_money_back"]
    assert [response for response in said if response in order] == order


def test_whom_to_ask_for_the_money_is_said_once(situations: Situations) -> None:
    facts = CaseFacts(threat_type="financial", paid="yes")
    after_paying = situations(facts, Memory(said=("utter_answer_just_paid",), given={"payment_recovery": 1}))
    after_asking = situations(facts, Memory(said=("utter_answer_money_back",), given={"payment_recovery": 1}))
    assert steps.PAYMENT.wanted(after_paying) and not steps.MONEY_BACK.taken(after_paying)
    assert not steps.PAYMENT.wanted(after_asking) and steps.MONEY_BACK.taken(after_asking)


def test_going_to_pay_and_a_yes_hide_the_friends_list(situations: Situations) -> None:
    memory = Memory(said=("utter_answer_going_to_pay",), given={"lock_down": 1})
    facts = CaseFacts(threat_type="financial")
    yes = situations(facts, memory, Reading("affirm", 1.0, question="next_step", answer="yes"))
    no = situations(facts, memory, Reading("deny", 1.0, question="next_step", answer="no"))
    assert steps.HIDE_FRIENDS.wanted(yes) and not steps.HIDE_FRIENDS.taken(yes)
    assert not steps.HIDE_FRIENDS.wanted(no)


@pytest.mark.parametrize(
    ("known", "name"),
    [
        ({"threat_type": "unclear_threat"}, "demand"),
        ({"threat_type": "financial", "demand": ("money",)}, "paid"),
        ({"threat_type": "image", "demand": ("images",)}, "mute"),
        ({"threat_type": "pre_threat"}, "age"),
        ({"threat_type": "pre_threat", "age": 15, "minor": "yes"}, None),
        ({"threat_type": "scam_email"}, "email_explain"),
    ],
)
def test_the_first_question_decides_the_next_words(
    situations: Situations, known: dict[str, Any], name: str | None
) -> None:
    step = first_question(situations(CaseFacts(**known)))
    assert (step.name if step else None) == name


def test_on_a_phone_that_others_look_at_nothing_is_saved(chats: Callable[..., Any]) -> None:
    chat = chats(threat_type="image", demand=("images",), watched="yes", age=17, minor="yes", home_unsafe="yes")
    heard = [chat.hears("affirm", answer="no" if chat.memory.question == "suicide" else "yes") for _ in range(9)]
    saving = [r for said in heard for r in said.responses if r.startswith("utter_step_save")]
    assert saving == ["utter_step_save_watched"]


def test_before_a_threat_an_adult_is_told_of_a_worry_not_of_one(chats: Callable[..., Any]) -> None:
    chat = chats(threat_type="pre_threat", age=13, minor="yes")
    heard = [chat.hears("affirm", answer="no") for _ in range(8)]
    assert "utter_pre_tell" in [r for said in heard for r in said.responses]


def test_home_is_asked_once_more_where_something_else_was_said_instead(situations: Situations) -> None:
    facts, asked = CaseFacts(threat_type="image", minor="yes"), Memory(asked={"home_safe": 1})
    assert steps.HOME_AGAIN.wanted(situations(facts, asked))
    assert not steps.HOME_AGAIN.wanted(situations(facts))
    assert not steps.HOME_AGAIN.wanted(situations(facts, replace(asked, answers={"home_safe": "rather_not"})))
    assert not steps.HOME_AGAIN.wanted(situations(replace(facts, minor="no"), asked))


def test_an_adult_who_paid_comes_to_the_bank_before_a_person_is_offered(chats: Callable[..., Any]) -> None:
    chat = chats(threat_type="financial", demand=("money",), age=34, minor="no", paid="yes", payment=("paypal",))
    said = [r for _ in range(12) for r in chat.hears("tell").responses]
    assert said.index("utter_step_money_back") < said.index("utter_step_person_offer")
    assert said.index("utter_step_block_report") < said.index("utter_step_money_back")
