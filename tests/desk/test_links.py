from __future__ import annotations

import re

import pytest

from breakwater.desk.links import broken_up


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("see http://evil.example/a?b=1 now", "see hxxp[:]//evil[.]example/a?b=1 now"),
        ("HTTPS://X.COM", "HXXPS[:]//X[.]COM"),
        ("its on t.me/someone", "its on t[.]me/someone"),
        ("www.some.place", "www[.]some[.]place"),
        ("a javascript:alert(1) here", "a javascript[:]alert(1) here"),
        ("tg://resolve?domain=x", "tg[:]//resolve?domain=x"),
        ("ftp://203.0.113.7/x", "ftp[:]//203[.]0[.]113[.]7/x"),
        ("http://x.example", "hxxp[:]//x[.]example"),
    ],
)
def test_addresses_are_broken_up(typed: str, shown: str) -> None:
    assert broken_up(typed) == shown
    assert not re.search(r"\w:/", broken_up(typed))


@pytest.mark.parametrize("words", ["he said stop. i cant", "at 10:30", "i'm 15... help", "no way out :/", "50.00 euro"])
def test_other_words_stay_as_they_were(words: str) -> None:
    assert broken_up(words) == words
