"""The questions people ask have an answer for everybody who may ask, and ours are known in any wording."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from breakwater.support.directory import load_directory
from breakwater.support.memory import Memory
from breakwater.support.plan import next_move
from breakwater.support.situation import Move, Situation
from breakwater.support.topics import BEFORE, CASES, TopicsError, load_topics
from breakwater.support.turn import Place
from breakwater.support.wording import Wording
from breakwater.understanding.answers import STATED
from breakwater.understanding.facts import CaseFacts, Reading

ROOT = Path(__file__).parents[2]
LIST = ROOT / "data" / "topics.yaml"
TOPICS = load_topics(LIST)
DIRECTORY = load_directory(ROOT / "data" / "directory")
WORDING = Wording.load(ROOT / "domain.yml")
DOMAIN = yaml.safe_load((ROOT / "domain.yml").read_text("utf8"))
RESPONSES = DOMAIN["responses"]
VARIANTS = [(topic, variant) for topic in TOPICS.by_name.values() for variant in topic.variants]
MESSAGES = [
    (file, block["intent"], example)
    for folder in ("nlu", "facts")
    for file in sorted((ROOT / "data" / folder).glob("*.yml"))
    for block in yaml.load(file.read_text("utf8"), yaml.CSafeLoader)["nlu"]
    for example in block["examples"]
]


def questions(response: str) -> set[str | None]:
    return {(variation.get("metadata") or {}).get("question") for variation in RESPONSES[response]}


# --- The list and the wording ----------------------------------------------------------------


def test_every_answer_is_in_the_domain_and_every_answer_there_is_used() -> None:
    named = {variant.response for _, variant in VARIANTS}
    assert named <= set(RESPONSES)
    assert {r for r in RESPONSES if r.startswith("utter_answer_")} <= named
    assert BEFORE in RESPONSES


def test_every_case_is_one_that_can_be_read_and_each_is_used() -> None:
    assert {name for _, variant in VARIANTS for cases in variant.when for name in cases} == set(CASES)


def test_tags_and_questions_in_the_domain_are_those_of_the_lists() -> None:
    for name, variations in RESPONSES.items():
        for variation in variations:
            about = variation.get("metadata") or {}
            assert set(about) <= {"tags", "question", "reviewed", "language"}, name
            assert set(about.get("tags") or ()) <= TOPICS.tags, name
            assert about.get("question") is None or about["question"] in TOPICS.questions, name


def test_every_question_that_a_button_answers_is_listed() -> None:
    assert set(STATED) <= set(TOPICS.questions)


# --- The messages people write ---------------------------------------------------------------


def test_every_asked_intent_is_a_topic_with_messages_enough_to_learn_it() -> None:
    asked = Counter(intent.removeprefix("ask_") for _, intent, _ in MESSAGES if intent.startswith("ask_"))
    del asked["human"]  # the wish for a person is no question
    assert set(asked) == set(TOPICS.by_name)
    assert {topic: count for topic, count in asked.items() if count < 14} == {}


def test_every_topic_is_an_intent_and_lies_in_the_file_of_its_group() -> None:
    intents = {i.removeprefix("ask_") for i in DOMAIN["intents"] if i.startswith("ask_")} - {"human"}
    assert intents == set(TOPICS.by_name)
    for file, intent, _ in MESSAGES:
        if file.stem.startswith("questions_"):
            assert TOPICS.by_name[intent.removeprefix("ask_")].group == file.stem.removeprefix("questions_")


# --- Which answer ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("topic", "known", "answer"),
    [
        ("should_i_pay", {}, "should_i_pay"),
        ("should_i_pay", {"paid": "yes"}, "should_i_pay_paid"),
        ("should_i_pay", {"threat_type": "scam_email", "paid": "yes"}, "should_i_pay_email"),
        ("should_i_pay", {"speaker": "parent"}, "should_i_pay_parent"),
        ("block_or_not", {"offender": "known"}, "block_or_not_not_yet"),
        ("block_or_not", {"home_unsafe": "yes"}, "block_or_not_not_yet"),
        ("block_or_not", {"risk": ("meeting_planned",)}, "block_or_not_not_yet"),
        ("block_or_not", {"age": 12}, "block_or_not_young"),
        ("block_or_not", {"age": 12, "speaker": "parent"}, "block_or_not"),
        ("take_down", {}, "take_down"),
        ("take_down", {"minor": "yes"}, "take_down_child"),
        ("take_down", {"minor": "no"}, "take_down_adult"),
        ("take_down", {"minor": "no", "age_in_image": 16}, "take_down_child"),
        ("take_down", {"minor": "no", "lowest_age": 16}, "take_down_adult"),
        ("take_down", {"minor": "yes", "has_file": "no"}, "take_down_no_file"),
        ("take_down", {"minor": "yes", "speaker": "parent"}, "take_down_parent"),
        ("take_down", {"age": 11, "has_file": "no"}, "take_down_young"),
        ("they_have_my_login", {"watched": "yes"}, "they_have_my_login_watched"),
        ("in_trouble", {"sent_other_child": "yes", "minor": "yes"}, "in_trouble_sent_other_child"),
        ("in_trouble", {"speaker": "perpetrator", "minor": "yes"}, "in_trouble_perpetrator"),
        ("how_tell_parents", {}, "how_tell_parents_home_unknown"),
        ("how_tell_parents", {"home_unsafe": "no"}, "how_tell_parents"),
        ("how_tell_parents", {"home_unsafe": "no", "minor": "no"}, "how_tell_parents_adult"),
        ("how_tell_parents", {"home_unsafe": "yes", "minor": "no"}, "how_tell_parents_home_unsafe"),
        ("how_tell_parents", {"speaker": "parent"}, "child_help"),
        ("child_help", {"speaker": "friend"}, "friend_help"),
    ],
)
def test_the_answer_fits_the_person(topic: str, known: dict[str, object], answer: str) -> None:
    assert TOPICS.response(topic, CaseFacts.of(known), Memory()) == f"utter_answer_{answer}"


def test_a_home_question_not_answered_with_no_counts_as_not_safe_and_is_not_asked_again() -> None:
    asked = Memory(asked={"home_safe": 1})
    for topic in ("how_tell_parents", "talk_to_my_mum", "gay_outing"):
        assert TOPICS.response(topic, CaseFacts(), asked) == f"utter_answer_{topic}_home_unsafe"


def test_who_was_called_is_not_offered_again() -> None:
    called = Memory(given={"human_coming": 1})
    assert TOPICS.response("human_available", CaseFacts(), called) == "utter_person_still_coming"
    assert TOPICS.response("are_you_a_bot", CaseFacts(wants_human=True), Memory()) == "utter_bot"


def test_an_unknown_topic_has_no_answer() -> None:
    assert TOPICS.response("the_weather", CaseFacts(), Memory()) is None


def test_an_answer_comes_in_the_same_words_only_when_asked_a_third_time() -> None:
    said: tuple[str, ...] = ()
    heard = []
    for _ in range(3):
        heard.append(TOPICS.response("costs", CaseFacts(), Memory(said=said)))
        said = (*said, heard[-1] or "", "utter_step_mute")
    assert heard == ["utter_answer_costs", BEFORE, "utter_answer_costs"]


def test_what_is_about_safety_or_feelings_is_said_in_full_every_time() -> None:
    for topic in TOPICS.by_name.values():
        tags = {t for v in topic.variants for text in RESPONSES[v.response] for t in text["metadata"].get("tags", ())}
        if topic.group == "feelings" or tags & {"emergency_number", "home_question"}:
            assert topic.again, topic.name


# --- In the conversation ---------------------------------------------------------------------


def turn(reading: Reading, facts: CaseFacts | None = None, memory: Memory | None = None) -> Move:
    told = facts or CaseFacts(threat_type="financial", demand=("money",))
    known = memory or Memory(said=("utter_first_money",), asked={"suicide": 1}, answers={"suicide": "no"}, turns=3)
    return next_move(Situation(told, known, reading, Place("2026-01-14T12:00:00+00:00"), DIRECTORY, TOPICS, WORDING))


def asking(topic: str, **facts: object) -> Reading:
    return Reading(f"ask_{topic}", 0.9, topic, CaseFacts.of(facts))


def says(found: Move) -> list[str]:
    return [say.response for say in found.says]


def test_the_answer_comes_first_and_then_the_plan_goes_on() -> None:
    assert says(turn(asking("costs"))) == ["utter_answer_costs", "utter_ask_paid"]


@pytest.mark.parametrize("topic", TOPICS.by_name)
def test_one_turn_asks_one_question(topic: str) -> None:
    found = says(turn(asking(topic)))
    assert len(found) <= 2
    assert sum(questions(response) != {None} for response in found) <= 1


def test_an_unknown_topic_leaves_the_plan_to_go_on() -> None:
    assert says(turn(asking("the_weather"))) == ["utter_ask_paid"]


@pytest.mark.parametrize("topic", ["human_available", "are_you_a_bot"])
def test_asking_for_a_person_in_a_question_calls_one(topic: str) -> None:
    found = turn(asking(topic, wants_human=True), CaseFacts(threat_type="financial", wants_human=True))
    assert found.requests == ("handover",)
    assert "utter_person_coming" in says(found)
    assert ("utter_bot" in says(found)) == (topic == "are_you_a_bot")


@pytest.mark.parametrize("topic", ["going_to_pay", "just_paid", "sent_it_already"])
def test_paid_just_now_is_answered_once(topic: str) -> None:
    paid = CaseFacts(threat_type="financial", demand=("money",), paid="yes")
    found = says(turn(asking(topic, paid="yes"), paid))
    assert found[0] == ("utter_answer_just_paid" if topic == "just_paid" else "utter_ack_paid")
    assert len({"utter_answer_just_paid", "utter_ack_paid"} & set(found)) == 1


def test_who_says_that_nothing_was_paid_is_not_told_of_a_payment() -> None:
    nothing = CaseFacts(threat_type="financial", demand=("money",), paid="no")
    assert says(turn(replace(asking("just_paid", paid="no"), plain=("paid",)), nothing))[0] == "utter_ack_not_paid"


def test_asked_again_it_is_answered_in_other_words() -> None:
    memory = Memory(said=("utter_first_money", "utter_answer_will_they_post"), asked={"suicide": 1}, turns=3)
    assert says(turn(asking("will_they_post"), memory=memory))[0] == "utter_answer_will_they_post_again"
    third = memory.after([{"response": "utter_answer_will_they_post_again"}])
    assert says(turn(asking("will_they_post"), memory=third))[0] == "utter_answered_before"


def test_who_pays_all_the_same_is_asked_whether_it_is_sent() -> None:
    memory = Memory(said=("utter_first_money", "utter_answer_going_to_pay"), asked={"suicide": 1}, turns=3)
    assert says(turn(asking("going_to_pay"), memory=memory)) == ["utter_answer_going_to_pay_again"]
    assert questions("utter_answer_going_to_pay_again") == {"paid"}


def test_a_mother_in_fear_asks_what_to_say_to_her_child() -> None:
    son = CaseFacts(threat_type="financial", speaker="parent", minor="yes", risk=("suicide_passive",))
    memory = Memory(said=("utter_first_parent", "utter_fear_for_life"), turns=3)
    assert says(turn(asking("reply_once"), son, memory))[0] == "utter_third_say_life"


def test_told_of_police_that_wants_money_it_is_said_who_that_mostly_is() -> None:
    told = Reading("tell", 0.9, facts=CaseFacts(threat_type="financial"), cues=("fake_office",))
    assert says(turn(told))[0] == "utter_answer_fake_police"


def test_a_denial_that_nobody_asked_for_is_heard() -> None:
    assert says(turn(Reading("tell", 0.9, cues=("denies_life",))))[0] == "utter_ack_denies"


def test_a_question_put_off_comes_back_once() -> None:
    everything = tuple(r for r in RESPONSES if r.startswith(("utter_step_", "utter_suicide_", "utter_first_money")))
    given = Counter(t for r in everything for v in RESPONSES[r] for t in v["metadata"].get("tags", ()))
    asked = dict.fromkeys(TOPICS.questions, 1)
    facts = CaseFacts(threat_type="financial", demand=("money",), paid="no", home_unsafe="no")
    memory = Memory(given, asked, everything, answers={"want_human": "no"}, parked=("costs",), turns=20)
    silent = Reading("unsure", 0.9)
    assert says(turn(silent, facts, memory)) == ["utter_answer_costs"]
    again = memory.after([{"response": "utter_answer_costs"}])
    assert not says(turn(silent, facts, again))[0].startswith("utter_answer")


# --- Our own questions -----------------------------------------------------------------------


@pytest.mark.parametrize("response", [r for r in RESPONSES if not r.startswith("utter_lang_")])  # English words only
def test_the_question_of_every_response_is_known_by_its_words(response: str) -> None:
    for variation in RESPONSES[response]:
        assert TOPICS.question_kind(variation["text"]) == (variation.get("metadata") or {}).get("question")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("How old are you? And have you paid anything?", "paid"),
        ("HAVE YOU SENT ANY MONEY?", "paid"),
        ("Thanks. Which app is it on?", "platform"),
        ("Do you know who it is?", "offender_known"),
        ("Are you having thoughts of suicide?", "suicide"),
        ("Don’t worry about the words. What’s going on?", "what_happened"),
        ("Please tell me what happened.", "what_happened"),
        ("Are you safe at home?", "safe_now"),
        ("If they knew, could your parents hurt you?", "home_safe"),
        ("Did you save it before you blocked them?", "evidence_saved"),
        ("I saved it for you.", None),
        ("Take care.", None),
        ("", None),
    ],
)
def test_any_wording_of_a_question_is_known(text: str, kind: str | None) -> None:
    assert TOPICS.question_kind(text) == kind


# --- Broken files ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("- topic: costs", "- topic: privacy", "the topic privacy is listed twice"),
        ("- kind: paid", "- kind: age", "the question age is listed twice"),
        ("{threat_type: scam_email}", "{thread: scam_email}", "will_they_post, email: no such case: thread"),
        ("  again: true", "  agian: true", "if_they_post: no such key: agian"),
        ("when: [{paid:", "wenn: [{paid:", "should_i_pay, paid: no such key: wenn"),
        ("have you paid", "Have you paid", "paid: 'Have you paid' is not in small letters"),
        ("topics:", "topics: [", "while parsing"),
        ("tags: [", "labels: [", "tags"),
    ],
)
def test_a_broken_list_names_file_and_entry(tmp_path: Path, old: str, new: str, expected: str) -> None:
    good = LIST.read_text("utf8")
    assert old in good
    broken = tmp_path / "topics.yaml"
    broken.write_text(good.replace(old, new, 1), "utf8")
    with pytest.raises(TopicsError, match=r"^topics\.yaml: ") as raised:
        load_topics(broken)
    assert expected in str(raised.value)


def test_a_tapped_answer_answers_what_is_asked() -> None:
    """ "Done" under a step says that it was done; every other button belongs to the question above it."""
    steps = {"evidence_saved", "blocked"}
    for name, variations in DOMAIN["responses"].items():
        for said in variations:
            asked = (said.get("metadata") or {}).get("question")
            taps = [b["payload"] for b in said.get("buttons", ()) if b["payload"].startswith("answer:")]
            answered = {tap.removeprefix("answer:").partition("=")[0] for tap in taps}
            if asked and taps and asked not in steps:
                assert asked in answered, name
