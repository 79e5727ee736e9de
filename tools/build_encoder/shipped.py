"""The weights of a built network, read back from `model.onnx`: what `build.py` made small made large again."""

from __future__ import annotations

import json
from pathlib import Path

import onnx
import torch
from network import Network
from onnx.numpy_helper import to_array

MIDDLE = 128  # the code of a weight that is nothing


def read_back(folder: Path) -> tuple[dict[str, torch.Tensor], list[str]]:
    """Every tuned weight in float32 by its name in `Network`, and the labels. Not exactly what was tuned: each is off
    by as much as int8 in blocks loses. The word vectors are not among them; tuning leaves the original's alone."""
    graph = onnx.load(folder / "model.onnx").graph
    stored = {one.name: to_array(one) for one in graph.initializer}
    found = {name: torch.tensor(value) for name, value in stored.items() if not name.startswith("onnx::")}
    for node in graph.node:
        if node.op_type == "MatMulNBits":
            codes, scales = (stored[name] for name in node.input[1:3])
            weight = (codes.astype("float32") - MIDDLE) * scales.reshape(*codes.shape[:2], 1)
            name = node.name.removeprefix("/").removesuffix("/MatMul_Q8").replace("/", ".")
            found[f"{name}.weight"] = torch.tensor(weight.reshape(codes.shape[0], -1))
    found = {name: value for name, value in found.items() if not name.startswith("mpnet.embeddings.")}
    return found, json.loads((folder / "labels.json").read_text("utf8"))


def begin_with(network: Network, names: list[str], folder: Path) -> None:
    """Puts the built network of `folder` into `network`; a label that is new there stays as it is."""
    weights, labels = read_back(folder)
    own = network.state_dict()
    rows = [(names.index(label), at) for at, label in enumerate(labels) if label in names]
    here, there = (torch.tensor(side) for side in zip(*rows, strict=True))
    for name in ("looks", "says", "whole.weight", "whole.bias"):
        own[name][here] = weights.pop(name)[there]
    network.load_state_dict(own | weights)
