"""The comparison as a picture: the ratios beside their budgets, and a turn taken apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib  # type: ignore[import-untyped]

matplotlib.use("Agg")
from matplotlib import pyplot

from bench.figures import Line

_KEPT, _BROKEN, _BUDGET = "#2f6f73", "#b5482f", "#20262e"
_PARTS = ("#8fb9a8", "#2f6f73", "#4c8f93", "#a9c9c4", "#d9b26f", "#b5762f", "#6c7a89")


def draw(lines: Sequence[Line], parts: Mapping[str, float], file: Path) -> None:
    """Write the picture as SVG."""
    ratios = [line for line in lines if line.budget.theirs and line.value is not None]
    pyplot.rcParams.update({"font.size": 9, "svg.hashsalt": "bench", "axes.spines.top": False})
    picture, (above, below) = pyplot.subplots(
        2, 1, figsize=(9, 6.2), gridspec_kw={"height_ratios": (len(ratios), 3)}, constrained_layout=True
    )
    _ratios(above, ratios)
    _turn(below, parts)
    picture.savefig(file, format="svg", metadata={"Date": None})
    pyplot.close(picture)


def _ratios(axes: pyplot.Axes, lines: Sequence[Line]) -> None:
    for place, line in enumerate(lines):
        value = line.value or 0.0
        axes.barh(place, value, height=0.55, color=_KEPT if line.kept else _BROKEN)
        axes.plot([line.budget.limit] * 2, [place - 0.4, place + 0.4], color=_BUDGET, linewidth=2)
        axes.annotate(f" {value:.2f}×", (max(value, line.budget.limit), place), va="center")
    axes.axvline(1, color=_BUDGET, linewidth=0.6, linestyle=":")
    axes.set_yticks(
        range(len(lines)), [f"{line.budget.name}{' (more is better)' * line.budget.least}" for line in lines]
    )
    axes.invert_yaxis()
    axes.margins(x=0.12)
    axes.set_title("Breakwater as a multiple of what it is compared with; the black mark is the budget", loc="left")
    axes.spines["right"].set_visible(False)


def _turn(axes: pyplot.Axes, parts: Mapping[str, float]) -> None:
    left = 0.0
    for (name, ms), color in zip(parts.items(), _PARTS, strict=True):
        axes.barh(0, max(ms, 0.0), left=left, color=color, label=f"{name}: {ms:.1f} ms")
        left += max(ms, 0.0)
    axes.set_yticks([])
    axes.set_ylim(-0.5, 0.5)
    axes.set_xlabel("ms")
    axes.set_title("Where the time of a turn goes, one person at a time", loc="left")
    axes.legend(ncol=2, frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.7))
    for side in ("left", "right"):
        axes.spines[side].set_visible(False)
