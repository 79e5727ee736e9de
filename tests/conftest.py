"""Tests that need an optional part are skipped, with the reason, where the part is missing.

A test says so with a marker (`browser`, `postgresql`, `redis`, `node`, `telegram`). A part named in
BREAKWATER_REQUIRE may not be skipped, neither here nor by the test itself: that is a failure.
Browser tests find the browser's path in the variable CHROMIUM.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

from machine.parts import PARTS, Part, chromium, required

# A busy machine is no reason to fail: how long an example takes is measured in bench/, not here.
settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("here")

_skipped = pytest.StashKey[Counter[str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_skipped] = Counter()
    try:
        required(os.environ)
    except ValueError as wrong:
        raise pytest.UsageError(str(wrong)) from None
    if path := chromium(os.environ):
        os.environ["CHROMIUM"] = path


def pytest_sessionstart(session: pytest.Session) -> None:
    missing = [f"{part.name}: {reason}" for part in PARTS if (reason := part.lacking(os.environ))]
    _write(session.config, "Optional parts missing here, their tests are skipped", missing)


def pytest_runtest_setup(item: pytest.Item) -> None:
    for part in _needed_by(item):
        if reason := part.lacking(os.environ):
            pytest.skip(f"no {part.name}: {reason}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if not report.skipped or hasattr(report, "wasxfail"):
        return report
    needed = {part.name for part in _needed_by(item)}
    reason = str(call.excinfo.value) if call.excinfo else "no reason given"
    if needed:
        item.config.stash[_skipped][reason] += 1
    if insisted := required(os.environ) & needed:
        report.outcome = "failed"
        names = ", ".join(sorted(insisted))
        report.longrepr = f"BREAKWATER_REQUIRE names {names}, but the test was skipped: {reason}"
    return report


def pytest_terminal_summary(config: pytest.Config) -> None:
    lines = [f"{reason} ({count})" for reason, count in sorted(config.stash[_skipped].items())]
    _write(config, "Not run here for want of an optional part (number of tests)", lines)


def _needed_by(item: pytest.Item) -> list[Part]:
    return [part for part in PARTS if item.get_closest_marker(part.marker)]


def _write(config: pytest.Config, title: str, lines: list[str]) -> None:
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if terminal and lines:
        terminal.write_line(f"{title}:")
        for line in lines:
            terminal.write_line(f"  {line}")
