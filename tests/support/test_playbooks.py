"""What is said for each app and each way of paying: complete, short, by the names of the lexicon, and honest in form.

The words themselves are read in test_wording.py, in the responses that they fill.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from breakwater.settings import ROOT
from breakwater.support.playbooks import GENERAL, Payment, Platform, PlaybookError, Playbooks, load_playbooks
from breakwater.understanding.facts import CaseFacts
from breakwater.understanding.lexicon import read_list

FOLDER = ROOT / "data" / "playbooks"
BOOKS = load_playbooks(FOLDER)
STEPS = ("mute", "save", "report", "block", "hide_friends")
ABOUT_MONEY = ("first_hour", "keep", "back")
MOST_IN_A_SENTENCE, MOST_SENTENCES = 12, 2

apps = pytest.mark.parametrize("app", BOOKS.platforms.values(), ids=BOOKS.platforms)
ways = pytest.mark.parametrize("way", BOOKS.payments.values(), ids=BOOKS.payments)


def short(entry: Platform | Payment, names: tuple[str, ...]) -> bool:
    """One or two sentences in each, none of them long."""
    parts = [re.split(r"(?<=[.?!])\s+", getattr(entry, name)) for name in names]
    return all(len(part) <= MOST_SENTENCES for part in parts) and all(
        len(sentence.split()) <= MOST_IN_A_SENTENCE for part in parts for sentence in part
    )


@apps
def test_the_steps_in_an_app_are_short(app: Platform) -> None:
    assert short(app, STEPS)


@ways
def test_what_is_said_about_money_is_short(way: Payment) -> None:
    assert short(way, ABOUT_MONEY)


@ways
def test_no_number_to_call_stands_outside_the_directory(way: Payment) -> None:
    assert not re.search(r"\d{3}", " ".join(getattr(way, name) for name in ABOUT_MONEY))


@apps
def test_sure_is_only_what_the_maker_itself_says(app: Platform) -> None:
    assert app.confidence != "high" or any(source.startswith("https://") for source in app.source)


@pytest.mark.parametrize(("book", "least"), [("platforms", 16), ("payments", 12)])
def test_the_names_are_those_of_the_lexicon_each_once(book: str, least: int) -> None:
    named = set(getattr(BOOKS, book)) - {GENERAL}
    assert named <= set(read_list(ROOT / "data" / "lexicon" / f"{book}.yml"))
    assert len(named) >= least
    written = re.findall(r"^(\w+):", (FOLDER / f"{book}.yml").read_text("utf8"), re.MULTILINE)
    assert sorted(written) == sorted({*named, GENERAL})


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ((), GENERAL),
        (("tinder", "snapchat"), "snapchat"),
        (("whatsapp", "minecraft"), "whatsapp"),
        (("minecraft",), GENERAL),
    ],
)
def test_the_app_named_last_is_meant_or_else_any(named: tuple[str, ...], said: str) -> None:
    assert BOOKS.platform(CaseFacts(platform=named)) is BOOKS.platforms[said]


def test_only_the_places_of_the_response_are_filled() -> None:
    facts = CaseFacts(platform=("kik",), payment=("crypto",))
    assert BOOKS.values(facts, {"save_here", "line"}) == {"save_here": BOOKS.platforms["kik"].save}
    crypto = BOOKS.payments["crypto"]
    assert BOOKS.values(facts, {"money_here"})["money_here"].split(". ")[0] in crypto.first_hour


def test_the_steps_name_the_app_and_the_money_of_this_case(chats: Callable[..., Any]) -> None:
    """From a boy's first words to the end: what he reads is about Snapchat and his steam card."""
    chat = chats(age=15, minor="yes", home_unsafe="no")
    known = {"paid": "yes", "platform": ("snapchat",), "payment": ("steam_card",)}
    said = chat.hears(threat_type="financial", demand=("money",), **known).text
    said += " ".join(chat.hears("done_step", answer=_calm(chat.memory.question)).text for _ in range(16))
    snap, steam = BOOKS.platforms["snapchat"], BOOKS.payments["steam_card"]
    for words in (snap.mute, snap.save, snap.report, snap.block, snap.hide_friends, steam.first_hour, steam.back):
        assert words in said
    assert "platform" not in chat.memory.asked
    assert "payment" not in chat.memory.asked


def _calm(question: str | None) -> str:
    return "no" if question in ("suicide", "already_posted", "deadline") else "yes"


# --- Broken files ----------------------------------------------------------------------------


def broken(tmp_path: Path, old: str, new: str) -> str:
    for name in ("platforms.yml", "payments.yml"):
        text = (FOLDER / name).read_text("utf8")
        (tmp_path / name).write_text(text.replace(old, new, 1), "utf8")
    with pytest.raises(PlaybookError) as raised:
        load_playbooks(tmp_path)
    return str(raised.value)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("  mute: Mute that chat.\n", "", "platforms.yml, general: 'mute' is a required property"),
        ("  mute: Mute that chat.\n", "  muet: Mute.\n", "platforms.yml, general: Additional properties"),
        ("Mute that chat.", "mute it", "platforms.yml, general: mute: 'mute it' must be one or two sentences"),
        ("confidence: medium", "confidence: good", "platforms.yml, general: confidence: 'good' must be high, medium"),
        ("checked: null", "checked: 2026-02-30", "payments.yml, general: checked: '2026-02-30' is not a day"),
        ("checked: null", "checked: May", "payments.yml, general: checked: 'May' must be a day"),
        ("source: [protocol.md 6]", "source: [a friend]", "payments.yml, general: source: 'a friend'"),
        ("general:", "any:", "payments.yml: the entry general is missing"),
        ("general:", "general: [", "platforms.yml cannot be read"),
    ],
)
def test_a_broken_book_names_file_and_entry(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert expected in broken(tmp_path, old, new)


def test_a_missing_book_is_told(tmp_path: Path) -> None:
    with pytest.raises(PlaybookError, match=r"platforms\.yml cannot be read"):
        load_playbooks(tmp_path)


def test_the_day_of_the_check_is_read(tmp_path: Path) -> None:
    for name in ("platforms.yml", "payments.yml"):
        text = (FOLDER / name).read_text("utf8")
        (tmp_path / name).write_text(text.replace("checked: null", "checked: 2026-11-30"), "utf8")
    books: Playbooks = load_playbooks(tmp_path)
    assert books.platforms["kik"].checked == date(2026, 11, 30)
    assert BOOKS.platforms["kik"].checked is None
