"""The pure parts of the comparison: what is computed from measured figures, not the figures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.budgets import against_plain, parts, with_figures
from bench.figures import Budget, between, found, held_against, parts_table, percentile, spread, table, typical

BENCH = Path(__file__).parents[2] / "bench"
FASTER = Budget("turn", "ms", "turns.ours.p50", "turns.stock.p50", 0.8)
MORE = Budget("crowd", "/s", "crowd.ours", "crowd.stock", 2.5, least=True)
AT_MOST = Budget("desk", "ms", "desk.p95", None, 150)


def test_a_percentile_is_a_value_that_was_measured() -> None:
    values = [float(n) for n in range(100, 0, -1)]
    assert percentile(values, 0.95) == 95
    assert percentile(values, 1) == 100
    assert percentile([7.0], 0.5) == 7
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)


def test_a_spread_is_in_milliseconds() -> None:
    assert spread([0.1, 0.2, 0.3]) == {"n": 3, "p50": 200, "p95": 300, "max": 300}


def test_one_slow_round_does_not_make_a_message_slow() -> None:
    assert typical([[0.010, 0.030], [0.010, 0.030], [0.900, 0.030]]) == 20


def test_what_was_not_measured_is_none_and_zero_is_not() -> None:
    assert found({"a": {"b": 0}}, "a.b") == 0
    assert found({"a": {"b": 0}}, "a.c") is None
    assert found({"a": 1}, "a.b") is None


@pytest.mark.parametrize(("ours", "stock", "kept"), [(80, 100, True), (81, 100, False), (None, 100, None)])
def test_a_budget_is_kept_up_to_its_limit(ours: float | None, stock: float, kept: bool | None) -> None:
    (line,) = held_against({"turns": {"ours": {"p50": ours}, "stock": {"p50": stock}}}, [FASTER])
    assert line.kept is kept


@pytest.mark.parametrize(("ours", "kept"), [(250, True), (249, False)])
def test_more_is_better_where_it_says_so(ours: float, kept: bool) -> None:
    (line,) = held_against({"crowd": {"ours": ours, "stock": 100}}, [MORE])
    assert line.kept is kept


def test_a_budget_without_comparison_counts_by_itself() -> None:
    (line,) = held_against({"desk": {"p95": 151}}, [AT_MOST])
    assert (line.value, line.kept) == (151, False)


def test_the_table_shows_both_sides_the_ratio_and_what_was_not_kept() -> None:
    results = {"turns": {"ours": {"p50": 90}, "stock": {"p50": 100}}, "desk": {"p95": 12.34}}
    lines = table(held_against(results, [FASTER, AT_MOST, MORE])).splitlines()
    assert lines[2] == "| turn | 90.0 ms | 100 ms | 0.90× | ≤ 0.8× | **not kept** |"
    assert lines[3] == "| desk | 12.3 ms | – | – | ≤ 150 ms | kept |"
    assert lines[4] == "| crowd | – | – | – | ≥ 2.5× | not measured |"


def test_the_parts_of_a_turn_add_up_to_the_whole() -> None:
    alone = {"stored": 5, "encoder": 4, "reader": 3, "listen": 12, "action": 6, "reply": 30, "whole": 50}
    apart = parts(alone)
    assert sum(apart.values()) == 50
    assert parts_table(apart).endswith("| **together** | **50.0** | |")


def test_only_what_stands_between_the_marks_is_replaced() -> None:
    text = "a\n<!-- x -->\nold\n<!-- end of x -->\nb"
    assert between(text, "x", "new") == "a\n<!-- x -->\nnew\n<!-- end of x -->\nb"
    with pytest.raises(ValueError, match="no place for y"):
        between(text, "y", "new")


def test_the_readme_shows_the_figures_of_the_results() -> None:
    results = json.loads((BENCH / "results" / "side_by_side.json").read_text("utf8"))
    readme = (BENCH / "README.md").read_text("utf8")
    assert with_figures(readme, results) == readme


def test_every_budget_was_measured() -> None:
    results = json.loads((BENCH / "results" / "side_by_side.json").read_text("utf8"))
    assert [line.budget.name for line in against_plain(results) if line.kept is None] == []
