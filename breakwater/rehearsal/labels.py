"""What the labels of dialogues mean: `must_say` and `must_not` mapped to tags, question kinds and word lists."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from breakwater.rehearsal.script import Dialogue, ScriptBroken, read_yaml

READER, ANY_KNOWN = "reader", "any_known"
_CHECKS = ("question", "tags", "pattern", "tags_after_risk", "risk_unanswered", "after_turn_silent", "max_words")


@dataclass(frozen=True)
class Forbidden:
    """How one `must_not` label is checked. `kind` is a name of `_CHECKS`, or `reader`: only a person can judge."""

    kind: str
    value: Any = None
    always: bool = False


@dataclass(frozen=True)
class Labels:
    """`must_say`: label → tags of which one must have been given; none: a reader judges. `must_not`: label → check."""

    must_say: Mapping[str, frozenset[str]]
    must_not: Mapping[str, Forbidden]

    def unmapped(self, dialogues: Sequence[Dialogue]) -> list[str]:
        """Labels that a dialogue uses and the file does not explain, each with its dialogue."""
        return [
            f"{label} ({name} in {dialogue.id})"
            for dialogue in dialogues
            for name, used, known in (
                ("must_say", dialogue.must_say, self.must_say),
                ("must_not", dialogue.must_not, self.must_not),
            )
            for label in used
            if label not in known
        ]


def labels_beside(dialogues: Path, project: Path, name: str) -> Path:
    """The file of labels to use when none is named: beside the dialogues, else the project's own."""
    beside = (dialogues if dialogues.is_dir() else dialogues.parent) / name
    if beside.is_file():
        return beside
    if project.is_file():
        return project
    raise ScriptBroken(f"There is no {name} beside {dialogues.name}; name one with --labels.")


def load_labels(
    file: Path, tags: Collection[str], questions: Collection[str], patterns: Collection[str]
) -> Labels:  # fmt: skip
    """Raises ScriptBroken for a check that does not exist, or a tag, question or list that we do not have."""
    content = read_yaml(file)
    if not isinstance(content, dict):
        raise ScriptBroken(f"{file.name} should hold `must_say` and `must_not`.")
    known = {"tags": tags, "tags_after_risk": tags, "question": {*questions, ANY_KNOWN}, "pattern": patterns}

    def fit(label: str, kind: str, value: Any) -> None:
        named = value if isinstance(value, list) else [value]
        if kind in known and (stray := [str(v) for v in named if v not in known[kind]]):
            raise ScriptBroken(f"{file.name}, {label}: we have no {kind} {', '.join(stray)}.")

    must_say = {}
    for label, wanted in (content.get("must_say") or {}).items():
        if wanted != READER and not (isinstance(wanted, list) and wanted):
            raise ScriptBroken(f"{file.name}, {label}: it should be a list of tags, or `reader`.")
        fit(label, "tags", wanted if wanted != READER else [])
        must_say[label] = frozenset(wanted if wanted != READER else ())
    must_not = {}
    for label, check in (content.get("must_not") or {}).items():
        must_not[label] = _forbidden(f"{file.name}, {label}", check)
        fit(label, must_not[label].kind, must_not[label].value)
    return Labels(must_say, must_not)


def _forbidden(where: str, check: Any) -> Forbidden:
    if check == READER:
        return Forbidden(READER)
    kinds = [kind for kind in _CHECKS if kind in check] if isinstance(check, dict) else []
    if len(kinds) != 1 or set(check) - {kinds[0], "always"}:
        raise ScriptBroken(f"{where}: it should be `reader` or one of {', '.join(_CHECKS)}.")
    return Forbidden(kinds[0], check[kinds[0]], bool(check.get("always")))
