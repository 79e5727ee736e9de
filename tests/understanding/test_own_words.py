"""A fact that the model read is shown with the words that speak for it, and with none it does not need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from breakwater.understanding.facts import CaseFacts
from breakwater.understanding.likeness import Array
from breakwater.understanding.own_words import parts_of, with_own_words

STORY = "We met in a game. He asks for fifty or it goes to my team.\nI want to be gone. Please help"
TELLING = {
    "threat_type=financial": "fifty",
    "demand=money": "fifty",
    "risk=self_harm": "game",
    "risk=suicide_passive": "gone",
}


def scores(parts: Sequence[str]) -> Mapping[str, Array]:
    return {label: np.array([word in part for part in parts], dtype=np.float32) for label, word in TELLING.items()}


def silent(parts: Sequence[str]) -> Mapping[str, Array]:
    raise AssertionError("nobody asked")


def test_the_part_that_speaks_for_it() -> None:
    facts = CaseFacts(threat_type="financial", demand=("money",), risk=("suicide_passive", "self_harm"))
    assert with_own_words(facts, STORY, scores).words == {
        "threat_type": "He asks for fifty or it goes to my team.",
        "demand": "He asks for fifty or it goes to my team.",
        "risk": "I want to be gone. … We met in a game.",
    }


def test_words_that_were_found_stay() -> None:
    facts = CaseFacts(threat_type="financial", words={"threat_type": "fifty", "age": "im 15"})
    assert with_own_words(facts, STORY, silent) == facts


def test_nothing_but_the_words_changes() -> None:
    facts = CaseFacts(threat_type="financial", paid="yes", wants_human=True)
    changed = with_own_words(facts, STORY, scores)
    assert changed.known() | {"words": {}} == facts.known() | {"words": {}}
    assert set(changed.words) == {"threat_type"}, "a label that the model does not know has no words"


def test_a_short_message_is_its_own_evidence() -> None:
    assert with_own_words(CaseFacts(paid="yes"), " yeah 40 ", silent).words == {"paid": "yeah 40"}
    assert with_own_words(CaseFacts(), "hello", silent).words == {}
    assert with_own_words(CaseFacts(paid="yes"), " \n ", silent).words == {}


def test_long_sentences_are_cut() -> None:
    parts = parts_of("word " * 50)
    assert [len(part.split()) for part in parts] == [16, 17, 17]


@given(st.text())
def test_no_word_is_lost_or_made_up(text: str) -> None:
    parts = parts_of(text)
    assert " ".join(parts).split() == text.split() or len(parts) == 60
    assert all(0 < len(part.split()) <= 20 for part in parts)
