"""The labels of a training message, `name=value`, as network and model learn them (docs/labels.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from breakwater.understanding.facts import OFFLINE, SUICIDE_OR_SELF_HARM, YES_NO_FACTS

DEFAULT = {"threat_type": "none", "speaker": "victim"}
KINDS = ("intent", *DEFAULT)
"""Of each of these a message has just one."""
ANY_LIFE, ANY_OFFLINE = "any=life", "any=offline"
"""Learned beside the fine labels: there are more examples of any danger than of each."""

LIFE_QUESTIONS = frozenset({"suicide", "attempt", "means_near"})


def labels_of(metadata: Mapping[str, Any]) -> frozenset[str]:
    """The labels in the metadata of a training message. A fact left out is not a label."""
    found = {f"{name}={metadata.get(name, default)}" for name, default in DEFAULT.items()}
    for name in ("demand", "now", "risk"):
        found |= {f"{name}={value}" for value in metadata.get(name, ())}
    for name in (*YES_NO_FACTS, "offender"):
        if name in metadata:
            found.add(f"{name}={metadata[name]}")
    age = metadata.get("age", metadata.get("age_max"))
    if "minor" in metadata:
        found.add("minor=yes" if metadata["minor"] in (True, "yes") else "minor=no")
    elif age is not None:
        found.add("minor=yes" if age < 18 else "minor=no")
    if metadata.get("wants_human"):
        found.add("wants_human=yes")
    if SUICIDE_OR_SELF_HARM & set(metadata.get("risk", ())):
        found.add(ANY_LIFE)
    if OFFLINE & set(metadata.get("risk", ())):
        found.add(ANY_OFFLINE)
    return frozenset(found)
