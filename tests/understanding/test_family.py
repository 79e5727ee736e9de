"""Who says that a parent would "kill" them is asked what they mean."""

from __future__ import annotations

import pytest

from breakwater.understanding.family import would_kill


@pytest.mark.parametrize(
    "text",
    [
        "my dad will kill me", "mum's gonna find out and my parents would literally kill me", "dad’ll murder me",
        "if it gets out my uncles are going to kill me", "my stepdad would actually beat me",
        "they would kill me, i mean it", "theyd literally kill me", "he’d kill me if he saw",
    ],
)  # fmt: skip
def test_somebody_at_home_would_kill_the_writer(text: str) -> None:
    assert would_kill(text)


@pytest.mark.parametrize(
    "text",
    [
        "this homework will kill me",
        "kill me now",
        "he said he will kill me",
        "he said hed kill me",
        "they will kill me",
        "my dad killed it at karaoke",
        "",
    ],
)
def test_other_killing_is_not_meant(text: str) -> None:
    assert not would_kill(text)
