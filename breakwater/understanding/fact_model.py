"""The trainable part: what kind of message it is, and which facts it states, each with a probability.

N-grams say how things are written, the sentence encoder what they mean; together they are better
than either. Both are folded into one dense vector, on which logistic regressions learn in seconds.
Labels are those of `docs/labels.md`, written `name=value`.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import skops.io
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from breakwater.understanding import answers
from breakwater.understanding.facts import YES_NO_FACTS

Vectors = np.ndarray[Any, np.dtype[np.float32]]
ONE_OF = (
    "intent",
    "threat_type",
    "speaker",
)  # exactly one value each; the rest are yes or no, label by label
DEFAULT = {"threat_type": "none", "speaker": "victim"}
RECALL_FIRST = ("risk", "now", "home_unsafe", "watched", "minor=yes")  # a miss costs more than a false alarm
FEWEST = 8  # a label with fewer examples is not learned, and said so
_SHORT = 12  # words: only answers this short are read together with the question
_WORD = r"[^\s]+"
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})
_FILE = "fact_model.skops"


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
    if metadata.get("wants_human"):
        found.add("wants_human=yes")
    return frozenset(found)


def plain(text: str) -> str:
    """Lower case, straight quotes, single spaces: what two people would type alike."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().translate(_QUOTES).split())


def pooled(windows: Vectors) -> Vectors:
    """One vector for a message: mean and maximum over its windows; the threat is often in the last third."""
    return np.concatenate([windows.mean(axis=0), windows.max(axis=0)])


class FactModel:
    """Reads the labels of a message. Deterministic: same data, same model."""

    def __init__(self, parts: dict[str, Any]) -> None:
        self._parts = parts

    @classmethod
    def fit(cls, examples: Sequence[Example], meanings: Vectors) -> FactModel:
        """Train on examples and their sentence vectors (`pooled`), one row each."""
        texts = [plain(e.text) for e in examples]
        asked = [_with_question(t, e.question) for t, e in zip(texts, examples, strict=True)]
        parts: dict[str, Any] = {
            "characters": TfidfVectorizer(
                analyzer="char_wb", ngram_range=(2, 5), min_df=3, sublinear_tf=True, max_features=30_000
            ),
            "words": TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, token_pattern=_WORD),
            "answers": CountVectorizer(token_pattern=_WORD, min_df=2, binary=True, dtype=np.float64),
        }  # fmt: skip
        wide = {"characters": texts, "words": texts, "answers": asked}
        for name, size in (("characters", 200), ("words", 150), ("answers", 50)):
            counts = parts[name].fit_transform(wide[name])
            parts[f"{name}_narrow"] = TruncatedSVD(min(size, counts.shape[1] - 1), n_iter=3, random_state=7).fit(counts)
        model = cls(parts)
        vectors = model._vectors(texts, asked, meanings)
        parts["one_of"] = {
            "intent": _learned(vectors, [e.intent for e in examples]),
            **{name: _learned(vectors, [_value(e.labels, name) for e in examples], balanced=True) for name in DEFAULT},
        }
        telling = [i for i, e in enumerate(examples) if not e.bare_answer]
        counts_of = Counter(label for i in telling for label in examples[i].labels)
        several = sorted(n for n, c in counts_of.items() if c >= FEWEST and n.partition("=")[0] not in DEFAULT)
        parts["labels"] = {
            label: _learned(
                vectors[telling],
                [label in examples[i].labels for i in telling],
                label.startswith(RECALL_FIRST),
            )
            for label in several
        }
        parts["not_learned"] = sorted(n for n, c in counts_of.items() if c < FEWEST)
        return model

    @property
    def not_learned(self) -> list[str]:
        return list(self._parts["not_learned"])

    def predict(self, text: str, meaning: Vectors, question: str | None = None) -> dict[str, float]:
        """Label → probability, for every label the model knows. `meaning`: the text's `pooled` vector."""
        lower = plain(text)
        vector = self._vectors([lower], [_with_question(lower, question)], meaning.reshape(1, -1))
        found: dict[str, float] = {}
        for name, classifier in self._parts["one_of"].items():
            for value, p in zip(classifier.classes_, classifier.predict_proba(vector)[0], strict=True):
                found[f"{name}={value}"] = float(p)
        for label, classifier in self._parts["labels"].items():
            found[label] = float(1 / (1 + np.exp(-(vector[0] @ classifier.coef_[0] + classifier.intercept_[0]))))
        return found

    def save(self, folder: Path) -> None:
        skops.io.dump(self._parts, folder / _FILE)

    @classmethod
    def load(cls, folder: Path) -> FactModel:
        """Raises ValueError when the file holds types that a model does not need."""
        path = folder / _FILE
        stray = [t for t in skops.io.get_untrusted_types(file=path) if not t.startswith(("numpy", "scipy", "sklearn"))]
        if stray:
            raise ValueError(f"{path.name} holds {', '.join(stray)}")
        return cls(skops.io.load(path, trusted=skops.io.get_untrusted_types(file=path)))

    def _vectors(self, texts: Sequence[str], asked: Sequence[str], meanings: Vectors) -> np.ndarray[Any, Any]:
        wide = {"characters": texts, "words": texts, "answers": asked}
        narrow = [
            self._parts[f"{name}_narrow"].transform(self._parts[name].transform(said)) for name, said in wide.items()
        ]
        return np.hstack([narrow[0] * 3, narrow[1] * 3, narrow[2], np.asarray(meanings, dtype=np.float64) * 2])


def _learned(vectors: np.ndarray[Any, Any], values: Sequence[Any], balanced: bool = False) -> LogisticRegression:
    weight = "balanced" if balanced else None
    return LogisticRegression(C=8.0, max_iter=80, tol=1e-3, random_state=7, class_weight=weight).fit(vectors, values)


def _with_question(text: str, question: str | None) -> str:
    words = text.split()
    return " ".join(f"{question}|{w}" for w in words) if question and len(words) <= _SHORT else ""


def _value(labels: frozenset[str], name: str) -> str:
    return next(label.partition("=")[2] for label in labels if label.startswith(f"{name}="))
