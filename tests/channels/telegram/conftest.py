"""A gateway whose Telegram is the stand-in."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from breakwater.app import Gateway
from breakwater.channels.limits import Limit
from breakwater.channels.telegram.posting import Patience
from breakwater.conversations.turns import Pace
from breakwater.settings import Settings
from breakwater.storage.times import utc_now
from tests.channels.contract import Echo, House
from tests.channels.telegram.driver import Phone
from tests.channels.telegram.stand_in import TOKEN, StandIn
from tests.stack import free_port

_people = count(700_000_001)
SITE = "https://chat.example.org"


class Clock:
    """The time, which a test can move on."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self.ahead


@pytest.fixture
async def telegram() -> AsyncIterator[StandIn]:
    made = StandIn()
    await made.start()
    yield made
    await made.stop()
    assert "getFile" not in {name for name, _ in made.calls}
    assert made.unknown == []


def a_gateway(
    telegram: StandIn, state: Path, assistant: Any, clock: Callable[[], datetime] = utc_now, **settings: Any
) -> Gateway:
    """Not started. In a hurry: Telegram's pace is tested on its own."""
    given = {"port": free_port(), "state_dir": state, "public_url": SITE, "telegram_token": TOKEN,
             "telegram_api": telegram.url, **settings}  # fmt: skip
    gateway = Gateway(Settings(**given), assistant, clock, Pace(quiet=0.05, longest=0.3))
    if gateway.telegram:
        delivery = gateway.telegram.delivery
        delivery.posting.patience = Patience(first=0.05, longest=0.2, look=0.2)
        delivery.pace = Limit(burst=1000, every=0.001)
    return gateway


@contextlib.asynccontextmanager
async def running(gateway: Gateway) -> AsyncIterator[Gateway]:
    await gateway.start()
    try:
        yield gateway
    finally:
        await gateway.stop()


@dataclass
class Served(House):
    """A helpline on Telegram."""

    telegram: StandIn

    def phone(self) -> Phone:
        return Phone(self.telegram, next(_people))


@pytest.fixture
async def house(telegram: StandIn, tmp_path: Path) -> AsyncIterator[Served]:
    assistant = Echo()
    async with running(a_gateway(telegram, tmp_path, assistant)) as gateway:
        yield Served(gateway, assistant, lambda: Phone(telegram, next(_people)), telegram)
