"""The trainable part: what kind of message it is, and which facts it states, each with a chance.

A message is judged by its likeness to every message of the training (`likeness.py`): one closed-form
solution (kernel ridge regression) for all labels at once, and with it, at no cost, what the model
would have said of each training message had it not seen it. On those answers the chances are
calibrated and the thresholds set. Labels are those of `docs/labels.md`, written `name=value`.
"""

from __future__ import annotations

import unicodedata
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import linalg

from breakwater.understanding import answers, chances
from breakwater.understanding.encoder import kept_back
from breakwater.understanding.facts import OFFLINE, SUICIDE_OR_SELF_HARM, YES_NO_FACTS
from breakwater.understanding.likeness import SHORT, Array, Likeness, Vectors

DEFAULT = {"threat_type": "none", "speaker": "victim"}
KINDS = ("intent", *DEFAULT)
ANY_LIFE, ANY_OFFLINE = "any=life", "any=offline"
"""Learned beside the fine labels: there are more examples of any danger than of each."""
ASKED = (
    "suicide", "demand", "suicide", "paid", "age", "attempt", "home_safe", "suicide", "already_posted", "done_step",
    "evidence_saved", "blocked", "safe_now", "want_human", "who_with_you", "platform",
)  # fmt: skip
"""Questions of ours beside which anything may be said; that about suicide most, because a misread answer to it
turns the whole conversation."""
FEWEST = 8  # a label with fewer examples is not learned, and said so
FALSE_ALARMS = {ANY_LIFE: 0.04, ANY_OFFLINE: 0.02, "now=": 0.005, "home_unsafe=yes": 0.01, "watched=yes": 0.01}
"""For danger a miss costs more than a false alarm: the share of other messages that may raise one."""
QUIET = 0.12
"""Below the chance that this share of other messages exceeds, the model plainly sees no danger."""
_RIDGE = 2.0
_LIFT = 0.12  # seldom kinds score too low beside frequent ones; this power of their number evens it out
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})
_FILE = "fact_model.npz"


@dataclass(frozen=True)
class Example:
    """One labelled message; `labels` as `labels_of` makes them; `question` the bot asked before it."""

    text: str
    intent: str
    labels: frozenset[str]
    question: str | None = None

    @property
    def bare_answer(self) -> bool:
        """A bare yes or no, whose meaning is the question's: read by rule, and no fact to learn from."""
        return bare(self.text) and answers.of_words(self.text, self.question) is not None


def bare(text: str) -> bool:
    return len(text.split()) <= 4


def labels_of(metadata: Mapping[str, Any]) -> frozenset[str]:
    """The labels in the metadata of a training message. A fact left out is not a label."""
    found = {f"{name}={metadata.get(name, default)}" for name, default in DEFAULT.items()}
    for name in ("demand", "now", "risk"):
        found |= {f"{name}={value}" for value in metadata.get(name, ())}
    for name in (*YES_NO_FACTS, "offender"):
        if name in metadata:
            found.add(f"{name}={metadata[name]}")
    if "minor" in metadata:
        found.add("minor=yes" if metadata["minor"] in (True, "yes") else "minor=no")
    elif "age" in metadata:
        found.add("minor=yes" if metadata["age"] < 18 else "minor=no")
    if metadata.get("wants_human"):
        found.add("wants_human=yes")
    if SUICIDE_OR_SELF_HARM & set(metadata.get("risk", ())):
        found.add(ANY_LIFE)
    if OFFLINE & set(metadata.get("risk", ())):
        found.add(ANY_OFFLINE)
    return frozenset(found)


def plain(text: str) -> str:
    """Lower case, straight quotes, single spaces: what two people would type alike."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().translate(_QUOTES).split())


def pooled(windows: Vectors) -> Vectors:
    """One vector for a message: mean and maximum over its windows; the threat is often in the last third."""
    return np.concatenate([windows.mean(axis=0), windows.max(axis=0)])


class FactModel:
    """Reads the labels of a message. Deterministic: same data, same model.

    Kept as plain arrays in one `.npz` file, which holds no code and loads in a moment.
    """

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self._arrays = dict(arrays)
        self._alike = Likeness(self._arrays)
        self.thresholds: dict[str, float] = {
            str(label): float(least) for label, least in zip(arrays["labels"], arrays["thresholds"], strict=True)
        }
        """From which chance on a label counts as stated; set for every label but those of a kind."""
        self.quiet: dict[str, float] = {
            gate: float(arrays[f"quiet_{gate}"]) for gate in (ANY_LIFE, ANY_OFFLINE) if f"quiet_{gate}" in arrays
        }
        """Below which chance no danger of this kind is seen at all."""

    @classmethod
    def fit(cls, examples: Sequence[Example], meanings: Vectors) -> FactModel:
        """Train on examples and their sentence vectors (`pooled`), one row each.

        Memory grows with the square of their number and time with its cube: 5,000 take seconds,
        20,000 would take minutes and 2 GB.
        """
        texts, questions = [plain(e.text) for e in examples], [e.question or _any_question(e) for e in examples]
        counts = Counter(label for e in examples if not e.bare_answer for label in e.labels)
        counts = Counter({label: n for label, n in counts.items() if label.partition("=")[0] not in DEFAULT})
        labels = sorted(label for label, n in counts.items() if n >= FEWEST)
        kinds = {name: sorted({_value(e, name) for e in examples}) for name in KINDS}
        columns = [[_value(e, name) == value for e in examples] for name in KINDS for value in kinds[name]]
        columns += [[label in e.labels and not e.bare_answer for e in examples] for label in labels]
        alike = Likeness.fit(texts, questions, meanings)
        targets = np.array(columns, dtype=np.float32).T
        weights, unseen = _solved(alike(texts, questions, meanings), targets)
        lift = np.ones(targets.shape[1], dtype=np.float32)
        of_kinds = slice(0, targets.shape[1] - len(labels))
        lift[of_kinds] = targets.sum(axis=0)[of_kinds] ** -_LIFT
        weights, unseen = weights * lift, unseen * lift
        arrays: dict[str, Array] = {
            **alike.arrays, "weights": weights, "labels": np.array(labels, dtype=str),
            "not_learned": np.array(sorted(n for n, c in counts.items() if c < FEWEST), dtype=str),
        }  # fmt: skip
        telling = np.array([not e.bare_answer for e in examples])
        fresh = np.array([kept_back(e.text) for e in examples])
        return cls(arrays | _judged(kinds, labels, unseen, np.array(columns).T, telling, fresh))

    @property
    def not_learned(self) -> list[str]:
        """Labels that occur, but too seldom to be learned."""
        return [str(label) for label in self._arrays["not_learned"]]

    def predict(self, text: str, meaning: Vectors, question: str | None = None) -> dict[str, float]:
        """Label → chance, for every label the model knows. `meaning`: the text's `pooled` vector."""
        alike = self._alike([plain(text)], [question], meaning.reshape(1, -1))[0]
        scores = alike @ self._arrays["weights"]
        found: dict[str, float] = {}
        place = 0
        for name in KINDS:
            values = self._arrays[f"kind_{name}"]
            parts = chances.shares(scores[place : place + len(values)], float(self._arrays[f"kind_{name}_sharpness"]))
            found |= {f"{name}={value}": float(p) for value, p in zip(values, parts, strict=True)}
            place += len(values)
        likely = chances.chance(scores[place:], self._arrays["slopes"], self._arrays["starts"])
        return found | {str(label): float(p) for label, p in zip(self._arrays["labels"], likely, strict=True)}

    def by_words(self, parts: Sequence[str]) -> dict[str, Array]:
        """Label → how much each of these texts speaks for it, by words and letters alone. Only to compare them."""
        meanings = np.zeros((len(parts), self._arrays["meanings"].shape[1]), dtype=np.float32)
        scores = self._alike([plain(part) for part in parts], [None] * len(parts), meanings) @ self._arrays["weights"]
        names = [f"{name}={value}" for name in KINDS for value in self._arrays[f"kind_{name}"]]
        return dict(zip([*names, *map(str, self._arrays["labels"])], scores.T, strict=True))

    def save(self, folder: Path) -> None:
        np.savez(folder / _FILE, **self._arrays)

    @classmethod
    def load(cls, folder: Path) -> FactModel:
        with np.load(folder / _FILE, allow_pickle=False) as arrays:
            return cls(arrays)


def _any_question(example: Example) -> str | None:
    """Half of the short messages that answer nothing are learned beside a question, each always the same: what
    is said keeps its meaning whatever was asked, and a question alone means nothing."""
    words = example.text.split()
    number = zlib.crc32(example.text.encode())
    if len(words) > SHORT or bare(example.text) or number % 2:
        return None
    return ASKED[number // 2 % len(ASKED)]


def _solved(alike: Array, targets: Array) -> tuple[Array, Array]:
    """The weights of the ridge regression, and each example's scores from a model fitted without it."""
    alike[np.diag_indices_from(alike)] += _RIDGE
    inverse = linalg.inv(alike, overwrite_a=True, check_finite=False)
    weights = inverse @ targets
    return weights, targets - weights / np.diag(inverse)[:, None]


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
    for start, false_alarms in FALSE_ALARMS.items():
        if label.startswith(start):
            return chances.at_most(likely, true, false_alarms)
    return chances.best_f1(likely, true)


def _value(example: Example, name: str) -> str:
    if name == "intent":
        return example.intent
    return next((label.partition("=")[2] for label in example.labels if label.startswith(f"{name}=")), DEFAULT[name])
