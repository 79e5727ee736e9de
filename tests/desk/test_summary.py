from __future__ import annotations

from datetime import datetime, timezone

import pytest

from breakwater.conversations.transcript import Message
from breakwater.desk.summary import age_band, asked_last, at_risk
from breakwater.understanding.facts import CaseFacts

NOW = datetime(2026, 11, 21, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("facts", "who"),
    [
        ({}, "the writer"),
        ({"speaker": "parent", "words": {"speaker": "My little daughter is"}}, "daughter of the writer"),
        ({"speaker": "parent"}, "child of the writer"),
        ({"speaker": "friend", "words": {"speaker": "my best friend got"}}, "friend of the writer"),
        ({"speaker": "teacher", "words": {"speaker": "a boy in year 9"}}, "pupil of the writer"),
        (
            {"speaker": "perpetrator", "words": {"speaker": "my son"}},
            "somebody else; the writer may have done it",
        ),
    ],
)
def test_who_is_at_risk(facts: dict[str, object], who: str) -> None:
    assert at_risk(CaseFacts.of(facts)) == who


@pytest.mark.parametrize(
    ("facts", "band"),
    [
        ({}, ""),
        ({"age": 12}, "under 13"),
        ({"age_min": 14, "age_max": 15}, "13 to 15"),
        ({"minor": "yes"}, "under 18"),
        ({"age": 61, "lowest_age": 16}, "18 or older, 16 said before"),
        ({"age": 17, "lowest_age": 17}, "16 or 17"),
        ({"lowest_age": 11}, "under 13"),
    ],
)
def test_age_bands_name_a_younger_age_said_before(facts: dict[str, object], band: str) -> None:
    assert age_band(CaseFacts.of(facts)) == band


def test_the_last_question_of_the_person_is_what_they_asked() -> None:
    def say(seq: int, sender: str, text: str) -> Message:
        return Message(str(seq), seq, sender, NOW, body={"text": text})

    talk = [
        say(1, "person", "will they post it?"),
        say(2, "person", "pls"),
        say(3, "assistant", "Are you safe?"),
    ]
    assert asked_last(talk) == "will they post it?"
    assert asked_last(talk[1:]) == "pls" and asked_last([]) == ""
    assert len(asked_last([say(1, "person", "word " * 100)])) < 170
