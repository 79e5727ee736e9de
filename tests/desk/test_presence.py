from __future__ import annotations

from datetime import datetime, timedelta, timezone

from breakwater.desk.presence import Presence

NOW = datetime(2026, 11, 21, tzinfo=timezone.utc)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_a_page_counts_while_it_answers() -> None:
    presence = Presence()
    assert not presence.anyone(NOW)
    presence.here("sam", "page", NOW)
    assert presence.connected("sam", after(30)) and presence.anyone(after(30))
    assert not presence.connected("sam", after(31)) and not presence.anyone(after(31))
    assert not presence.connected("kim", NOW)
    presence.here("sam", "page", after(40))
    assert presence.connected("sam", after(41))


def test_leaving_one_page_of_two_leaves_nobody_alone() -> None:
    presence = Presence()
    presence.here("sam", "one", NOW)
    presence.here("sam", "two", NOW)
    presence.left("one")
    assert presence.connected("sam", NOW)
    presence.left("two")
    assert not presence.connected("sam", NOW)
    assert presence.last_seen("sam") == NOW  # the 45 seconds of rule 4 are counted from here
    presence.left("two")


def test_typing_is_remembered_by_case_for_a_day() -> None:
    presence = Presence()
    assert presence.last_typed("a") is None
    presence.typed("a", NOW)
    presence.typed("b", after(60))
    assert (presence.last_typed("a"), presence.last_typed("b")) == (NOW, after(60))
    presence.typed("b", NOW + timedelta(hours=25))
    assert presence.last_typed("a") is None
