"""Rasa component: what the network sees in every message, as a dense feature and whole."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from breakwater.settings import ROOT
from breakwater.understanding.encoder import Encoder, Seen
from breakwater.understanding.labels import LIFE_QUESTIONS

SEEN, LABELS = "seen", "seen_labels"
"""Where the message carries what the network saw (`Seen`), and which labels it tells."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class EncoderFeaturizer(GraphComponent):
    """Adds one dense sentence feature, `Seen.features`, and to a message that is read the whole `Seen`."""

    def __init__(self, encoder: Encoder, name: str) -> None:
        self._encoder, self._name = encoder, name

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
        return cls(Encoder.load(ROOT / Path(config["encoder"])), execution_context.node_name)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            message.set(SEEN, self._see(message, (message.get("metadata") or {}).get("question")))
            message.set(LABELS, self._encoder.labels)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The same for all messages, two at a time: the network works outside Python's lock."""
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(self._learn, training_data.training_examples))
        return training_data

    def _learn(self, message: Message) -> None:
        example = (message.get("metadata") or {}).get("example") or {}
        self._see(message, example.get("question"))

    def _see(self, message: Message, question: str | None) -> Seen:
        # beside the question about dying the network takes every short word for an answer, "morning" too
        seen = self._encoder.read(message.get(TEXT) or "", None if question in LIFE_QUESTIONS else question)
        message.add_features(Features(seen.features[None, :], FEATURE_TYPE_SENTENCE, TEXT, self._name))
        return seen
