"""The sentence encoder: texts in, unit vectors out, near each other when they mean alike.

It is all-MiniLM-L6-v2, tuned on our training messages and made small by `tools/build_encoder`. It reads English
well and other languages hardly, and it does not see emoji (they are unknown words to it): what a
message in another language means must not rest on these vectors alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

DIMENSIONS = 384
LONGEST = 254
"""Word pieces the model was trained to read at once (256 less [CLS] and [SEP])."""
WINDOW = 160
STEP = 96

Vectors = npt.NDArray[np.float32]


def kept_back(text: str) -> bool:
    """Whether the encoder was never tuned on this training message: one in five, by its digest. Of the others it
    knows more than it will of a new message, so thresholds are set on these alone."""
    return hashlib.sha1(text.strip().encode(), usedforsecurity=False).digest()[0] % 5 == 0


class EncoderBroken(Exception):
    """The encoder's files are missing or not the ones we shipped."""


class Encoder:
    """Turns texts into float32 vectors of length one and of `DIMENSIONS` numbers.

    Promises: reads its files once, opens no connection, uses one thread, keeps nothing
    of what it reads. The same text gives the same vector on the same machine, whatever
    stands beside it. May be shared by threads.
    """

    def __init__(self, tokenizer: Tokenizer, session: onnxruntime.InferenceSession) -> None:
        self._tokenizer = tokenizer
        self._session = session
        self._start = tokenizer.token_to_id("[CLS]")
        self._end = tokenizer.token_to_id("[SEP]")

    @classmethod
    def load(cls, folder: Path) -> Encoder:
        """The encoder in `folder` (`models/encoder`).

        Raises `EncoderBroken`, naming the file, unless the model and the tokenizer are
        the very bytes whose SHA-256 stands in `provenance.json`.
        """
        digests = _digests(folder)
        model = _verified(folder / "model.onnx", digests)
        tokenizer = Tokenizer.from_buffer(_verified(folder / "tokenizer.json", digests))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        return cls(tokenizer, session)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row per text, shape (n, 384). Of a text only the first `LONGEST` word
        pieces (some 190 words) are read; where the end matters, use `encode_long`."""
        return self._vectors([self._pieces(text)[:LONGEST] for text in texts])

    def encode_long(self, text: str) -> Vectors:
        """The whole of a text in overlapping windows, in order, shape (k, 384), k >= 1.

        A window has `WINDOW` word pieces and begins `STEP` after the one before; the
        last is moved back to be full, so the end of a story is never read as a scrap.
        The time grows with the length of the text: cap what a stranger may send.
        """
        pieces = self._pieces(text)
        last = max(len(pieces) - WINDOW, 0)
        starts = [*range(0, last, STEP), last]
        return self._vectors([pieces[start : start + WINDOW] for start in starts])

    def _pieces(self, text: str) -> list[int]:
        # Half an emoji (a lone surrogate) reaches us from broken clients; the tokenizer
        # would refuse the whole message for it.
        whole = text.encode("utf-8", "replace").decode("utf-8")
        ids: list[int] = self._tokenizer.encode(whole, add_special_tokens=False).ids
        return ids

    def _vectors(self, readings: list[list[int]]) -> Vectors:
        """One at a time: on one thread, padding to a common length only costs."""
        vectors = np.empty((len(readings), DIMENSIONS), dtype=np.float32)
        for row, pieces in enumerate(readings):
            ids = np.array([[self._start, *pieces, self._end]], dtype=np.int64)
            inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
            vectors[row] = self._session.run(["sentence"], inputs)[0][0]
        return vectors


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
