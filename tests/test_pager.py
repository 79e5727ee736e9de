"""Calls leave the machine through Apprise: what they say, and what is said when they cannot."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from apprise import Apprise
from typer.testing import CliRunner

from breakwater.cli import app
from breakwater.doctor.on_call import examine_on_call
from breakwater.pager import FIRST, SECOND, Pager
from breakwater.settings import Settings, SettingsError, load_settings

SINCE = datetime(2026, 11, 21, 1, 14, tzinfo=timezone.utc)
NOWHERE = "json://127.0.0.1:9"  # the discard port: nobody listens


@pytest.fixture
def phone() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """An address that takes calls, and what came."""
    came: list[dict[str, str]] = []

    class Takes(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Takes)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"json://127.0.0.1:{server.server_port}", came
    server.shutdown()
    server.server_close()


def test_a_call_says_since_when_and_nothing_by_which_somebody_could_be_found(
    phone: tuple[str, list[dict[str, str]]],
) -> None:
    address, came = phone
    pager = Pager(Settings(page_first=f"{NOWHERE} {address}", helpline_name="Harbour"))
    assert pager.ring(FIRST, SINCE)
    assert came[0]["title"] == "Harbour"
    assert came[0]["message"] == (
        "A life may be in danger, since 01:14 UTC. Nobody has taken it. Please open the desk. "
        "You are called again until somebody has."
    )


def test_a_way_that_breaks_stops_no_other_and_its_address_is_not_logged(
    phone: tuple[str, list[dict[str, str]]], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    address, came = phone
    broken = "mailtos://user:secret@mail.example.org"
    pager = Pager(Settings(page_first=f"{broken} {address}"))

    def breaks(*_: object, **__: object) -> bool:
        raise RuntimeError(broken)

    monkeypatch.setattr(type(Apprise.instantiate(broken)), "notify", breaks)
    assert pager.ring(FIRST, SINCE)
    assert len(came) == 1
    assert "RuntimeError" in caplog.text and "secret" not in caplog.text


def test_who_cannot_be_reached_is_no_error_but_said() -> None:
    assert not Pager(Settings(page_first=NOWHERE)).ring(FIRST, SINCE)
    assert not Pager(Settings()).ring(SECOND, SINCE)


def test_an_address_that_means_nothing_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match="PAGE_SECOND"):
        Pager(Settings(page_first=NOWHERE, page_second="pigeon://loft tgram://token/chat"))
    monkeypatch.setenv("BREAKWATER_PAGE_FIRST", "pigeon://loft")
    refused = CliRunner().invoke(app, ["page"])
    assert refused.exit_code == 1 and "PAGE_FIRST" in refused.output and "pigeon" not in refused.output


def test_trying_it(phone: tuple[str, list[dict[str, str]]], monkeypatch: pytest.MonkeyPatch) -> None:
    run = CliRunner()
    assert "Nobody is on call" in run.invoke(app, ["page"]).output
    monkeypatch.setenv("BREAKWATER_PAGE_FIRST", phone[0])
    assert run.invoke(app, ["page"]).exit_code == 0
    assert "test" in phone[1][0]["message"]
    monkeypatch.setenv("BREAKWATER_PAGE_SECOND", NOWHERE)
    tried = run.invoke(app, ["page"])
    assert tried.exit_code == 1 and "NOT reached" in tried.output


def test_the_doctor_says_who_would_come() -> None:
    def levels(**given: str) -> list[str]:
        return [found.level for found in examine_on_call(Settings(**given))]  # type: ignore[arg-type]

    assert levels() == ["warning"]
    assert levels(on_call="none") == ["ok"]
    assert levels(page_first=NOWHERE) == ["warning"]
    assert levels(page_first=NOWHERE, page_second=NOWHERE) == ["ok"]


@pytest.mark.parametrize(
    "given",
    [{"BREAKWATER_PAGE_SECOND": NOWHERE}, {"BREAKWATER_PAGE_FIRST": NOWHERE, "BREAKWATER_ON_CALL": "none"}],
)
def test_what_contradicts_itself_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(SettingsError):
        load_settings(given)
