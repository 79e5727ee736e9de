"""The model card: what the model is and is not for, and what was measured, set by set.

The text at the top is written once and belongs to people from then on; a section of figures is made anew by
each measurement of its set, and the sections of other sets stay as they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from breakwater.evaluation.evaluate import Evaluation
from breakwater.evaluation.measures import MEASURES
from breakwater.evaluation.report import number, written
from breakwater.evaluation.scores import SLICES
from breakwater.rasa.importer import read_messages

_HEAD = """# Model card: how Breakwater understands a message

**What it is.** One reader of short and long chat messages: word lists for risk, danger and age, rules for apps, sums
and answers, and a trained model (an English network, the lower layers of all-mpnet-base-v2, tuned to tell our labels,
and a ridge regression over it and the words). How they work together:
[docs/understanding.md](../docs/understanding.md).

**What it is for.** To choose the first words to a person who is being sextorted, to ask the fewest questions, and to
put those in danger first in a helpline's queue. What it reads is shown to a counsellor with the person's own words.

**What it is not for.** Deciding that somebody is safe, how old somebody is, or that a report is true; screening people;
watching chats; any use without counsellors. A machine here only ever raises a tier.

**What it was trained on.** Messages made up for this purpose by the project's authors, labelled by docs/labels.md; no
real chat, no message of a measured set.

**Limits.** It misses danger: see the share found below, and never take silence for safety. Indirect words, slang of the
month and irony are its weak side. Other languages than English are read by short word lists and a few messages, with
hardly any meaning. Ages are read as they are told; people lie about them, in both directions. The measured sets were
written, not lived, and they are small: look at the intervals. Groups of people were not compared, because nothing is
known about who writes.
"""


def updated(card: str, evaluation: Evaluation, data: Sequence[Path]) -> str:
    """The card's text with the section of this set in place; an empty `card` becomes a new one."""
    start, end = f"<!-- begin {evaluation.name} -->", f"<!-- end {evaluation.name} -->"
    section = f"{start}\n{_section(evaluation, data)}\n{end}"
    before, found, rest = (card or _HEAD).partition(start)
    if not found:
        return f"{before.rstrip()}\n\n{section}\n"
    _, closed, after = rest.partition(end)
    if not closed:
        raise ValueError(f"The model card has {start!r} without {end!r}; put it back or remove both.")
    return before + section + after


def counted(data: Sequence[Path]) -> dict[str, int]:
    """How many messages the training data holds, and of which kinds."""
    found: Counter[str] = Counter()
    for message in read_messages(tuple(str(file) for file in data)):
        labels: dict[str, Any] = (message.get("metadata") or {}).get("example") or {}
        found["messages"] += 1
        found["questions"] += str(message.get("intent")).startswith("ask_")
        found["with a threat"] += labels.get("threat_type", "none") != "none"
        found["with a danger"] += bool(labels.get("risk") or labels.get("now"))
        found["about somebody else"] += labels.get("speaker", "victim") != "victim"
        found["with an age or school year"] += bool({"age", "age_min", "age_max"} & set(labels))
    return dict(found)


def _section(evaluation: Evaluation, data: Sequence[Path]) -> str:
    ours = evaluation.ours
    about = [
        f"## Measured on: {evaluation.name}",
        f"{len(ours.pairs)} messages, on {evaluation.day}, with the model trained from `{evaluation.model}`. "
        f"The training data on that day: {', '.join(f'{n:,} {what}' for what, n in counted(data).items())}.",
        *evaluation.notes,
        *(
            f"{name}: trained in {cost['seconds']} s ({cost['cpu_seconds']} of processor time), {cost['peak_mb']:,} MB."
            for name, cost in _costs(evaluation)
        ),
        "In brackets the 95 % interval (Wilson's for shares, 1,000 draws for F1); n.a.: this bot cannot tell.",
    ]
    return "\n\n".join(
        [*about, _whole(evaluation), "By length and language:", _parts(evaluation), _confusion(evaluation)]
    )


def _costs(evaluation: Evaluation) -> list[tuple[str, dict[str, int]]]:
    return [(name, dict(cost)) for name, cost in evaluation.costs.items() if cost]


def _whole(evaluation: Evaluation) -> str:
    rows = [["measure", "better", "n", *(bot.name for bot in evaluation.bots)]]
    for measure in MEASURES:
        if n := number(evaluation.bots, "all", measure.name):
            figures = [written(bot.scores["all"][measure.name]) for bot in evaluation.bots]
            rows.append([measure.name, "more" if measure.good else "less", str(n), *figures])
    return _table(rows)


def _parts(evaluation: Evaluation) -> str:
    """Ours alone: a figure and, in brackets, its interval and the number of messages."""
    parts = [part for part in SLICES if part != "all"]
    rows = [["measure", *parts]]
    for measure in MEASURES:
        if number((evaluation.ours,), "all", measure.name):
            figures = [evaluation.ours.scores[part][measure.name] for part in parts]
            rows.append([measure.name, *(f"{written(f)} of {f.n}" if f and f.n else "–" for f in figures)])
    return _table(rows)


def _confusion(evaluation: Evaluation) -> str:
    table = evaluation.ours.confusion
    kinds = sorted({*table, *(found for row in table.values() for found in row)})
    rows = [
        ["true ↓ found →", *kinds],
        *([true, *(str(table.get(true, {}).get(k, "")) for k in kinds)] for true in kinds),
    ]
    return "Kinds of threat in first contacts:\n\n" + _table(rows)


def _table(rows: list[list[str]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])
