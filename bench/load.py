"""Load: 200 open chats, 50 messages a second through the gateway, the assistant stood in for.

Every message must be answered exactly once, in its own chat. `python bench/load.py` writes the figures to
bench/results/load.json and fails when one is lost or doubled.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import httpx
import uvicorn
import websockets

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from breakwater.app import Gateway, create_app  # noqa: E402
from breakwater.channels.web import FRAME_BYTES  # noqa: E402
from breakwater.settings import Settings  # noqa: E402
from breakwater.support.turn import TurnAnswer, TurnRequest  # noqa: E402
from tests.stack import free_port  # noqa: E402

THINKS = 0.15  # seconds, about what the real assistant takes


class StandIn:
    """Answers each turn with the words it heard."""

    async def turn(self, request: TurnRequest) -> TurnAnswer:
        await asyncio.sleep(THINKS)
        reply = {"response": "utter_echo", "text": request.text, "buttons": [], "cards": [], "tags": []}
        return TurnAnswer((reply,), request.facts, request.memory)


@dataclass
class Chat:
    """One open page; remembers when each word was sent and when it was accepted and answered."""

    number: int
    socket: Any = None
    sent: dict[str, float] = field(default_factory=dict)
    accepted: dict[str, float] = field(default_factory=dict)
    answered: Counter[str] = field(default_factory=Counter)
    delays: list[float] = field(default_factory=list)
    strangers: int = 0

    async def open(self, url: str) -> None:
        # Each from an address of its own, as behind a proxy: one address may open only so many chats.
        address = {"X-Forwarded-For": f"10.0.{self.number // 250}.{self.number % 250 + 1}"}
        self.socket = await websockets.connect(url.replace("http", "ws") + "/chat/ws", extra_headers=address)
        await self.socket.send(json.dumps({"type": "hello", "token": None, "seq": 0}))
        while json.loads(await self.socket.recv())["type"] != "message":
            pass

    async def say(self, number: int) -> None:
        word = f"c{self.number}m{number}"
        self.sent[word] = time.monotonic()
        await self.socket.send(json.dumps({"type": "say", "id": word, "text": word}))

    async def read(self) -> None:
        async for text in self.socket:
            frame, now = json.loads(text), time.monotonic()
            if frame["type"] == "accepted":
                self.accepted.setdefault(frame["id"], now - self.sent[frame["id"]])
            elif frame["type"] == "message" and frame["from"] != "person":
                for word in frame["text"].split():
                    if word not in self.sent:
                        self.strangers += 1
                        continue
                    self.answered[word] += 1
                    self.delays.append(now - self.sent[word])


async def serve(port: int, state: Path) -> None:
    """The gateway, in a process of its own."""
    settings = Settings(port=port, state_dir=state)
    app = create_app(Gateway(settings, StandIn()))
    await uvicorn.Server(
        uvicorn.Config(app, port=port, ws="wsproto", ws_max_size=FRAME_BYTES, log_level="warning")
    ).serve()


async def drive(url: str, chats: int, per_second: float, seconds: float) -> dict[str, Any]:
    people = [Chat(number) for number in range(chats)]
    for person in people:
        await person.open(url)
    readers = [asyncio.create_task(person.read()) for person in people]
    started = time.monotonic()
    for number in range(int(per_second * seconds)):
        await asyncio.sleep(max(0.0, started + number / per_second - time.monotonic()))
        await people[number % chats].say(number)
    took = time.monotonic() - started
    end = time.monotonic() + 60
    while any(p.sent.keys() - p.answered.keys() for p in people) and time.monotonic() < end:  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    for task in readers:
        task.cancel()
    for person in people:
        await person.socket.close()
    return figures(people, took)


def figures(people: list[Chat], took: float) -> dict[str, Any]:
    sent = sum(len(p.sent) for p in people)
    accepted = sorted(delay for p in people for delay in p.accepted.values())
    answered = sorted(delay for p in people for delay in p.delays)
    return {
        "chats": len(people),
        "sent": sent,
        "per_second": round(sent / took, 1),
        "lost": sum(word not in p.answered for p in people for word in p.sent),
        "doubled": sum(count > 1 for p in people for count in p.answered.values()),
        "in_a_wrong_chat": sum(p.strangers for p in people),
        "accepted_seconds": quantiles(accepted),
        "answered_seconds": quantiles(answered),
    }


def quantiles(values: list[float]) -> dict[str, float]:
    if not values:
        return {}
    pick = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    found = {name: round(values[int(len(values) * part)], 3) for name, part in pick.items()}
    return {**found, "mean": round(statistics.fmean(values), 3), "max": round(values[-1], 3)}


async def until_ready(url: str) -> None:
    async with httpx.AsyncClient() as http:
        for _ in range(300):
            try:
                await http.get(url + "/health")
                return
            except httpx.HTTPError:
                await asyncio.sleep(0.1)
    raise SystemExit("the gateway did not start")


def processor_seconds(pid: int) -> float:
    """What a process has used so far, on Linux."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def measure(chats: int, per_second: float, seconds: float) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as state:
        port = free_port()
        command = [sys.executable, __file__, "--serve", str(port), state]
        gateway = await asyncio.to_thread(subprocess.Popen, command)
        try:
            await until_ready(f"http://127.0.0.1:{port}")
            before = processor_seconds(gateway.pid)
            found = await drive(f"http://127.0.0.1:{port}", chats, per_second, seconds)
            used = processor_seconds(gateway.pid) - before
            return {**found, "gateway_processor_ms_a_message": round(1000 * used / found["sent"], 1)}
        finally:
            gateway.terminate()
            await asyncio.to_thread(gateway.wait)


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--chats", type=int, default=200)
    asked.add_argument("--per-second", type=float, default=50)
    asked.add_argument("--seconds", type=float, default=60)
    asked.add_argument("--serve", nargs=2, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.serve:
        asyncio.run(serve(int(given.serve[0]), Path(given.serve[1])))
        return 0
    found = asyncio.run(measure(given.chats, given.per_second, given.seconds))
    found |= {
        "at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "machine": f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, SQLite",
        "load_average": [round(value, 1) for value in os.getloadavg()[:2]],
    }
    results = ROOT / "bench" / "results"
    results.mkdir(exist_ok=True)
    (results / "load.json").write_text(json.dumps(found, indent=1) + "\n", "utf8")
    print(json.dumps(found, indent=1))
    return 1 if found["lost"] or found["doubled"] or found["in_a_wrong_chat"] else 0


if __name__ == "__main__":
    sys.exit(main())
