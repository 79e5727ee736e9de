"""A question is known by its form, also without a question mark; rhetoric and "what do I do" are none."""

from __future__ import annotations

import pytest

from breakwater.understanding.questions import asks


@pytest.mark.parametrize(
    "text",
    [
        "can my teacher find out about this",
        "he wants money. is that even allowed",
        "ok but how do i turn the tablet off",
        "will you ring my house?",
        "so does the bank tell my dad",
        "when does this chat close",
        "what do i do about the pic",
        "what do i do if he posts it",
    ],
)
def test_a_question_is_heard(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize(
    "text",
    [
        "he asked me for money",
        "what do i do",
        "pls can someone help me",
        "i dont know what to say",
        'he wrote "are you scared?" and then he laughed',
        "who does that?!",
        "is fine now thanks",
        "",
    ],
)
def test_what_asks_nothing_is_no_question(text: str) -> None:
    assert not asks(text)
