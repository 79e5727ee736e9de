"""The whole system on one machine: gateway, action server and Rasa, watched over until Ctrl-C.

The gateway starts first, so that whoever writes is answered from the first second; a part that
dies is started again after a moment that grows with each failure.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from breakwater.settings import ROOT, Settings
from breakwater.training import RASA_ENVIRONMENT, model_path

_LONGEST_BACKOFF = 30.0
_STEADY_SECONDS = 60.0  # having run this long, a part counts as healthy again
_READY_SECONDS = 180.0


class UpError(RuntimeError):
    """The system cannot start; the message says why and what to do."""


@dataclass
class Part:
    """One process of the system, with its log under `var/log`."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    due: float = field(default=0.0)

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(  # noqa: S603 - our own commands
                self.command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                env={**os.environ, **self.environment}, start_new_session=True,
            )  # fmt: skip
        self.started = time.monotonic()

    def died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def stop(self, seconds: float) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Up:
    """Starts the parts in order and keeps them running. `run` returns after Ctrl-C."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        logs = settings.state_dir / "log"
        python = sys.executable
        quiet = {**RASA_ENVIRONMENT, "ACTIONS_PORT": str(settings.actions_port), "SANIC_HOST": "127.0.0.1"}
        self._parts = [
            Part("gateway", [python, "-m", "breakwater.cli", "gateway"], self._demo_allowed(), logs / "gateway.log"),
            Part(
                "actions",
                [python, "-m", "rasa_sdk", "--actions", "actions", "--port", str(settings.actions_port)],
                quiet, logs / "actions.log",
            ),
            Part(
                "rasa",
                [
                    python, "-m", "rasa", "run", "--interface", "127.0.0.1", "--port", str(settings.rasa_port),
                    "--model", str(model_path(ROOT)), "--endpoints", "endpoints.yml",
                    "--credentials", "credentials.yml",
                ],
                quiet, logs / "rasa.log",
            ),
        ]  # fmt: skip

        if self._demo:
            self._parts.append(Part("demo", [python, "-m", "breakwater.cli", "demo"], {}, logs / "demo.log"))

    @property
    def _demo(self) -> bool:
        """Whether the demo page is shown. Its port in use is no reason not to start."""
        return bool(self._settings.demo_sites) and _free("127.0.0.1", self._settings.demo_port)

    def _demo_allowed(self) -> dict[str, str]:
        sites = self._settings.embedding_sites + self._settings.demo_sites
        return {"BREAKWATER_EMBED_ON": ",".join(sites)} if sites else {}

    def run(self) -> None:
        """Raises UpError when it cannot start. Stops everything on Ctrl-C or SIGTERM."""
        self._check()
        for ending in (signal.SIGTERM, signal.SIGINT):
            signal.signal(ending, _interrupt)
        code = self._setup_code()
        try:
            for part in self._parts:
                part.start()
            self._wait_until_ready()
            self._summary(code)
            self._watch()
        except KeyboardInterrupt:
            _say("\nStopping …")
        finally:
            for part in reversed(self._parts):
                part.stop(5.0)
            _say("Stopped.")

    def _check(self) -> None:
        if not model_path(ROOT).exists():
            raise UpError("There is no trained assistant yet. Run `make setup`, or `breakwater train`.")
        s = self._settings
        for name, host, port in (
            ("BREAKWATER_PORT", s.host, s.port),
            ("BREAKWATER_RASA_PORT", "127.0.0.1", s.rasa_port),
            ("BREAKWATER_ACTIONS_PORT", "127.0.0.1", s.actions_port),
        ):
            if not _free(host, port):
                raise UpError(
                    f"Port {port} is in use by another program. Stop it, or choose another port: "
                    f"{name}={port + 1} make run"
                )

    def _setup_code(self) -> str | None:
        """The one-time code for the first login; None when somebody can sign in already."""
        from breakwater.cases import counsellors
        from breakwater.desk.first_run import create_setup_code
        from breakwater.storage.schema import migrate
        from breakwater.storage.store import Store, engine_for

        store = Store(engine_for(self._settings.database), engine_for(self._settings.keys_database))
        try:
            migrate(store)
            with store.engine.connect() as connection:
                anyone = counsellors.everyone(connection)
        finally:
            store.close()
        return None if anyone else create_setup_code(self._settings.state_dir)

    def _wait_until_ready(self) -> None:
        s = self._settings
        checks = {
            "gateway": f"http://{s.host}:{s.port}/health",
            "actions": f"http://127.0.0.1:{s.actions_port}/health",
            "rasa": f"http://127.0.0.1:{s.rasa_port}/webhooks/gateway/",
        }
        started = time.monotonic()
        waiting = dict(checks)
        while waiting:
            for name, url in list(waiting.items()):
                if _answers(url):
                    _say(f"  {name} is ready ({time.monotonic() - started:.0f} s)")
                    del waiting[name]
            self._revive()
            if time.monotonic() - started > _READY_SECONDS:
                logs = ", ".join(str(p.log) for p in self._parts if p.name in waiting)
                raise UpError(f"Not ready after {_READY_SECONDS:.0f} s: {', '.join(waiting)}. See {logs}.")
            time.sleep(0.2)

    def _watch(self) -> None:
        while True:
            time.sleep(0.5)
            self._revive()

    def _revive(self) -> None:
        now = time.monotonic()
        for part in self._parts:
            if not part.died():
                continue
            if part.due == 0.0:
                part.failures = 1 if now - part.started > _STEADY_SECONDS else part.failures + 1
                wait = min(_LONGEST_BACKOFF, 0.5 * 2 ** (part.failures - 1))
                part.due = now + wait
                _say(f"{part.name} stopped; starting it again in {wait:.1f} s. See {part.log}")
            elif now >= part.due:
                part.due = 0.0
                part.start()

    def _summary(self, code: str | None) -> None:
        url = self._settings.url
        _say(f"\nBreakwater is running.\n\n  Chat   {url}/\n  Desk   {url}/desk/")
        if any(part.name == "demo" for part in self._parts):
            _say(f"  Demo   {self._settings.demo_sites[0]}/   a helpline's page with the chat in it")
        if self._settings.telegram_token:
            _say(f"  Telegram  on, by {self._settings.telegram_mode}; `breakwater doctor` looks whether it works")
        if code:
            _say(f"\n  First login: open the desk and enter this one-time set-up code: {code}")
        else:
            _say("\n  Sign in at the desk with your login. Somebody new: breakwater counsellor add")
        _say("\nCtrl-C stops everything.")


def _free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=1) as response:  # noqa: S310 - our own loopback addresses
            return bool(response.status == 200)
    except (URLError, OSError):
        return False


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
