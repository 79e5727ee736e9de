"""The style sheet: every pair of colours that is used for words can be read (WCAG 2.2 AA), light and dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import breakwater.desk

CSS = (Path(breakwater.desk.__file__).parent / "static" / "desk.css").read_text("utf8")
WORDS = [
    ("ink", "ground"), ("ink", "sheet"), ("ink", "accent-soft"), ("ink", "blue-soft"), ("ink", "grey-soft"),
    ("soft", "ground"), ("soft", "sheet"), ("soft", "accent-soft"), 
   ("soft", "blue-soft"), ("soft", "grey-soft"),
    ("accent", "sheet"), ("accent", "ground"), ("on-accent", "accent"), ("red", "sheet"), ("red", "red-soft"),
    ("sheet", "red"), ("amber", "amber-soft"), ("blue", "blue-soft"),
]  # fmt: skip
EDGES = [("edge", "sheet"), ("edge", "ground"), ("accent", "sheet"), ("accent", "ground")]


def palettes() -> list[dict[str, str]]:
    found = [dict(re.findall(r"--([\w-]+): (#\w{6})", block)) for block in re.findall(r":root \{(.*?)\}", CSS, re.S)]
    assert len(found) == 2 and found[0].keys() == found[1].keys()
    return found


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", palettes(), ids=["light", "dark"])
def test_contrast(palette: dict[str, str]) -> None:
    poor = [pair for pair in WORDS if contrast(palette[pair[0]], palette[pair[1]]) < 4.5]
    poor += [pair for pair in EDGES if contrast(palette[pair[0]], palette[pair[1]]) < 3]
    assert poor == []
