"""docs/operations.md lists every setting of the service, and no other, each with its true default."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from breakwater.settings import ROOT, Settings

_ROW = re.compile(r"^\| `(BREAKWATER_\w+)` \| (.+?) \| (.+?) \|$", re.MULTILINE)
_ROWS = _ROW.findall((ROOT / "docs" / "operations.md").read_text("utf8"))
DOCUMENTED = {name: default.strip("`") for name, _, default in _ROWS}
MEANING = {name: meaning for name, meaning, _ in _ROWS}
DEFAULTS = {f"BREAKWATER_{f.name.upper()}": f.default for f in fields(Settings)}


def written(default: object) -> str:
    """A default as the document writes it and an operator would type it."""
    if isinstance(default, Path):
        return str(default.relative_to(ROOT))
    if isinstance(default, bool):
        return str(default).lower()
    return str(default) or "empty"


def test_every_setting_is_documented_once() -> None:
    assert sorted(name for name, _, _ in _ROWS) == sorted(DEFAULTS)


def test_the_documented_defaults_are_the_real_ones() -> None:
    assert {name: written(default) for name, default in DEFAULTS.items()} == DOCUMENTED


def test_an_empty_default_says_what_empty_means() -> None:
    assert [name for name, default in DOCUMENTED.items() if default == "empty" and "Empty:" not in MEANING[name]] == []
