"""A whole evaluation, from a file of labelled messages to its report, figures and model card."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from breakwater import training
from breakwater.evaluation import card, report
from breakwater.evaluation.evaluate import EVERYTHING, Bot, Evaluation, checked
from breakwater.evaluation.lines import BadLine, Line
from breakwater.evaluation.stock import cost, train_stock, write_stock_project
from breakwater.evaluation.stock_bot import FIELDS, stock_bot
from breakwater.evaluation.understand import Understanding, opened

_OURS, _STOCK = "Breakwater", "stock Rasa"


def evaluated(root: Path, file: Path, name: str, today: date, with_stock: bool) -> Evaluation:
    """The messages in `file` measured with the assistant of the project in `root`, and with a stock bot beside it.

    Raises OSError for files that are missing, ValueError for labels that cannot be, StockError.
    """
    assistant = Understanding.load(root)
    read = list(assistant.lines(opened(str(file)), today=today))
    lines = checked([line for line in read if isinstance(line, Line)])
    lost = tuple(line for line in read if isinstance(line, BadLine))
    bots, costs = [Bot.asked(_OURS, EVERYTHING, lines, assistant.record)], {}
    if with_stock:
        folder = root / "bench" / ".build" / "stock"
        write_stock_project(folder)
        bots.append(Bot.asked(_STOCK, FIELDS, lines, stock_bot(train_stock(folder), assistant.topics)))
        costs[_STOCK] = cost(folder)
    return Evaluation(
        name, today, training.trained_from(root)[:16], tuple(bots), lost, _notes(root, lines, assistant), costs
    )


def write_json(evaluation: Evaluation, file: Path) -> None:
    file.write_text(json.dumps(report.as_json(evaluation), indent=1, ensure_ascii=False) + "\n", "utf8")


def write_card(root: Path, evaluation: Evaluation, file: Path) -> None:
    """The model card in `file`, with the section of this set made anew."""
    data = sorted((root / "data" / "nlu").glob("*.yml")) + sorted((root / "data" / "facts").glob("*.yml"))
    before = file.read_text("utf8") if file.exists() else ""
    file.write_text(card.updated(before, evaluation, data), "utf8")


def _notes(root: Path, lines: Sequence[Line], assistant: Understanding) -> tuple[str, ...]:
    notes = []
    if training.needed(root):
        notes.append("Data, wording or code changed after this model was trained: train again for figures of today.")
    ours = {topic.eval_topic for topic in assistant.topics.by_name.values()} | set(assistant.topics.by_name)
    unknown = sorted({str(line.given["topic"]) for line in lines if line.given.get("topic")} - ours)
    if unknown:
        notes.append(f"Topics of this set that none of ours is mapped to: {', '.join(unknown)}.")
    return tuple(notes)
