"""From the scores of a model to chances, and from chances to a decision.

All of it is measured on scores that each message got from a model that had not seen it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

Array = np.ndarray[Any, np.dtype[Any]]

LOWEST, HIGHEST = 0.3, 0.7
"""A threshold found on few examples is not trusted beyond these."""


def line(scores: Array, true: Array) -> tuple[float, float]:
    """Slope and start of the line through which a score becomes the log-odds of being true."""
    fitted = LogisticRegression(C=100.0).fit(scores[:, None], true)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def sharpness(scores: Array, true: Array) -> float:
    """The factor by which scores of kinds, of which one is true, make the best shares of one (softmax)."""
    factors = np.geomspace(1.0, 40.0, 40)
    misfit = [-np.log(shares(scores, factor)[true] + 1e-12).sum() for factor in factors]
    return float(factors[int(np.argmin(misfit))])


def shares(scores: Array, factor: float) -> Array:
    """Scores of kinds as shares that add up to one, for each row."""
    powers = np.exp(factor * (scores - scores.max(axis=-1, keepdims=True)))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def chance(scores: Array, slope: Array | float, start: Array | float) -> Array:
    return np.asarray(1 / (1 + np.exp(-np.clip(slope * scores + start, -30, 30))))


def best_f1(chances: Array, true: Array) -> float:
    """The threshold that finds most and claims least."""
    order = np.argsort(-chances, kind="stable")
    found = np.cumsum(true[order])
    score = 2 * found / (np.arange(1, len(true) + 1) + true.sum())
    return float(np.clip(chances[order][int(np.argmax(score))], LOWEST, HIGHEST))


def at_most(chances: Array, true: Array, false_alarms: float) -> float:
    """The lowest threshold at which no larger share of the other messages raises a false alarm."""
    return float(np.quantile(chances[~true], 1 - false_alarms, method="higher")) + 1e-6
