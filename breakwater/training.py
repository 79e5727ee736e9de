"""Training: from the files a counsellor can edit to one model in `models/`, only when something changed."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

_SOURCES = (
    "config.yml",
    "domain.yml",
    "data/nlu",
    "data/facts",
    "data/rules",
    "data/stories",
    "data/lexicon",
)
_CODE = ("breakwater/understanding", "breakwater/rasa", "models/encoder/provenance.json", "uv.lock")
_STAMP = "assistant.stamp"
_NAME = "assistant.tar.gz"
RASA_ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONWARNINGS": "ignore",
    "LOG_LEVEL": "WARNING",
    "LOG_LEVEL_LIBRARIES": "ERROR",
    "OMP_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
}


class TrainingError(RuntimeError):
    """Training failed; the message says what to look at."""


def model_path(root: Path) -> Path:
    return root / "models" / _NAME


def needed(root: Path) -> bool:
    """Whether data, wording, pipeline or the reading code changed since the model was trained."""
    stamp = root / "models" / _STAMP
    return not model_path(root).exists() or not stamp.exists() or stamp.read_text() != _fingerprint(root)


def trained_from(root: Path) -> str:
    """The fingerprint of everything that the present model was made from, as it was then; "unknown" without one."""
    stamp = root / "models" / _STAMP
    return stamp.read_text() if stamp.exists() else "unknown"


def train_assistant(root: Path, only_if_needed: bool = False) -> None:
    """Train; progress is printed. Raises TrainingError and leaves an older model in place."""
    if only_if_needed and not needed(root):
        return
    say = sys.stdout.write
    say("Training the assistant (some minutes at first, then about two) …\n")
    started = time.monotonic()
    fingerprint = _fingerprint(root)
    log = root / "var" / "log" / "training.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    # forced: Rasa's cache does not know that the encoder's files or our own modules changed
    command = [
        sys.executable, "-m", "rasa", "train", "--force", "--quiet", "--skip-validation",
        "--fixed-model-name", "assistant-new", "--out", "models", "--config", "config.yml", "--domain", "domain.yml",
        "--data", "data/nlu", "data/facts", "data/rules",
    ]  # fmt: skip
    with log.open("w") as out:
        process = subprocess.Popen(  # noqa: S603 - our own command
            command, cwd=root, stdout=out, stderr=subprocess.STDOUT, env={**os.environ, **RASA_ENVIRONMENT}
        )
        while process.poll() is None:
            time.sleep(0.5)
            if sys.stdout.isatty():
                say(f"\r  {time.monotonic() - started:4.0f} s")
                sys.stdout.flush()
    say("\n" if sys.stdout.isatty() else "")
    new = root / "models" / "assistant-new.tar.gz"
    if process.returncode != 0 or not new.exists():
        raise TrainingError(f"Training failed. The last lines of {log.relative_to(root)}:\n{_tail(log)}")
    new.replace(model_path(root))
    (root / "models" / _STAMP).write_text(fingerprint)
    say(f"The assistant is trained ({time.monotonic() - started:.0f} s).\n")


def _tail(log: Path) -> str:
    return "\n".join(log.read_text("utf8", errors="replace").splitlines()[-15:])


def _fingerprint(root: Path) -> str:
    digest = hashlib.sha256()
    for name in (*_SOURCES, *_CODE):
        path = root / name
        files = (
            sorted(p for p in path.rglob("*") if p.is_file() and p.suffix in (".yml", ".yaml", ".py"))
            if path.is_dir()
            else [path]
        )
        for file in files:
            if file.exists():
                digest.update(str(file.relative_to(root)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
