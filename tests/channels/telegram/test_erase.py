"""`breakwater erase` beside the running service: our copy goes, and what Telegram still lets us delete."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from breakwater import cli
from breakwater.channels.telegram.bot import TelegramChannel
from tests.channels.contract import Echo
from tests.channels.telegram.conftest import a_gateway, running
from tests.channels.telegram.driver import Phone
from tests.channels.telegram.stand_in import TOKEN, StandIn

Erase = Callable[[int], Any]


@pytest.fixture
def erase(telegram: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Erase:
    for name, value in {"STATE_DIR": tmp_path, "TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API": telegram.url}.items():
        monkeypatch.setenv(f"BREAKWATER_{name}", str(value))

    async def run(number: int) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, cli.app, ["erase", str(number)])

    return run


async def told(telegram: StandIn, state: Path) -> tuple[int, Phone]:
    """Somebody who has told something; the number of the case."""
    assistant, phone = Echo(), Phone(telegram, 801)
    async with running(a_gateway(telegram, state, assistant)) as gateway:
        await phone.start()
        await phone.say("someone is blackmailing me")
        await phone.told("heard: someone")
        await asyncio.sleep(0.3)  # until it is noted what stands in the chat
        return (await gateway.chats.case(assistant.heard[-1].conversation)).number, phone


async def test_the_chat_is_cleared_and_nobody_is_written_to(telegram: StandIn, tmp_path: Path, erase: Erase) -> None:
    number, phone = await told(telegram, tmp_path)
    assert len(telegram.chats[phone.chat]) == 4
    sent = len(telegram.sent)
    done = await erase(number)
    assert (done.exit_code, done.output.strip()) == (0, f"Case {number} is erased.")
    assert telegram.chats[phone.chat] == {}
    assert len(telegram.sent) == sent
    again = await erase(number)
    assert again.exit_code == 1
    assert "no case" in again.output


async def test_while_telegram_is_away_our_copy_goes_and_it_is_said(
    telegram: StandIn, tmp_path: Path, erase: Erase, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, phone = await told(telegram, tmp_path)
    monkeypatch.setattr(TelegramChannel.erase, "__defaults__", (1.0,))
    telegram.fail("deleteMessages", 502, times=10_000)
    done = await erase(number)
    assert done.exit_code == 1
    assert "is erased here, but Telegram did not answer" in done.output
    assert len(telegram.chats[phone.chat]) == 4
    assert "no case" in (await erase(number)).output
