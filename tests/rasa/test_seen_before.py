"""What the network saw in training messages is read once, and only kept as long as it is true."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from breakwater.rasa import encoder_featurizer, seen_before
from breakwater.rasa.encoder_featurizer import EncoderFeaturizer
from breakwater.settings import ROOT
from breakwater.understanding.encoder import Encoder, Seen

ROWS = {seen_before.key("hi", None): np.ones(3, np.float32), seen_before.key("hi", "paid"): np.zeros(3, np.float32)}


class Counting:
    """An encoder that sees the length of a text, and counts how often it is asked."""

    labels = ("intent=tell",)

    def __init__(self) -> None:
        self.asked: list[tuple[str, str | None]] = []

    def knows(self, text: str) -> bool:
        return text.startswith("known")

    def read(self, text: str, question: str | None = None) -> Seen:
        self.asked.append((text, question))
        nothing = np.zeros((1, 0), np.float32)
        return Seen(np.full(2, len(text), np.float32), np.zeros(1, np.float32), (), np.zeros(0, np.float32), nothing)


def trained(encoder: Counting, stamp: str, *texts: str) -> list[float]:
    messages = [Message({TEXT: text, INTENT: "tell"}) for text in texts]
    component = EncoderFeaturizer(cast(Encoder, encoder), "encoder", stamp)
    component.process_training_data(TrainingData(training_examples=messages))
    return [float(cast(Any, message.features[0].features)[0, 0]) for message in messages]


def test_what_is_kept_comes_back_and_a_question_makes_another_reading(tmp_path: Path) -> None:
    seen_before.save(tmp_path / "a" / "seen.npz", "one", ROWS)
    kept = seen_before.load(tmp_path / "a" / "seen.npz", "one")
    assert {key: row.tolist() for key, row in kept.items()} == {key: row.tolist() for key, row in ROWS.items()}
    assert len(ROWS) == 2


def test_another_network_or_a_broken_file_is_as_if_nothing_were_kept(tmp_path: Path) -> None:
    file = tmp_path / "seen.npz"
    assert seen_before.load(file, "one") == {}
    seen_before.save(file, "one", ROWS)
    assert seen_before.load(file, "two") == {}
    file.write_bytes(file.read_bytes()[:100])
    assert seen_before.load(file, "one") == {}


def test_a_second_training_reads_only_what_is_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder_featurizer, "SEEN_BEFORE", tmp_path / "seen.npz")
    encoder = Counting()
    assert trained(encoder, "one", "hi", "help me") == [2.0, 7.0]
    assert trained(encoder, "one", "hi", "help me", "he has it") == [2.0, 7.0, 9.0]
    assert [text for text, _ in encoder.asked] == ["hi", "help me", "he has it"]
    assert trained(encoder, "two", "hi") == [2.0]
    assert len(encoder.asked) == 4


def test_of_what_the_network_knows_only_a_few_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder_featurizer, "SEEN_BEFORE", tmp_path / "seen.npz")
    encoder, messages = Counting(), [Message({TEXT: f"known {n}", INTENT: "tell"}) for n in range(100)]
    component = EncoderFeaturizer(cast(Encoder, encoder), "encoder", "one")
    component.process_training_data(TrainingData(training_examples=[*messages, Message({TEXT: "hi", INTENT: "tell"})]))
    assert "hi" in [text for text, _ in encoder.asked]
    assert 2 < len(encoder.asked) < 30
    assert sum(bool(message.features) for message in messages) == len(encoder.asked) - 1


def test_the_stamp_is_of_the_shipped_network() -> None:
    assert len(seen_before.stamp(ROOT / "models" / "encoder")) == 64
