"""The measures of many messages: whole and in parts, and which messages spoil them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from breakwater.evaluation.figures import Figure
from breakwater.evaluation.measures import MEASURES, Pair, first_contact

SLICES: Mapping[str, Callable[[Pair], bool]] = {
    "all": lambda _: True,
    "under 12 words": lambda p: p.length < 12,
    "12 to 60 words": lambda p: 12 <= p.length <= 60,
    "over 60 words": lambda p: p.length > 60,
    "English": lambda p: p.true.get("lang", "en") == "en",
    "other languages": lambda p: p.true.get("lang", "en") != "en",
}


def scores(pairs: Sequence[Pair], fields: frozenset[str]) -> dict[str, dict[str, Figure | None]]:
    """Slice → measure → figure; None where the bot cannot tell the measure's field."""
    return {
        name: {m.name: m.figure(mine) if m.field in fields else None for m in MEASURES}
        for name, belongs in SLICES.items()
        for mine in [[p for p in pairs if belongs(p)]]
    }


def confusion(pairs: Sequence[Pair]) -> dict[str, dict[str, int]]:
    """Of the first contacts: true kind of threat → found kind → how many."""
    table: dict[str, dict[str, int]] = {}
    for pair in pairs:
        if first_contact(pair.true) and "threat_type" in pair.true:
            row = table.setdefault(pair.true["threat_type"], {})
            found = pair.found["threat_type"]
            row[found] = row.get(found, 0) + 1
    return table


def misses(pairs: Sequence[Pair], fields: frozenset[str]) -> dict[str, list[Pair]]:
    """Measure → the messages that spoil it. What cannot be told is not missed."""
    found = {m.name: m.misses(pairs) for m in MEASURES if m.field in fields}
    return {name: pairs for name, pairs in found.items() if pairs}
