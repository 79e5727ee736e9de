"""The network that reads a message: its meaning as a vector, how likely every label is, which number is the age.

It is the lower eight layers of all-mpnet-base-v2, tuned on our training messages and made small by
`tools/build_encoder`. It reads English well and other languages hardly, and it does not see emoji (they are unknown
words to it): what a message in another language means must not rest on it alone.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left, bisect_right
from collections.abc import Sequence, Set
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Encoding, Tokenizer

from breakwater.understanding.labels import LIFE_QUESTIONS

DIMENSIONS = 768
BEGIN, END, PADDING = "<s>", "</s>", "<pad>"
WINDOW = 240
"""Word pieces read at once (some 180 words)."""
STEP = 160
SHORT = 12  # words: only answers this short are read together with the question
ASKED = (
    "suicide", "demand", "suicide", "paid", "age", "attempt", "home_safe", "suicide", "already_posted", "done_step",
    "evidence_saved", "blocked", "safe_now", "want_human", "who_with_you", "platform",
)  # fmt: skip
"""Questions of ours beside which anything may be said; that about suicide most, because a misread answer to it
turns the whole conversation."""

ANSWER_INTENTS = frozenset({"affirm", "deny", "unsure", "done_step", "answer"})
"""What is said beside a question in these is always an answer to it."""

Vectors = npt.NDArray[np.float32]
_DIGESTS = ">u4"
_START, _END = itemgetter(0), itemgetter(1)
STRAIGHT = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})


def digest(text: str) -> int:
    """A training message as four bytes, so that the network can tell which it was tuned on."""
    return int.from_bytes(hashlib.sha1(text.strip().encode(), usedforsecurity=False).digest()[:4], "big")


def kept_back(text: str) -> bool:
    """Whether the tuning leaves out this message: one in six, by its digest. Of what it was tuned on the network knows
    more than it will of a new message."""
    return (digest(text) >> 24) % 6 == 0


def learned_bytes(digests: Set[int]) -> bytes:
    """The file of `digests`: four bytes each, in order."""
    return np.array(sorted(digests), dtype=_DIGESTS).tobytes()


def pieces(tokenizer: Tokenizer, text: str) -> Encoding:
    """The word pieces of a text, with the letters at which they stand."""
    # Half an emoji (a lone surrogate) reaches us from broken clients; the tokenizer would refuse the whole message.
    whole = text.encode("utf-8", "replace").decode("utf-8").translate(STRAIGHT)
    return tokenizer.encode(whole, add_special_tokens=False)


def sign(tokenizer: Tokenizer, name: str) -> int:
    return int(tokenizer.token_to_id(name) or 0)


def before(tokenizer: Tokenizer, text: str, question: str | None) -> list[int]:
    """What stands before the pieces of a text: the kind of question that it answers, if it is short."""
    begin, end = sign(tokenizer, BEGIN), sign(tokenizer, END)
    if question is None or len(text.split()) > SHORT:
        return [begin]
    return [begin, *pieces(tokenizer, question.replace("_", " ")).ids, end]


@dataclass(frozen=True)
class Seen:
    """What the network sees in one message.

    `vector`: its meaning, of length one. `labels`: log-odds of each label, in the order of `Encoder.labels`; of a long
    message the most that any of its windows says. `places`: first and last letter of each word piece. `ages`: for
    each piece the log-odds that it is the age of the person at risk, or a part of it. `speaks` (labels, pieces): how
    much each piece speaks for each label.
    """

    vector: Vectors
    labels: Vectors
    places: tuple[tuple[int, int], ...]
    ages: Vectors
    speaks: Vectors

    @property
    def features(self) -> Vectors:
        """Meaning and labels in one row."""
        return np.concatenate([self.vector, self.labels])

    def age_at(self, start: int, end: int) -> float | None:
        """The log-odds that the letters `start` to `end` are the age of the person at risk; None for no letters."""
        here = self._pieces(start, end)
        return float(self.ages[here].mean()) if here.start < here.stop else None

    def speaks_in(self, parts: Sequence[tuple[int, int]]) -> Vectors:
        """How much the letters of each part, from first to last, speak for each label (labels, parts)."""
        sums = [self.speaks[:, self._pieces(start, end)].sum(axis=1) for start, end in parts]
        return np.stack(sums, axis=1) if sums else np.zeros((len(self.labels), 0), dtype=np.float32)

    def halfway(self, other: Seen) -> Seen:
        """Halfway between two readings of one text."""
        vector = self.vector + other.vector
        return Seen(
            vector / np.linalg.norm(vector),
            (self.labels + other.labels) / 2,
            self.places,
            (self.ages + other.ages) / 2,
            (self.speaks + other.speaks) / 2,
        )

    def _pieces(self, start: int, end: int) -> slice:
        first = bisect_right(self.places, start, key=_END)
        return slice(first, max(first, bisect_left(self.places, end, key=_START)))


class EncoderBroken(Exception):
    """The encoder's files are missing or not the ones we shipped."""


class Encoder:
    """Reads messages.

    Promises: reads its files once, opens no connection, uses one thread, keeps nothing
    of what it reads. The same text gives the same on the same machine, whatever was read before. May be shared by
    threads.
    """

    def __init__(
        self,
        tokenizer: Tokenizer,
        session: onnxruntime.InferenceSession,
        labels: Sequence[str],
        learned: Set[int] = frozenset(),
    ) -> None:
        self._tokenizer = tokenizer
        self._session = session
        self._learned = learned
        self._end = sign(tokenizer, END)
        self.labels = tuple(labels)
        """The labels that the network tells, `name=value`."""

    @classmethod
    def load(cls, folder: Path) -> Encoder:
        """The encoder in `folder` (`models/encoder`).

        Raises `EncoderBroken`, naming the file, unless model, tokenizer, labels and digests are
        the very bytes whose SHA-256 stands in `provenance.json`.
        """
        digests = _digests(folder)
        model = _verified(folder / "model.onnx", digests)
        labels = json.loads(_verified(folder / "labels.json", digests))
        tokenizer = Tokenizer.from_buffer(_verified(folder / "tokenizer.json", digests))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        learned = np.frombuffer(_verified(folder / "learned.bin", digests), dtype=_DIGESTS)
        return cls(tokenizer, session, labels, frozenset(learned.tolist()))

    def knows(self, text: str) -> bool:
        """Whether the network was tuned on this training message."""
        return digest(text) in self._learned

    def read(self, text: str, question: str | None = None) -> Seen:
        """The whole of a text; a short one as an answer to the kind of `question` that was asked.

        Beside a question about dying the network takes too many short words for an answer, without it it
        misses half of the answers: such a text is read both ways, and what is seen lies halfway.
        What is longer than `WINDOW` is read in overlapping windows that begin `STEP` after one another; the
        last is moved back to be full, so the end of a story is never read as a scrap.
        The time grows with the length of the text: cap what a stranger may send.
        """
        seen = self._read(text, question)
        twice = question in LIFE_QUESTIONS and len(text.split()) <= SHORT
        return seen.halfway(self._read(text, None)) if twice else seen

    def _read(self, text: str, question: str | None) -> Seen:
        found, begin = pieces(self._tokenizer, text), before(self._tokenizer, text, question)
        last, count = max(len(found.ids) - WINDOW, 0), len(found.ids)
        vectors, labels = [], []
        ages, speaks = np.zeros(count, np.float32), np.zeros((len(self.labels), count), np.float32)
        for start in sorted({*range(0, last, STEP), last}):
            part = slice(start, start + WINDOW)
            ids = np.array([[*begin, *found.ids[part], self._end]], dtype=np.int64)
            vector, said, age, speak = self._session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})
            vectors.append(vector[0])
            labels.append(said[0])
            # what stands in two windows is taken from the later one, which knows what follows
            ages[part], speaks[:, part] = age[0, len(begin) : -1], speak[0, :, len(begin) : -1]
        mean = np.mean(vectors, axis=0)
        return Seen(mean / np.linalg.norm(mean), np.max(labels, axis=0), tuple(found.offsets), ages, speaks)


def _digests(folder: Path) -> dict[str, Any]:
    record = folder / "provenance.json"
    try:
        files = json.loads(_read(record))["files"]
    except (ValueError, KeyError, TypeError) as error:
        raise EncoderBroken(f"{record} does not list the encoder's files. {_WAY_OUT}") from error
    if not isinstance(files, dict):
        raise EncoderBroken(f"{record} does not list the encoder's files. {_WAY_OUT}")
    return files


def _verified(file: Path, digests: dict[str, Any]) -> bytes:
    content = _read(file)
    if hashlib.sha256(content).hexdigest() != digests.get(file.name):
        raise EncoderBroken(
            f"{file} is not the file that was shipped: its SHA-256 differs from the one in provenance.json. {_WAY_OUT}"
        )
    return content


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise EncoderBroken(f"{file} cannot be read ({error.strerror}). {_WAY_OUT}") from error


_WAY_OUT = (
    "Fetch the folder again with `git checkout -- models/encoder`, or build it as tools/build_encoder/README.md says."
)
