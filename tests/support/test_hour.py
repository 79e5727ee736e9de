"""A deadline under two hours (safeguarding rule 24 S): the order of the steps, and the one message after it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from breakwater.support import hour
from breakwater.support.memory import Memory
from breakwater.understanding.facts import CaseFacts
from tests.support.conftest import NIGHT

Chats = Callable[..., Any]
THREAT: dict[str, Any] = {"threat_type": "financial", "demand": ("money",)}
ADULT: dict[str, Any] = {"age": 30, "minor": "no"}
ANSWERS = {"suicide": "no", "home_safe": "no", "age": "16_17", "platform": "instagram", "want_human": "no"}
NOW = datetime.fromisoformat(NIGHT.now)


def on_telegram(chats: Chats, **known: Any) -> Any:
    chat = chats()
    chat.place = replace(chat.place, channel="telegram")
    chat.facts = CaseFacts(**known)
    return chat


def go_on(chat: Any) -> Any:
    chat.later(1)
    return chat.hears("answer", answer=ANSWERS.get(chat.memory.question, "yes"))


def offered(chats: Chats, deadline: str = "in 40 min", **known: Any) -> Any:
    """A chat in which the offer was just made."""
    chat = on_telegram(chats)
    chat.hears(**{**THREAT, **ADULT, "deadline": deadline, **known})
    for _ in range(12):
        if hour.OFFER in go_on(chat).responses:
            return chat
    raise AssertionError("nothing was offered")


def said(chat: Any, turns: int = 14) -> list[str]:
    return [r for _ in range(turns) for r in go_on(chat).responses]


# --- the order -------------------------------------------------------------------------------------


@pytest.mark.parametrize("known", [ADULT, {}, {"age": 16, "minor": "yes"}])
def test_calm_and_quiet_at_once_then_the_friends_list_then_two_minutes_then_block(
    chats: Chats, known: dict[str, Any]
) -> None:
    chat = on_telegram(chats)
    first = chat.hears(**{**THREAT, "deadline": "in 40 min", **known})
    assert first.responses == ("utter_first_money", "utter_hour_mute")
    assert {"calm", "mute"} <= first.tags
    assert go_on(chat).questions == ("suicide",)
    after = said(chat)
    wanted = ["utter_step_hide_friends", "utter_hour_save", "utter_step_block_report", hour.OFFER]
    assert [r for r in after if r in wanted] == wanted
    assert not {"utter_step_save", "utter_step_mute"} & set(after)
    asked_first = ["utter_step_age", "utter_step_home"] if not known else []
    assert all(after.index(hour.OFFER) > after.index(r) for r in asked_first if r in after)


def test_a_child_is_asked_about_home_before_anything_is_blocked(chats: Chats) -> None:
    chat = on_telegram(chats)
    chat.hears(**THREAT, deadline="in 40 min")
    after = said(chat)
    assert chat.memory.answers["home_safe"] == "no"
    assert after.index("utter_step_person_child") < after.index("utter_step_block_report")


@pytest.mark.parametrize("deadline", ["by midnight", "in 4 hours", "within 3 days"])
def test_with_more_time_the_steps_keep_their_order(chats: Chats, deadline: str) -> None:
    chat = on_telegram(chats)
    assert "utter_hour_mute" not in chat.hears(**THREAT, **ADULT, deadline=deadline).responses
    after = said(chat)
    assert {"utter_step_save", "utter_step_lock_down"} <= set(after)
    assert not {"utter_step_hide_friends", "utter_hour_save", hour.OFFER} & set(after)


def test_by_a_time_of_day_that_may_be_near_the_friends_list_is_hidden_first(chats: Chats) -> None:
    chat = on_telegram(chats)
    chat.hears(**THREAT, **ADULT, deadline="by 11")
    assert "utter_step_hide_friends" in said(chat)


def test_a_clock_that_runs_hurries_the_steps_but_without_a_length_nothing_is_offered(chats: Chats) -> None:
    chat = on_telegram(chats)
    assert "utter_hour_mute" in chat.hears(**THREAT, **ADULT, deadline="countdown").responses
    after = said(chat)
    assert "utter_hour_save" in after
    assert hour.OFFER not in after


def test_who_is_there_when_it_has_passed_is_asked_what_came_of_it_once(chats: Chats) -> None:
    chat = on_telegram(chats)
    chat.hears(**THREAT, **ADULT, deadline="in 20 min")
    go_on(chat), go_on(chat)
    assert "utter_hour_over" not in chat.memory.said
    chat.later(20)
    assert go_on(chat).responses[-1] == "utter_hour_over"
    assert "utter_hour_over" not in said(chat)


# --- when it runs out ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "words", "after"),
    [
        (None, "in 40 min", 40),
        (40, None, 40),
        (40, "in 15 min", 15),
        (40, "countdown", 40),
        (40, "by midnight", None),
        (None, "by midnight", None),
    ],
)
def test_the_newest_length_counts(before: int | None, words: str | None, after: int | None) -> None:
    memory = Memory(deadline_at=(NOW + timedelta(minutes=before)).isoformat() if before else None)
    found = hour.runs_out(hour.noted(memory, CaseFacts(deadline=words), NIGHT.now))
    assert found == (NOW + timedelta(minutes=after) if after else None)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(1, "20 minutes"), (30, "45 minutes"), (44, "1 hour"), (46, "1 hour and 5 minutes"), (105, "2 hours")],
)
def test_the_time_is_told_as_a_length(minutes: int, words: str) -> None:
    memory = Memory(deadline_at=(NOW + timedelta(minutes=minutes)).isoformat())
    assert hour.values(memory, NIGHT.now, {"wait"}) == {"wait": words}


def test_no_time_of_day_is_ever_told(chats: Chats) -> None:
    chat = offered(chats)
    told = go_on(chat)
    assert "in about" in told.text
    assert not re.search(r"\d:\d|\b[ap]m\b|clock|midnight", told.text)


# --- the offer -------------------------------------------------------------------------------------


def test_a_yes_is_told_what_was_agreed_and_nothing_more_is_asked(chats: Chats) -> None:
    agreed = go_on(offered(chats))
    assert (agreed.responses, agreed.questions) == ((hour.AGREED,), ())


def test_a_no_is_heard_and_the_steps_go_on(chats: Chats) -> None:
    chat = offered(chats)
    refused = chat.hears("answer", answer="no")
    assert refused.responses[0] == hour.NOT_WANTED
    assert len(refused.responses) == 2
    assert not {hour.OFFER, hour.AGREED} & set(said(chat))
    chat.facts = replace(chat.facts, risk=())
    assert chat.hears("bye").responses[-1] != hour.OFFER


@pytest.mark.parametrize("heard", ["tell", "done_step", "next_step"])
def test_what_is_only_guessed_to_be_a_yes_is_none(chats: Chats, heard: str) -> None:
    assert hour.AGREED not in offered(chats).hears(heard, answer="yes").responses


def test_a_yes_to_something_else_is_none(chats: Chats) -> None:
    chat = offered(chats)
    chat.hears("tell")
    chat.memory = replace(chat.memory, question="next_step")
    assert hour.AGREED not in chat.hears("answer", answer="yes").responses


def test_a_thank_you_does_not_take_the_yes_back(chats: Chats) -> None:
    chat = offered(chats)
    go_on(chat)
    assert chat.later(3).hears("thanks").responses == (hour.AGREED,)


def test_who_leaves_while_the_clock_runs_is_asked_then(chats: Chats) -> None:
    chat = on_telegram(chats)
    chat.hears(**THREAT, **ADULT, deadline="in 40 min")
    go_on(chat), go_on(chat)
    assert chat.hears("bye").responses == (hour.OFFER,)
    assert go_on(chat).responses == (hour.AGREED,)
    chat.hears("tell")
    assert chat.hears("bye").responses == (hour.AGREED,)


def test_a_child_who_leaves_is_first_asked_whether_they_are_safe(chats: Chats) -> None:
    chat = on_telegram(chats)
    chat.hears(**THREAT, deadline="in 40 min", age=16, minor="yes")
    go_on(chat), go_on(chat)
    assert chat.hears("bye").responses == ("utter_bye_safety",)
    assert chat.hears("answer", answer="yes").responses == (hour.OFFER,)


@pytest.mark.parametrize(
    "known",
    [
        {"watched": "yes"},
        {"home_unsafe": "yes"},
        {"offender": "known"},
        {"offender": "family_or_trust"},
        {"speaker": "parent"},
        {"risk": ("suicide_passive",)},
        {"age": 12, "minor": "yes"},
        {"already_posted": "yes"},
    ],
)
def test_nothing_is_offered_where_somebody_near_may_read_it_or_safety_comes_first(
    chats: Chats, known: dict[str, Any]
) -> None:
    chat = on_telegram(chats)
    chat.hears(**{**THREAT, **ADULT, "deadline": "in 40 min", **known})
    first, leaving = said(chat, 3), chat.hears("bye").responses
    assert hour.OFFER not in [*first, *leaving, *chat.hears("answer", answer="yes").responses, *said(chat)]


def test_nothing_is_offered_on_the_web_which_cannot_write_first(chat: Any) -> None:
    chat.hears(**THREAT, **ADULT, deadline="in 40 min")
    assert hour.OFFER not in [*said(chat), *chat.hears("bye").responses]


def test_it_is_offered_once_and_after_the_message_never_again(chats: Chats) -> None:
    chat = offered(chats)
    chat.hears("tell")
    assert hour.OFFER not in [*said(chat, 8), *chat.hears("bye").responses]
    again = on_telegram(chats)
    again.memory = again.memory.after([{"response": hour.WRITTEN}])
    again.hears(**THREAT, **ADULT, deadline="in 40 min")
    assert hour.OFFER not in said(again)
