"""What `breakwater doctor` says about a bot."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from breakwater.doctor.findings import Finding
from breakwater.doctor.telegram import COMMANDS, examine_telegram
from breakwater.settings import ROOT, Settings
from breakwater.support.wording import Wording
from tests.channels.telegram.conftest import SITE
from tests.channels.telegram.stand_in import TOKEN, StandIn

GREETING = Wording.load(ROOT / "domain.yml").reply("utter_greeting", {"channel": "telegram"}, days="30")["text"]


async def examined(telegram: StandIn, tmp_path: Path, **settings: Any) -> list[Finding]:
    given = {"telegram_token": TOKEN, "telegram_api": telegram.url, "public_url": SITE, "state_dir": tmp_path}
    return await asyncio.to_thread(examine_telegram, Settings(**{**given, **settings}))


@pytest.fixture
def set_up(telegram: StandIn) -> StandIn:
    """A bot as docs/telegram.md says."""
    telegram.about["description"] = str(GREETING)
    telegram.commands = [{"command": name, "description": words} for name, words in COMMANDS.items()]
    return telegram


async def test_a_bot_that_is_set_up(set_up: StandIn, tmp_path: Path) -> None:
    assert [f.level for f in await examined(set_up, tmp_path)] == ["ok"]


async def test_without_a_token_nobody_is_asked(telegram: StandIn, tmp_path: Path) -> None:
    (found,) = await examined(telegram, tmp_path, telegram_token="")
    assert found.level == "ok"
    assert telegram.calls == []


@pytest.mark.parametrize("token", ["1:wrong", "nonsense"])
async def test_a_wrong_token(telegram: StandIn, tmp_path: Path, token: str) -> None:
    (found,) = await examined(telegram, tmp_path, telegram_token=token)
    assert (found.level, "token" in found.what) == ("error", True)
    assert token not in found.what + found.do


async def test_telegram_out_of_reach(telegram: StandIn, tmp_path: Path) -> None:
    (found,) = await examined(telegram, tmp_path, telegram_api="http://127.0.0.1:9")
    assert found.level == "error"


@pytest.mark.parametrize("where", ["name", "description", "short_description"])
async def test_a_telling_word_is_named(set_up: StandIn, tmp_path: Path, where: str) -> None:
    set_up.about[where] = "Help against sextortion"
    assert any("'sex'" in f.what for f in await examined(set_up, tmp_path))


async def test_what_is_missing_comes_with_what_to_type(telegram: StandIn, tmp_path: Path) -> None:
    telegram.me = {"can_join_groups": True, "can_read_all_group_messages": True}
    found = await examined(telegram, tmp_path, public_url="")
    assert [f.level for f in found] == ["warning"] * 5
    said = " ".join(f.do for f in found)
    for part in ("/setdescription", "/setcommands", "/setjoingroups", "/setprivacy", "PUBLIC_URL", "human - Talk"):
        assert part in said


async def test_a_webhook_of_somebody_else(set_up: StandIn, tmp_path: Path) -> None:
    set_up.webhook = {"url": "https://elsewhere.example"}
    (found,) = await examined(set_up, tmp_path)
    assert "elsewhere.example" in found.what
    set_up.webhook = None
    (found,) = await examined(set_up, tmp_path, telegram_mode="webhook")
    assert "no webhook" in found.what


def test_every_command_that_is_offered_is_understood() -> None:
    from breakwater.channels.telegram import incoming

    assert set(COMMANDS) == incoming._COMMANDS
