"""The ladder of danger, word by word (safeguarding rules 1, 3, 5, 6, 8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from breakwater.settings import ROOT
from breakwater.support.danger import AT_THE_DOOR, COMPANY, DOCTOR_LINES, SAFE_PLACE, in_danger
from breakwater.support.memory import Memory
from breakwater.support.situation import unused
from breakwater.support.wording import Wording
from breakwater.understanding.facts import CaseFacts, Reading
from breakwater.understanding.quick_read import QuickRead

Chats = Callable[..., Any]
PASSIVE: dict[str, Any] = {"risk": ("suicide_passive",)}
PAID: dict[str, Any] = {"threat_type": "financial", "demand": ("money",), "paid": "yes", "age": 15, "minor": "yes"}


# --- the writer's own life ---------------------------------------------------------------------


def test_the_ladder_from_thoughts_to_who_could_be_there(chat: Any) -> None:
    steps = [chat.hears(**PASSIVE, **PAID)]
    steps += [chat.hears("answer", answer=answer) for answer in ("sometimes", "no", "no")]
    assert [s.questions for s in steps] == [("suicide",), ("attempt",), ("means_near",), ("who_with_you",)]
    assert all("handover" in s.move.requests for s in steps)
    assert {"emergency_number", "support_line"} <= steps[0].tags & steps[1].tags


def test_only_one_thing_is_said_at_a_time(chat: Any) -> None:
    heard = [chat.hears(**PASSIVE, **PAID)] + [chat.hears("answer", answer="yes") for _ in range(6)]
    assert all(len(h.responses) == 1 for h in heard)


def test_a_plan_is_asked_about_straight_as_well_and_a_no_does_not_end_it(chat: Any) -> None:
    heard = chat.hears(risk=("suicide_active",), **PAID)
    assert heard.questions == ("suicide",) and "emergency_number" in heard.tags
    assert chat.hears("deny", answer="no").questions == ("attempt",)


def test_something_near_means_distance_first_and_then_company(chat: Any) -> None:
    chat.hears(**PASSIVE)
    chat.hears("answer", answer="yes")
    chat.hears("answer", answer="no")
    assert "means_distance" in chat.hears("answer", answer="yes").tags
    assert chat.hears("answer", answer="yes").questions == ("who_with_you",)
    assert chat.hears("answer", answer="yes").responses == ("utter_with_someone_good",)


def test_who_switched_it_off_is_sent_to_somebody(chat: Any) -> None:
    chat.hears(now=("live_coercion",), threat_type="image", age=12, minor="yes")
    heard = chat.hears("affirm", answer="yes")
    assert heard.responses == ("utter_live_off",) and "be_with_someone" in heard.tags


def test_means_that_were_told_are_not_asked_for(chat: Any) -> None:
    heard = [chat.hears(now=("means_at_hand",))] + [chat.hears("answer", answer="no") for _ in range(4)]
    assert "means_near" not in [q for h in heard for q in h.questions]
    assert "means_distance" in {tag for h in heard for tag in h.tags}


def test_a_no_ends_the_ladder(chat: Any) -> None:
    chat.hears(**PASSIVE, **PAID)
    heard = chat.hears("deny", answer="no")
    assert heard.questions != ("attempt",)
    assert "suicide_question" not in heard.tags


def test_words_of_risk_after_a_no_ask_again_each_time_in_other_words(chat: Any) -> None:
    said = [chat.hears(**PASSIVE).responses]
    for _ in range(3):
        chat.hears("deny", answer="no")
        heard = chat.hears(**PASSIVE)
        assert "handover" in heard.move.requests
        said.append(heard.responses)
    assert said[1] == ("utter_suicide_again",)
    assert len(set(said)) == len(said)


def test_another_danger_after_a_no_does_not_ask_about_suicide_again(chat: Any) -> None:
    chat.hears(**PASSIVE)
    chat.hears("deny", answer="no")
    assert "suicide_question" not in chat.hears(risk=("meeting_planned",)).tags


def test_asked_again_and_not_answered_the_earlier_no_no_longer_stands(chat: Any) -> None:
    chat.hears(**PASSIVE)
    chat.hears("deny", answer="no")
    chat.hears(**PASSIVE)
    assert chat.hears("tell").questions == ("attempt",)


@pytest.mark.parametrize("answer", ["rather_not", "unsure", None])
def test_no_answer_after_words_of_risk_is_not_a_no(chat: Any, answer: str | None) -> None:
    chat.hears(**PASSIVE)
    assert chat.hears("tell", answer=answer).questions == ("attempt",)


def test_a_question_in_danger_is_named_and_parked_and_comes_back(chat: Any) -> None:
    heard = chat.hears("ask_will_they_post", topic="will_they_post", **PASSIVE, **PAID)
    assert heard.responses == ("utter_question_parked", "utter_suicide_direct")
    assert chat.memory.parked == ("will_they_post",)
    chat.hears("deny", answer="no")
    later = [chat.hears("tell").responses for _ in range(25)]
    assert ["utter_answer_will_they_post" in said for said in later].index(True) < 3
    assert sum("utter_answer_will_they_post" in said for said in later) == 1


def test_it_is_named_once_only(chat: Any) -> None:
    chat.hears("ask_will_they_post", topic="will_they_post", risk=("suicide_active",))
    assert chat.hears("ask_money_back", topic="money_back").responses[0] != "utter_question_parked"
    assert chat.memory.parked == ("will_they_post", "money_back")


def test_who_asks_for_a_person_is_told_that_one_was_called(chat: Any) -> None:
    chat.hears(**PASSIVE, **PAID)
    first = chat.hears("ask_human", wants_human=True)
    assert first.responses == ("utter_person_coming", "utter_suicide_open")
    assert chat.hears("ask_human", wants_human=True).responses[0] == "utter_person_still_coming"


@pytest.mark.parametrize("known", [{"now": ("attempt",)}, {"risk": ("suicide_active",)}, {}])
def test_a_place_that_is_kept_is_said_to_bring_no_help(chats: Chats, known: dict[str, Any]) -> None:
    chat = chats()
    chat.hears(**known)
    said = chat.hears("media_location_kept")
    assert said.responses[0] == "utter_place_kept"
    assert "brings no help by itself" in said.text


# --- already done something ---------------------------------------------------------------------


def test_an_attempt_gets_the_doctor_and_nothing_else(chats: Chats, wording: Wording) -> None:
    chat = chats()
    chat.hears(**PASSIVE, **PAID)
    chat.hears("answer", answer="yes")
    heard = [chat.hears("answer", answer="yes")]
    assert heard[0].responses == ("utter_attempt_doctor",)
    assert "even if you feel fine" in heard[0].text
    heard += [chat.hears("tell", answer=a) for a in ("no", None, "yes", "no", None, "yes")]
    heard += [chat.hears("ask_should_i_pay", topic="should_i_pay"), chat.hears("ask_human", wants_human=True)]
    for said in heard:
        assert len(said.responses) == 1
        assert "emergency_number" in said.tags, said.responses
        assert not said.tags & {"grounding", "dont_pay", "save_evidence", "block_report"}
        assert "handover" in said.move.requests
    assert all("{ambulance}" in v["text"] for r in DOCTOR_LINES for v in wording.responses[r])


def test_who_cannot_call_is_told_how_else(chat: Any) -> None:
    chat.hears(now=("attempt",))
    assert chat.hears("answer", answer="no").responses == ("utter_cannot_call",)


def test_with_an_unsafe_home_nobody_at_home_is_woken(chats: Chats) -> None:
    heard = chats(home_unsafe="yes").hears(now=("attempt",))
    assert "even if you feel fine" in heard.text
    assert "in the house" not in heard.text


@pytest.mark.parametrize(
    ("here", "calls", "asked"), [(True, True, True), (True, False, False), (False, True, False), (False, False, False)]
)
def test_where_they_are_is_asked_only_if_somebody_would_call(
    chats: Chats, here: bool, calls: bool, asked: bool
) -> None:
    chat = chats(here)
    chat.place = replace(chat.place, calls_emergency=calls)
    assert ("tell me where you are" in chat.hears(now=("attempt",)).text) is asked


# --- at the door, a meeting, forced now, not safe ------------------------------------------------


def test_the_door_is_answered_before_everything_but_an_attempt(chat: Any) -> None:
    heard = chat.hears(now=("offender_present",), **PASSIVE, **PAID)
    assert heard.responses == ("utter_door_now",)
    assert chat.hears("answer", answer="yes").responses == (AT_THE_DOOR[0],)
    assert chat.hears("tell").questions == ("suicide",)


def test_the_company_at_the_door_is_about_the_door_until_they_have_gone(chat: Any) -> None:
    chat.hears(now=("offender_present",), **PAID)
    said = [r for _ in range(6) for r in chat.hears("tell").responses]
    assert set(said) == set(AT_THE_DOOR)
    assert chat.hears("tell", cues=("danger_passed",)).responses == ("utter_door_gone",)
    assert set(chat.hears("tell").responses) <= set(SAFE_PLACE)


def test_once_they_are_gone_and_the_person_is_safe_it_goes_on_until_they_are_back(chat: Any) -> None:
    chat.hears(now=("offender_present",), risk=("offline_danger",), **PAID)
    chat.hears("tell", cues=("danger_passed",))
    heard = chat.hears("affirm", answer="yes")
    assert not in_danger(chat.situations(chat.facts, chat.memory))
    assert heard.questions == ("knows_address",)  # not once more whether somebody is outside
    assert "utter_first_after_danger" in {r for _ in range(3) for r in chat.hears("deny", answer="no").responses}
    assert set(chat.hears("tell", now=("offender_present",)).responses) <= set(AT_THE_DOOR)
    assert in_danger(chat.situations(chat.facts, chat.memory))


def test_whoever_names_somebody_beside_them_is_told_to_stay_with_them(chat: Any) -> None:
    chat.hears(now=("offender_present",), **PAID)
    assert chat.hears("tell").questions == ("who_with_you",)
    assert chat.hears("tell", answer="yes").responses == ("utter_with_someone_good",)


def test_an_attempt_that_was_none_is_asked_about_once_more_and_then_believed(chat: Any) -> None:
    chat.hears(**PASSIVE, **PAID)
    chat.hears("affirm", answer="yes")
    assert chat.hears("affirm", answer="yes").responses == ("utter_attempt_doctor",)
    chat.memory = chat.memory.answered("attempt", "no")
    assert chat.hears("tell").responses == ("utter_attempt_sure",)
    said = [r for answer in ("no", *[None] * 5) for r in chat.hears("deny", answer=answer).responses]
    assert not {"utter_attempt_doctor_again", *DOCTOR_LINES} & set(said)
    assert in_danger(chat.situations(chat.facts, chat.memory))  # the case is as urgent as before
    assert set(chat.hears("tell", now=("attempt",)).responses) & {*DOCTOR_LINES, "utter_attempt_doctor_again"}


def test_a_yes_to_the_second_question_brings_the_doctor_back(chat: Any) -> None:
    chat.hears(now=("attempt",), risk=("suicide_active",), **PAID)
    chat.memory = chat.memory.answered("attempt", "no")
    chat.hears("tell")
    assert set(chat.hears("affirm", answer="yes").responses) & {*DOCTOR_LINES, "utter_attempt_doctor_again"}


@pytest.mark.parametrize("answer", ["yes", "sometimes"])
def test_who_said_no_yes_is_not_thanked_for_one(chats: Any, answer: str) -> None:
    honest, silent = chats(), chats()
    for chat in (honest, silent):
        chat.hears(**PASSIVE, **PAID)
    assert honest.hears("answer", answer=answer).responses == ("utter_suicide_yes",)
    assert silent.hears("tell").responses == ("utter_suicide_open",)


def test_who_is_told_to_hurt_themselves_hears_that_they_need_not(chat: Any) -> None:
    heard = chat.hears(threat_type="image", demand=("self_harm",), risk=("self_harm",))
    assert heard.responses == ("utter_not_their_order", "utter_suicide_direct")
    assert "utter_not_their_order" not in chat.hears("tell").responses


@pytest.mark.parametrize(
    ("cue", "response"),
    [
        ("knows_where", "utter_third_where"),
        ("help_reached", "utter_third_reached"),
        ("with_them", "utter_third_with_them"),
    ],
)
def test_a_friend_who_knows_the_street_or_reached_a_mother_is_answered(chat: Any, cue: str, response: str) -> None:
    chat.hears(speaker="friend", threat_type="financial", risk=("suicide_active",), now=("being_shared",))
    assert chat.hears("tell", cues=(cue,), risk=("offline_danger",)).responses == (response,)
    assert response not in chat.hears("tell", cues=(cue,)).responses


@pytest.mark.parametrize(
    "threat", [{"risk": ("offline_danger",)}, {"risk": ("meeting_planned",)}, {"demand": ("meet",)}]
)
def test_two_questions_about_a_threat_to_come(chat: Any, threat: dict[str, Any]) -> None:
    assert chat.hears(threat_type="image", **threat).questions == ("outside_now",)
    assert chat.hears("deny", answer="no").questions == ("knows_address",)
    assert chat.hears("unsure", answer="unsure").responses == ("utter_offline_plan",)


def test_a_yes_to_the_first_is_the_door(chat: Any) -> None:
    chat.hears(threat_type="image", risk=("offline_danger",))
    assert chat.hears("affirm", answer="yes").responses == ("utter_door_now",)


def test_suicide_is_asked_before_a_threat_to_come(chat: Any) -> None:
    assert chat.hears(risk=("suicide_passive", "offline_danger")).questions == ("suicide",)


def test_forced_live_is_told_to_switch_it_off(chat: Any) -> None:
    assert chat.hears(now=("live_coercion",), **PAID).responses == ("utter_live_coercion",)


def test_a_no_to_are_you_safe_is_taken_up(chat: Any) -> None:
    chat.hears(threat_type="financial", demand=("money",), age=15, minor="yes")
    chat.memory = chat.memory.after([{"response": "utter_bye_safety", "tags": [], "question": "safe_now"}])
    heard = chat.hears("deny", answer="no")
    assert heard.responses == ("utter_not_safe",)
    assert {"emergency_number"} <= heard.tags
    assert "handover" in heard.move.requests


def test_a_no_to_are_you_safe_after_words_of_suicide_goes_on_with_the_ladder(chat: Any) -> None:
    chat.hears(**PASSIVE)
    chat.memory = chat.memory.after([{"response": "utter_silence_60", "tags": ["company"], "question": "safe_now"}])
    assert chat.hears("deny", answer="no").questions == ("attempt",)


def test_violence_at_home_names_the_police_and_not_the_family(chat: Any) -> None:
    heard = chat.hears(home_unsafe="yes", risk=("offline_danger",))
    assert heard.responses == ("utter_home_danger",)
    assert "emergency_number" in heard.tags


def test_a_runaway_child_is_in_danger_until_somewhere_safe(chat: Any) -> None:
    assert chat.hears(threat_type="image", risk=("runaway",), age=15, minor="yes").responses == ("utter_runaway",)
    assert set(chat.hears("tell").responses) <= set(SAFE_PLACE)
    chat.hears("affirm", answer="yes")
    assert "utter_first_images" in chat.memory.said


# --- somebody else's danger -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("speaker", "response"),
    [("parent", "utter_fear_for_life"), ("teacher", "utter_fear_for_life"), ("friend", "utter_fear_for_friend")],
)
@pytest.mark.parametrize("risk", ["suicide_passive", "suicide_active", "self_harm"])
def test_a_reported_wish_to_die_counts_fully(chats: Chats, speaker: str, response: str, risk: str) -> None:
    heard = chats().hears(speaker=speaker, risk=(risk,), threat_type="financial")
    assert heard.responses == (response,)
    assert {"take_seriously", "emergency_number"} <= heard.tags
    assert "handover" in heard.move.requests


def test_not_knowing_whether_a_child_is_safe_counts_too(chat: Any) -> None:
    chat.hears(speaker="parent", threat_type="financial")
    assert chat.hears("unsure", answer="unsure").responses == ("utter_fear_for_life",)


@pytest.mark.parametrize("speaker", ["parent", "friend", "teacher"])
def test_a_reported_attempt_gets_the_doctor(chats: Chats, speaker: str) -> None:
    heard = chats().hears(speaker=speaker, now=("attempt",), risk=("suicide_active",))
    assert heard.responses == ("utter_third_attempt",)
    assert "even if they seem fine" in heard.text
    assert "emergency_number" in heard.tags


@pytest.mark.parametrize(
    "danger",
    [
        {"now": ("offender_present",)},
        {"now": ("live_coercion",)},
        {"risk": ("meeting_planned",)},
        {"risk": ("runaway",)},
    ],
)
def test_a_reported_danger_outside_is_not_answered_as_suicide(chats: Chats, danger: dict[str, Any]) -> None:
    heard = chats().hears(speaker="parent", threat_type="image", **danger)
    assert heard.responses == ("utter_third_danger",)
    assert "emergency_number" in heard.tags


def test_pictures_spreading_are_no_fear_for_a_life(chats: Chats) -> None:
    heard = chats().hears(speaker="parent", threat_type="image", now=("being_shared",))
    assert heard.responses[0] == "utter_first_parent"


def test_while_somebody_may_die_saving_and_reporting_wait(chats: Chats) -> None:
    chat = chats(speaker="parent", age=14, minor="yes", threat_type="financial")
    tags = {tag for _ in range(12) for tag in chat.hears(risk=("suicide_active",)).tags}
    assert not tags & {"save_evidence", "block_report", "removal_under_18"}
    assert {"stay_with_them", "help_for_helper"} <= tags


def test_worse_words_about_another_get_the_numbers_once_more(chats: Chats) -> None:
    chat = chats(speaker="parent", threat_type="financial")
    assert chat.hears(**PASSIVE).responses == ("utter_fear_for_life",)
    said = chat.hears(risk=("suicide_active",))
    assert said.responses == ("utter_fear_again",)
    assert {"emergency_number", "support_line"} <= said.tags


# --- what immediate means, and company -----------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "danger"),
    [
        ({"now": ("attempt",)}, True),
        ({"now": ("means_at_hand",)}, True),
        ({"now": ("offender_present",)}, True),
        ({"now": ("live_coercion",)}, True),
        ({"risk": ("suicide_active",)}, True),
        ({"risk": ("runaway",)}, True),
        ({"risk": ("runaway",), "minor": "no"}, False),
        ({"now": ("being_shared",)}, False),
        ({"risk": ("suicide_passive",)}, False),
        ({"threat_type": "financial"}, False),
    ],
)
def test_what_immediate_danger_is(situations: Callable[..., Any], known: dict[str, Any], danger: bool) -> None:
    assert in_danger(situations(CaseFacts(**known))) is danger


def test_company_comes_in_other_words_until_all_were_used(situations: Callable[..., Any]) -> None:
    said: tuple[str, ...] = ()
    for _ in range(2 * len(COMPANY)):
        said += (unused(situations(memory=Memory(said=said)), *COMPANY),)
    assert said == COMPANY * 2


@pytest.mark.parametrize("answer", ["unsure", "rather_not"])
def test_whether_something_was_done_is_never_taken_for_a_no(chat: Any, answer: str) -> None:
    chat.hears(risk=("suicide_passive",))
    assert chat.hears("answer", "yes").questions == ("attempt",)
    assert chat.hears("answer", answer).responses == ("utter_attempt_unsure",)
    assert "utter_attempt_unsure" not in chat.hears("answer", "no").responses


def test_an_attempt_that_was_asked_about_and_passed_over_is_asked_about_once_more(chat: Any) -> None:
    chat.hears(risk=("suicide_active",))
    assert chat.hears("answer", answer="yes").questions == ("attempt",)
    assert chat.hears("erase").questions == ("next_step",)
    assert chat.hears("erase_now").questions == ("safe_now",)
    heard = chat.hears("answer", answer="no")
    assert heard.responses == ("utter_attempt_asked_again",) and "emergency_number" in heard.tags
    assert chat.hears("answer", answer="no").questions == ("means_near",)


def test_a_meeting_that_is_days_away_is_no_door(chat: Any) -> None:
    heard = chat.hears(demand=("meet",), threat_type="image", age=15, minor="yes")
    assert heard.responses == ("utter_meeting",) and {"dont_meet", "not_your_fault"} <= heard.tags


def test_while_a_reported_wish_to_die_is_new_the_pictures_wait(chats: Chats) -> None:
    chat = chats(speaker="parent", threat_type="financial", minor="yes")
    heard = [chat.hears(**PASSIVE), *(chat.hears("answer", answer="yes") for _ in range(2))]
    later = [chat.hears("thanks") for _ in range(4)]
    assert not any({"save_evidence", "removal_under_18"} & said.tags for said in heard)
    assert any("save_evidence" in said.tags for said in later)


@pytest.mark.parametrize("media", ["media_voice", "media_image"])
def test_nobody_in_danger_may_think_that_a_voice_or_picture_was_heard(chats: Callable[..., Any], media: str) -> None:
    chat = chats()
    chat.hears(risk=("suicide_passive",))
    assert chat.hears(media).responses == ("utter_media_danger", "utter_suicide_again")
    chat.hears("affirm", answer="yes")
    assert chat.memory.question == "attempt"
    assert chat.hears(media).responses == ("utter_media_danger", "utter_attempt_asked_again")


def test_whoever_is_alone_is_not_sent_on_to_the_blackmail_at_once(chats: Callable[..., Any]) -> None:
    chat = chats(threat_type="financial", demand=("money",), age=15, minor="yes")
    chat.hears(risk=("suicide_passive",))
    for answer in ("sometimes", "no", "no"):
        chat.hears("answer", answer=answer)
    assert chat.memory.question == "who_with_you"
    assert chat.hears("deny", answer="no").responses == ("utter_danger_company_1",)


def test_asked_for_the_number_in_danger_it_is_given(chats: Callable[..., Any]) -> None:
    chat = chats()
    chat.hears(risk=("suicide_passive",))
    chat.hears("affirm", answer="yes")
    heard = chat.reads(Reading("tell", 1.0, cues=("asks_number",)))
    assert "emergency_number" in heard.tags


def test_who_cannot_call_aloud_is_shown_the_silent_way_whatever_was_asked(chats: Callable[..., Any]) -> None:
    chat = chats()
    chat.hears(risk=("offline_danger",), now=("offender_present",))
    heard = chat.reads(Reading("tell", 1.0, cues=("cannot_call",)))
    assert heard.responses == ("utter_cannot_call_door",)


def test_an_attempt_that_is_reported_keeps_the_doctor_in_every_turn(chats: Callable[..., Any]) -> None:
    chat = chats(threat_type="financial", demand=("money",), speaker="parent")
    said = [chat.hears(now=("attempt",)).responses[-1], *(chat.hears().responses[-1] for _ in range(3))]
    assert said == ["utter_third_attempt", "utter_third_attempt_wait"] * 2


def test_whoever_took_the_phone_and_tells_of_an_attempt_hears_of_the_doctor(chats: Callable[..., Any]) -> None:
    chat = chats(threat_type="financial", demand=("money",), age=15, minor="yes")
    chat.hears()
    other = Reading("tell", 1.0, facts=CaseFacts(now=("attempt",)), writer="other")
    assert chat.reads(other).responses == ("utter_third_attempt",)


def test_asked_to_delete_after_an_attempt_the_doctor_comes_in_the_same_turn(chats: Callable[..., Any]) -> None:
    chat = chats()
    chat.hears(now=("attempt",))
    heard = chat.hears("erase")
    assert heard.responses[0] == "utter_erase_after"
    assert "emergency_number" in heard.tags
    assert "erase_later" in heard.move.requests


def test_who_is_kept_on_camera_by_a_threat_is_told_so_before_there_is_company(chat: Any) -> None:
    chat.hears(now=("live_coercion",), age=12, minor="yes", threat_type="image")
    assert chat.hears("tell").responses == ("utter_live_again",)
    assert chat.hears("tell", cues=("turned_off",)).responses == ("utter_live_off",)
    assert not in_danger(chat.situations(chat.facts, chat.memory))


def test_after_an_attempt_whoever_is_near_is_who_to_go_to(chats: Any) -> None:
    for home, expected in (("unknown", True), ("yes", False)):
        chat = chats()
        chat.hears(now=("attempt",), risk=("suicide_active",), home_unsafe=home, **PAID)
        heard = chat.hears("tell", cues=("somebody_near",))
        assert (heard.responses == ("utter_attempt_go_to_them",)) is expected


def test_a_friend_who_was_told_to_call_is_told_once_more_before_anything_else(chat: Any) -> None:
    chat.hears(speaker="friend", threat_type="financial", risk=("suicide_active",))
    chat.hears("tell", cues=("knows_where",))
    assert chat.hears("tell").responses == ("utter_third_call_first",)
    assert "utter_third_call_first" not in chat.hears("tell").responses


def test_police_who_were_sent_are_no_reason_to_hide(chat: Any) -> None:
    chat.hears(threat_type="image", demand=("images",))
    assert chat.hears("tell", cues=("police_sent",), risk=("offline_danger",)).responses[0] == "utter_police_sent"


def test_an_attempt_told_anew_after_the_second_question_is_not_ended_by_any_other_no(chat: Any) -> None:
    """Every no is asked about once more, as long as the last word was of the doctor."""
    chat.hears(now=("attempt",), risk=("suicide_active",), **PAID)
    chat.memory = chat.memory.answered("attempt", "no")
    chat.hears("tell")
    chat.hears("affirm", answer="yes")
    chat.hears("tell")
    chat.memory = chat.memory.answered("attempt", "no")
    assert chat.hears("tell").responses == ("utter_attempt_sure",)


def test_a_no_before_an_attempt_is_no_answer(chat: Any) -> None:
    chat.hears(now=("attempt",), risk=("suicide_active",), **PAID)
    chat.memory = chat.memory.answered("attempt", "no")
    chat.hears("tell")
    heard = chat.hears("deny", answer="no", now=("attempt",))
    assert set(heard.responses) & {*DOCTOR_LINES, "utter_attempt_doctor_again"}


def test_gone_and_not_safe_is_not_over(chat: Any) -> None:
    chat.hears(now=("offender_present",), **PAID)
    chat.hears("tell")
    chat.hears("tell", answer="yes")
    chat.hears("tell", cues=("danger_passed",))
    assert in_danger(chat.situations(chat.facts, chat.memory))
    chat.hears("deny", answer="no")
    assert in_danger(chat.situations(chat.facts, chat.memory))


def test_one_danger_that_is_over_ends_no_other(chat: Any) -> None:
    chat.hears(now=("live_coercion",), **PAID)
    chat.hears("tell", cues=("turned_off",))
    assert not in_danger(chat.situations(chat.facts, chat.memory))
    chat.hears("tell", now=("offender_present",))
    chat.hears("tell")
    assert in_danger(chat.situations(chat.facts, chat.memory))


def test_who_is_posted_after_the_danger_is_over_hears_of_the_posting(chat: Any) -> None:
    chat.hears(now=("live_coercion",), **PAID)
    chat.hears("tell", cues=("turned_off",))
    chat.hears(now=("being_shared",), already_posted="yes")
    assert not in_danger(chat.situations(chat.facts, chat.memory))


def test_after_the_door_a_meeting_is_asked_about(chat: Any) -> None:
    chat.hears(now=("offender_present",), **PAID)
    chat.hears("tell", cues=("danger_passed",))
    chat.hears("affirm", answer="yes")
    said = [r for _ in range(3) for r in chat.hears(demand=("meet",), risk=("meeting_planned",)).responses]
    assert "utter_meeting" in said


@pytest.mark.parametrize("who", [{"offender": "known"}, {"threat_type": "ex_partner"}, {"home_unsafe": "yes"}])
def test_somebody_near_who_may_be_the_danger_is_no_company(chat: Any, who: dict[str, str]) -> None:
    chat.hears(now=("offender_present",), **{**PAID, **who})
    assert "utter_with_someone_good" not in chat.hears("tell", cues=("somebody_near",)).responses


def test_new_words_of_dying_are_heard_before_a_friend_is_thanked(chat: Any) -> None:
    chat.hears(speaker="friend", threat_type="financial", risk=("suicide_active",))
    heard = chat.hears("tell", cues=("help_reached",), risk=("suicide_active",))
    assert heard.responses == ("utter_fear_again",)


def test_a_friend_hears_of_the_camera_after_the_fear(chat: Any) -> None:
    chat.hears(speaker="friend", threat_type="image", risk=("suicide_passive",), now=("live_coercion",))
    assert "utter_third_danger" in {r for _ in range(3) for r in chat.hears("tell").responses}


def test_a_no_on_camera_brings_nobody_to_the_door(chat: Any) -> None:
    chat.hears(now=("live_coercion",), threat_type="image", demand=("sexual_act",))
    assert chat.hears("answer", answer="no").responses == ("utter_live_again",)
    chat.hears("answer", answer="no")
    assert chat.facts.risk == ()
    assert "utter_live_off" in chat.hears("answer", answer="yes").responses


@pytest.mark.parametrize("text", ["no", "nope", "No."])
def test_typed_on_camera_a_no_brings_nobody_to_the_door_either(text: str) -> None:
    quick_read = QuickRead.load(ROOT / "data" / "lexicon")
    assert quick_read(text, "off_camera").facts.risk == ()
    assert quick_read(text, "safe_now").facts.risk == ("offline_danger",)


def test_who_says_that_they_are_safe_is_met_before_the_next_step(chat: Any) -> None:
    chat.hears(threat_type="financial", demand=("money",), minor="yes")
    chat.hears(now=("offender_present",))
    assert "utter_door_gone" in chat.hears(cues=("danger_passed",)).responses
    assert chat.hears("answer", answer="yes").responses[0] == "utter_ack_safe"
