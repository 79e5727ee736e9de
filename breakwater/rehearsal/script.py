"""The dialogues of a rehearsal, read from YAML and refused with a plain reason where they cannot be played.

The format is described in `tests/dialogues/README.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

LABELS = "labels.yaml"  # the file of labels that may lie beside the dialogues
KINDS = ("say", "photo", "tap", "wait_hours")
FACTS = frozenset(
    {
        "threat_type", "demand", "minor", "speaker", "speaker_minor", "risk", "risk_also_ok", "paid",
        "images_shared_already", "platform", "payment", "priority", "handover",
    }
)  # fmt: skip
_DIALOGUE = frozenset({"id", "title", "source", "lang", "turns", "expect", "checkpoints"})


class ScriptBroken(ValueError):
    """A file that cannot be played or checked; the message names the file, the dialogue and what is wrong."""


@dataclass(frozen=True)
class Entry:
    """One entry of `turns`. `words` is what is typed, the picture's caption, or the title of the button."""

    kind: str
    words: str = ""
    hours: float = 0.0


@dataclass(frozen=True)
class Checkpoint:
    """What must hold after the n-th entry. `note` is for a reader."""

    after: int
    expect: Mapping[str, Any]
    note: str = ""


@dataclass(frozen=True)
class Dialogue:
    """One conversation, what must hold at its end and along the way."""

    id: str
    title: str
    entries: tuple[Entry, ...]
    expect: Mapping[str, Any] = field(default_factory=dict)
    must_say: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    checkpoints: tuple[Checkpoint, ...] = ()

    @property
    def waits(self) -> bool:
        return any(entry.kind == "wait_hours" for entry in self.entries)


def load_dialogues(path: Path) -> tuple[Dialogue, ...]:
    """The dialogues of a file, or of every file in a folder. Raises ScriptBroken."""
    files = sorted(f for f in path.glob("*.y*ml") if f.name != LABELS) if path.is_dir() else [path]
    found = [dialogue for file in files for dialogue in _file(file)]
    if not found:
        raise ScriptBroken(f"{path} holds no dialogues.")
    seen: set[str] = set()
    for dialogue in found:
        if dialogue.id in seen:
            raise ScriptBroken(f"{path.name}: there are two dialogues with the id {dialogue.id}.")
        seen.add(dialogue.id)
    return tuple(found)


def read_yaml(file: Path) -> Any:
    """Raises ScriptBroken naming file and line."""
    try:
        return yaml.safe_load(file.read_text("utf8"))
    except OSError as error:
        raise ScriptBroken(f"{file} cannot be read: {error.strerror}.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ScriptBroken(f"{file.name} is not YAML: {error}") from error


def _file(file: Path) -> list[Dialogue]:
    content = read_yaml(file)
    if not isinstance(content, list):
        raise ScriptBroken(f"{file.name} should be a list of dialogues, each beginning with `- id:`.")
    return [_dialogue(f"{file.name}, dialogue {number}", entry) for number, entry in enumerate(content, 1)]


def _dialogue(where: str, content: Any) -> Dialogue:
    if not isinstance(content, dict) or not content.get("id"):
        raise ScriptBroken(f"{where}: it needs an `id`.")
    where = f"{where} ({content['id']})"
    _no_strays(where, content, _DIALOGUE)
    turns = content.get("turns")
    if not isinstance(turns, list) or not turns:
        raise ScriptBroken(f"{where}: it needs `turns`, a list of {', '.join(KINDS)}.")
    entries = tuple(_entry(f"{where}, turn {number}", turn) for number, turn in enumerate(turns, 1))
    expect = content.get("expect") or {}
    _no_strays(f"{where}, expect", expect, FACTS | {"must_say", "must_not"})
    return Dialogue(
        str(content["id"]), str(content.get("title") or ""), entries,
        {name: value for name, value in expect.items() if name in FACTS},
        _labels(where, expect, "must_say"), _labels(where, expect, "must_not"),
        tuple(_checkpoint(where, point, len(entries)) for point in content.get("checkpoints") or ()),
    )  # fmt: skip


def _entry(where: str, turn: Any) -> Entry:
    if not isinstance(turn, dict) or len(turn) != 1 or (kind := next(iter(turn))) not in KINDS:
        raise ScriptBroken(f"{where}: it should be one of {', '.join(f'`{k}:`' for k in KINDS)}.")
    value = turn[kind]
    if kind == "wait_hours":
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value <= 0:
            raise ScriptBroken(f"{where}: wait_hours should be a number above zero, not {value!r}.")
        return Entry(kind, hours=float(value))
    if not isinstance(value, str):
        raise ScriptBroken(f"{where}: {kind} should be text; put {value!r} in quotation marks.")
    if kind != "photo" and not value.strip():
        raise ScriptBroken(f"{where}: {kind} has no words.")
    return Entry(kind, value)


def _labels(where: str, expect: Mapping[str, Any], name: str) -> tuple[str, ...]:
    labels = expect.get(name) or []
    if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
        raise ScriptBroken(f"{where}: {name} should be a list of labels.")
    return tuple(labels)


def _checkpoint(where: str, content: Any, entries: int) -> Checkpoint:
    after = content.get("after_turn") if isinstance(content, dict) else None
    if not isinstance(after, int) or not 1 <= after <= entries:
        raise ScriptBroken(f"{where}: a checkpoint needs `after_turn`, from 1 to {entries}.")
    _no_strays(f"{where}, checkpoint {after}", content, FACTS | {"after_turn", "note"})
    expect = {name: value for name, value in content.items() if name in FACTS}
    return Checkpoint(after, expect, str(content.get("note") or ""))


def _no_strays(where: str, content: Any, known: Iterable[str]) -> None:
    if not isinstance(content, dict):
        raise ScriptBroken(f"{where}: this should be a table of names and values.")
    if stray := sorted(str(name) for name in set(content) - set(known)):
        raise ScriptBroken(f"{where}: nothing is known of {', '.join(stray)}. Known: {', '.join(sorted(known))}.")
