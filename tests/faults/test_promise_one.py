"""Promise 1: an answer within five seconds that carries help, whatever of Rasa is dead or hangs; and
promise 3: a danger or a child is in the queue all the same."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from breakwater.cases import queue
from breakwater.cases.records import Case
from breakwater.privacy.keyring import Keyring
from breakwater.privacy.keys import MasterKey
from breakwater.settings import load_settings
from breakwater.storage.store import Store, engine_for
from tests.stack import Stack, chat, running, words

pytestmark = pytest.mark.timeout(240)
PROMISED_SECONDS = 5.0


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running(tmp_path_factory.mktemp("stack")) as started:
        yield started


@pytest.fixture(autouse=True)
def healed(stack: Stack) -> Iterator[None]:
    """Whatever a test broke is whole again before the next one."""
    yield
    for part in ("rasa", "actions"):
        stack.send(part, signal.SIGCONT)
    _wait_until_answering(stack)


def _wait_until_answering(stack: Stack) -> None:
    import httpx

    end = time.monotonic() + 120
    while time.monotonic() < end:
        try:
            well = httpx.get(stack.url + "/health", timeout=5).json()["assistant"] == "ready"
            actions = httpx.get(f"http://127.0.0.1:{stack.environment['BREAKWATER_ACTIONS_PORT']}/health", timeout=2)
            if well and actions.status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.3)
    raise AssertionError("the system did not come back")


def waiting_cases(stack: Stack) -> list[Case]:
    """The queue as the database holds it."""
    settings = load_settings(stack.environment, Path("/nonexistent"))
    store = Store(engine_for(settings.database), engine_for(settings.keys_database))
    try:
        keyring = Keyring(store, MasterKey.load("", settings.state_dir / "keys" / "master.key"))
        with store.engine.connect() as connection:
            return [entry.case for entry in queue.entries(connection, keyring.of)]
    finally:
        store.close()


BREAKAGES = {
    "rasa killed": ("rasa", signal.SIGKILL),
    "rasa hanging": ("rasa", signal.SIGSTOP),
    "actions killed": ("actions", signal.SIGKILL),
    "actions hanging": ("actions", signal.SIGSTOP),
}


@pytest.mark.parametrize("how", BREAKAGES)
async def test_help_within_five_seconds_and_danger_in_the_queue(stack: Stack, how: str) -> None:
    part, sign = BREAKAGES[how]
    known = {case.id for case in waiting_cases(stack)}
    async with chat(stack.url) as first, chat(stack.url) as second:
        stack.send(part, sign)
        answer, seconds = await first.ask("a guy i met online wants 300 or he shows my pics to my team")
        assert seconds < PROMISED_SECONDS
        # the gateway's own reply, or the plan's where the part was back in time: both carry the stop line
        assert "not your fault" in words(answer)
        assert "don't pay" in words(answer).lower()

        answer, seconds = await second.ask("i cant do this anymore i want to die. im 14")
        assert seconds < PROMISED_SECONDS
        assert "999" in words(answer)
        assert "to talk or text" in words(answer).lower()
    case, *_ = [case for case in waiting_cases(stack) if case.id not in known]  # most severe first
    assert case.tier in ("immediate", "urgent")
    assert case.facts.child
    assert any("suicide" in reason.words for reason in case.reasons)


@pytest.mark.parametrize("how", ["rasa killed", "rasa hanging", "actions hanging"])
async def test_broken_in_the_middle_of_a_turn(stack: Stack, how: str) -> None:
    """The message is already under way when the part goes; and what Rasa missed it reads later."""
    part, sign = BREAKAGES[how]
    async with chat(stack.url) as person:
        started = time.monotonic()
        await person.say("im 16 and she wants 200 dollars on paypal or she posts my pics")
        await person.until(lambda f: f["type"] == "typing", 6)
        stack.send(part, sign)
        frame = await person.until(lambda f: f["type"] == "message" and f["from"] == "assistant", 8)
        assert time.monotonic() - started < PROMISED_SECONDS
        assert len(frame["text"]) > 40
        stack.send(part, signal.SIGCONT)
        _wait_until_answering(stack)
        for text in ("hello?", "ok", "what now"):
            await person.ask(text)
        said = words(person.messages)
        assert "How old are you" not in said, "the age was said while Rasa was away"
        assert "What are they asking you for" not in said, "the demand was said while Rasa was away"


async def test_no_words_in_the_logs(stack: Stack) -> None:
    async with chat(stack.url) as person:
        stack.send("actions", signal.SIGKILL)
        await person.ask("my teacher mr zanzibarquux keeps blackmailing me")
        await person.ask("im fourteen and so scared zanzibarquux")
        assert person.token is not None
        for part in ("gateway", "rasa", "actions"):
            log = stack.log(part).lower()
            assert "zanzibarquux" not in log
            assert person.token.lower() not in log
