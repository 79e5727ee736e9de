"""Rasa component: what the network sees in every message, as a dense feature and whole."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, INTENT, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from breakwater.rasa import seen_before
from breakwater.settings import ROOT
from breakwater.understanding.encoder import Encoder, Seen, Vectors
from breakwater.understanding.fact_model import learned_beside, needed
from breakwater.understanding.questions import asks

SEEN, LABELS, KNOWN = "seen", "seen_labels", "known_to_the_network"
"""Where the message carries what the network saw (`Seen`), which labels it tells, and whether it was tuned on it."""
SEEN_BEFORE = ROOT / "var" / "cache" / "seen.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class EncoderFeaturizer(GraphComponent):
    """Adds one dense sentence feature, `Seen.features`, and to a message that is read the whole `Seen`."""

    def __init__(self, encoder: Encoder, name: str, stamp: str) -> None:
        self._encoder, self._name, self._stamp = encoder, name, stamp

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"encoder": "models/encoder"}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EncoderFeaturizer:
        folder = ROOT / Path(config["encoder"])
        return cls(Encoder.load(folder), execution_context.node_name, seen_before.stamp(folder))

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            question = (message.get("metadata") or {}).get("question")
            # what asks us something answers nothing: "how long till they come" after "what happened?" told of a visit
            message.set(SEEN, self._see(message, None if asks(message.get(TEXT) or "") else question))
            message.set(LABELS, self._encoder.labels)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The same for all messages that the regression learns from, two at a time: the network works outside Python's
        lock. What was seen in a training before is not read again."""
        learned = []
        for message in training_data.training_examples:
            message.set(KNOWN, self._encoder.knows(message.get(TEXT) or ""))
            if needed(message.get(TEXT) or "", message.get(KNOWN)):
                learned.append(message)
        asked = [_asked(message) for message in learned]
        keys = [seen_before.key(*one) for one in asked]
        rows = seen_before.load(SEEN_BEFORE, self._stamp)
        new = {key: one for key, one in zip(keys, asked, strict=True) if key not in rows}
        with ThreadPoolExecutor(2) as pool:
            rows |= zip(new, pool.map(lambda one: self._encoder.read(*one).features, new.values()), strict=True)
        for message, key in zip(learned, keys, strict=True):
            message.add_features(self._feature(rows[key]))
        if new:
            seen_before.save(SEEN_BEFORE, self._stamp, rows)
        return training_data

    def _see(self, message: Message, question: str | None) -> Seen:
        seen = self._encoder.read(message.get(TEXT) or "", question)
        message.add_features(self._feature(seen.features))
        return seen

    def _feature(self, row: Vectors) -> Features:
        return Features(row[None, :], FEATURE_TYPE_SENTENCE, TEXT, self._name)


def _asked(message: Message) -> tuple[str, str | None]:
    """A training message, and the question beside which it is learned."""
    text, example = message.get(TEXT) or "", (message.get("metadata") or {}).get("example") or {}
    return text, learned_beside(text, message.get(INTENT) or "", example.get("question"))
