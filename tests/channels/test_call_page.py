"""Our own page of numbers: every number can be tapped, for every country, and nothing of it tells what it is about."""

from __future__ import annotations

import re
from datetime import datetime, timezone

import pytest

from breakwater.channels.call_page import call_page
from breakwater.settings import ROOT
from breakwater.support.directory import load_directory

DIRECTORY = load_directory(ROOT / "data" / "directory")
NIGHT = datetime(2026, 11, 21, 3, tzinfo=timezone.utc)


@pytest.mark.parametrize("country", DIRECTORY.countries)
def test_every_country_has_an_emergency_number_and_a_line_to_tap(country: str) -> None:
    page = call_page(DIRECTORY, country.lower(), NIGHT)
    links = re.findall(r'href="((?:tel|sms|https):[^"]+)"', page)
    assert links[0].startswith("tel:")
    assert len(links) > 2
    assert all(re.fullmatch(r"tel:[0-9+*#]+", link) for link in links if link.startswith("tel:"))
    assert 'class="when"' in page


def test_a_text_line_opens_with_its_word() -> None:
    assert 'href="sms:85258?body=SHOUT"' in call_page(DIRECTORY, "gb", NIGHT)


@pytest.mark.parametrize("country", ["zz", "", "<script>", "../../etc", "x" * 5000, "worldwide"])
def test_a_country_that_is_not_listed_gets_what_works_everywhere(country: str) -> None:
    page = call_page(DIRECTORY, country, NIGHT)
    assert "tel:112" in page
    assert "no checked numbers" in page
    assert country.upper() not in page or len(country) < 3


def test_the_page_is_neutral_and_asks_nobody_else() -> None:
    page = call_page(DIRECTORY, "gb", NIGHT)
    assert "<title>Numbers</title>" in page
    assert not re.search(r"<script|<img|<iframe|style=|sextort|blackmail", page, re.IGNORECASE)
    assert re.findall(r'<link[^>]+href="([^"]+)"', page) == ["/call/style.css"]
