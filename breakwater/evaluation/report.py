"""An evaluation as text for the terminal and as plain values for JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from breakwater.evaluation.evaluate import Bot, Evaluation
from breakwater.evaluation.figures import Figure
from breakwater.evaluation.measures import MEASURES
from breakwater.evaluation.scores import SLICES
from breakwater.understanding.facts import THREAT_TYPES

_NAME, _CELL = 58, 20
_SHOWN = {"quick_read": ("risk", "minor", "age"), "topic": ("topic", "eval_topic", "intent")}  # of a miss


def as_text(evaluation: Evaluation) -> str:
    """The whole report: a table for every slice, then which kinds of threat are taken for which."""
    head = [f"{evaluation.name}: {len(evaluation.ours.pairs)} messages, {evaluation.day}, model {evaluation.model}"]
    head += [f"Left out, {bad}" for bad in evaluation.lost] + list(evaluation.notes)
    head.append("In brackets the 95 % interval. + more is better, - less is better. n.a.: this bot cannot tell.")
    tables = [_table(evaluation, name) for name in SLICES]
    return "\n\n".join(["\n".join(head), *tables, *map(_confusion, evaluation.bots)])


def misses_as_text(evaluation: Evaluation) -> str:
    """Every message that spoils a measure of ours, with what was read and what should have been."""
    return "\n\n".join("\n".join(lines) for lines in _misses(evaluation.ours))


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    """Everything measured; of misses only the ids, since the words belong to their file."""
    return {
        "set": evaluation.name,
        "date": evaluation.day.isoformat(),
        "messages": len(evaluation.ours.pairs),
        "left_out": [asdict(bad) for bad in evaluation.lost],
        "notes": list(evaluation.notes),
        "model": evaluation.model,
        "costs": {name: dict(cost) for name, cost in evaluation.costs.items()},
        "scores": {bot.name: _plain(bot) for bot in evaluation.bots},
        "confusion": {bot.name: bot.confusion for bot in evaluation.bots},
        "misses": {
            bot.name: {name: [pair.id for pair in pairs] for name, pairs in bot.misses.items()}
            for bot in evaluation.bots
        },
    }


def written(figure: Figure | None) -> str:
    """`.83 [.71 .90]`; n.a. where the bot cannot tell, – where no message asks for it."""
    if figure is None:
        return "n.a."
    if figure.value is None:
        return "–"
    return f"{figure.value:.2f} [{figure.low:.2f} {figure.high:.2f}]"


def number(bots: tuple[Bot, ...], part: str, measure: str) -> int:
    """How many messages a measure looked at."""
    return max(figure.n if (figure := bot.scores[part][measure]) else 0 for bot in bots)


def _table(evaluation: Evaluation, part: str) -> str:
    counted = sum(map(SLICES[part], evaluation.ours.pairs))
    if not counted:
        return f"{part} (no message)"
    rows = [
        f"{part} ({counted} messages)".ljust(_NAME) + "    n  " + "".join(b.name.ljust(_CELL) for b in evaluation.bots)
    ]
    for measure in MEASURES:
        n = number(evaluation.bots, part, measure.name)
        if n:
            cells = "".join(written(bot.scores[part][measure.name]).ljust(_CELL) for bot in evaluation.bots)
            rows.append(f"{'+' if measure.good else '-'} {measure.name}".ljust(_NAME) + f"{n:5}  {cells}".rstrip())
    return "\n".join(rows)


def _confusion(bot: Bot) -> str:
    found = {kind for row in bot.confusion.values() for kind in row}
    kinds = [kind for kind in THREAT_TYPES if kind in found or kind in bot.confusion]
    rows = [f"{bot.name}: kinds of threat in first contacts (down: true, across: found)"]
    rows.append(" " * 16 + "".join(kind[:9].rjust(10) for kind in kinds))
    for true in kinds:
        row: Mapping[str, int] = bot.confusion.get(true, {})
        rows.append(true.ljust(16) + "".join(str(row.get(kind, "·")).rjust(10) for kind in kinds))
    return "\n".join(rows)


def _misses(bot: Bot) -> Iterator[list[str]]:
    about = {measure.name: _SHOWN.get(measure.field, (measure.field,)) for measure in MEASURES}
    for name, pairs in bot.misses.items():
        lines = [f"{name}: {len(pairs)}"]
        for pair in pairs:
            found = pair.found["quick_read"] if "quick_read" in name else pair.found
            true, read = (_of(labels, about[name]) for labels in (pair.true, found))
            lines.append(f"  {pair.id}  should be {true}, read as {read}\n    {' '.join(pair.text.split())}")
        yield lines


def _of(labels: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return ", ".join(str(labels[name]) for name in names if labels.get(name) is not None)


def _plain(bot: Bot) -> dict[str, dict[str, Any]]:
    return {
        part: {name: asdict(figure) if figure else None for name, figure in figures.items()}
        for part, figures in bot.scores.items()
    }
