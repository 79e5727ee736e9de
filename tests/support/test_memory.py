"""What was said and asked is counted, so that steps never repeat and questions stay open until answered."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from breakwater.support.memory import Memory

names = st.sampled_from(("suicide", "paid", "age"))
replies = st.lists(
    st.fixed_dictionaries(
        {"response": st.sampled_from(("utter_a", "utter_b")), "tags": st.lists(names), "question": st.none() | names}
    ),
    max_size=2,
)
ASKS: list[dict[str, Any]] = [
    {"response": "utter_suicide_everyone", "tags": ["suicide_question"], "question": "suicide"}
]


@given(said=st.lists(replies, max_size=5), answers=st.dictionaries(names, st.sampled_from(("yes", "no"))))
def test_memory_comes_back_as_it_went(said: list[list[dict[str, Any]]], answers: dict[str, str]) -> None:
    memory = Memory()
    for move in said:
        memory = memory.after(move)
    for question, answer in answers.items():
        memory = memory.answered(question, answer)
    assert Memory.of(memory.as_json()) == memory


@given(said=st.lists(replies, max_size=6))
def test_all_is_counted_and_in_order(said: list[list[dict[str, Any]]]) -> None:
    memory = Memory()
    for move in said:
        memory = memory.after(move)
    flat = [reply for move in said for reply in move]
    assert memory.said == tuple(reply["response"] for reply in flat)
    assert sum(memory.given.values()) == sum(len(reply["tags"]) for reply in flat)
    assert sum(memory.asked.values()) == sum(reply["question"] is not None for reply in flat)
    assert memory.turns == len(said)


def test_a_question_stays_open_until_it_is_answered() -> None:
    memory = Memory().after(ASKS)
    assert memory.question == "suicide"
    assert memory.answered(None, None).question == "suicide"
    assert memory.answered("suicide", None).question == "suicide"
    assert memory.answered("paid", "no").question == "suicide"
    assert memory.answered("suicide", "no").question is None


def test_a_message_without_a_question_leaves_the_open_one_open() -> None:
    assert Memory().after(ASKS).after([{"response": "utter_silence_everyone", "tags": []}]).question == "suicide"


def test_asked_again_the_old_answer_no_longer_stands() -> None:
    memory = Memory().after(ASKS).answered("suicide", "no").after(ASKS)
    assert memory.answers == {}
    assert memory.asked["suicide"] == 2


def test_a_question_is_parked_once() -> None:
    memory = Memory().parking(["will_they_post"]).parking(["will_they_post", "money_back"])
    assert memory.parked == ("will_they_post", "money_back")
