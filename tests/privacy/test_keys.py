"""What is sealed opens with its own key, in its own place, unchanged; and in no other way."""

from __future__ import annotations

import base64
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breakwater.privacy.keys import DataKey, MasterKey, Unreadable, token_hash

KEY = DataKey(b"d" * 32)
MASTER, OTHER = MasterKey(b"m" * 32), MasterKey(b"o" * 32)
PLACE = "messages.body:1"


@given(text=st.text(max_size=200), place=st.text(max_size=30))
def test_what_is_sealed_opens_to_the_same_words(text: str, place: str) -> None:
    assert KEY.open(KEY.seal(text, place), place) == text


def test_nothing_of_the_words_shows_and_the_same_words_never_look_the_same() -> None:
    one, two = (KEY.seal("im so scared", PLACE) for _ in range(2))
    assert one != two
    assert b"scared" not in one


def test_words_moved_to_another_place_are_unreadable() -> None:
    with pytest.raises(Unreadable):
        KEY.open(KEY.seal("words", PLACE), "messages.body:2")


@given(at=st.integers(min_value=0), bit=st.integers(0, 7))
def test_any_changed_bit_makes_words_unreadable(at: int, bit: int) -> None:
    sealed = bytearray(KEY.seal("words", PLACE))
    sealed[at % len(sealed)] ^= 1 << bit
    with pytest.raises(Unreadable):
        KEY.open(bytes(sealed), PLACE)


@pytest.mark.parametrize("kept", [0, 5, 12, 20])
def test_words_cut_short_are_unreadable(kept: int) -> None:
    with pytest.raises(Unreadable):
        KEY.open(KEY.seal("words", PLACE)[:kept], PLACE)


def test_another_key_opens_nothing() -> None:
    with pytest.raises(Unreadable):
        DataKey(b"e" * 32).open(KEY.seal("words", PLACE), PLACE)


def test_a_data_key_opens_with_its_master_and_its_conversation_only() -> None:
    key, wrapped = MASTER.new_data_key("one")
    assert MASTER.unwrap(wrapped, "one").open(key.seal("words", PLACE), PLACE) == "words"
    for master, conversation, stored in (
        (OTHER, "one", wrapped),
        (MASTER, "two", wrapped),
        (MASTER, "one", wrapped[:-1] + b"\x00"),
        (MASTER, "one", b""),
    ):
        with pytest.raises(Unreadable):
            master.unwrap(stored, conversation)


def test_every_conversation_has_a_key_of_its_own() -> None:
    one, two = MASTER.new_data_key("one")[0], MASTER.new_data_key("two")[0]
    with pytest.raises(Unreadable):
        two.open(one.seal("words", PLACE), PLACE)


def test_a_pseudonym_is_stable_and_keyed_and_knows_the_channel() -> None:
    same = MasterKey(b"m" * 32).pseudonym("telegram", "4711")
    assert MASTER.pseudonym("telegram", "4711") == same
    assert len({same, OTHER.pseudonym("telegram", "4711"), MASTER.pseudonym("web", "4711")}) == 3
    assert "4711" not in same


def test_a_token_is_looked_up_by_a_hash() -> None:
    assert token_hash("token") == token_hash("token") != token_hash("tokem")
    assert len(token_hash("token")) == 64


# --- the master key's file ---------------------------------------------------------------------------


def test_it_is_made_once_readable_by_the_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "master.key"
    made = MasterKey.load("", path, may_create=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    wrapped = made.new_data_key("one")[1]
    assert MasterKey.load("", path, may_create=True).unwrap(wrapped, "one")


def test_a_lost_one_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    with pytest.raises(FileNotFoundError, match=r"master\.key is missing"):
        MasterKey.load("", path)
    assert not path.exists()


def test_the_setting_comes_before_the_file_and_writes_none(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    coded = base64.b64encode(b"m" * 32).decode()
    assert MasterKey.load(coded, path, may_create=True).pseudonym("web", "x") == MASTER.pseudonym("web", "x")
    assert not path.exists()


def test_a_line_break_at_the_end_of_the_file_is_no_part_of_the_key(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    path.write_text(base64.b64encode(b"m" * 32).decode() + "\n")
    assert MasterKey.load("", path).pseudonym("web", "x") == MASTER.pseudonym("web", "x")


@pytest.mark.parametrize("coded", ["short", "!" * 44, base64.b64encode(b"m" * 31).decode()])
def test_what_is_no_key_is_refused_without_being_shown(tmp_path: Path, coded: str) -> None:
    with pytest.raises(ValueError, match="master key") as refused:
        MasterKey.load(coded, tmp_path / "master.key")
    assert coded not in str(refused.value)
