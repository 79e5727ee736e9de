"""How a message of ours looks on Telegram. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breakwater.channels.telegram import outgoing
from breakwater.channels.telegram.outgoing import Button, parts
from breakwater.conversations.transcript import Letter, Message

NOW = datetime(2026, 11, 21, 12, tzinfo=timezone.utc)
LINE = {"kind": "line", "name": "Childline", "dial": "0800 1111", "status": "open now", "url": None, "sms": None}
TEXT = {"kind": "line", "name": "Shout", "dial": None, "sms": "85258", "keyword": "SHOUT", "status": "open now"}
LINK = {"kind": "link", "name": "Take It Down", "url": "https://takeitdown.ncmec.org", "note": ""}


def letter(sender: str = "assistant", both: bool = False, ago: float | None = 0, **body: Any) -> Letter:
    wrote = None if ago is None else NOW - timedelta(seconds=ago)
    return Letter(Message("m", 3, sender, NOW, body={"text": "Hello.", **body}), both, wrote)


@pytest.mark.parametrize(
    ("sender", "both", "text"),
    [("assistant", False, "Hello."), ("notice", False, "Hello."), ("counsellor", False, "Sam: Hello."),
     ("counsellor", True, "Sam: Hello."), ("assistant", True, "Automated helper: Hello."),
     ("notice", True, "Automated helper: Hello.")],
)  # fmt: skip
def test_who_speaks_is_always_plain(sender: str, both: bool, text: str) -> None:
    assert outgoing.texts(letter(sender, both, name="Sam")) == [text]


def test_cards_are_words_to_copy_and_links_to_tap() -> None:
    message = letter(cards=[LINE, TEXT, LINK])
    assert outgoing.texts(message) == [
        "Hello.\n\nChildline: 0800 1111 (open now)\nShout: text SHOUT to 85258 (open now)"
    ]
    assert outgoing.links(message.message, "https://x/call/gb", "https://x/#move=t") == [
        Button("Take It Down", url="https://takeitdown.ncmec.org"),
        Button("Tap to call or text", url="https://x/call/gb"),
        Button("Go on in the web chat", url="https://x/#move=t"),
    ]
    assert outgoing.links(message.message, "") == [Button("Take It Down", url="https://takeitdown.ncmec.org")]


def test_a_number_that_was_said_is_not_said_twice_but_its_hours_are() -> None:
    said = "Call Childline, 0800 1111, or text SHOUT to 85258."
    assert outgoing.texts(letter(text=said, cards=[LINE, TEXT])) == [said]
    closed = {**LINE, "status": "opens at 11:00"}
    assert outgoing.texts(letter(text=said, cards=[closed])) == [f"{said}\n\nChildline: 0800 1111 (opens at 11:00)"]


def test_a_button_carries_nothing_but_its_place() -> None:
    buttons = [{"title": "Yes", "payload": "answer:suicide=yes"}, {"title": "No", "payload": "answer:suicide=no"}]
    assert outgoing.answers(letter(buttons=buttons).message, "row") == [Button("Yes", "row:0"), Button("No", "row:1")]


def test_short_answers_stand_two_in_a_row() -> None:
    buttons = [Button(t, "d") for t in ("Yes", "No", "Rather not say", "Talk to a person", "OK")] + [
        Button("L", url="u")
    ]
    shape = [[b.title for b in row] for row in outgoing.rows(buttons)]
    assert shape == [["Yes", "No"], ["Rather not say"], ["Talk to a person"], ["OK"], ["L"]]


@pytest.mark.parametrize(
    ("sender", "response", "ago", "late"),
    [("assistant", "utter_x", 599, False), ("assistant", "utter_x", 601, True),
     ("assistant", "utter_late", 9999, False),
     ("counsellor", None, 9999, False), ("notice", "utter_counsellor_joined", 9999, False),
     ("assistant", "utter_greeting", None, False)],
)  # fmt: skip
def test_ten_minutes_after_the_last_word_only_neutral_ones(sender: str, response: str, ago: float, late: bool) -> None:
    assert outgoing.too_late(letter(sender, ago=ago, response=response), NOW) is late


def test_what_is_late_makes_no_sound_unless_a_person_wrote_it() -> None:
    assert outgoing.silent(letter(ago=601), NOW)
    assert outgoing.silent(letter("notice", ago=601), NOW)
    assert not outgoing.silent(letter("counsellor", ago=601), NOW)
    assert not outgoing.silent(letter(ago=10), NOW)


def test_long_words_are_parted_between_sentences() -> None:
    text = " ".join(f"This is sentence number {n}." for n in range(400))
    found = parts(text)
    assert len(found) == 3
    assert all(part.endswith(".") for part in found)
    assert " ".join(found) == text


@given(st.text(alphabet=st.sampled_from("ab. \n😀é"), max_size=400), st.integers(5, 50))
def test_parts_fit_and_hold_every_letter(text: str, longest: int) -> None:
    found = parts(text, longest)
    assert all(0 < len(part.encode("utf-16-le")) // 2 <= longest for part in found)
    assert "".join("".join(found).split()) == "".join(text.split())
