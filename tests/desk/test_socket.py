"""The desk's WebSocket: strangers, live messages, resume, typing, presence, the end of a session."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from breakwater.cases import counsellors as people
from breakwater.conversations import transcript
from breakwater.conversations.live import DESK
from breakwater.desk import socket

from .conftest import SOCKET, House, token


@pytest.fixture
def client(house: House) -> Iterator[TestClient]:
    """Sam's browser, with one event loop for pages and sockets."""
    house.add("sam")
    with house.signed_in("sam") as browser:
        yield browser


def until(session: WebSocketTestSession, kind: str, **has: Any) -> dict[str, Any]:
    """The next frame of this kind (and with these values); at most 40 others before it."""
    for _ in range(40):
        frame: dict[str, Any] = session.receive_json()
        if frame["type"] == kind and all(frame.get(k) == v for k, v in has.items()):
            return frame
    raise AssertionError(f"no {kind} frame")


def publish(client: TestClient, house: House, topic: str, **event: Any) -> None:
    assert client.portal is not None

    async def work() -> None:
        house.desk.live.publish(topic, **event)

    client.portal.call(work)


def test_pages_of_others_are_refused_before_anything_is_accepted(client: TestClient) -> None:
    for origin in ("https://evil.example", "null", ""):
        with (
            pytest.raises(WebSocketDisconnect),
            client.websocket_connect(SOCKET, headers={"origin": origin}),
        ):
            pass


def test_who_is_signed_out_hears_that_and_nothing_else(house: House) -> None:
    house.add("sam")
    with house.browser().websocket_connect(SOCKET) as page:
        page.send_json({"type": "hello", "case": house.chat("help")})
        with pytest.raises(WebSocketDisconnect) as gone:
            page.receive_json()
        assert gone.value.code == socket.SIGNED_OUT
    assert not house.desk.presence.anyone(house.now)


def test_the_queue_changes_when_somebody_waits(house: House, client: TestClient) -> None:
    with client.websocket_connect(SOCKET) as page:
        page.send_json({"type": "hello", "case": None})
        assert until(page, "waiting")["count"] == 0
        until(page, "part", part="lists")
        case = house.chat("i have pills", now=["means_at_hand"], words={"now": "i have pills"})
        publish(client, house, DESK, kind="queue")
        assert until(page, "waiting") == {"type": "waiting", "count": 1, "immediate": [case], "urgent": []}
        assert "i have pills" in until(page, "part", part="lists")["html"]


def test_a_new_message_arrives_broken_up_and_once(house: House, client: TestClient) -> None:
    case = house.chat("help")
    topic = house.case(case).conversation_id
    with client.websocket_connect(SOCKET) as page:
        page.send_json({"type": "hello", "case": case, "since": 1})
        until(page, "part", part="side")
        house.person_says(case, "look http://x.example/y")
        publish(client, house, topic, kind="message")
        items = until(page, "messages")["items"]
        assert [item["seq"] for item in items] == [2]
        assert "hxxp[:]//x[.]example/y" in items[0]["html"] and "http://x" not in items[0]["html"]
        assert "x[.]example" in until(page, "part", part="top")["html"]
        house.person_says(case, "second")
        publish(client, house, topic, kind="message")
        assert [item["seq"] for item in until(page, "messages")["items"]] == [3]


def test_a_page_that_comes_back_gets_what_it_missed_and_opening_is_audited(house: House, client: TestClient) -> None:
    case = house.chat("one", "two", "three")
    with client.websocket_connect(SOCKET) as page:
        page.send_json({"type": "hello", "case": case, "since": 1})
        assert [item["seq"] for item in until(page, "messages")["items"]] == [2, 3]
    assert ("read", case) in house.audited()


def test_delivered_is_shown_when_it_happens(house: House, client: TestClient) -> None:
    case = house.chat("help")
    topic = house.case(case).conversation_id
    client.post(f"/desk/cases/{case}/take", data={"csrf": token(client, "/desk/")})
    with client.websocket_connect(SOCKET) as page:
        page.send_json({"type": "hello", "case": case, "since": 1})
        assert "delivered" not in until(page, "messages")["items"][0]["html"].replace("data-undelivered", "")
        house.write(transcript.mark_delivered, topic, 2, house.now)
        publish(client, house, topic, kind="message")
        assert ">delivered<" in until(page, "messages")["items"][0]["html"]


def soon(holds: Callable[[], bool], seconds: float = 5.0) -> None:
    """Wait for what the server does in a task of its own."""
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.02)


def test_typing_goes_both_ways_but_only_from_who_has_the_case(house: House, client: TestClient) -> None:
    case = house.chat("help")
    topic = house.case(case).conversation_id
    heard: list[dict[str, Any]] = []
    house.desk.live.publish = lambda t, **e: heard.append(e) if e.get("who") == "counsellor" else real(t, **e)  # type: ignore[method-assign]
    real = type(house.desk.live).publish.__get__(house.desk.live)
    with client.websocket_connect(SOCKET) as page:
        page.send_json({"type": "hello", "case": case, "since": 1})
        until(page, "state", mine=False)
        until(page, "part", part="side")
        page.send_json({"type": "typing"})
        publish(client, house, topic, kind="typing", who="person")
        until(page, "typing")
        assert heard == [] and house.desk.presence.last_typed(case) is None
        client.post(f"/desk/cases/{case}/take", data={"csrf": token(client, "/desk/")})
        until(page, "state", mine=True)
        page.send_json({"type": "typing"})
        page.send_json({"type": "beat"})
        publish(client, house, topic, kind="typing", who="person")
        until(page, "typing")
        soon(lambda: bool(heard))
        assert heard == [{"kind": "typing", "who": "counsellor"}]
        assert house.desk.presence.last_typed(case) == house.now


def test_losing_the_case_is_told_at_once_and_names_who_has_it(house: House, client: TestClient) -> None:
    case = house.chat("help")
    csrf = token(client, "/desk/")
    client.post(f"/desk/cases/{case}/take", data={"csrf": csrf})
    kim = house.add("kim")
    with client.websocket_connect(SOCKET) as page:
        page.send_json({"type": "hello", "case": case, "since": 2})
        assert until(page, "state")["mine"]
        client.post(f"/desk/cases/{case}/hand-back", data={"csrf": csrf})
        until(page, "state", mine=False)
        asyncio.run(house.desk.counselling.take(case, kim))
        publish(client, house, DESK, kind="queue")
        assert "Kim has this case" in until(page, "state", mine=False, free=False)["line"]


def test_presence_follows_the_page(house: House, client: TestClient) -> None:
    (sam,) = house.write(lambda c: people.everyone(c))
    presence = house.desk.presence
    assert not presence.connected(sam.id, house.now)
    with client.websocket_connect(SOCKET) as page:
        page.send_json({"type": "hello", "case": None})
        until(page, "waiting")
        assert presence.connected(sam.id, house.now)
        house.later(40)
        assert not presence.connected(sam.id, house.now)
        page.send_json({"type": "beat"})
        page.send_json({"type": "beat"})
        publish(client, house, DESK, kind="queue")
        until(page, "waiting")
        assert presence.connected(sam.id, house.now)
    assert not presence.connected(sam.id, house.now)
    assert presence.last_seen(sam.id) == house.now


def test_an_ended_session_closes_the_page_and_only_touching_it_keeps_it(
    house: House, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "BEAT_SECONDS", 0.05)
    with client.websocket_connect(SOCKET) as page:
        page.send_json({"type": "hello", "case": None})
        house.later(29 * 60)
        page.send_json({"type": "beat", "active": True})
        until(page, "beat", left=30 * 60)
        house.later(29 * 60)
        page.send_json({"type": "beat", "active": False})
        until(page, "beat", left=60)
        house.later(60)
        with pytest.raises(WebSocketDisconnect) as gone:
            until(page, "nothing")
        assert gone.value.code == socket.SIGNED_OUT


def test_a_page_that_never_answers_is_given_up(
    house: House, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "BEAT_SECONDS", 0.05)
    monkeypatch.setattr(socket, "_SILENT_SECONDS", 0.15)
    with client.websocket_connect(SOCKET) as page:
        page.send_json({"type": "hello", "case": None})
        beats = 0
        with pytest.raises(WebSocketDisconnect):
            while beats < 20:
                beats += page.receive_json()["type"] == "beat"
        assert beats == 3


def test_nonsense_and_unknown_cases_are_closed_kindly(house: House, client: TestClient) -> None:
    for first, code in (({"type": "hello", "case": "0" * 32}, socket.GONE), (["x"], socket.WRONG)):
        with client.websocket_connect(SOCKET) as page:
            page.send_json(first)
            with pytest.raises(WebSocketDisconnect) as gone:
                page.receive_json()
            assert gone.value.code == code
    with client.websocket_connect(SOCKET) as page:
        page.send_json({"type": "hello", "case": None, "since": "x"})
        page.send_text("{not json")
        page.send_bytes(b"\x00")
        until(page, "part")
