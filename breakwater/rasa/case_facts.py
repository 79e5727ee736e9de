"""Rasa component: intents, case facts and the rules, as one reader at the end of the pipeline.

It trains on the labels that stand beside each message in `data/facts` and `data/nlu`, and puts its
reading into the parse data as plain JSON.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from breakwater.rasa.encoder_featurizer import KNOWN, LABELS, SEEN
from breakwater.rasa.readings import READING
from breakwater.settings import ROOT
from breakwater.understanding.fact_model import Example, FactModel
from breakwater.understanding.labels import labels_of
from breakwater.understanding.own_words import with_own_words
from breakwater.understanding.reader import Reader

logger = logging.getLogger(__name__)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CaseFactReader(GraphComponent):
    """Sets `reading` on every message; the open question comes in the message's metadata."""

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, reader: Reader | None
    ) -> None:
        self._config, self._storage, self._resource, self._reader = config, storage, resource, reader

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"lexicon": "data/lexicon"}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CaseFactReader:
        return cls(config, model_storage, resource, None)

    @classmethod
    def load(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource,
        execution_context: ExecutionContext, **_: Any,
    ) -> CaseFactReader:  # fmt: skip
        with model_storage.read_from(resource) as folder:
            reader = Reader.load(folder, ROOT / Path(config["lexicon"]))
        return cls(config, model_storage, resource, reader)

    def train(self, training_data: TrainingData) -> Resource:
        messages = [m for m in training_data.intent_examples if m.get_dense_features(TEXT, [])[1] is not None]
        model = FactModel.fit([_example(m) for m in messages], np.stack([_features(m) for m in messages]))
        if model.not_learned:
            logger.warning("too few examples to learn: %s", ", ".join(model.not_learned))
        with self._storage.write_to(self._resource) as folder:
            model.save(folder)
        self._reader = Reader.of(model, ROOT / Path(self._config["lexicon"]))
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        if self._reader is None:
            raise RuntimeError("the case fact reader was not trained")
        today = datetime.now(timezone.utc).date()
        for message in messages:
            about, text, seen = message.get("metadata") or {}, message.get(TEXT) or "", message.get(SEEN)
            reading = self._reader.read(text, seen, about.get("question"), about.get("today") or today)
            reading = replace(reading, facts=with_own_words(reading.facts, text, seen, message.get(LABELS)))
            message.set(INTENT, {"name": reading.intent, "confidence": reading.confidence}, add_to_output=True)
            message.set(READING, reading.as_json(), add_to_output=True)
        return messages


def _example(message: Message) -> Example:
    about = (message.get("metadata") or {}).get("example") or {}
    return Example(
        message.get(TEXT), message.get(INTENT), labels_of(about), about.get("question"), bool(message.get(KNOWN))
    )


def _features(message: Message) -> Any:
    """What the encoder featurizer put on the message."""
    _, sentence = message.get_dense_features(TEXT, [])
    return sentence.features[0]
