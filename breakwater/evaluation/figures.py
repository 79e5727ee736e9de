"""Shares and F1 scores, each with the interval in which the true one lies with 95 % confidence."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

Item = TypeVar("Item")
_Z = 1.959964  # 95 % of a normal distribution lie within so many standard deviations
_DRAWS = 1000
_SEED = 20261121


@dataclass(frozen=True)
class Figure:
    """One measured number, 0 to 1, with its interval; None when there was nothing to measure (`n` is 0)."""

    value: float | None
    low: float | None
    high: float | None
    n: int


NOTHING = Figure(None, None, None, 0)


def share(hits: int, n: int) -> Figure:
    """`hits` of `n` with Wilson's interval, which holds for few messages and for shares near 0 and 1 too."""
    if n == 0:
        return NOTHING
    p, z = hits / n, _Z * _Z / n
    middle = (p + z / 2) / (1 + z)
    half = _Z * math.sqrt(p * (1 - p) / n + z / (4 * n)) / (1 + z)
    return Figure(p, max(0.0, middle - half), min(1.0, middle + half), n)


def drawn(items: Sequence[Item], score: Callable[[Sequence[Item]], float | None]) -> Figure:
    """`score` of all items, with the interval of 1,000 draws of as many with replacement (always the same draws)."""
    value = score(items)
    if not items or value is None:
        return NOTHING
    random = np.random.default_rng(_SEED)
    draws = random.integers(len(items), size=(_DRAWS, len(items)))
    scores = [s for draw in draws if (s := score([items[i] for i in draw])) is not None]
    low, high = np.quantile(scores, (0.025, 0.975)) if scores else (value, value)
    return Figure(value, float(low), float(high), len(items))


def macro_f1(pairs: Iterable[tuple[str, str]]) -> float | None:
    """The mean F1 of all kinds that are the true or the found one anywhere; pairs are (true, found)."""
    both: Counter[str] = Counter()
    either: Counter[str] = Counter()
    for true, found in pairs:
        both[true] += true == found
        either.update((true, found))
    return sum(2 * both[kind] / n for kind, n in either.items()) / len(either) if either else None


def micro_f1(pairs: Iterable[tuple[frozenset[str], frozenset[str]]]) -> float | None:
    """F1 over all labels of all messages together; None when no message has one, true or found."""
    both = true = found = 0
    for these, those in pairs:
        both, true, found = both + len(these & those), true + len(these), found + len(those)
    return 2 * both / (true + found) if true + found else None
