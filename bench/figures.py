"""The arithmetic of the comparison: percentiles, ratios, budgets and the table. Pure."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Results = Mapping[str, Any]


@dataclass(frozen=True)
class Budget:
    """One promise of the design: a measured value or a ratio of two, and the most (or least) it may be.

    `ours` and `theirs` are paths into the results ("turns.gateway.p50"); without `theirs` the value itself counts.
    """

    name: str
    unit: str
    ours: str
    theirs: str | None
    limit: float
    least: bool = False


@dataclass(frozen=True)
class Line:
    """A budget with what was measured; `value` is None where it was not."""

    budget: Budget
    ours: float | None
    theirs: float | None
    value: float | None

    @property
    def kept(self) -> bool | None:
        if self.value is None:
            return None
        return self.value >= self.budget.limit if self.budget.least else self.value <= self.budget.limit


def percentile(values: Sequence[float], part: float) -> float:
    """The smallest value that at least `part` of all values do not exceed. ValueError without values."""
    if not values:
        raise ValueError("no values")
    return sorted(values)[max(0, math.ceil(len(values) * part) - 1)]


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """Milliseconds: median, 95th percentile, largest; and how many there were."""
    return {
        "n": len(seconds),
        "p50": round(statistics.median(seconds) * 1000, 1),
        "p95": round(percentile(seconds, 0.95) * 1000, 1),
        "max": round(max(seconds) * 1000, 1),
    }


def typical(rounds: Sequence[Sequence[float]]) -> float:
    """Milliseconds that one message takes: the median of each message over its rounds, averaged over messages.

    Unlike medians of whole layers these add up. `rounds` holds one list of seconds a round, in the messages' order.
    """
    return round(statistics.fmean(statistics.median(one) for one in zip(*rounds, strict=True)) * 1000, 2)


def found(results: Results, path: str) -> float | None:
    """The figure at a path such as "turns.gateway.p50"; None where something of it was not measured."""
    here: Any = results
    for name in path.split("."):
        here = here.get(name) if isinstance(here, Mapping) else None
    return float(here) if here is not None else None


def held_against(results: Results, budgets: Sequence[Budget]) -> list[Line]:
    """Each budget with what was measured for it."""
    return [_line(results, budget) for budget in budgets]


def _line(results: Results, budget: Budget) -> Line:
    ours = found(results, budget.ours)
    if budget.theirs is None:
        return Line(budget, ours, None, ours)
    theirs = found(results, budget.theirs)
    return Line(budget, ours, theirs, ours / theirs if ours is not None and theirs else None)


def table(lines: Sequence[Line]) -> str:
    """The lines as Markdown."""
    rows = ["| | Breakwater | compared with | ratio | budget | |", "|---|---|---|---|---|---|"]
    verdicts = {True: "kept", False: "**not kept**", None: "not measured"}
    for line in lines:
        b, ours, theirs = line.budget, _shown(line.ours, line.budget.unit), _shown(line.theirs, line.budget.unit)
        times = "×" if b.theirs else f" {b.unit}".rstrip()
        ratio = f"{line.value:.2f}×" if b.theirs and line.value is not None else "–"
        limit = f"{'≥' if b.least else '≤'} {b.limit:g}{times}"
        rows.append(f"| {b.name} | {ours} | {theirs} | {ratio} | {limit} | {verdicts[line.kept]} |")
    return "\n".join(rows)


def parts_table(parts: Mapping[str, float]) -> str:
    """Where the time of a turn goes, as Markdown, with the share of each part."""
    whole = sum(parts.values())
    rows = ["| part of a turn | ms | share |", "|---|---|---|"]
    rows += [f"| {name} | {ms:.1f} | {ms / whole:.0%} |" for name, ms in parts.items()]
    return "\n".join([*rows, f"| **together** | **{whole:.1f}** | |"])


def between(text: str, mark: str, new: str) -> str:
    """`text` with what stands between `<!-- mark -->` and `<!-- end of mark -->` replaced. ValueError without them."""
    start, end = f"<!-- {mark} -->", f"<!-- end of {mark} -->"
    if start not in text or end not in text:
        raise ValueError(f"the text has no place for {mark}")
    head, rest = text.split(start, 1)
    return f"{head}{start}\n{new}\n{end}{rest.split(end, 1)[1]}"


def _shown(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    digits = 0 if abs(value) >= 100 else 1
    return f"{value:,.{digits}f} {unit}".rstrip()
