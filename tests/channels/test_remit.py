"""The operator's own settings reach the words and the wait of whoever writes (safeguarding rule 18)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from breakwater.cases import records
from breakwater.understanding.facts import CaseFacts
from tests.channels.contract import Echo, a_gateway
from tests.chats import NIGHT


@pytest.fixture
def somebody_at_the_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("breakwater.desk.presence.Presence.anyone", lambda *_: True)


@pytest.mark.usefixtures("somebody_at_the_desk")
async def test_above_the_number_who_can_wait_hears_that_it_is_full(tmp_path: Path) -> None:
    gateway = a_gateway(tmp_path, Echo(), surge_above=1)
    await gateway.start()
    try:
        for number in range(2):
            chat = await gateway.chats.open("web", f"somebody {number}")
            case = replace(await gateway.chats.case(chat), state="waiting", waiting_since=NIGHT)
            case = case.with_facts(CaseFacts(threat_type="financial", age=34, minor="no"))
            await gateway.store.write(_save, gateway, case)
            await gateway.watch.look()
            told = gateway._spoken("utter_person_coming", case)
            full = number == 1
            assert gateway.surge is full
            assert (gateway.wait(replace(case, waiting_since=gateway.clock()))["state"] == "busy") is full
            assert ("I've called a counsellor" in told["text"]) is not full
    finally:
        await gateway.stop()


@pytest.mark.usefixtures("somebody_at_the_desk")
@pytest.mark.parametrize(
    ("settings", "facts"),
    [
        ({"remit_countries": "GB"}, {"country": "FR"}),
        ({"remit_languages": "en"}, {"language": "nl"}),
        ({"serves_adults": "no"}, {"age": 34, "minor": "no"}),
        ({"serves_adults": "until_safe"}, {"age": 34, "minor": "no"}),
    ],
)
async def test_whom_it_is_not_for_is_not_promised_anybody_by_the_gateway_itself(
    tmp_path: Path, settings: dict[str, Any], facts: dict[str, Any]
) -> None:
    for given, promised in ((settings, False), ({}, True)):
        gateway = a_gateway(tmp_path, Echo(), **given)
        await gateway.start()
        try:
            chat = await gateway.chats.open("web", f"somebody {promised}")
            case = (await gateway.chats.case(chat)).with_facts(CaseFacts(threat_type="financial", **facts))
            told = gateway._spoken("utter_person_coming", case)["text"]
            assert ("I've called a counsellor" in told, "can only join for" in told) == (promised, not promised)
        finally:
            await gateway.stop()


def _save(connection: Any, gateway: Any, case: Any) -> None:
    records.save(connection, gateway.keyring.of(case.conversation_id), case, NIGHT)
