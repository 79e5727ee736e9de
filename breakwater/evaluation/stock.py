"""The bot to compare with: what `rasa init` 3.6 sets up, trained on our own messages.

A stock bot knows intents only. So the kind of threat becomes part of the intent where there are enough examples
of the two together (`tell_financial`), else the message keeps its intent alone. Pipeline and policies are those
that `rasa init` writes, unchanged; each intent has one reply by rule, and two stories show a conversation.
"""

from __future__ import annotations

import hashlib
import os
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from breakwater.rasa.importer import read_messages
from breakwater.settings import ROOT
from breakwater.training import RASA_ENVIRONMENT
from breakwater.understanding.facts import THREAT_TYPES

ENOUGH = 8  # examples of an intent together with a kind of threat, as many as our own model needs of a label
_TRAINING = "training.yml"
_CONFIG: dict[str, Any] = {
    "recipe": "default.v1",
    "assistant_id": "stock",
    "language": "en",
    "pipeline": [
        {"name": "WhitespaceTokenizer"},
        {"name": "RegexFeaturizer"},
        {"name": "LexicalSyntacticFeaturizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
        {"name": "DIETClassifier", "epochs": 100, "constrain_similarities": True},
        {"name": "EntitySynonymMapper"},
        {"name": "ResponseSelector", "epochs": 100, "constrain_similarities": True},
        {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
    ],
    "policies": [
        {"name": "MemoizationPolicy"},
        {"name": "RulePolicy"},
        {"name": "UnexpecTEDIntentPolicy", "max_history": 5, "epochs": 100},
        {"name": "TEDPolicy", "max_history": 5, "epochs": 100, "constrain_similarities": True},
    ],
}
_STORIES = (("greet", "tell_financial", "thanks"), ("greet", "tell_image", "affirm", "bye"))


class StockError(RuntimeError):
    """The stock bot could not be trained; the message says where its log is."""


@dataclass(frozen=True)
class Labelled:
    """A training message as the stock bot gets it."""

    text: str
    intent: str


def stock_messages(data: Sequence[Path]) -> list[Labelled]:
    """Our training messages with the stock bot's intents."""
    messages = read_messages(tuple(str(file) for file in data))
    kinds = [(m.get("intent"), _threat(m.get("metadata") or {})) for m in messages]
    frequent = {kind for kind, n in Counter(kinds).items() if n >= ENOUGH}
    return [
        Labelled(m.get("text"), joined(*kind) if kind in frequent else kind[0])
        for m, kind in zip(messages, kinds, strict=True)
    ]


def joined(intent: str, threat_type: str) -> str:
    """The stock intent of the two: an underscore, since a slash would make a retrieval intent of it."""
    return intent if threat_type == "none" else f"{intent}_{threat_type}"


def parted(stock_intent: str) -> tuple[str, str]:
    """The inverse of `joined`: our intent and the kind of threat."""
    for threat_type in THREAT_TYPES:
        if stock_intent.endswith(f"_{threat_type}"):
            return stock_intent.removesuffix(f"_{threat_type}"), threat_type
    return stock_intent, "none"


def write_stock_project(folder: Path) -> None:
    """A whole Rasa project in `folder`, made from `data/nlu` and `data/facts`; what is there is overwritten.

    The folder tells git to look away: all that is in it is made.
    """
    files = sorted((ROOT / "data" / "nlu").glob("*.yml")) + sorted((ROOT / "data" / "facts").glob("*.yml"))
    messages = stock_messages(files)
    (folder / "data").mkdir(parents=True, exist_ok=True)
    intents = sorted({m.intent for m in messages})
    by_intent = {intent: [m.text for m in messages if m.intent == intent] for intent in intents}
    nlu = [{"intent": i, "examples": [{"text": text} for text in texts]} for i, texts in by_intent.items()]
    rules = [
        {"rule": f"Answer {intent}", "steps": [{"intent": intent}, {"action": f"utter_{intent}"}]} for intent in intents
    ]
    stories = [
        {"story": " then ".join(turns), "steps": [s for i in turns for s in ({"intent": i}, {"action": f"utter_{i}"})]}
        for turns in _STORIES
    ]
    (folder / ".gitignore").write_text("*\n")
    _write(folder / "config.yml", _CONFIG)
    _write(folder / "domain.yml", _domain(intents))
    _write(folder / "data" / "nlu.yml", {"version": "3.1", "nlu": nlu})
    _write(folder / "data" / "rules.yml", {"version": "3.1", "rules": rules})
    _write(folder / "data" / "stories.yml", {"version": "3.1", "stories": stories})
    _write(folder / "credentials.yml", {"rest": None})
    _write(folder / "endpoints.yml", {})


def train_stock(folder: Path) -> Path:
    """The model of the project in `folder`, trained with Rasa's own command (minutes) unless it is trained already.

    What Rasa says goes to `training.log` beside it, what it cost to `training.yml` (`cost`). Raises StockError.
    """
    model, source = folder / "models" / "stock.tar.gz", _digest(folder)
    if model.exists() and _training(folder).get("source") == source:
        return model
    log, started, before = folder / "training.log", time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "rasa", "train", "--fixed-model-name", "stock"]
    with log.open("w") as out:
        done = subprocess.run(  # noqa: S603 - our own command
            command, cwd=folder, stdout=out, stderr=subprocess.STDOUT, env={**os.environ, **RASA_ENVIRONMENT}
        )
    if done.returncode != 0 or not model.exists():
        raise StockError(f"The stock bot could not be trained; see {log}.")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    took = {
        "seconds": round(time.monotonic() - started),
        "cpu_seconds": round(used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime),
        "peak_mb": round(used.ru_maxrss / 1024),  # KiB on Linux
    }
    _write(folder / _TRAINING, {"source": source, "cost": took})
    return model


def cost(folder: Path) -> dict[str, int]:
    """Seconds by the clock and of the processor, and peak memory (MB), of the training in `folder`; empty without."""
    return dict(_training(folder).get("cost", {}))


def _training(folder: Path) -> dict[str, Any]:
    file = folder / _TRAINING
    return dict(yaml.safe_load(file.read_text("utf8"))) if file.exists() else {}


def _digest(folder: Path) -> str:
    files = (folder / "config.yml", folder / "domain.yml", *sorted((folder / "data").glob("*.yml")))
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def _threat(metadata: Mapping[str, Any]) -> str:
    return str((metadata.get("example") or {}).get("threat_type", "none"))


def _domain(intents: Sequence[str]) -> dict[str, Any]:
    return {
        "version": "3.1",
        "intents": list(intents),
        "responses": {f"utter_{intent}": [{"text": f"This is the answer to {intent}."}] for intent in intents},
        "session_config": {"session_expiration_time": 60, "carry_over_slots_to_new_session": True},
    }


def _write(file: Path, content: Any) -> None:
    file.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=10_000), "utf8")
