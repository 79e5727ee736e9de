"""Shares, F1 and their intervals, against values computed by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breakwater.evaluation.figures import NOTHING, drawn, macro_f1, micro_f1, share


def test_wilson() -> None:
    # p = .8, n = 10, z = 1.96: (.8 + .19207) / 1.38415 ± 1.96 * sqrt(.016 + .0096037) / 1.38415
    figure = share(8, 10)
    assert figure.value == 0.8
    assert figure.low == pytest.approx(0.4902, abs=1e-4)
    assert figure.high == pytest.approx(0.9433, abs=1e-4)
    assert share(0, 0) == NOTHING
    assert share(0, 10).high == pytest.approx(0.2775, abs=1e-4)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share(counts: tuple[int, int]) -> None:
    figure = share(*counts)
    assert figure.value is not None
    assert figure.low is not None
    assert figure.high is not None
    assert 0 <= figure.low <= figure.value + 1e-9
    assert figure.value - 1e-9 <= figure.high <= 1


def test_macro_f1() -> None:
    pairs = [("a", "a"), ("a", "a"), ("a", "b"), ("b", "b"), ("b", "c")]
    # a: 2 right of 3 true and 2 found: 4/5 · b: 1 right of 2 and 2: 1/2 · c: found once, never right: 0
    assert macro_f1(pairs) == pytest.approx((4 / 5 + 1 / 2 + 0) / 3)
    assert macro_f1([]) is None
    assert macro_f1([("a", "a")]) == 1
    assert macro_f1([("a", "b")]) == 0


def test_micro_f1() -> None:
    pairs = [(frozenset("ab"), frozenset("a")), (frozenset("c"), frozenset("cd")), (frozenset("a"), frozenset())]
    assert micro_f1(pairs) == pytest.approx(2 * 2 / (4 + 3))
    assert micro_f1([(frozenset(), frozenset())]) is None


def test_draws_are_always_the_same_and_lie_around_the_score() -> None:
    pairs = [("a", "a")] * 30 + [("a", "b")] * 5 + [("b", "b")] * 10
    first, second = drawn(pairs, macro_f1), drawn(pairs, macro_f1)
    assert first == second
    assert first.value is not None
    assert first.low is not None
    assert first.high is not None
    assert first.low < first.value < first.high
    assert drawn([], macro_f1) == NOTHING
