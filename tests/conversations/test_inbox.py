"""What a person sends is made clean before it is stored, and nothing of its meaning is lost."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breakwater.conversations.inbox import TooLong, clean


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("  hello  ", "hello"),
        ("one\r\ntwo", "one\ntwo"),
        ("a\x00b\x07c\x1b[31m", "abc[31m"),
        ("cafe\u0301", "café"),
        ("line\nbreak", "line\nbreak"),
        ("\ud83d lonely", "lonely"),
        ("private \ue000 use", "private  use"),
        ("👍🏽 ❤️", "👍🏽 ❤️"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
        ("نه", "نه"),
        ("", ""),
        ("\x00\x01", ""),
    ],
)
def test_what_is_kept(text: str, stored: str) -> None:
    assert clean(text, 100) == stored


@given(text=st.text(max_size=200))
def test_what_is_stored_is_composed_and_without_control_characters(text: str) -> None:
    stored = clean(text, 500)
    assert unicodedata.is_normalized("NFC", stored)
    assert not [c for c in stored if c != "\n" and unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn")]
    assert clean(stored, 500) == stored


@given(text=st.text(alphabet=st.characters(categories=("L", "N", "P", "S", "Zs")), max_size=60))
def test_no_letter_sign_or_emoji_is_lost(text: str) -> None:
    assert clean(text, 500) == unicodedata.normalize("NFC", text).strip()


def test_the_length_is_counted_after_cleaning_and_too_long_is_refused_not_cut() -> None:
    assert clean("a" * 20, 20) == "a" * 20
    assert clean("a" * 20 + "\x00" * 50, 20) == "a" * 20
    with pytest.raises(TooLong, match="21 characters; 20 is the most"):
        clean("a" * 21, 20)
