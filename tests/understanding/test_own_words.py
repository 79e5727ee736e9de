"""A fact that the model read is shown with the words that speak for it, and with none it does not need."""

from __future__ import annotations

import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from breakwater.understanding.encoder import DIMENSIONS, Seen
from breakwater.understanding.facts import CaseFacts
from breakwater.understanding.own_words import parts_of, with_own_words

STORY = "We met in a game. He asks for fifty or it goes to my team.\nI want to be gone. Please help"
TELLING = {
    "threat_type=financial": "fifty",
    "demand=money": "fifty",
    "risk=self_harm": "game",
    "risk=suicide_passive": "gone",
}
LABELS = tuple(TELLING)


def seen_in(text: str) -> Seen:
    """A network for which one word of the story speaks for each label."""
    places = tuple((m.start(), m.end()) for m in re.finditer(r"\w+", text))
    speaks = np.array([[float(text[a:b] == word) for a, b in places] for word in TELLING.values()], dtype=np.float32)
    nothing = np.zeros(DIMENSIONS, dtype=np.float32)
    return Seen(nothing, np.zeros(len(LABELS), dtype=np.float32), places, np.zeros(len(places), np.float32), speaks)


def quoted(facts: CaseFacts, text: str) -> CaseFacts:
    return with_own_words(facts, text, seen_in(text), LABELS)


def test_the_part_that_speaks_for_it() -> None:
    facts = CaseFacts(threat_type="financial", demand=("money",), risk=("suicide_passive", "self_harm"))
    assert quoted(facts, STORY).words == {
        "threat_type": "He asks for fifty or it goes to my team.",
        "demand": "He asks for fifty or it goes to my team.",
        "risk": "I want to be gone. … We met in a game.",
    }


def test_words_that_were_found_stay() -> None:
    facts = CaseFacts(threat_type="financial", words={"threat_type": "fifty", "age": "im 15"})
    assert quoted(facts, STORY) == facts


def test_nothing_but_the_words_changes() -> None:
    facts = CaseFacts(threat_type="financial", paid="yes", wants_human=True)
    changed = quoted(facts, STORY)
    assert changed.known() | {"words": {}} == facts.known() | {"words": {}}
    assert set(changed.words) == {"threat_type"}, "a label that the model does not know has no words"


def test_a_short_message_is_its_own_evidence() -> None:
    assert quoted(CaseFacts(paid="yes"), " yeah 40 ").words == {"paid": "yeah 40"}
    assert quoted(CaseFacts(), "hello").words == {}
    assert quoted(CaseFacts(paid="yes"), " \n ").words == {}


def test_long_sentences_are_cut() -> None:
    text = "word " * 50
    assert [len(text[a:b].split()) for a, b in parts_of(text)] == [16, 17, 17]


@given(st.text())
def test_no_word_is_lost_or_made_up(text: str) -> None:
    parts = [text[a:b] for a, b in parts_of(text)]
    assert " ".join(parts).split() == text.split() or len(parts) == 60
    assert all(0 < len(part.split()) <= 20 for part in parts)
