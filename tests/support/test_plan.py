"""What holds in every conversation, whatever is known, said and asked (safeguarding §1, design §4)."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from breakwater.settings import ROOT
from breakwater.support.danger import in_danger
from breakwater.support.memory import Memory
from breakwater.support.plan import next_move
from breakwater.support.situation import Situation
from breakwater.support.topics import Topics
from breakwater.support.turn import Place
from breakwater.support.wording import Wording
from breakwater.understanding import answers
from breakwater.understanding.facts import (
    DEMANDS,
    NOW,
    OFFENDERS,
    RISKS,
    SPEAKERS,
    THREAT_TYPES,
    YES_NO_FACTS,
    CaseFacts,
    Reading,
)

Chats = Callable[..., Any]
Conversation = tuple[Place, dict[str, Any], list[dict[str, Any]]]

BLACKMAIL_STEPS = {
    "block_report", "lock_down", "change_password", "two_factor", "removal_under_18", "removal_adult",
    "removal_no_file", "payment_recovery", "save_evidence", "save_evidence_without_image", "platform_report",
}  # fmt: skip
SAFETY = {
    "company", "emergency_number", "support_line", "stay_safe_now", "suicide_question", "attempt_question",
    "means_question", "means_distance", "be_with_someone", "check_on_them", "human_coming", "no_one_on_shift",
    "stay_with_them", "welcome_back",
}  # fmt: skip
TELL = {"parent_card", "tell_someone", "words_to_tell"}
# They speak of somebody the person feels safe with, or of how to help a friend.
NOT_ABOUT_FAMILY = {
    "utter_who_with_you", "utter_answer_friend_help", "utter_answer_take_down_young",
    "utter_answer_evidence_what_young", "utter_answer_block_or_not_young", "utter_step_tell_outside_home",
    "utter_answer_how_tell_parents_home_unsafe", "utter_own_others", "utter_answer_what_tell_others",
}  # fmt: skip
# Said as often as the person does the same thing again; none of them is a step.
ANSWERS_AGAIN = (
    "utter_answer",
    "utter_erase_",
    "utter_numbers",
    "utter_media_",
    "utter_hidden",
    "utter_bye",
    "utter_unreadable",
    "utter_bot",
)
PROMISES_A_PERSON = re.compile(
    r"calling a counsellor|counsellor is being called|counsellor comes|asking a (?:real )?person|asking a counsellor"
    r"|i've called|counsellor can join|asked a counsellor",
    re.IGNORECASE,
)

INTENTS = (
    "tell", "answer", "ask_human", "decline_human", "affirm", "deny", "unsure", "greet", "thanks", "bye", "done_step",
    "next_step", "repeat", "shorter", "feelings", "hostile", "out_of_scope", "bot_test", "hide", "erase",
    "media_image", "media_voice", "media_sticker", "nlu_fallback",
)  # fmt: skip
AGES = [{"age": age, "minor": "yes" if age < 18 else "no"} for age in (9, 12, 13, 15, 17, 18, 34)]
# Everything that one message can state, one fact each.
FACTS: list[dict[str, Any]] = [
    *({"threat_type": value} for value in THREAT_TYPES),
    *({"demand": (value,)} for value in DEMANDS),
    *({"speaker": value} for value in SPEAKERS),
    *({"offender": value} for value in OFFENDERS),
    *({name: value} for name in YES_NO_FACTS for value in ("yes", "no")),
    *({"country": value} for value in ("GB", "NL", "US", "BR", "XX")),
    *({"age_in_image": value} for value in (14, 20)),
    *({"deadline": value} for value in ("in 30 min", "by midnight")),
    {"wants_human": True}, {"unreadable": True}, {"minor": "yes"}, {"minor": "no"}, {"age_max": 12, "minor": "yes"},
    *AGES, *AGES,
]  # fmt: skip
DANGERS: list[dict[str, Any]] = [{"risk": (value,)} for value in RISKS] + [{"now": (value,)} for value in NOW]
LIVE: list[dict[str, Any]] = [{"threat_type": value} for value in ("financial", "image", "both", "ex_partner")]

seldom = st.integers(0, 9).map(lambda n: n == 0)
turns = st.fixed_dictionaries(
    {
        "intent": st.sampled_from(("tell", "tell", "tell", *INTENTS)),
        "stated": st.lists(st.sampled_from(FACTS), max_size=2),
        "danger": st.one_of(st.none(), st.none(), st.none(), st.none(), st.sampled_from(DANGERS)),
        "answers": st.sampled_from((None, "yes", "yes", "no", "unsure", "rather_not")),
        "topic": st.one_of(st.none(), st.none(), st.none(), st.integers(0, 200)),
        "long_away": seldom,
    }
)
Turn = dict[str, Any]
hours = st.integers(0, 400 * 24)


def at(hour: int) -> str:
    return (datetime(2026, 1, 1, tzinfo=timezone.utc) + timedelta(hours=hour)).isoformat()


places = st.builds(
    Place, now=hours.map(at), channel=st.sampled_from(("web", "telegram")), counsellor_here=st.booleans(),
    home_country=st.sampled_from(("GB", "NL", "IE")), calls_emergency=st.booleans(),
)  # fmt: skip


def conversations_of(least: int, most: int) -> st.SearchStrategy[tuple[Place, dict[str, Any], list[Turn]]]:
    """Where and when, what kind of case, and what the person does."""
    opening = st.sampled_from([*LIVE, *LIVE, *FACTS, *DANGERS])
    return st.tuples(places, opening, st.lists(turns, min_size=least, max_size=most))


def reading_of(turn: Turn, opening: dict[str, Any], memory: Memory, topics: Topics) -> Reading:
    names = sorted(topics.by_name)
    topic = None if turn["topic"] is None else names[turn["topic"] % len(names)]
    question = memory.question if turn["answers"] else None
    said = dict(opening)
    for stated in (*turn["stated"], turn["danger"] or {}, answers.stated(question, turn["answers"]).known()):
        said.update(stated)
    answer = turn["answers"] if question else None
    intent = f"ask_{topic}" if topic else turn["intent"]
    asks = topic is not None or bool(turn.get("asks"))
    return Reading(intent, 1.0, topic, CaseFacts.of(said), question, answer, asks=asks)


def walk(chats: Chats, conversation: Conversation) -> Iterator[tuple[Any, Situation]]:
    """Plays the turns: what was said each time, and the situation it was said in."""
    place, opening, played = conversation
    chat = chats()
    for number, turn in enumerate(played):
        reading = reading_of(turn, opening if number == 0 else {}, chat.memory, chat.situations().topics)
        chat.place = replace(place, away_seconds=9 * 3600.0 if turn["long_away"] else 20.0)
        before = chat.memory.hearing(reading)
        heard = chat.reads(reading)
        yield heard, chat.situations(chat.facts, before, reading, chat.place)


conversations = conversations_of(1, 8)
long_conversations = conversations_of(25, 25)
quiet = {"deadline": None, "suppress_health_check": list(HealthCheck)}
walks = settings(max_examples=200, **quiet)
long_walks = settings(max_examples=40, **quiet)


@walks
@given(conversation=conversations)
def test_there_is_always_an_answer_of_one_or_two_messages_with_one_question(
    chats: Chats, conversation: Conversation
) -> None:
    for heard, _ in walk(chats, conversation):  # saying it fills every place, or raises
        assert 1 <= len(heard.replies) <= 2
        assert len(heard.questions) <= 1, heard.responses
        assert len(set(heard.responses)) == len(heard.responses)
        assert all(len(reply["text"].split()) <= 75 for reply in heard.replies)  # 60, and the words of two lines


@walks
@given(conversation=conversations)
def test_no_blackmail_step_in_immediate_danger(chats: Chats, conversation: Conversation) -> None:
    for heard, s in walk(chats, conversation):
        # A parent is safe, may ask for it, and is thanked for having saved or blocked.
        answered = ("utter_answer_", "utter_ack_", "utter_media_") if s.facts.for_somebody_else else ()
        if in_danger(s):
            given_tags = {tag for r in heard.replies if not r["response"].startswith(answered) for tag in r["tags"]}
            assert not given_tags & BLACKMAIL_STEPS, heard.responses


@walks
@given(conversation=conversations)
def test_where_home_is_not_safe_nobody_is_sent_to_their_family(chats: Chats, conversation: Conversation) -> None:
    for heard, s in walk(chats, conversation):
        if s.facts.home_unsafe == "yes" and s.facts.speaker == "victim":
            told = {r["response"] for r in heard.replies if TELL & set(r["tags"])}
            assert told <= NOT_ABOUT_FAMILY, s.reading


@walks
@given(conversation=conversations)
def test_no_person_is_promised_when_nobody_can_come(chats: Chats, conversation: Conversation) -> None:
    for heard, s in walk(chats, conversation):
        if not s.place.counsellor_here:
            assert "human_coming" not in heard.tags, heard.responses
            assert not PROMISES_A_PERSON.search(heard.text), heard.responses


@walks
@given(conversation=conversations)
def test_under_13_nothing_is_to_be_done_alone(chats: Chats, conversation: Conversation) -> None:
    alone = re.compile(r"utter_(step|pre|ack)_(save|block|lock|hide|removal|money|protect|police)")
    for heard, s in walk(chats, conversation):
        if s.facts.under_13 and not s.facts.for_somebody_else:
            assert not [r for r in heard.responses if alone.match(r) and not r.startswith("utter_ack_")]


@walks
@given(conversation=conversations)
def test_what_is_known_is_not_asked(chats: Chats, conversation: Conversation) -> None:
    for heard, s in walk(chats, conversation):
        f = s.facts
        known = {
            "age": f.age_known or f.minor == "no", "paid": f.paid != "unknown", "demand": bool(f.demand),
            "blocked": f.blocked_already == "yes", "evidence_saved": f.evidence_saved == "yes",
            "already_posted": f.already_posted != "unknown", "deadline": f.deadline is not None,
            "home_safe": f.home_unsafe != "unknown",
        }  # fmt: skip
        assert not [q for q in heard.questions if known.get(q)], heard.responses


@long_walks
@given(conversation=long_conversations)
def test_no_step_comes_twice_in_a_long_conversation(chats: Chats, conversation: Conversation) -> None:
    told: Counter[str] = Counter()
    for heard, s in walk(chats, conversation):
        for reply in heard.replies:
            exempt = reply["response"].startswith(ANSWERS_AGAIN) or SAFETY & set(reply["tags"])
            told[reply["response"]] += not exempt and s.heard != "repeat"
    assert {response: n for response, n in told.items() if n > 1} == {}


@long_walks
@given(conversation=long_conversations)
def test_safety_may_come_again_but_never_the_same_words_in_a_row(chats: Chats, conversation: Conversation) -> None:
    before: tuple[str, ...] = ()
    for heard, s in walk(chats, conversation):
        asked_again = s.heard in ("hide", "bye", "thanks", "repeat") or s.heard.startswith("media_") or s.reading.topic
        same = set(before) & set(heard.responses) - {r for r in heard.responses if r.startswith("utter_welcome_back")}
        assert not same or asked_again, same
        before = heard.responses


@walks
@given(conversation=conversations)
def test_the_same_situation_gives_the_same_move(chats: Chats, conversation: Conversation) -> None:
    for heard, s in walk(chats, conversation):
        assert next_move(s) == heard.move


@pytest.mark.parametrize("fact", [{"paid": "yes"}, {"age": 14, "minor": "yes"}, {"home_unsafe": "yes"}])
def test_who_reports_about_another_is_not_spoken_to_as_the_victim(chats: Chats, fact: dict[str, Any]) -> None:
    chat = chats(speaker="parent", threat_type="financial", demand=("money",))
    chat.hears()
    assert not [r for r in chat.hears(**fact).responses if r.startswith("utter_ack_") and r != "utter_ack_thanks"]


# --- the order of §6, read as conversations --------------------------------------------------


def go_on(chat: Any) -> Any:
    """The person does each step, is in no danger, and answers as a boy of 15 whose home is safe."""
    told = {"age": "13_15", **dict.fromkeys(("home_safe", "suicide", "attempt", "already_posted", "outside_now"), "no")}
    return chat.hears("done_step", answer=told.get(chat.memory.question, "yes"))


def test_the_order_of_a_boy_who_is_blackmailed_for_money(chat: Any) -> None:
    asked: list[str] = []
    chat.hears(threat_type="financial", demand=("money",), images_shared_already="yes")
    chat.hears("deny", answer="no")
    chat.hears("deny", answer="no")
    for _ in range(14):
        asked.append(go_on(chat).responses[-1])
    order = [
        "utter_step_age", "utter_step_person_child", "utter_step_save", "utter_step_block_report",
        "utter_step_removal_under_18", "utter_step_lock_down", "utter_step_tell_someone", "utter_step_police",
        "utter_step_come_back",
    ]  # fmt: skip
    assert [r for r in asked if r in order] == order
    said = chat.memory.said
    assert said.index("utter_suicide_everyone") < said.index("utter_step_mute_which_app") < said.index("utter_step_age")


@pytest.mark.parametrize("here", [True, False])
@pytest.mark.parametrize(
    "known",
    [
        {"threat_type": "financial", "demand": ("money",)},
        {"threat_type": "image", "demand": ("images",)},
        {"threat_type": "unclear_threat"},
        {"threat_type": "deepfake", "demand": ("money",)},
        {"threat_type": "ex_partner"},
        {"threat_type": "both", "demand": ("money", "images"), "paid": "yes"},
        {"already_posted": "yes"},
        {"threat_type": "pre_threat", "age": 15, "minor": "yes"},
        {"threat_type": "image", "age": 12, "minor": "yes"},
    ],
)
def test_everyone_in_a_live_threat_is_asked_about_suicide_by_the_third_turn(
    chats: Chats, here: bool, known: dict[str, Any]
) -> None:
    chat = chats(here)
    heard = [chat.hears(**known), chat.hears("deny", answer="no"), chat.hears("deny", answer="no")]
    assert "suicide_question" not in heard[0].tags
    assert "suicide_question" in heard[1].tags | heard[2].tags
    assert not (heard[0].tags | heard[1].tags) & {"save_evidence", "block_report"}


def test_a_child_with_a_safe_adult_near_is_sent_to_them_first_and_asked_then(chat: Any) -> None:
    chat.hears(threat_type="image", age=12, minor="yes")
    assert chat.hears("affirm", answer="yes").questions == ("home_safe",)
    assert chat.hears("deny", answer="no").responses[-1] == "utter_young_go_now"
    assert chat.hears().questions == ("suicide",)


def test_it_is_asked_again_when_pictures_went_out(chat: Any) -> None:
    chat.hears(threat_type="image", demand=("images",))
    assert chat.hears().questions == ("suicide",)
    chat.hears("deny", answer="no")
    assert "utter_suicide_again" in chat.hears(already_posted="yes").responses


def test_what_was_out_from_the_start_is_no_news_later(chat: Any) -> None:
    chat.hears(threat_type="image", already_posted="yes")
    chat.hears()
    chat.hears("deny", answer="no")
    assert not {"utter_suicide_again", "utter_ack_posted"} & set(chat.hears(already_posted="yes").responses)


def test_an_email_bluff_is_no_live_threat_and_is_asked_how_it_goes(chat: Any) -> None:
    chat.hears(threat_type="scam_email", platform=("email",), demand=("money",))
    questions = [q for _ in range(4) for q in chat.hears().questions]
    assert "suicide" not in questions
    assert "how_are_you" in questions


@pytest.mark.parametrize("near", [{"offender": "known"}, {"watched": "yes"}, {"home_unsafe": "yes"}])
def test_nothing_that_warns_an_offender_who_is_near(chats: Chats, near: dict[str, Any]) -> None:
    chat = chats(threat_type="ex_partner", demand=("images",), age=19, minor="no", deadline="in 40 min", **near)
    tags = {tag for _ in range(20) for tag in go_on(chat).tags}
    assert not tags & {"block_report", "lock_down", "change_password"}
    assert "dont_reply" in tags
    assert ("mute" in tags) is ("watched" not in near)  # whoever reads along would see that


@pytest.mark.parametrize(("minor", "tool"), [("yes", "Take It Down"), ("no", "StopNCII")])
def test_whoever_names_a_tool_shows_where_it_is(chats: Chats, minor: str, tool: str) -> None:
    chat = chats(threat_type="image", demand=("images",), minor=minor, home_unsafe="no")
    chat.hears()
    moves = [chat.hears("ask_take_down", topic="take_down").move, *(go_on(chat).move for _ in range(14))]
    links = {say.response: [card["name"] for card in say.cards] for found in moves for say in found.says if say.cards}
    assert links and all(names == [tool] for names in links.values())


def test_what_the_answer_just_said_is_no_step_beside_it(chats: Chats) -> None:
    known = {"demand": ("money",), "paid": "no", "evidence_saved": "yes", "platform": ("kik",)}
    chat = chats(threat_type="financial", age=17, minor="yes", home_unsafe="no", **known)
    while chat.memory.said[-1:] != ("utter_person_coming",):
        go_on(chat)
    said = chat.hears("ask_block_or_not", topic="block_or_not").responses
    assert said == ("utter_answer_block_or_not_saved", "utter_step_removal_under_18")


def test_who_asks_and_told_nothing_gets_the_whole_way_in_short_and_then_every_step(chat: Any) -> None:
    said = chat.hears("ask_what_do_i_do_now", topic="what_do_i_do_now").responses
    assert said == ("utter_answer_what_do_i_do_now_untold", "utter_ask_what_happened")
    chat.hears(threat_type="financial", demand=("money",))
    steps = {response for _ in range(14) for response in go_on(chat).responses}
    assert {"utter_step_save", "utter_step_block_report"} <= steps


def test_who_asks_about_this_chat_is_not_pressed_for_more(chat: Any) -> None:
    said = chat.hears("ask_what_is_stored", topic="what_is_stored").responses
    assert said == ("utter_answer_what_is_stored",)


def test_a_question_asked_on_coming_back_is_answered_once_they_go_on(chats: Chats) -> None:
    chat = chats(threat_type="financial", demand=("money",))
    chat.hears()
    chat.away(9 * 3600).hears("ask_block_or_not", topic="block_or_not")
    assert chat.memory.said[-1] == "utter_welcome_back"
    assert "utter_answer_block_or_not" in chat.away(20).hears("affirm", answer="yes").responses


def test_what_waited_for_the_question_about_home_is_answered_then(chats: Chats) -> None:
    chat = chats(threat_type="financial", demand=("money",), paid="no", age=34, minor="no")
    chat.hears()
    assert chat.hears("ask_how_tell_parents", topic="how_tell_parents").questions == ("home_safe",)
    assert chat.hears("deny", answer="no").responses[0] == "utter_answer_how_tell_parents_adult"


def test_who_did_it_is_neither_comforted_nor_told_that_it_is_not_their_fault(chats: Chats) -> None:
    chat = chats(threat_type="image", speaker="perpetrator")
    heard = [chat.hears(), chat.hears("feelings"), chat.hears("feelings")]
    heard += [chat.hears(f"ask_{topic}", topic=topic) for topic in ("is_it_my_fault", "am_i_stupid", "sent_it_already")]
    assert "utter_ack_feelings_own" in heard[1].responses
    assert not {"not_your_fault", "calm"} & {tag for h in heard for tag in h.tags}


def test_a_second_picture_does_not_stop_the_plan(chats: Chats) -> None:
    chat = chats(threat_type="financial", demand=("money",), paid="no")
    chat.hears()
    chat.hears("media_image")
    said = chat.hears("media_image").responses
    assert said[0] == "utter_media_image_again" and len(said) == 2


def test_a_question_is_answered_before_the_plan_goes_on(chat: Any) -> None:
    chat.hears(threat_type="financial", demand=("money",))
    heard = chat.hears("ask_will_they_post", topic="will_they_post")
    assert heard.responses[0] == "utter_answer_will_they_post"
    assert len(heard.responses) == 2


def test_an_answer_that_asks_something_itself_is_said_alone(chat: Any) -> None:
    chat.hears(threat_type="financial", demand=("money",))
    heard = chat.hears("ask_going_to_pay", topic="going_to_pay")
    assert (heard.responses, heard.questions) == (("utter_answer_going_to_pay",), ("next_step",))


@pytest.mark.parametrize(("home", "soothed"), [("unknown", True), ("no", True), ("yes", False)])
def test_only_where_home_is_no_danger_is_a_child_told_that_anger_is_worry(
    chats: Chats, home: str, soothed: bool
) -> None:
    chat = chats(threat_type="image", age=12, minor="yes", home_unsafe=home)
    chat.hears()
    assert ("utter_young_mad" in chat.hears("feelings").responses) is soothed


def test_a_person_is_called_when_asked_for(chat: Any) -> None:
    assert "handover" in chat.hears("ask_human", wants_human=True).move.requests
    assert chat.memory.said[-1:] != ()


# --- coming back and leaving ------------------------------------------------------------------


def test_after_hours_nothing_of_before_is_named(chats: Chats) -> None:
    chat = chats()
    chat.hears(threat_type="financial", demand=("money",))
    chat.hears("deny", answer="no")
    assert chat.away(9 * 3600).hears("greet").responses == ("utter_welcome_back",)


@pytest.mark.parametrize(
    "danger", [{"risk": ("suicide_passive",)}, {"risk": ("suicide_active",)}, {"now": ("offender_present",)}]
)
def test_after_hours_and_danger_the_first_question_is_whether_they_are_safe(
    chats: Chats, danger: dict[str, Any]
) -> None:
    chat = chats()
    chat.hears(threat_type="financial", **danger)
    heard = chat.away(9 * 3600).hears("greet")
    assert (heard.responses, heard.questions) == (("utter_welcome_back_safe",), ("safe_now",))
    heard = chat.away(9 * 3600).hears(risk=("suicide_active",))  # new words of danger cannot wait for a welcome
    assert "welcome_back" not in heard.tags
    assert heard.tags & SAFETY


@pytest.mark.parametrize(
    ("known", "asked"),
    [
        ({"age": 15, "minor": "yes"}, True),
        ({"age": 30, "minor": "no"}, False),
        ({"age": 30, "minor": "no", "risk": ("self_harm",)}, True),
    ],
)
def test_goodbye_asks_whether_a_young_or_troubled_person_is_safe(
    chats: Chats, known: dict[str, Any], asked: bool
) -> None:
    chat = chats(threat_type="financial", demand=("money",), **known)
    chat.memory = replace(
        chat.memory, said=("utter_first_money",),
        asked=dict.fromkeys(("suicide", "attempt", "means_near", "who_with_you"), 1),
        answers={"suicide": "no"},
    )  # fmt: skip
    assert (chat.hears("bye").questions == ("safe_now",)) is asked
    assert chat.hears("affirm", answer="yes").responses == ("utter_bye",) or not asked


def test_a_suicide_question_never_answered_is_open_at_goodbye(chats: Chats) -> None:
    chat = chats(threat_type="financial", demand=("money",), paid="no", age=30, minor="no")
    chat.hears()
    assert chat.hears().questions == ("suicide",)
    chat.hears("tell")
    assert chat.hears("bye").responses == ("utter_bye_suicide",)
    assert chat.hears("answer", answer="no").responses == ("utter_bye",)


# --- before anything is told -------------------------------------------------------------------


def test_the_second_message_not_understood_brings_a_person(chat: Any) -> None:
    first = chat.hears("nlu_fallback", fallback=True)
    second = chat.hears("nlu_fallback", fallback=True)
    assert "emergency_number" in first.tags
    assert second.responses != first.responses
    assert "handover" in second.move.requests
    assert chat.hears("nlu_fallback", fallback=True).responses not in (first.responses, second.responses)


def test_what_cannot_be_read_is_answered_with_numbers_in_other_words_each_time(chat: Any) -> None:
    first, second = chat.hears(unreadable=True), chat.hears(unreadable=True)
    assert first.responses != second.responses
    for heard in (first, second):
        assert {"emergency_number", "support_line"} <= heard.tags
        assert "handover" in heard.move.requests


def test_asked_to_say_it_again_it_says_the_same_again(chat: Any) -> None:
    chat.hears(threat_type="financial", demand=("money",))
    chat.hears("deny", answer="no")
    step = chat.hears("deny", answer="no").responses[-1]
    assert step == "utter_step_mute_which_app"
    assert chat.hears("repeat").responses == (step,)
    assert chat.hears("repeat", home_unsafe="yes").responses != (step,)


def test_hide_is_done_at_once_also_in_danger(chats: Chats) -> None:
    heard = chats(risk=("suicide_active",)).hears("hide")
    assert (heard.responses, heard.move.requests) == (("utter_hidden",), ("hide",))


def test_every_response_named_in_the_code_can_be_said(wording: Wording) -> None:
    rooms = ("support", "conversations", "assistant")
    named = set()
    for file in (f for room in rooms for f in (ROOT / "breakwater" / room).glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf8"))):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and re.fullmatch(r"utter_\w+[a-z0-9]", node.value)
            ):
                named.add(node.value)
    families = {n for n in named if any(r.startswith(n + "_") for r in wording.responses)}
    assert named - set(wording.responses) - families == set()


@pytest.mark.parametrize(
    ("channel", "days", "offered"), [("web", 30, True), ("web", 0, False), ("telegram", 30, False)]
)
def test_how_to_come_back_is_said_once_before_the_first_step_that_leads_out_of_the_page(
    chats: Callable[..., Any], channel: str, days: int, offered: bool
) -> None:
    known = {"demand": ("money",), "paid": "no", "age": 17, "home_unsafe": "no", "platform": ("instagram",)}
    chat = chats(threat_type="financial", **known)
    chat.place = replace(chat.place, channel=channel, retention_days=days)
    said = [chat.hears("tell").responses for _ in range(12)]
    before = ("utter_come_back_words",) if offered else ()
    assert [r for r in said if "utter_step_save" in r] == [(*before, "utter_step_save")]
    assert sum(r.count("utter_come_back_words") for r in said) == offered


def test_a_child_whose_home_is_known_safe_is_told_of_the_person_once(chats: Callable[..., Any]) -> None:
    chat = chats(threat_type="financial", demand=("money",), paid="no", age=17, home_unsafe="no")
    said = [r for _ in range(14) for r in chat.hears("tell").responses]
    assert said.count("utter_person_coming") == 1
    assert "utter_step_person_offer" not in said


def test_my_dad_will_kill_me_is_asked_back_once(chats: Callable[..., Any]) -> None:
    chat, fears = chats(), Reading(facts=CaseFacts(threat_type="image", demand=("images",)), fears_family=True)
    assert chat.reads(fears).responses == ("utter_first_images", "utter_ask_home_meant")
    assert "utter_ask_home_meant" not in chat.reads(replace(fears, facts=CaseFacts())).responses
    chat = chats(threat_type="financial", demand=("money",), paid="no")
    chat.hears("tell")
    assert chat.reads(Reading(fears_family=True)).questions == ("home_safe",)
    assert chat.hears("answer", "unsure").responses[0] == "utter_ack_home_unsafe"
    assert chat.facts.home_unsafe == "yes"
