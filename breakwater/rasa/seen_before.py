"""What the network saw in the training messages, kept from one training to the next: reading takes minutes, and most
trainings follow a change of wording or of a few messages. It holds no words, and may be deleted at any time."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from breakwater.understanding import encoder, labels
from breakwater.understanding.encoder import Vectors


def stamp(folder: Path) -> str:
    """Changes with the encoder's files in `folder` and with the code that reads with them."""
    files = (folder / "provenance.json", Path(encoder.__file__), Path(labels.__file__))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def key(text: str, question: str | None) -> str:
    return hashlib.sha1(f"{question}\n{text}".encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


def load(file: Path, stamped: str) -> dict[str, Vectors]:
    """`Seen.features` by `key`; nothing if the file is missing, broken or of another stamp."""
    try:
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as kept:
            if str(kept["stamp"]) != stamped:
                return {}
            return dict(zip(kept["keys"].tolist(), kept["rows"], strict=True))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return {}


def save(file: Path, stamped: str, rows: Mapping[str, Vectors]) -> None:
    """Whole or not at all. Raises OSError where nothing may be written."""
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_suffix(".new.npz")
    np.savez(new, stamp=np.array(stamped), keys=np.array(list(rows)), rows=np.stack(list(rows.values())))
    new.replace(file)
