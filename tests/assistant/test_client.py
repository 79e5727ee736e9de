"""Whatever Rasa does, the client answers in time: with an answer, or with NoAnswer and what was understood."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from breakwater.assistant.client import Assistant, NoAnswer
from breakwater.support.memory import Memory
from breakwater.support.turn import Place, TurnAnswer, TurnRequest
from breakwater.understanding.facts import CaseFacts

PLACE = Place("2026-11-21T01:00:00+00:00")
REPLY = {"response": "utter_hello", "text": "Hello.", "buttons": [], "cards": [], "tags": [], "question": None}
HEARD = TurnAnswer((), CaseFacts(age=15, minor="yes"), Memory(turns=2), (), "tell", 0.9)
ANSWER = TurnAnswer((REPLY,), HEARD.facts, HEARD.memory, ("handover",), "tell", 0.9)

Handler = Callable[[httpx.Request], httpx.Response | Awaitable[httpx.Response]]


def asked(mode: str = "reply", deadline: float = 1.0) -> TurnRequest:
    facts = CaseFacts(words={"risk": "ünd 👍"})
    return TurnRequest(mode, "c", "m", "words", PLACE, facts=facts, deadline_seconds=deadline)


def talking_to(handler: Handler) -> Assistant:
    assistant = Assistant("http://rasa.test")
    assistant._http = httpx.AsyncClient(base_url="http://rasa.test", transport=httpx.MockTransport(handler))  # type: ignore[arg-type]
    return assistant


def sends(content: Any, status: int = 200) -> Assistant:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return talking_to(lambda _: httpx.Response(status, content=raw))


async def missing(assistant: Assistant, mode: str = "reply", deadline: float = 1.0) -> NoAnswer:
    with pytest.raises(NoAnswer) as found:
        await assistant.turn(asked(mode, deadline))
    return found.value


async def test_an_answer_arrives_whole() -> None:
    assert await sends(ANSWER.as_json()).turn(asked()) == ANSWER


async def test_the_whole_request_is_sent_and_rasa_gives_up_a_little_earlier() -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=ANSWER.as_json())

    await talking_to(handler).turn(asked(deadline=3.0))
    assert (seen[0].method, seen[0].url.path) == ("POST", "/webhooks/gateway/turn")
    told = TurnRequest.of(json.loads(seen[0].content))
    assert told.deadline_seconds == 2.75
    assert told.as_json() | {"deadline_seconds": 3.0} == asked(deadline=3.0).as_json()


@pytest.mark.parametrize("replies", [[], [{"response": "utter_hello", "text": ""}], [{}]])
async def test_nothing_said_is_no_answer_and_what_was_heard_is_kept(replies: list[Any]) -> None:
    """That is what a dead action server looks like."""
    found = await missing(sends(HEARD.as_json() | {"replies": replies}))
    assert found.heard is not None
    assert (found.heard.facts, found.heard.memory) == (HEARD.facts, HEARD.memory)


async def test_listening_needs_no_reply() -> None:
    assert await sends(HEARD.as_json()).turn(asked("listen")) == HEARD


async def test_too_late_for_a_reply_what_was_heard_is_kept() -> None:
    assert (await missing(sends(HEARD.as_json(), 504))).heard == HEARD


@pytest.mark.parametrize("status", [400, 404, 500, 502, 503])
async def test_an_error_is_no_answer_whatever_it_says(status: int) -> None:
    found = await missing(sends(ANSWER.as_json(), status))
    assert (found.heard, str(found)) == (None, f"status {status}")


@pytest.mark.parametrize(
    "content",
    [
        b"", b"<html>oops</html>", b'{"replies": [', b"\xff\xfe", [], None, "text", 7, {}, {"replies": []},
        ANSWER.as_json() | {"facts": {"shoe_size": 43}},
        ANSWER.as_json() | {"facts": {"minor": "perhaps"}},
        ANSWER.as_json() | {"facts": []},
        ANSWER.as_json() | {"memory": {"mood": 1}},
        ANSWER.as_json() | {"memory": []},
        ANSWER.as_json() | {"replies": None},
        ANSWER.as_json() | {"replies": [None]},
        ANSWER.as_json() | {"replies": ["text"]},
        ANSWER.as_json() | {"replies": [[]]},
    ],
)  # fmt: skip
async def test_what_is_no_answer_is_none(content: Any) -> None:
    assert (await missing(sends(content))).heard is None


@pytest.mark.parametrize("error", [httpx.ConnectError("no"), httpx.ReadError("no"), httpx.RemoteProtocolError("no")])
async def test_nobody_there_is_no_answer(error: Exception) -> None:
    def handler(_: httpx.Request) -> httpx.Response:
        raise error

    assert (await missing(talking_to(handler))).heard is None


async def test_one_that_hangs_is_left_at_the_deadline() -> None:
    async def handler(_: httpx.Request) -> httpx.Response:
        await asyncio.sleep(30)
        return httpx.Response(200)

    started = time.monotonic()
    await missing(talking_to(handler), deadline=0.4)
    assert 0.3 < time.monotonic() - started < 1.0


async def test_no_word_of_a_person_is_in_the_reason() -> None:
    for content in (b"i want to die", HEARD.as_json(), ANSWER.as_json() | {"facts": {"risk": ["i want to die"]}}):
        assert "die" not in str(await missing(sends(content)))


async def test_ready_or_not() -> None:
    assert await sends({"status": "ready"}).ready()
    assert not await sends({"status": "no model"}, 503).ready()

    def nobody(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no")

    assert not await talking_to(nobody).ready()


async def test_a_proxy_of_the_environment_is_never_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://proxy.example:3128")
    assistant = Assistant("http://rasa.test")
    assert not assistant._http._mounts
    await assistant.close()
