"""What the service must know, in the words of the scripts: `expect` and `checkpoints`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from breakwater.rehearsal.played import Known
from breakwater.understanding.facts import CaseFacts

PRIORITY = {"immediate": "urgent", "urgent": "urgent", "soon": "high", "routine": "normal"}
CALLED = ("waiting", "taken")
_LISTS = ("demand", "risk", "platform", "payment")


def differences(expect: Mapping[str, Any], seen: Sequence[Known]) -> dict[str, str]:
    """For each expectation an empty text when it holds, else what is known instead. `seen`: after each turn so far."""
    last = seen[-1]
    found = {}
    for name, wanted in expect.items():
        if name == "risk_also_ok":
            continue
        got = _held(name, last, seen)
        if name in _LISTS:
            also = set(expect.get("risk_also_ok") or ()) if name == "risk" else set()
            holds = as_set(wanted) <= set(got) <= as_set(wanted) | also or (bool(got) and set(got) <= also)
        else:
            holds = got == _plain(name, wanted)
        found[name] = "" if holds else f"should be {_words(wanted)}, is {_words(got)}"
    return found


def _held(name: str, last: Known, seen: Sequence[Known]) -> Any:
    facts = last.facts
    if name == "priority":
        return PRIORITY[last.tier]
    if name == "handover":
        return any(known.state in CALLED for known in seen)
    if name == "minor":
        return _minor(facts)
    if name == "demand":  # to hurt oneself is no demand of its own in the scripts (safeguarding rule 17)
        return tuple(sorted({"other" if demand == "self_harm" else demand for demand in facts.demand}))
    if name == "speaker_minor":
        return "unknown" if facts.writer_is_minor is None else facts.writer_is_minor
    return getattr(facts, name)


def _minor(facts: CaseFacts) -> bool | str:
    return True if facts.child else False if facts.adult else "unknown"


def as_set(wanted: Any) -> set[str]:
    """`none` and `unknown` are what an empty list means."""
    return {str(value) for value in (wanted if isinstance(wanted, list) else [wanted])} - {"none", "unknown"}


def _plain(name: str, wanted: Any) -> Any:
    """YAML reads a bare yes or no as true or false; only some facts are really that."""
    if isinstance(wanted, bool) and name not in ("minor", "speaker_minor", "handover"):
        return "yes" if wanted else "no"
    return wanted


def _words(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value)) or "nothing"
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
