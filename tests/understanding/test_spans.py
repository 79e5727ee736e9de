"""Names and figures: apps, ways of paying, sums and deadlines, as our own lists and rules find them."""

from __future__ import annotations

from pathlib import Path

import pytest

from breakwater.understanding.spans import Spans

FIND = Spans.load(Path(__file__).parents[2] / "data" / "lexicon")


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("she wants £200 now", "£200"),
        ("he asks 50 quid", "50 quid"),
        ("$1,500 or else", "$1,500"),
        ("pay 300 euros", "300 euros"),
        ("im 15 and scared", None),
        ("he has 20 pictures", None),
    ],
)
def test_sums(text: str, amount: str | None) -> None:
    found = FIND(text).amount
    assert (found.replace(" ", "") if found else found) == (amount.replace(" ", "") if amount else amount)


@pytest.mark.parametrize(
    ("text", "deadline"),
    [
        ("i have 2 hours", "have 2 hours"),
        ("pay by tomorrow", "by tomorrow"),
        ("before midnight he said", "before midnight"),
        ("20 mins left", "20 mins left"),
        ("he started a countdown", "countdown"),
        ("i was 2 hours at school", None),
    ],
)
def test_deadlines(text: str, deadline: str | None) -> None:
    assert FIND(text).deadline == deadline


def test_apps_and_ways_of_paying_keep_the_words_they_came_from() -> None:
    found = FIND("met on INSTA then snap, wants Steam cards or paypal")
    assert found.platform["instagram"] == "INSTA"
    assert found.platform["snapchat"] == "snap"
    assert found.payment == {"steam_card": "Steam cards", "paypal": "paypal"}


def test_of_overlapping_names_the_longest_stands() -> None:
    assert list(FIND("he wants a steam gift card").payment) == ["steam_card"]


def test_parts_of_words_are_no_names() -> None:
    assert FIND("instantly a snapshot of kikis mailbox").platform == {}


@pytest.mark.parametrize("text", ["", "🥲", "x" * 50_000, "\x00"])
def test_no_text_is_too_strange(text: str) -> None:
    FIND(text)
