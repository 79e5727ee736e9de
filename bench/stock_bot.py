"""The stock bot as it is run: plain, and as one that keeps its conversations and has an action of its own.

*plain*: what `rasa init` sets up: replies from the domain, conversations in memory, one process.
*kept*: Rasa's SQL tracker store (a SQLite file), and every reply by a custom action in an action server
(`rasa run actions`), which does nothing but choose the reply: no database of its own, nothing to look up.
Pipeline and policies are the same. How long it was trained changes what a bot says, not how fast it says it, so
*kept* is always trained for one epoch, and *plain* unless a fully trained project is given.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml

from bench.machine import family
from breakwater.evaluation.stock import train_stock, write_stock_project
from breakwater.training import RASA_ENVIRONMENT
from tests.stack import free_port

_START_SECONDS = 300.0
_ACTION = '''"""Chooses the reply by the intent."""

from rasa_sdk import Action


class ActionAnswer(Action):
    def name(self):
        return "action_answer"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(response="utter_" + tracker.latest_message["intent"]["name"])
        return []
'''
# Threads are left to Rasa's own defaults, as whoever follows its documentation has them.
_ENVIRONMENT = {name: value for name, value in RASA_ENVIRONMENT.items() if name != "OMP_NUM_THREADS"}


@dataclass(frozen=True)
class Running:
    """A stock bot that is starting or ready; `url` is its REST channel's."""

    url: str
    processes: Sequence[subprocess.Popen[bytes]]

    @property
    def pids(self) -> list[int]:
        return family(*(process.pid for process in self.processes))

    def wait(self) -> None:
        """Until it takes messages. Raises RuntimeError when it does not come up."""
        end = time.monotonic() + _START_SECONDS
        while time.monotonic() < end and all(process.poll() is None for process in self.processes):
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(self.url, timeout=2).status_code == 200:
                    return
            time.sleep(0.05)
        raise RuntimeError("the stock bot did not start")


def write_for_speed(folder: Path) -> None:
    """A stock project that is trained in minutes, to measure its speed."""
    write_stock_project(folder)
    _one_epoch(folder)


def keeping(plain: Path, folder: Path) -> None:
    """The project `plain` in `folder`, turned into one that keeps conversations and answers by an action, trained."""
    shutil.copytree(plain, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("models", ".rasa", "training.*"))
    _one_epoch(folder)
    domain = yaml.safe_load((folder / "domain.yml").read_text("utf8"))
    _write(folder / "domain.yml", {**domain, "actions": ["action_answer"]})
    for name in ("rules.yml", "stories.yml"):
        file = folder / "data" / name
        content = yaml.safe_load(file.read_text("utf8"))
        for told in content.get("rules", []) + content.get("stories", []):
            told["steps"] = [{"action": "action_answer"} if "action" in step else step for step in told["steps"]]
        _write(file, content)
    (folder / "actions.py").write_text(_ACTION)
    train_stock(folder)


def _one_epoch(folder: Path) -> None:
    """Trained for one epoch a model is as large and as fast as ever, and its guesses are bad: it is made to answer
    them all the same, by the same rule as a good guess, or most turns would end before the reply."""
    config = yaml.safe_load((folder / "config.yml").read_text("utf8"))
    for part in config["pipeline"] + config["policies"]:
        if "epochs" in part:
            part["epochs"] = 1
        if part["name"] == "FallbackClassifier":
            part.update(threshold=0.0, ambiguity_threshold=0.0)
    _write(folder / "config.yml", config)


@contextlib.contextmanager
def starting(project: Path, state: Path, kept: bool) -> Iterator[Running]:
    """The bot of `project`, its processes started just now; `state` holds its logs and database."""
    state.mkdir(parents=True, exist_ok=True)
    port, actions = free_port(), free_port()
    endpoints: dict[str, Any] = {}
    commands = []
    if kept:
        endpoints = {
            "action_endpoint": {"url": f"http://127.0.0.1:{actions}/webhook"},
            "tracker_store": {"type": "SQL", "dialect": "sqlite", "db": str(state / "tracker.db")},
        }
        commands.append(["run", "actions", "--port", str(actions)])
    _write(state / "endpoints.yml", endpoints)
    commands.append(
        [
            "run", "--interface", "127.0.0.1", "--port", str(port), "--model", "models/stock.tar.gz",
            "--endpoints", str(state / "endpoints.yml"), "--credentials", "credentials.yml",
        ]
    )  # fmt: skip
    processes = [_started(command, project, state / f"{number}.log") for number, command in enumerate(commands)]
    try:
        yield Running(f"http://127.0.0.1:{port}", processes)
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _started(command: Sequence[str], project: Path, log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "rasa", *command], cwd=project, stdin=subprocess.DEVNULL, stdout=out,
            stderr=subprocess.STDOUT, env={**os.environ, **_ENVIRONMENT, "SANIC_HOST": "127.0.0.1"},
        )  # fmt: skip


def _write(file: Path, content: Any) -> None:
    file.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=10_000), "utf8")
