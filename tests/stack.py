"""The real system for tests: free ports, a state of its own, everything the user would run."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import websockets

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Stack:
    """`breakwater up` in a process of its own. `environment` is what its settings were read from."""

    process: subprocess.Popen[str]
    environment: dict[str, str]
    output: list[str] = field(default_factory=list)

    @property
    def state(self) -> Path:
        return Path(self.environment["BREAKWATER_STATE_DIR"])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.environment['BREAKWATER_PORT']}"

    @property
    def setup_code(self) -> str:
        return re.search(r"set-up code: (\S+)", "".join(self.output))[1]  # type: ignore[index]

    def pids(self, part: str) -> list[int]:
        """The processes of one part: gateway, actions or rasa."""
        mark = {"gateway": "breakwater.cli gateway", "actions": "rasa_sdk --actions", "rasa": "rasa run"}[part]
        children = subprocess.run(
            ["ps", "-o", "pid=,args=", "--ppid", str(self.process.pid)], capture_output=True, text=True, check=True
        ).stdout
        return [int(line.split()[0]) for line in children.splitlines() if mark in line]

    def send(self, part: str, sign: signal.Signals) -> None:
        for pid in self.pids(part):
            os.kill(pid, sign)

    def log(self, part: str) -> str:
        return (self.state / "log" / f"{part}.log").read_text("utf8", errors="replace")


@contextlib.contextmanager
def running(state: Path, **settings: str) -> Iterator[Stack]:
    """A system that is ready; stopped at the end as Ctrl-C would."""
    environment = {
        "BREAKWATER_STATE_DIR": str(state),
        **{f"BREAKWATER_{name}": str(free_port()) for name in ("PORT", "RASA_PORT", "ACTIONS_PORT", "DEMO_PORT")},
        **{f"BREAKWATER_{name.upper()}": value for name, value in settings.items()},
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "breakwater.cli", "up"], cwd=ROOT, env={**os.environ, **environment},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    stack = Stack(process, environment)
    assert process.stdout is not None
    try:
        for line in process.stdout:
            stack.output.append(line)
            if "Ctrl-C stops everything" in line:
                break
        else:
            raise AssertionError("the system did not start:\n" + "".join(stack.output))
        yield stack
    finally:
        process.send_signal(signal.SIGTERM)
        process.stdout.close()
        process.wait(30)


class Person:
    """Somebody in the chat. Keeps every frame that arrived."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket
        self.token: str | None = None
        self.frames: list[dict[str, Any]] = []

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [f for f in self.frames if f["type"] == "message"]

    @property
    def seq(self) -> int:
        return max((m["seq"] for m in self.messages), default=0)

    async def send(self, **frame: Any) -> None:
        await self._socket.send(json.dumps(frame))

    async def until(self, holds: Callable[[dict[str, Any]], bool], seconds: float = 10.0) -> dict[str, Any]:
        """The next frame for which `holds`; AssertionError when it does not come in time."""
        end = time.monotonic() + seconds
        while True:
            try:
                frame = json.loads(await asyncio.wait_for(self._socket.recv(), max(0.01, end - time.monotonic())))
            except asyncio.TimeoutError:
                raise AssertionError(f"nothing of the kind within {seconds} s; got {self.frames[-5:]}") from None
            self.frames.append(frame)
            if holds(frame):
                return frame

    async def say(self, text: str) -> str:
        identity = uuid.uuid4().hex
        await self.send(type="say", id=identity, text=text)
        await self.until(lambda f: f["type"] in ("accepted", "rejected") and f["id"] == identity)
        return identity

    async def ask(self, text: str, seconds: float = 10.0) -> tuple[list[dict[str, Any]], float]:
        """Say something; the answer's messages, and the seconds until the first of them."""
        before, started = len(self.frames), time.monotonic()
        await self.say(text)

        def answers(frame: dict[str, Any]) -> bool:
            return frame["type"] == "message" and frame["from"] != "person"

        if not any(answers(f) for f in self.frames[before:]):
            await self.until(answers, seconds)
        took = time.monotonic() - started
        with contextlib.suppress(AssertionError):
            await self.until(lambda _: False, 0.4)
        return [f for f in self.frames[before:] if answers(f)], took

    async def tap(self, title: str) -> None:
        """Tap a button of the newest message that has it."""
        message = next(m for m in reversed(self.messages) if any(b["title"] == title for b in m["buttons"]))
        payload = next(b["payload"] for b in message["buttons"] if b["title"] == title)
        await self.send(type="tap", id=uuid.uuid4().hex, seq=message["seq"], payload=payload)


@contextlib.asynccontextmanager
async def chat(url: str, token: str | None = None, seq: int = 0) -> AsyncIterator[Person]:
    """A tab of the web chat, welcomed."""
    async with websockets.connect(url.replace("http", "ws") + "/chat/ws", max_size=None, ping_interval=None) as socket:
        person = Person(socket)
        await person.send(type="hello", token=token, seq=seq)
        welcome = await person.until(lambda f: f["type"] in ("welcome", "refused"))
        person.token = welcome.get("token") or token
        if welcome["type"] == "welcome" and seq == 0:
            await person.until(lambda f: f["type"] == "message")
        yield person


def words(messages: list[dict[str, Any]]) -> str:
    return " ".join(m["text"] for m in messages)
