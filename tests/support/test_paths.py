"""`docs/paths.md` is what the rules and the wording make of it, and leaves out nothing that can be said."""

from __future__ import annotations

import re

import pytest

from breakwater.settings import ROOT
from breakwater.support import danger, steps
from breakwater.support.introspection import responses_of
from breakwater.support.paths import TRACKS, Paths
from breakwater.support.wording import Wording


@pytest.fixture(scope="module")
def page() -> str:
    return Paths(ROOT).page()


def test_the_page_is_up_to_date(page: str) -> None:
    assert (ROOT / "docs" / "paths.md").read_text("utf8") == page, "run: .venv/bin/breakwater paths"


def test_every_text_is_printed_once_with_whether_it_is_reviewed(page: str, wording: Wording) -> None:
    printed = re.findall(r"^- `(utter_\w+)`.*?(reviewed.*|not reviewed)$", page, re.MULTILINE)
    assert sorted(name for name, _ in printed) == sorted(n for n, texts in wording.responses.items() for _ in texts)


def test_a_signed_text_is_counted_and_named(wording: Wording) -> None:
    signed = Paths(ROOT)
    hidden = {"text": "Done.", "metadata": {"tags": [], "reviewed": "A. Name, 2026-12-01"}}
    signed.wording = Wording({**wording.responses, "utter_hidden": [hidden]})
    page = signed.page()
    assert "**1 of " in page
    assert "- `utter_hidden`, reviewed: A. Name, 2026-12-01" in page


def test_every_track_of_the_rules_has_a_heading() -> None:
    of_the_rules = {id(t) for t in vars(steps).values() if isinstance(t, tuple) and t and isinstance(t[0], steps.Step)}
    assert of_the_rules == {id(track) for _, track in TRACKS}


def test_what_a_rule_may_say_is_read_from_its_code() -> None:
    ladder = responses_of(danger._suicide)
    assert ladder[0] == "utter_suicide_direct_young"
    assert {"utter_suicide_yes", "utter_means_ask", "utter_suicide_again", *danger.DOCTOR_LINES} <= set(ladder)


def test_a_step_says_which_facts_bring_it_and_which_leave_it_out(page: str) -> None:
    assert "**6. paid** – only with `threat_type: financial` or `demand: money`; left out with `paid: yes`" in page
