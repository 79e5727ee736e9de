"""The private stack: a whole system of our own on free ports, with a clock that can be set forward.

The gateway runs in this process, so that what stands behind the page can be looked at; Rasa and the actions run
beside it as `breakwater up` runs them. Database, keys and logs lie in a folder that is gone afterwards.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import httpx
import uvicorn

from breakwater.app import Gateway, create_app
from breakwater.assistant.client import Assistant
from breakwater.channels.web import FRAME_BYTES
from breakwater.conversations.turns import Pace
from breakwater.settings import ROOT, Settings
from breakwater.training import model_path
from breakwater.up import Part, Up

EVENING = datetime(2026, 11, 21, 22, tzinfo=timezone.utc)  # when most young people write; the same in every rehearsal
_READY_SECONDS = 180.0
_LOOK_EVERY, _LOOKED_AFTER = 15.0, 600.0  # seconds; the watch follows a silence for ten minutes
_AT_DESK = "rehearsal"


class StageBroken(RuntimeError):
    """The private stack does not stand; the message says why and what to do."""


class Clock:
    """A clock that runs like any other, from `start`, and can be set forward."""

    def __init__(self, start: datetime) -> None:
        self._start, self._began = start, time.monotonic()

    def __call__(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._began)

    def advance(self, seconds: float) -> None:
        self._start += timedelta(seconds=seconds)


class Stage:
    """A running private stack. `counsellor`: somebody is at the desk all the time, and takes no case."""

    def __init__(self, gateway: Gateway, parts: list[Part], clock: Clock, counsellor: bool) -> None:
        self.gateway, self._parts, self._clock, self._counsellor = gateway, parts, clock, counsellor
        self.url = gateway.settings.url

    def logs(self) -> str:
        """The last lines that Rasa and the actions wrote: why they had no answer."""
        return "\n".join(f"Log of {part.name}:\n{_tail(part.log)}" for part in self._parts)

    def man_the_desk(self) -> None:
        """A page at the desk answers the beat; to be called at least every 30 s of the clock."""
        if self._counsellor:
            self.gateway.presence.here(_AT_DESK, _AT_DESK, self._clock())

    async def pass_time(self, hours: float) -> None:
        """Let the time pass at once, with everything that the clocks of the service do meanwhile."""
        left = hours * 3600
        while left > 0:
            passed = hours * 3600 - left
            step = min(left, _LOOK_EVERY if passed < _LOOKED_AFTER else left)
            self._clock.advance(step)
            self.man_the_desk()
            await self.gateway.watch.look()
            left -= step
        await self.gateway.erasure.erase_due()


@contextlib.asynccontextmanager
async def private_stage(counsellor: bool = True) -> AsyncIterator[Stage]:
    """A stack that is ready; whatever happens, it is stopped and gone at the end. Raises StageBroken."""
    if not model_path(ROOT).exists():
        raise StageBroken("There is no trained assistant yet. Run `breakwater train`.")
    with tempfile.TemporaryDirectory(prefix="breakwater-rehearsal-") as folder:
        port, rasa, actions = free_ports(3)
        settings = Settings(port=port, rasa_port=rasa, actions_port=actions, state_dir=Path(folder))
        with _started(settings) as parts:
            assistant = Assistant(f"http://127.0.0.1:{rasa}")
            clock = Clock(EVENING)
            gateway = Gateway(
                settings, assistant, clock, Pace(quiet=0, longest=0, deadline=settings.reply_deadline_seconds)
            )
            async with _served(gateway):
                await _ready(assistant, actions, parts)
                yield Stage(gateway, parts, clock, counsellor)


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on."""
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]


@contextlib.contextmanager
def _started(settings: Settings) -> Iterator[list[Part]]:
    parts = [part for part in Up(settings)._parts if part.name in ("actions", "rasa")]
    try:
        for part in parts:
            part.start()
        yield parts
    finally:
        for part in parts:
            part.stop(5.0)


class _Server(uvicorn.Server):
    """Leaves Ctrl-C to whoever started the rehearsal."""

    capture_signals = contextlib.nullcontext  # type: ignore[assignment]


@contextlib.asynccontextmanager
async def _served(gateway: Gateway) -> AsyncIterator[None]:
    s = gateway.settings
    config = uvicorn.Config(
        create_app(gateway), host=s.host, port=s.port, ws="wsproto", ws_max_size=FRAME_BYTES, log_level="critical",
        timeout_graceful_shutdown=3,
    )  # fmt: skip
    server = _Server(config)
    serving = asyncio.create_task(server.serve())
    try:
        while not server.started:
            if serving.done():
                raise StageBroken("The gateway did not start.") from serving.exception()
            await asyncio.sleep(0.02)
        yield
    finally:
        server.should_exit = True
        await asyncio.gather(serving, return_exceptions=True)


async def _ready(assistant: Assistant, actions_port: int, parts: list[Part]) -> None:
    end = time.monotonic() + _READY_SECONDS
    while not (await assistant.ready() and await _answers(f"http://127.0.0.1:{actions_port}/health")):
        if dead := [part for part in parts if part.died()]:
            raise StageBroken(f"{dead[0].name} did not start:\n{_tail(dead[0].log)}")
        if time.monotonic() > end:
            raise StageBroken(f"Not ready after {_READY_SECONDS:.0f} s.\n{_tail(parts[-1].log)}")
        await asyncio.sleep(0.2)


async def _answers(url: str) -> bool:
    async with httpx.AsyncClient(trust_env=False, timeout=2) as client:
        try:
            return (await client.get(url)).status_code == 200
        except httpx.HTTPError:
            return False


def _tail(log: Path) -> str:
    return "\n".join(log.read_text("utf8", errors="replace").splitlines()[-15:])
