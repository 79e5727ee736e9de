"""`breakwater rehearse`: play dialogues, print what happened, say whether it may."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import time
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

from breakwater.rehearsal.checks import check
from breakwater.rehearsal.labels import Labels, labels_beside, load_labels
from breakwater.rehearsal.patterns import Patterns
from breakwater.rehearsal.playing import FromBehind, FromOutside, Service, play
from breakwater.rehearsal.report import Rehearsed, as_text, sums
from breakwater.rehearsal.script import LABELS, Dialogue, ScriptBroken, load_dialogues
from breakwater.rehearsal.stage import StageBroken, private_stage
from breakwater.settings import ROOT
from breakwater.support.topics import load_topics
from breakwater.support.wording import Wording
from breakwater.training import needed

OWN = ROOT / "tests" / "dialogues"


def rehearsal(
    dialogues: Path, labels: Path | None, url: str | None, counsellor: bool, out: Path | None,
    say: Callable[[str], None],
) -> int:  # fmt: skip
    """The whole command: 0 when all holds, 1 when a check failed, 2 when it could not be played (with the reason), 130
    when it was stopped."""
    try:
        script = Script(dialogues, labels)
        if not url and needed(ROOT):
            say("Data, wording or reader changed since the assistant was trained: `breakwater train` first.\n")
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: what was started is stopped
        done = asyncio.run(rehearse(script, url, counsellor, say))
    except (ScriptBroken, StageBroken) as broken:
        say(str(broken))
        return 2
    except KeyboardInterrupt:
        say("Stopped.")
        return 130
    if out:
        write_json(out, done)
    say(total(done))
    return 1 if any(rehearsed.failed for rehearsed in done) else 0


class Script:
    """Dialogues that can be played and checked: every label of theirs is explained."""

    def __init__(self, dialogues: Path, labels: Path | None = None) -> None:
        """Raises ScriptBroken, naming each label that the file of labels does not explain."""
        topics = load_topics(ROOT / "data" / "topics.yaml")
        self.patterns = Patterns.load(ROOT / "data" / "lexicon" / "patterns.yml")
        self.dialogues = load_dialogues(dialogues)
        file = labels or labels_beside(dialogues, OWN / LABELS, LABELS)
        self.labels: Labels = load_labels(file, topics.tags, topics.questions, self.patterns.names)
        if unmapped := self.labels.unmapped(self.dialogues):
            raise ScriptBroken(f"{file.name} does not say what these labels mean: {', '.join(unmapped)}.")


async def rehearse(
    script: Script, url: str | None, counsellor: bool, say: Callable[[str], None]
) -> list[Rehearsed]:  # fmt: skip
    """Play and check every dialogue, printing each as soon as it is over. Raises StageBroken."""
    done = []
    async with _service(url, counsellor) as service:
        for dialogue in script.dialogues:
            done.append(await one(dialogue, script, service))
            say(as_text(done[-1]))
        if isinstance(service, FromBehind) and any(rehearsed.unanswered for rehearsed in done):
            say(f"The assistant had no answer in some turns, and the gateway spoke itself.\n{service.stage.logs()}\n")
    return done


async def one(dialogue: Dialogue, script: Script, service: Service) -> Rehearsed:
    """One dialogue, played and checked."""
    if dialogue.waits and isinstance(service, FromOutside):
        return Rehearsed(dialogue, skipped="it waits for hours, and the clock of a running service cannot be set")
    began = time.monotonic()
    turns, stopped = await play(dialogue, service)
    verdicts = tuple(check(dialogue, turns, script.labels, script.patterns))
    return Rehearsed(dialogue, tuple(turns), verdicts, time.monotonic() - began, stopped=stopped)


def total(done: Sequence[Rehearsed]) -> str:
    played = [rehearsed for rehearsed in done if not rehearsed.skipped]
    name = f"{len(played)} of {len(done)} dialogues played, {sum(r.failed for r in played)} failed"
    return sums(name, [verdict for rehearsed in played for verdict in rehearsed.verdicts])


def write_json(out: Path, done: Sequence[Rehearsed]) -> None:
    out.write_text(json.dumps([r.as_json() for r in done], ensure_ascii=False, indent=1) + "\n", "utf8")


@contextlib.asynccontextmanager
async def _service(url: str | None, counsellor: bool) -> AsyncIterator[Service]:
    if url:
        yield FromOutside(url, Wording.load(ROOT / "domain.yml"))
        return
    async with private_stage(counsellor) as stage:
        yield FromBehind(stage)
