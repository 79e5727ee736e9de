"""The wording: every sentence said to a person stands in `domain.yml`, and nowhere else.

Rasa fills the responses of the assistant; the gateway uses the same file for what it says
itself (a counsellor joined, a picture was refused, the assistant is down).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_SLOT = re.compile(r"\{(\w+)\}")


class WordingError(ValueError):
    """A response that does not exist, or a place in it that nothing fills."""


@dataclass(frozen=True)
class Wording:
    """The responses by name. A response has one or more variations, each with text, buttons and
    metadata (tags, question, reviewed); as in Rasa, one whose conditions or channel fit goes first."""

    responses: Mapping[str, Sequence[Mapping[str, Any]]]

    @classmethod
    def load(cls, domain: Path) -> Wording:
        return cls(yaml.safe_load(domain.read_text("utf8"))["responses"])

    def reply(self, response: str, place: Mapping[str, Any] | None = None, **values: Any) -> dict[str, Any]:
        """The message `response` makes with `values` filled in: response, text, buttons, tags, question.

        `place` may hold `channel` and the slots that conditions name, such as `counsellor_here`.
        Raises WordingError rather than show a person an unfilled place.
        """
        variation = self._variation(response, place or {})
        return {
            **self.about(response, place),
            "text": fill(variation["text"].strip(), response, values),
            "buttons": [dict(b) for b in variation.get("buttons") or ()],
        }

    def about(self, response: str, place: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """What `response` is remembered by: its name, the tags of the advice it gives, the question it asks."""
        meta = self._variation(response, place or {}).get("metadata") or {}
        return {"response": response, "tags": list(meta.get("tags") or ()), "question": meta.get("question")}

    def places(self, response: str, place: Mapping[str, Any] | None = None) -> frozenset[str]:
        """The names that must be filled in this response."""
        return frozenset(_SLOT.findall(self._variation(response, place or {})["text"]))

    def _variation(self, response: str, place: Mapping[str, Any]) -> Mapping[str, Any]:
        if response not in self.responses:
            raise WordingError(f"domain.yml has no response {response}")
        variations = [v for v in self.responses[response] if v.get("channel") in (None, place.get("channel"))]
        fitting = [v for v in variations if all(place.get(c["name"]) == c["value"] for c in v.get("condition") or ())]
        return min(fitting, key=lambda v: (v.get("channel") is None, not v.get("condition")))


def fill(text: str, response: str, values: Mapping[str, Any]) -> str:
    missing = {name for name in _SLOT.findall(text) if values.get(name) in (None, "")}
    if missing:
        raise WordingError(f"{response} needs {', '.join(sorted(missing))}")
    return _SLOT.sub(lambda found: str(values[found[1]]), text)
