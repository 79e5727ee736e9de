"""Breakwater beside a stock Rasa bot on the same machine, in one run: `python -m bench.side_by_side`.

Writes bench/results/side_by_side.json and .svg and the tables in bench/README.md, and fails when a budget of the
design is not kept. The stock bot is trained for one epoch, unless `--stock` names a fully trained one
(`breakwater evaluate --baseline stock` makes it). `--quick` only shows that everything works; it writes nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import yaml

from bench import desk, stock_bot, stored, turns
from bench.budgets import against_kept, against_plain, with_figures
from bench.doors import Door, GatewayChat, StockChat
from bench.figures import parts_table, table
from bench.machine import described, family, memory_mb
from bench.words import CHAT
from breakwater.evaluation.stock import cost, train_stock, write_stock_project
from breakwater.settings import ROOT
from breakwater.training import RASA_ENVIRONMENT
from tests.stack import Stack, running

HERE = ROOT / "bench"
NO_WINDOW = {"quiet_seconds": "0", "longest_wait_seconds": "0", "demo_port": "0"}


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    starts: int
    chats: int
    rounds: int
    late: int
    stored: int
    open_chats: int
    desk_seconds: float


FULL = Size(starts=3, chats=12, rounds=3, late=198, stored=100_000, open_chats=200, desk_seconds=45)
QUICK = Size(starts=1, chats=2, rounds=1, late=18, stored=2_000, open_chats=20, desk_seconds=5)


def measured(project: Path, state: Path, size: Size) -> dict[str, Any]:
    """Everything but the training."""
    kept = HERE / ".build" / f"{project.name}-kept"
    stock_bot.keeping(project, kept)
    results: dict[str, Any] = {"start_seconds": _starts(project, kept, state, size.starts)}
    with (
        running(state / "ours", **NO_WINDOW) as ours,
        stock_bot.starting(project, state / "plain", kept=False) as plain,
        stock_bot.starting(kept, state / "kept", kept=True) as keeping,
    ):
        for bot in (plain, keeping):
            bot.wait()
        results |= asyncio.run(_side_by_side(ours, plain, keeping, size))
        results["turn"] = _taken_apart(ours, project, size)
        results["safety_replies"] = _safety_replies(ours)
    results["stored"] = _stored(state, size)
    with running(state / "desk", **NO_WINDOW, max_open_chats=str(size.open_chats)) as ours:
        work = desk.counsellor_to_person(ours.url, ours.setup_code, size.open_chats, size.desk_seconds)
        results["desk"] = asyncio.run(work)
    return results


async def _side_by_side(ours: Stack, plain: stock_bot.Running, kept: stock_bot.Running, size: Size) -> dict[str, Any]:
    doors: dict[str, Callable[[], Awaitable[Door]]] = {
        "gateway": partial(GatewayChat.open, ours.url),
        "plain": partial(StockChat.open, plain.url),
        "kept": partial(StockChat.open, kept.url),
    }
    pids = {"gateway": family(ours.process.pid), "plain": plain.pids, "kept": kept.pids}
    results: dict[str, Any] = {"turns": await turns.alone(doors, size.chats)}
    _say(f"turns {results['turns']}")
    results["crowd"] = await turns.crowd(doors, pids, size.rounds, chats_each=2)
    _say(f"crowd {results['crowd']}")
    results["memory_mb"] = {name: memory_mb(own) for name, own in pids.items()}
    results["endless"] = await turns.endless(doors, size.late)
    _say(f"endless {results['endless']}")
    return results


def _taken_apart(ours: Stack, project: Path, size: Size) -> dict[str, Any]:
    from bench.layers import layers  # loads Rasa and TensorFlow, which the people at the doors do without

    return asyncio.run(layers(ours, project / "models" / "stock.tar.gz", size.rounds * 3))


def _starts(project: Path, kept: Path, state: Path, times: int) -> dict[str, float]:
    """Seconds from nothing to the first answer of the assistant itself, at each door; the median."""
    seconds: dict[str, list[float]] = {"gateway": [], "plain": [], "kept": []}
    for number in range(times):
        started = time.monotonic()
        with running(state / f"start{number}", **NO_WINDOW) as ours:
            asyncio.run(_first_turn(partial(GatewayChat.open, ours.url)))
            seconds["gateway"].append(time.monotonic() - started)
            if _safety_replies(ours):
                raise RuntimeError("the first answer was not the assistant's")
        for name, folder in (("plain", project), ("kept", kept)):
            started = time.monotonic()
            with stock_bot.starting(folder, state / f"start{number}-{name}", kept=name == "kept") as bot:
                bot.wait()
                asyncio.run(_first_turn(partial(StockChat.open, bot.url)))
                seconds[name].append(time.monotonic() - started)
    _say(f"starts {seconds}")
    return {name: round(median(values), 1) for name, values in seconds.items()}


async def _first_turn(open_door: Callable[[], Awaitable[Door]]) -> None:
    await turns.talk(await open_door(), CHAT[1:2])


def _stored(state: Path, size: Size) -> dict[str, Any]:
    """A gateway whose database is full beside one whose database is empty."""
    started = time.monotonic()
    there = stored.fill(state / "full", size.stored)
    filled = round(time.monotonic() - started)
    with running(state / "empty", **NO_WINDOW) as empty, running(state / "full", **NO_WINDOW) as full:
        doors: dict[str, Callable[[], Awaitable[Door]]] = {
            "empty": partial(GatewayChat.open, empty.url),
            "full": partial(GatewayChat.open, full.url),
        }
        found = asyncio.run(turns.alone(doors, size.chats))
    _say(f"stored {found}")
    return {**found, "there": {**there, "inserted_in_seconds": filled}}


def training() -> dict[str, int]:
    """What it costs to train our own assistant, in a copy of what it is made from."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in ("config.yml", "domain.yml"):
            shutil.copy(ROOT / name, copy)
        shutil.copytree(ROOT / "data", copy / "data")
        (copy / "models").mkdir()
        code = (
            "from pathlib import Path; from breakwater.training import train_assistant; "
            f"train_assistant(Path({folder!r}))"
        )
        environment = {**os.environ, **RASA_ENVIRONMENT, "PYTHONPATH": str(ROOT)}
        started = time.monotonic()
        process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment)
        _, status, used = os.wait4(process.pid, 0)
        if status:
            raise RuntimeError("our own assistant could not be trained")
    return {
        "seconds": round(time.monotonic() - started),
        "cpu_seconds": round(used.ru_utime + used.ru_stime),
        "peak_mb": round(used.ru_maxrss / 1024),  # KiB on Linux
    }


def _safety_replies(stack: Stack) -> int:
    """How often Rasa had no answer in time: such a turn would be fast, or slow, for the wrong reason."""
    return stack.log("gateway").count("no answer from the assistant")


def _data(project: Path) -> dict[str, int]:
    """How many messages the stock bot was trained on, and how many it would get today; for how many epochs."""
    pipeline = yaml.safe_load((project / "config.yml").read_text("utf8"))["pipeline"]
    epochs = min(part["epochs"] for part in pipeline if "epochs" in part)
    with tempfile.TemporaryDirectory() as folder:
        write_stock_project(Path(folder))
        return {"stock": _examples(project), "today": _examples(Path(folder)), "epochs": epochs}


def _examples(project: Path) -> int:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    content = yaml.load((project / "data" / "nlu.yml").read_text("utf8"), loader)  # noqa: S506 - a safe loader
    return sum(len(block["examples"]) for block in content["nlu"])


def _write(results: dict[str, Any]) -> None:
    from bench.plot import draw

    folder = HERE / "results"
    folder.mkdir(exist_ok=True)
    (folder / "side_by_side.json").write_text(json.dumps(results, indent=1) + "\n", "utf8")
    draw(against_plain(results), results["turn"]["parts"], folder / "side_by_side.svg")
    readme = HERE / "README.md"
    readme.write_text(with_figures(readme.read_text("utf8"), results), "utf8")


@contextlib.contextmanager
def _state() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        yield Path(folder)


def _say(what: str) -> None:
    sys.stderr.write(f"{datetime.now(timezone.utc):%H:%M:%S} {what}\n")


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--stock", type=Path, help="a fully trained stock project, such as bench/.build/stock")
    asked.add_argument("--quick", action="store_true", help="see that it works; writes nothing")
    given = asked.parse_args()
    project: Path = (given.stock or HERE / ".build" / "stock-one-epoch").resolve()
    if not (project / "config.yml").exists():
        stock_bot.write_for_speed(project)
    train_stock(project)
    before = round(os.getloadavg()[0], 1)
    with _state() as state:
        results = measured(project, state, QUICK if given.quick else FULL)
    results |= {
        "training": {"gateway": {} if given.quick else training(), "stock": cost(project)},
        "at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "machine": described(),
        "load_average": {"before": before, "after": round(os.getloadavg()[0], 1)},
        "data": _data(project),
    }
    lines = against_plain(results)
    if not given.quick:
        _write(results)
    print(table(lines))
    print(table(against_kept(results)))
    print(parts_table(results["turn"]["parts"]))
    return 1 if any(line.kept is False for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
