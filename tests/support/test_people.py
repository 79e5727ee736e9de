"""A person who says no to a counsellor, and somebody else at the keyboard (safeguarding rules 9 and 19)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from breakwater.understanding.facts import CaseFacts, Reading
from tests.support.conftest import Chat

Chats = Callable[[], Chat]


def until_asked_about_dying(chat: Chat) -> None:
    while chat.memory.question != "suicide":
        chat.hears()


def _boy(chat: Chat) -> Chat:
    chat.hears(threat_type="financial", demand=("money",), age=15, minor="yes")
    return chat


def test_a_no_is_heard_and_the_case_leaves_the_queue(chat: Chat) -> None:
    said = _boy(chat).hears("decline_human")
    assert said.responses == ("utter_person_declined",)
    assert "decline" in said.move.requests


def test_danger_ends_the_no_and_the_person_is_told(chat: Chat) -> None:
    _boy(chat).hears("decline_human")
    said = chat.hears(risk=("suicide_passive",))
    assert said.responses[0] == "utter_declined_ended"
    assert "handover" in said.move.requests
    assert chat.hears("tell").responses[0] != "utter_declined_ended"


def test_no_person_is_sent_away_from_somebody_who_may_die(chat: Chat) -> None:
    _boy(chat).hears(risk=("suicide_passive",))
    for _ in range(6):
        said = chat.hears("decline_human")
        assert "decline" not in said.move.requests


def test_offered_again_when_it_gets_worse_and_at_goodbye(chat: Chat) -> None:
    _boy(chat).hears("decline_human")
    assert "utter_person_offer_again" in chat.hears(already_posted="yes").responses
    endings = [chat.hears("bye").responses for _ in range(3)]
    assert ("utter_bye_offer",) in endings


def test_somebody_else_learns_nothing(chat: Chat) -> None:
    _boy(chat)
    seen = []
    for _ in range(6):
        said = chat.reads(Reading("ask_child_help", 1.0, topic="child_help", facts=CaseFacts(), writer="other"))
        seen.append(said.responses)
        for word in ("pay", "picture", "blackmail", "15", "money"):
            assert word not in said.text.lower()
    assert seen[0] == ("utter_someone_else",)
    assert len(set(seen[:4])) == 4


def test_somebody_else_cannot_erase(chat: Chat) -> None:
    _boy(chat).reads(Reading(writer="other"))
    assert chat.hears("erase_now").move.requests == ()


def test_the_person_comes_back_neutrally(chat: Chat) -> None:
    _boy(chat).reads(Reading(writer="other"))
    assert chat.reads(Reading(writer="back")).responses == ("utter_is_it_you",)
    assert chat.hears(answer="yes").responses == ("utter_welcome_back_safe",)


def test_a_question_in_the_first_message_is_answered_with_it(chat: Chat) -> None:
    said = chat.reads(
        Reading("ask_will_they_post", 1.0, topic="will_they_post", asks=True,
                facts=CaseFacts(threat_type="financial", demand=("money",)))
    )  # fmt: skip
    assert said.responses == ("utter_first_money", "utter_answer_will_they_post")


def test_a_question_that_is_not_known_is_not_passed_over(chat: Chat) -> None:
    _boy(chat)
    assert "utter_ack_question_unclear" in chat.reads(Reading("tell", 1.0, asks=True)).responses


def test_two_fallbacks_put_the_case_before_a_person(chat: Chat) -> None:
    chat.hears("greet")
    requests = [chat.hears("nlu_fallback", fallback=True).move.requests for _ in range(2)]
    assert requests[0] == () and "could_not_read" in requests[1]


def test_in_danger_nobody_is_offered_what_is_taken_back_one_tap_later(chat: Chat) -> None:
    chat.hears(risk=("suicide_active",))
    heard = chat.hears("erase")
    assert heard.responses == ("utter_erase_confirm_danger",) and "erase_later" not in heard.move.requests
    heard = chat.hears("erase_now")
    assert heard.responses == ("utter_erase_hold",) and "erase_later" in heard.move.requests


def test_thanks_after_goodbye_begins_nothing_new(chat: Chat) -> None:
    chat.hears(threat_type="financial", demand=("money",), age=34, minor="no")
    said = [chat.hears("bye") for _ in range(2)]
    assert said[-1].responses == ("utter_bye",)
    assert chat.hears("thanks").responses == ("utter_thanks",)


def test_a_mail_that_was_no_bluff_is_taken_back_in_words(chat: Chat) -> None:
    chat.hears(threat_type="scam_email", demand=("money",))
    heard = chat.hears(threat_type="financial", demand=("money",), images_shared_already="yes", platform=("snapchat",))
    assert heard.responses[0] == "utter_ack_no_bluff"


def test_who_tells_slowly_hears_what_stops_the_harm_once_it_is_a_threat(chat: Chat) -> None:
    chat.hears(threat_type="pre_threat")
    heard = chat.hears(threat_type="financial", demand=("money",), images_shared_already="yes")
    assert heard.responses[0] == "utter_ack_became_a_threat"


def test_money_asked_for_later_is_answered_with_do_not_pay(chat: Chat) -> None:
    chat.hears(threat_type="deepfake", images_shared_already="no")
    assert chat.hears(demand=("money",)).responses[0] == "utter_ack_dont_pay"


def test_a_no_about_dying_that_comes_with_fear_is_met_with_both(chat: Chat) -> None:
    chat.hears(threat_type="financial", demand=("money",), paid="no", platform=("snapchat",))
    until_asked_about_dying(chat)
    heard = chat.hears("feelings", "no")
    assert heard.responses[0] == "utter_ack_suicide_no_scared"


def test_who_begins_to_tell_is_not_asked_what_brings_them_here(chat: Chat) -> None:
    assert chat.hears(offender="stranger").responses == ("utter_ask_go_on",)


def test_somebody_of_the_home_is_no_stranger_at_the_door(chat: Chat) -> None:
    said = [chat.hears(home_unsafe="yes", risk=("offline_danger",), now=("offender_present",)) for _ in range(4)]
    heard = {name for one in said for name in one.responses}
    assert "utter_home_danger" in heard
    assert not {"utter_door_now", "utter_offline_plan", "utter_cannot_call_door"} & heard


def test_whoever_is_told_to_hurt_themselves_is_asked_in_that_turn_whatever_they_asked(chat: Chat) -> None:
    heard = chat.hears("ask_block_or_not", topic="block_or_not", threat_type="image", demand=("self_harm",))
    assert heard.responses == ("utter_first_told_to_hurt", "utter_suicide_everyone")
    assert heard.move.parked == ("block_or_not",)


def test_who_lives_with_them_may_read_along_so_the_first_reply_says_so(chat: Chat) -> None:
    heard = chat.hears(threat_type="image", demand=("images",), offender="family_or_trust", watched="yes")
    assert heard.responses == ("utter_first_close_watched",)
    assert "write hide" in chat.wording.reply("utter_first_close_watched", police="999", line="a line")["text"]


def test_a_child_who_is_asked_again_because_it_is_out_is_not_sent_away(chat: Chat) -> None:
    chat.hears(threat_type="image", demand=("images",), age=11, minor="yes")
    until_asked_about_dying(chat)
    chat.hears("answer", "no")
    while chat.memory.said[-1] != "utter_suicide_again_young":
        chat.hears(already_posted="yes", now=("being_shared",))
    assert "utter_bye" not in chat.hears("answer", "no").responses


@pytest.mark.parametrize(("age", "asked"), [(11, "utter_bye_suicide_young"), (15, "utter_bye_suicide")])
def test_a_question_about_dying_left_open_is_asked_again_at_goodbye(chat: Chat, age: int, asked: str) -> None:
    chat.hears(threat_type="image", demand=("images",), age=age, minor="yes", home_unsafe="no")
    until_asked_about_dying(chat)
    chat.hears("unsure", "unsure")
    assert chat.hears("bye").responses == (asked,)
    assert chat.hears("answer", "no").responses == ("utter_bye",)


def test_a_coach_is_not_asked_after_as_a_stranger_outside(chat: Chat) -> None:
    known = {"threat_type": "unclear_threat", "offender": "family_or_trust", "risk": ("offline_danger",)}
    said = [chat.hears(**known), *(chat.hears() for _ in range(3))]
    heard = [name for one in said for name in one.responses]
    assert heard[:2] == ["utter_first_close", "utter_offline_plan"]
    assert not {"utter_door", "utter_knows_address"} & set(heard)


def test_panic_is_answered_before_the_questions_about_a_danger_to_come(chat: Chat) -> None:
    chat.hears(threat_type="image", demand=("images",))
    chat.hears(risk=("offline_danger",))
    assert chat.hears("ask_panic", topic="panic").responses == ("utter_answer_panic",)
    chat.hears(risk=("suicide_passive",))
    assert "utter_answer_panic" not in chat.hears("ask_panic", topic="panic").responses


def test_whoever_waits_for_the_ambulance_is_told_how_and_not_of_strangers(chat: Chat) -> None:
    chat.hears(threat_type="financial", demand=("money",), speaker="parent", risk=("suicide_active",))
    said = [chat.hears(now=("attempt",)), chat.hears(risk=("offline_danger",))]
    assert [one.responses[-1] for one in said] == ["utter_third_attempt", "utter_third_attempt_wait"]


def test_goodbye_before_anything_was_told_asks_a_child_or_troubled_person_whether_they_are_safe(
    chats: Callable[..., Chat],
) -> None:
    child = chats(age=14, minor="yes")
    child.hears()
    assert child.hears("bye").responses == ("utter_bye_safety",)
    assert child.hears("affirm", answer="yes").responses == ("utter_bye",)
    grown = chats()
    grown.hears("greet")
    assert grown.hears("bye").responses == ("utter_bye",)


def test_whoever_starts_fresh_is_not_led_on_at_the_old_place(chat: Chat) -> None:
    chat.hears(threat_type="financial", demand=("money",), age=30, minor="no")
    assert chat.away(9 * 3600).hears("greet").responses == ("utter_welcome_back",)
    assert chat.away(5).hears("answer", answer="no").responses == ("utter_welcome_fresh",)


def test_nothing_in_detail_is_said_beside_the_words_about_somebody_who_reads_along(chat: Chat) -> None:
    chat.hears(threat_type="image", demand=("images",), age=17, minor="yes")
    assert chat.hears(watched="yes").responses == ("utter_ack_watched",)


# --- what is said in between ----------------------------------------------------------------------


def test_nobody_is_thanked_for_what_the_model_only_guesses(chats: Callable[..., Chat]) -> None:
    for fact, said in (("blocked_already", "utter_ack_blocked"), ("evidence_saved", "utter_ack_saved")):
        guessed, plain = chats(), chats()
        for chat in (guessed, plain):
            chat.hears(threat_type="financial", demand=("money",), paid="no")
        assert said not in guessed.hears(**{fact: "yes"}).responses
        assert said in plain.hears(**{fact: "yes"}, plain=(fact,)).responses


def test_shame_is_met_before_the_next_step_and_in_other_words_the_second_time(chat: Chat) -> None:
    chat.hears(threat_type="image", demand=("images",))
    assert chat.hears(cues=("shame",)).responses[0] == "utter_ack_shame_1"
    assert chat.hears(cues=("shame",)).responses[0] == "utter_ack_shame_2"


def test_who_hates_what_they_did_is_asked_about_dying_and_others_are_not(chats: Callable[..., Chat]) -> None:
    cold, ashamed = chats(), chats()
    for chat in (cold, ashamed):
        chat.hears(speaker="perpetrator", threat_type="image")
    assert "suicide" not in cold.hears().questions
    heard = ashamed.hears(cues=("shame",))
    assert heard.responses[-1] == "utter_suicide_own"
    assert not [r for r in ashamed.memory.said if r.startswith("utter_ack_shame")]


def test_told_to_let_money_through_their_account(chats: Callable[..., Chat]) -> None:
    for age, said in ((17, "utter_answer_money_mule_child"), (30, "utter_answer_money_mule")):
        chat = chats()
        chat.hears(threat_type="financial", demand=("money",), age=age, minor="yes" if age < 18 else "no")
        assert chat.hears(cues=("money_mule",)).responses[0] == said


def test_a_child_who_did_nothing_is_believed(chat: Chat) -> None:
    chat.hears(threat_type="financial", demand=("money",), age=10, minor="yes")
    assert chat.hears(cues=("protests",)).responses[0] == "utter_young_believe"


def test_a_teacher_named_by_a_child_whose_home_is_unsafe_is_taken_up(chats: Callable[..., Chat]) -> None:
    """Named before we asked, or as the answer: nobody is told to think of a teacher twice."""
    unasked, answering = chats(), chats()
    for chat in (unasked, answering):
        chat.hears(threat_type="image", demand=("images",), age=11, minor="yes")
        chat.hears(home_unsafe="yes", risk=("offline_danger",))
        chat.hears("affirm", answer="yes")
    said = unasked.hears(cues=("outside_home",)).responses
    assert said[-1] == "utter_young_outside"
    assert "utter_young_home_unsafe" not in {r for _ in range(6) for r in unasked.hears("deny", answer="no").responses}
    while answering.memory.said[-1] != "utter_young_home_unsafe":
        answering.hears("deny", answer="no")
    assert answering.hears("tell", answer="yes").responses[-1] == "utter_young_outside"


def test_where_somebody_reads_along_the_question_about_dying_names_nothing(chat: Chat) -> None:
    chat.hears(threat_type="image", demand=("images",), watched="yes")
    until_asked_about_dying(chat)
    assert chat.memory.said[-1] == "utter_suicide_everyone_watched"
    text = chat.wording.reply("utter_suicide_everyone_watched")["text"].lower()
    assert not [word for word in ("die", "life", "suicide", "picture", "blackmail") if word in text]


def test_whether_to_go_to_the_meeting_is_answered(chat: Chat) -> None:
    chat.hears(threat_type="image", demand=("meet",), risk=("meeting_planned",))
    for _ in range(3):
        chat.hears("deny", answer="no")
    assert chat.hears("tell", cues=("asks_to_go",)).responses[0] == "utter_go_and_meet"


def test_nobody_is_better_off_without_them(chats: Callable[..., Chat]) -> None:
    own, mother = chats(), chats()
    own.hears(threat_type="financial", demand=("money",), risk=("suicide_passive",))
    assert own.hears(cues=("gone_for_others",)).responses[0] == "utter_danger_not_without_you"
    assert "utter_danger_not_without_you" not in own.hears(cues=("gone_for_others",)).responses
    mother.hears(speaker="parent", threat_type="financial", risk=("suicide_passive",))
    assert "utter_danger_not_without_you" not in mother.hears(cues=("gone_for_others",)).responses


def test_whose_forwarded_words_of_dying_they_are_is_asked_once(chat: Chat) -> None:
    chat.hears(threat_type="financial", demand=("money",))
    assert chat.hears(cues=("risk_forwarded",)).responses == ("utter_whose_words",)
    assert "utter_whose_words" not in chat.hears(cues=("risk_forwarded",)).responses


def test_said_again_in_danger_it_is_said_in_the_same_words(chat: Chat) -> None:
    chat.hears(threat_type="financial", demand=("money",), risk=("suicide_passive",))
    assert chat.hears("repeat").responses == ("utter_suicide_direct",)
    assert chat.hears("repeat").responses != ("utter_suicide_direct",)  # twice is enough: then it goes on


def test_a_second_message_that_nobody_could_read_brings_a_person(chat: Chat) -> None:
    chat.hears(threat_type="financial", demand=("money",), paid="no")
    first, second = (chat.hears("nlu_fallback", fallback=True) for _ in range(2))
    assert "could_not_read" not in first.move.requests
    assert {"could_not_read", "handover"} <= set(second.move.requests)


def test_a_child_is_asked_about_dying_in_short_words(chat: Chat) -> None:
    heard = chat.hears(threat_type="image", demand=("images",), age=11, minor="yes", risk=("suicide_passive",))
    assert heard.responses == ("utter_suicide_direct_young",)


def test_who_is_hurt_at_home_is_not_told_to_call_out(chat: Chat) -> None:
    chat.hears(threat_type="image", now=("attempt",), risk=("suicide_active",), home_unsafe="yes")
    assert "utter_attempt_doctor_again" not in {r for _ in range(4) for r in chat.hears().responses}


def test_who_denies_it_unasked_is_not_asked_about_dying_in_the_same_breath(chat: Chat) -> None:
    chat.hears(threat_type="financial", demand=("money",), paid="no")
    heard = chat.hears(cues=("denies_life",))
    assert heard.responses[0] == "utter_ack_denies"
    assert "suicide" not in heard.questions
    assert "suicide" in {q for _ in range(2) for q in chat.hears().questions}


def test_where_somebody_reads_along_the_first_reply_is_one_and_names_nothing(chat: Chat) -> None:
    heard = chat.hears(threat_type="ex_partner", demand=("other",), watched="yes", offender="known")
    assert heard.responses == ("utter_first_watched",)
    assert not [word for word in ("picture", "crime", "report", "blackmail", "police") if word in heard.text.lower()]
    assert "utter_ack_watched" not in chat.hears().responses


def test_the_question_about_dying_that_was_passed_over_is_asked_once_more(chats: Callable[..., Chat]) -> None:
    passed_over, answered, watched = chats(), chats(), chats()
    for chat in (passed_over, answered, watched):
        chat.hears(threat_type="financial", demand=("money",), paid="no")
        until_asked_about_dying(chat)
    answered.hears("deny", answer="no")
    said = [[r for _ in range(20) for r in chat.hears().responses] for chat in (passed_over, answered)]
    assert said[0].count("utter_suicide_still") == 1
    assert said[0].index("utter_suicide_still") > said[0].index("utter_step_block_report")
    assert "utter_suicide_still" not in said[1]
    watched.hears(watched="yes")
    assert "utter_suicide_still" not in {r for _ in range(8) for r in watched.hears().responses}


def test_where_it_goes_badly_it_is_asked_again_at_once(chat: Chat) -> None:
    chat.hears(threat_type="financial", demand=("money",), paid="no")
    until_asked_about_dying(chat)
    assert "utter_suicide_still" not in {r for _ in range(2) for r in chat.hears().responses}
    assert chat.hears("feelings").responses[-1] == "utter_suicide_still"


def test_what_was_told_to_who_took_the_phone(chat: Chat) -> None:
    chat.hears(threat_type="financial", demand=("money",), age=15, minor="yes")
    chat.memory = chat.memory.after([{"response": "utter_someone_else", "tags": [], "question": None}])
    assert chat.hears(cues=("what_was_told",)).responses == ("utter_told_them",)


def test_who_paid_does_not_hear_how_they_choose_whom_to_press(chat: Chat) -> None:
    chat.hears(threat_type="financial", demand=("money",), paid="yes")
    assert "utter_ack_wants_money" not in {r for _ in range(4) for r in chat.hears(demand=("money",)).responses}


def test_what_cannot_be_said_can_be_answered_with_yes_or_no(chat: Chat) -> None:
    chat.hears("greet")
    assert chat.hears("nlu_fallback", fallback=True, cues=("cannot_say",)).responses == ("utter_cannot_say",)


def test_who_asks_for_a_number_and_a_person_hears_the_number(chat: Chat) -> None:
    chat.hears(threat_type="image", demand=("images",))
    heard = chat.hears("ask_human", wants_human=True, cues=("asks_number",))
    assert heard.responses == ("utter_person_coming", "utter_ack_numbers")


def test_forwarded_words_of_somebody_else_are_about_that_life(chat: Chat) -> None:
    chat.hears(threat_type="financial", demand=("money",), minor="yes")
    chat.hears(cues=("risk_forwarded",))
    assert chat.hears("answer", answer="someone").responses == ("utter_fear_for_friend",)
    assert chat.facts.speaker == "victim" and "suicide" not in chat.memory.asked
    chat.hears()
    assert "suicide" in chat.memory.asked, "his own life is still asked about"
    assert "utter_attempt_doctor" in chat.hears(now=("attempt",)).responses


def test_a_mother_who_forwards_her_sons_words_stays_the_mother(chats: Chats) -> None:
    chat = chats(threat_type="financial", demand=("money",), speaker="parent")
    chat.hears()
    chat.hears(cues=("risk_forwarded",))
    assert "utter_fear_for_life" in chat.hears("answer", answer="someone").responses
    assert chat.facts.speaker == "parent"


def test_nobody_who_writes_for_a_crying_child_is_told_of_tricks(chats: Chats) -> None:
    chat = chats(threat_type="image", demand=("images",), speaker="parent")
    chat.hears()
    assert "utter_ack_says_sorry" not in chat.hears(cues=("says_sorry",)).responses


@pytest.mark.parametrize("speaker", ["parent", "friend", "teacher"])
def test_who_writes_for_somebody_hears_whom_at_home_not_to_tell(chats: Chats, speaker: str) -> None:
    chat = chats(threat_type="financial", demand=("money",), speaker=speaker)
    chat.hears()
    assert "utter_third_home" in chat.hears(home_unsafe="yes").responses
    assert "utter_third_home" not in chat.hears(home_unsafe="yes").responses


def test_a_teacher_who_is_begged_for_secrecy_is_answered(chats: Chats) -> None:
    for speaker, answered in (("teacher", True), ("friend", False)):
        chat = chats(threat_type="image", demand=("images",), speaker=speaker)
        chat.hears()
        assert ("utter_third_secrecy" in chat.hears(cues=("begs_secrecy",)).responses) is answered


def test_a_blackmailer_who_is_sorry_is_answered_once(chat: Chat) -> None:
    chat.hears(threat_type="image", demand=("images",))
    assert chat.hears(cues=("says_sorry",)).responses[0] == "utter_ack_says_sorry"
    assert "utter_ack_says_sorry" not in chat.hears(cues=("says_sorry",)).responses


def test_a_person_is_offered_again_after_the_question_that_comes_first(chat: Chat) -> None:
    _boy(chat).hears("decline_human")
    for _ in range(8):
        if chat.memory.answers.get("suicide"):
            break
        chat.hears("answer", answer="no")
    assert "utter_suicide_again" in chat.hears(already_posted="yes").responses
    assert "utter_person_offer_again" in chat.hears("answer", answer="no").responses


def test_nothing_has_got_harder_because_somebody_says_no_later(chat: Chat) -> None:
    _boy(chat)
    for _ in range(8):
        chat.hears("answer", answer="no")
    chat.hears(already_posted="yes")
    chat.hears("answer", answer="no")
    chat.hears("decline_human")
    assert "utter_person_offer_again" not in chat.hears().responses
