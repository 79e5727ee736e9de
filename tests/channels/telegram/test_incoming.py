"""What an update means. Pure; whatever comes, it never raises."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breakwater.channels.telegram.incoming import Blocked, Command, Elsewhere, Said, Tapped, read
from breakwater.conversations.inbox import Inbound

NOW = datetime(2026, 11, 21, 12, tzinfo=timezone.utc)
CHAT = {"id": 5, "type": "private"}


def message(**content: Any) -> dict[str, Any]:
    about = {"message_id": 9, "date": int(NOW.timestamp()), "chat": CHAT, "from": {"id": 5}}
    return {"update_id": 1, "message": {**about, **content}}


def said(**content: Any) -> tuple[Inbound, ...]:
    found = read(message(**content), NOW, 4000)
    assert isinstance(found, Said)
    return found.inbound


def test_words() -> None:
    assert said(text="hi") == (Inbound("tg:9", "hi"),)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"photo": [{}]}, "image"), ({"video": {}}, "video"), ({"voice": {}}, "voice"), ({"audio": {}}, "voice"),
        ({"video_note": {}}, "video_note"), ({"animation": {}, "document": {}}, "gif"), ({"document": {}}, "document"),
        ({"sticker": {}}, "sticker"), ({"contact": {}}, "contact"), ({"location": {}}, "location"),
        ({"venue": {}, "location": {}}, "location"), ({"story": {}}, "document"), ({"never_seen": 1}, "document"),
    ],
)  # fmt: skip
def test_each_kind_by_name_and_nothing_else_of_it(content: Any, kind: str) -> None:
    assert said(**content, caption="look") == (Inbound("tg:9", "look", media=kind),)


@pytest.mark.parametrize("content", [{"sticker": {"emoji": "👍"}}, {"dice": {"emoji": "👍", "value": 1}}])
def test_what_has_an_emoji_is_one(content: Any) -> None:
    assert said(**content) == (Inbound("tg:9", "👍"),)


@pytest.mark.parametrize(
    "content",
    [{}, {"pinned_message": {}}, {"message_auto_delete_timer_changed": {}}, {"text": None}, {"voice": None},
     {"text": 7}, {"entities": []}, {"write_access_allowed": {}}],
)  # fmt: skip
def test_what_tells_of_the_chat_and_not_of_the_person_is_nothing(content: Any) -> None:
    found = read(message(**content), NOW, 4000)
    assert found is None or content == {"text": 7}


def test_a_place_in_words() -> None:
    (inbound,) = said(venue={"title": "Park", "address": "1 Road", "location": {"latitude": 1, "longitude": 2.5}})
    assert inbound.place == "Where they say they are: Park, 1 Road, 1.00000, 2.50000"
    assert inbound.text == ""


@pytest.mark.parametrize(
    ("origin", "theirs"),
    [({"type": "user", "sender_user": {"id": 5}}, False), ({"type": "user", "sender_user": {"id": 6}}, True),
     ({"type": "hidden_user", "sender_user_name": "x"}, True), ({"type": "channel"}, True), (None, False),
     ("x", False)],
)  # fmt: skip
def test_whose_words_they_are(origin: Any, theirs: bool) -> None:
    assert said(text="hi", forward_origin=origin)[0].forwarded is theirs


@pytest.mark.parametrize(("ago", "late"), [(0, False), (599, False), (601, True), (10**9, True)])
def test_late_is_ten_minutes(ago: int, late: bool) -> None:
    assert said(text="hi", date=int(NOW.timestamp()) - ago)[0].late is late


@pytest.mark.parametrize("date", [None, "x", -5, 10**30, 1.5, True])
def test_a_date_that_is_none_is_not_late(date: Any) -> None:
    assert said(text="hi", date=date)[0].late is False


@pytest.mark.parametrize(
    ("text", "name", "argument"),
    [("/start", "start", ""), ("/start abc_-1", "start", "abc_-1"), ("/help", "help", ""),
     ("/HELP@some_bot", "help", ""),
     (" /stop ", "stop", ""), ("hide", "hide", ""), ("Hide ", "hide", ""), ("/start " + "x" * 500, "start", "x" * 64)],
)  # fmt: skip
def test_commands(text: str, name: str, argument: str) -> None:
    assert read(message(text=text), NOW, 4000) == Command(5, 9, name, argument)


@pytest.mark.parametrize("text", ["hide me", "hide.", "stop", "/help me", "/nothing", "help", "/", "/human\nplease"])
def test_what_only_looks_like_a_command_is_words(text: str) -> None:
    assert said(text=text) == (Inbound("tg:9", text),)


def test_a_forwarded_command_is_words() -> None:
    assert said(text="/delete", forward_origin={"type": "channel"})[0].text == "/delete"


def test_an_edit_has_an_id_of_its_own() -> None:
    edited = {"message_id": 9, "chat": CHAT, "text": "new", "edit_date": 77}
    assert read({"edited_message": edited}, NOW, 4000) == Said(5, 9, (Inbound("tg:9:77", "new", edited=True),))
    assert read({"edited_message": {**edited, "text": None, "location": {}}}, NOW, 4000) is None


def test_a_tap_and_a_block_and_a_group() -> None:
    tap = {"callback_query": {"id": "q", "data": "row:0", "message": {"chat": CHAT, "message_id": 1}}}
    assert read(tap, NOW, 4000) == Tapped(5, "q", "row:0")
    member = {"my_chat_member": {"chat": CHAT, "new_chat_member": {"status": "kicked"}}}
    assert read(member, NOW, 4000) == Blocked(5)
    group = {"id": -7, "type": "supergroup"}
    assert read(message(text="hi", chat=group), NOW, 4000) == Elsewhere(-7)
    left = {"my_chat_member": {"chat": group, "new_chat_member": {"status": "left"}}}
    assert read(left, NOW, 4000) is None


@given(st.text(min_size=1, max_size=3000), st.integers(20, 500))
def test_pieces_hold_every_letter_and_fit(text: str, longest: int) -> None:
    found = said(text="." + text)
    pieces = read(message(text="." + text), NOW, longest)
    assert isinstance(pieces, Said)
    assert "".join(p.text for p in pieces.inbound) == found[0].text == "." + text or len(text) > 1999
    assert all(len(p.text) <= longest for p in pieces.inbound)
    assert len({p.client_id for p in pieces.inbound}) == len(pieces.inbound)


def test_words_are_not_parted_in_the_middle() -> None:
    found = read(message(text="suicide " * 500), NOW, 1000)
    assert isinstance(found, Said)
    assert all(set(p.text.split()) == {"suicide"} for p in found.inbound)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=9,
)
_NAMES = st.sampled_from(
    ["message", "edited_message", "callback_query", "my_chat_member", "message_reaction", "chat", "id", "type", "text",
     "message_id", "date", "sticker", "emoji", "location", "venue", "forward_origin", "sender_user", "from", "data",
     "new_reaction", "new_chat_member", "status", "caption", "media_group_id", "edit_date", "latitude", "longitude"]
)  # fmt: skip
_ODD = st.recursive(
    _JSON | st.sampled_from(["private", "kicked", "/start", 5]),
    lambda inner: st.dictionaries(_NAMES, inner, max_size=6) | st.lists(inner, max_size=2),
    max_leaves=25,
)


@given(_ODD)
def test_whatever_comes_it_never_raises(update: Any) -> None:
    read(update, NOW, 4000)


@given(st.dictionaries(_NAMES, _ODD, max_size=8))
def test_whatever_a_message_holds_it_never_raises(content: Any) -> None:
    read(message(**content), NOW, 4000)
