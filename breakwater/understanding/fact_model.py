"""The trainable part: what kind of message it is, and which facts it states, each with a chance.

The network (`encoder.py`) has learned the labels already, on the messages that it was tuned on. Over what it sees in a
message stands one ridge regression for all labels at once, which every new training message changes: one closed-form
solution, and with it, at no cost, what the model would have said of each training message had it not seen it. On those
answers the chances are calibrated and the thresholds set. It learns from the messages that the network was never tuned
on, and only from a few of the others, of which the network knows more than it will of a new one. Labels are those of
`docs/labels.md`, written `name=value`.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import linalg

from breakwater.understanding import answers, chances
from breakwater.understanding.encoder import ANSWER_INTENTS, ASKED, DIMENSIONS, SHORT, Vectors, digest
from breakwater.understanding.labels import ANY_LIFE, ANY_OFFLINE, DEFAULT, KINDS

Array = np.ndarray[Any, np.dtype[Any]]

FEWEST = 8  # a label with fewer examples is not learned, and said so
FALSE_ALARMS = {ANY_LIFE: 0.05, ANY_OFFLINE: 0.03, "now=": 0.005, "home_unsafe=yes": 0.01, "watched=yes": 0.01}
"""For danger a miss costs more than a false alarm: the share of other messages that may raise one."""
FALSE_CLAIMS = {"paid=yes": 0.02, "paid=no": 0.03}
"""Whether something was paid decides much of what is said, and one message in twenty may be credited with it wrongly;
these are the shares of the others for each answer."""
QUIET = 0.12
"""Below the chance that this share of other messages exceeds, the model plainly sees no danger."""
_RIDGE = 2.0
_LIFT = 0.12  # seldom kinds score too low beside frequent ones; this power of their number evens it out
_FILE = "fact_model.npz"


@dataclass(frozen=True)
class Example:
    """One labelled message; `labels` as `labels_of` makes them; `question` the bot asked before it; `known`: the
    network was tuned on it."""

    text: str
    intent: str
    labels: frozenset[str]
    question: str | None = None
    known: bool = False

    @property
    def bare_answer(self) -> bool:
        """A bare yes or no, whose meaning is the question's: read by rule, and no fact to learn from."""
        return bare(self.text) and answers.of_words(self.text, self.question) is not None


def bare(text: str) -> bool:
    return len(text.split()) <= 4


class FactModel:
    """Reads the labels of a message. Deterministic: same data, same model.

    Kept as plain arrays in one `.npz` file, which holds no code and loads in a moment.
    """

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self._arrays = dict(arrays)
        self.thresholds: dict[str, float] = {
            str(label): float(least) for label, least in zip(arrays["labels"], arrays["thresholds"], strict=True)
        }
        """From which chance on a label counts as stated; set for every label but those of a kind."""
        self.quiet: dict[str, float] = {
            gate: float(arrays[f"quiet_{gate}"]) for gate in (ANY_LIFE, ANY_OFFLINE) if f"quiet_{gate}" in arrays
        }
        """Below which chance no danger of this kind is seen at all."""

    @classmethod
    def fit(cls, examples: Sequence[Example], seen: Vectors) -> FactModel:
        """Train on examples, chosen by `needed`, and what the network sees in each (`Seen.features`, beside the
        question of `learned_beside`), one row each."""
        counts = Counter(label for e in examples if not e.bare_answer for label in e.labels)
        counts = Counter({label: n for label, n in counts.items() if label.partition("=")[0] not in DEFAULT})
        labels = sorted(label for label, n in counts.items() if n >= FEWEST)
        kinds = {name: sorted({_value(e, name) for e in examples}) for name in KINDS}
        columns = [[_value(e, name) == value for e in examples] for name in KINDS for value in kinds[name]]
        columns += [[label in e.labels and not e.bare_answer for e in examples] for label in labels]
        targets = np.array(columns, dtype=np.float32).T
        weights, unseen = _solved(_inputs(seen), targets)
        lift = np.ones(targets.shape[1], dtype=np.float32)
        of_kinds = slice(0, targets.shape[1] - len(labels))
        lift[of_kinds] = targets.sum(axis=0)[of_kinds] ** -_LIFT
        weights, unseen = weights * lift, unseen * lift
        arrays: dict[str, Array] = {
            "weights": weights, "labels": np.array(labels, dtype=str),
            "not_learned": np.array(sorted(n for n, c in counts.items() if c < FEWEST), dtype=str),
        }  # fmt: skip
        telling = np.array([not e.bare_answer for e in examples])
        fresh = np.array([not e.known for e in examples])
        return cls(arrays | _judged(kinds, labels, unseen, np.array(columns).T, telling, fresh))

    @property
    def not_learned(self) -> list[str]:
        """Labels that occur, but too seldom to be learned."""
        return [str(label) for label in self._arrays["not_learned"]]

    def predict(self, seen: Vectors) -> dict[str, float]:
        """Label → chance, for every label the model knows. `seen`: what the network sees in it (`Seen.features`)."""
        scores = _inputs(seen.reshape(1, -1))[0] @ self._arrays["weights"]
        found: dict[str, float] = {}
        place = 0
        for name in KINDS:
            values = self._arrays[f"kind_{name}"]
            parts = chances.shares(scores[place : place + len(values)], float(self._arrays[f"kind_{name}_sharpness"]))
            found |= {f"{name}={value}": float(p) for value, p in zip(values, parts, strict=True)}
            place += len(values)
        likely = chances.chance(scores[place:], self._arrays["slopes"], self._arrays["starts"])
        return found | {str(label): float(p) for label, p in zip(self._arrays["labels"], likely, strict=True)}

    def save(self, folder: Path) -> None:
        np.savez(folder / _FILE, **self._arrays)

    @classmethod
    def load(cls, folder: Path) -> FactModel:
        with np.load(folder / _FILE, allow_pickle=False) as arrays:
            return cls(arrays)


def learned_beside(text: str, intent: str, question: str | None) -> str | None:
    """The question beside which a training message is learned. Half of the short messages that answer nothing stand
    beside one, each always the same: what is said keeps its meaning whatever was asked, and a question alone means
    nothing."""
    number = zlib.crc32(text.encode())
    if question or len(text.split()) > SHORT or intent in ANSWER_INTENTS or number % 2:
        return question
    return ASKED[number // 2 % len(ASKED)]


def needed(text: str, known: bool) -> bool:
    """Whether a training message is learned from: all that the network was not tuned on, and one in ten of the others,
    which gives seldom labels more examples."""
    return not known or digest(text) % 10 == 0


def _inputs(seen: Vectors) -> Array:
    """What the regression stands on, one row a text: meaning, and what the network says of each label."""
    one = np.ones((len(seen), 1), dtype=np.float32)
    return np.hstack([seen[:, :DIMENSIONS], np.tanh(seen[:, DIMENSIONS:] / 4), one])


def _solved(inputs: Array, targets: Array) -> tuple[Array, Array]:
    """The weights of the ridge regression, and each example's scores from a model fitted without it."""
    gram = (inputs.T @ inputs).astype(np.float64)
    gram[np.diag_indices_from(gram)] += _RIDGE
    inverse = linalg.inv(gram, overwrite_a=True, check_finite=False)
    inverse = inverse.astype(np.float32)
    weights = inverse @ (inputs.T @ targets)
    pull = np.einsum("ij,ij->i", inputs @ inverse, inputs)  # how far each example decides its own score
    said = inputs @ weights
    return weights, targets - (targets - said) / np.maximum(1 - pull, 1e-3)[:, None]


def _judged(
    kinds: Mapping[str, Sequence[str]],
    labels: Sequence[str],
    scores: Array,
    true: Array,
    telling: Array,
    fresh: Array,
) -> dict[str, Array]:
    """How scores become chances, and from which chance on a label is stated: on the messages that the encoder was
    never tuned on, but for labels of which these hold too few."""
    arrays: dict[str, Array] = {}
    place, seen = 0, fresh if fresh.any() else ~fresh
    for name, values in kinds.items():
        here = slice(place, place + len(values))
        arrays[f"kind_{name}"] = np.array(values, dtype=str)
        arrays[f"kind_{name}_sharpness"] = np.array(chances.sharpness(scores[seen, here], true[seen, here]))
        place += len(values)
    lines, least, honest = np.zeros((len(labels), 2)), np.zeros(len(labels)), telling & fresh
    for at, label in enumerate(labels):
        score, is_true = scores[:, place + at], true[:, place + at]
        rows = honest if (honest & is_true).sum() >= FEWEST else telling
        lines[at] = chances.line(score[rows], is_true[rows])
        likely = chances.chance(score[rows], *lines[at])
        least[at] = _threshold(label, likely, is_true[rows])
        if label in (ANY_LIFE, ANY_OFFLINE):
            arrays[f"quiet_{label}"] = np.array(chances.at_most(likely, is_true[rows], QUIET))
    return arrays | {"slopes": lines[:, 0], "starts": lines[:, 1], "thresholds": least}


def _threshold(label: str, likely: Array, true: Array) -> float:
    for start, false_alarms in (FALSE_ALARMS | FALSE_CLAIMS).items():
        if label.startswith(start):
            return chances.at_most(likely, true, false_alarms)
    return chances.best_f1(likely, true)


def _value(example: Example, name: str) -> str:
    if name == "intent":
        return example.intent
    return next((label.partition("=")[2] for label in example.labels if label.startswith(f"{name}=")), DEFAULT[name])
