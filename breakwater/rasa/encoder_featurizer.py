"""Rasa component: the sentence encoder's vector as a dense feature of every message."""

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
from breakwater.understanding.encoder import Encoder
from breakwater.understanding.fact_model import plain, pooled


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class EncoderFeaturizer(GraphComponent):
    """Adds one 768-wide sentence vector: mean and maximum over the message's windows."""

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
            self._add(message)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The same for all messages, two at a time: the encoder works outside Python's lock."""
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(self._add, training_data.training_examples))
        return training_data

    def _add(self, message: Message) -> None:
        text = message.get(TEXT)
        if text:
            vector = pooled(self._encoder.encode_long(plain(text)))[None, :]
            message.add_features(Features(vector, FEATURE_TYPE_SENTENCE, TEXT, self._name))
