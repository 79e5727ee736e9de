"""How alike a message is to each message of the training: in its words, its letters and its meaning.

Words and letters say how things are written, the sentence encoder what they mean; together they are
better than either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

Array = np.ndarray[Any, np.dtype[Any]]
Vectors = np.ndarray[Any, np.dtype[np.float32]]

_VIEWS = {"words": 1.0, "characters": 1.0, "answers": 0.5}
"""The n-grams that are counted, and how much each view weighs in the likeness."""
_MEANING = 3.0
_WORD = r"\w+(?:'\w+)?|[^\w\s]"
_ANY = r"\S+"
_SEEN = {"words": 2, "characters": 3, "answers": 1}  # a term in fewer messages is not counted
_MOST_TERMS = 40_000
SHORT = 12  # words: only answers this short are read together with the question


class Likeness:
    """The messages of the training, ready to be compared with. Kept as plain arrays."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self.arrays = dict(arrays)
        self._counters = {view: _counter(view, arrays) for view in _VIEWS}
        self._known = {view: _table(view, arrays) for view in _VIEWS}
        self._meanings = np.asarray(arrays["meanings"], dtype=np.float32)

    @classmethod
    def fit(cls, texts: Sequence[str], questions: Sequence[str | None], meanings: Vectors) -> Likeness:
        """Of these messages (as `plain` writes them), each with the question it answers and its meaning."""
        # half the precision is enough to compare by, and half the file
        arrays: dict[str, Array] = {"meanings": _of_length_one(meanings).astype(np.float16)}
        for view, said in _views(texts, questions).items():
            counter = _counter(view).set_params(min_df=_SEEN[view], max_features=_MOST_TERMS)
            try:
                counts = sparse.csr_matrix(counter.fit_transform(said).T)
            except ValueError:  # nothing at all to count in this view
                counter = _counter(view).fit([view])
                counts = sparse.csr_matrix((1, len(texts)))
            counts.sort_indices()
            arrays[f"{view}_terms"] = counter.get_feature_names_out().astype(str)
            arrays[f"{view}_counts"] = counts.data.astype(np.float32)
            arrays[f"{view}_messages"], arrays[f"{view}_starts"] = counts.indices, counts.indptr
            if view != "answers":
                arrays[f"{view}_idf"] = counter.idf_
        return cls(arrays)

    def __call__(self, texts: Sequence[str], questions: Sequence[str | None], meanings: Vectors) -> Vectors:
        """One row per text, one column per message of the training."""
        near = _of_length_one(meanings) @ self._meanings.T
        alike = _MEANING * (near + np.square(np.maximum(near, 0.0))) + 1.0
        for view, said in _views(texts, questions).items():
            counts = self._counters[view].transform(said).astype(np.float32)
            alike += _VIEWS[view] * (counts @ self._known[view]).toarray()
        return np.asarray(alike, dtype=np.float32)


def _views(texts: Sequence[str], questions: Sequence[str | None]) -> dict[str, list[str]]:
    asked = [_with_question(text, question) for text, question in zip(texts, questions, strict=True)]
    return {"words": list(texts), "characters": list(texts), "answers": asked}


def _with_question(text: str, question: str | None) -> str:
    """A short answer's words, each tied to the question, so that they mean nothing without it."""
    words = text.split()
    return " ".join([f"{question}|", *(f"{question}|{w}" for w in words)]) if question and len(words) <= SHORT else ""


def _counter(view: str, arrays: Mapping[str, Array] | None = None) -> CountVectorizer:
    terms = None if arrays is None else [str(term) for term in arrays[f"{view}_terms"]]
    if view == "answers":
        return CountVectorizer(token_pattern=_ANY, binary=True, dtype=np.float32, vocabulary=terms)
    if view == "words":
        made = TfidfVectorizer(ngram_range=(1, 3), sublinear_tf=True, token_pattern=_WORD, vocabulary=terms)
    else:
        made = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, vocabulary=terms)
    if arrays is not None:
        made.idf_ = arrays[f"{view}_idf"]
    return made


def _table(view: str, arrays: Mapping[str, Array]) -> sparse.csr_matrix:
    """Term → the messages it stands in: a new message asks only for the terms that it has."""
    shape = (len(arrays[f"{view}_terms"]), len(arrays["meanings"]))
    parts = (arrays[f"{view}_counts"], arrays[f"{view}_messages"], arrays[f"{view}_starts"])
    return sparse.csr_matrix(parts, shape=shape)


def _of_length_one(meanings: Vectors) -> Vectors:
    lengths = np.linalg.norm(meanings, axis=1, keepdims=True)
    return np.asarray(meanings / np.maximum(lengths, 1e-6), dtype=np.float32)
