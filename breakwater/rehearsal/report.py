"""A rehearsal for a reader: the transcript with what stands behind it, the verdicts, and the sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from breakwater.rehearsal.checks import FAILED, HELD, LEFT_TO_READER, UNSEEN, Verdict
from breakwater.rehearsal.played import Known, Reply, Turn, with_before
from breakwater.rehearsal.script import Dialogue

_SPEAKS = {"say": "person", "photo": "person sends a picture", "tap": "person taps", "wait_hours": "silence"}
_SIGNS = {HELD: "held  ", FAILED: "FAILED", LEFT_TO_READER: "reader", UNSEEN: "unseen"}


@dataclass(frozen=True)
class Rehearsed:
    """One dialogue as it went. `skipped`: why it was not played; there are no turns and no verdicts then. `stopped`:
    why it could not be played to its end, which is a failure."""

    dialogue: Dialogue
    turns: tuple[Turn, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    seconds: float = 0.0
    skipped: str = ""
    stopped: str = ""

    @property
    def failed(self) -> bool:
        return bool(self.stopped) or any(verdict.outcome == FAILED for verdict in self.verdicts)

    @property
    def unanswered(self) -> bool:
        """Whether the gateway had to speak for the assistant."""
        return any(reply.automated for turn in self.turns if turn.kind != "wait_hours" for reply in turn.replies)

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.dialogue.id, "title": self.dialogue.title, "seconds": round(self.seconds, 1),
            "skipped": self.skipped, "stopped": self.stopped, "labels": labels(self.verdicts),
            "verdicts": [vars(verdict) for verdict in self.verdicts],
            "turns": [turn.as_json() for turn in self.turns],
        }  # fmt: skip


def labels(verdicts: Sequence[Verdict]) -> dict[str, int]:
    """How many labels were checked, are left to a reader, and there are in all; and how many checked ones failed."""
    mine = Counter(verdict.outcome for verdict in verdicts if verdict.is_label)
    checked = mine[HELD] + mine[FAILED]
    return {"checked": checked, "reader": mine[LEFT_TO_READER], "total": mine.total(), "failed": mine[FAILED]}


def as_text(rehearsed: Rehearsed) -> str:
    return "\n".join(_lines(rehearsed)) + "\n"


def sums(name: str, verdicts: Sequence[Verdict]) -> str:
    """One line: checked / reader / total labels, and what was expected to be known."""
    n = labels(verdicts)
    others = Counter(verdict.outcome for verdict in verdicts if not verdict.is_label)
    line = (
        f"{name}: labels {n['checked']} checked / {n['reader']} reader / {n['total']} total, {n['failed']} failed; "
        f"expectations {others[HELD]} held, {others[FAILED]} failed"
    )
    unseen = others[UNSEEN] + n["total"] - n["checked"] - n["reader"]
    return line + (f"; {unseen} not visible from outside" if unseen else "")


def _lines(rehearsed: Rehearsed) -> Iterator[str]:
    dialogue = rehearsed.dialogue
    yield f"==== {dialogue.id}  {dialogue.title}"
    if rehearsed.skipped:
        yield f"  not played: {rehearsed.skipped}"
        return
    for turn, before in with_before(rehearsed.turns):
        yield from _turn(turn, before)
        yield from (f"      to judge: {p.note}" for p in dialogue.checkpoints if p.note and p.after == turn.number)
    if rehearsed.stopped:
        yield f"\n  FAILED  stopped in {rehearsed.stopped}"
    yield "  ----"
    for verdict in rehearsed.verdicts:
        yield f"  {_SIGNS[verdict.outcome]}  {verdict.of:10} {verdict.name}{': ' if verdict.why else ''}{verdict.why}"
    yield sums(f"  {dialogue.id} ({rehearsed.seconds:.1f} s)", rehearsed.verdicts)


def _turn(turn: Turn, before: Known) -> Iterator[str]:
    if turn.kind in _SPEAKS:
        yield f"\n  {turn.number:2}  {_SPEAKS[turn.kind]}: {turn.words}"
    for reply in turn.replies:
        yield f"      > {reply.text}"
        yield f"        {_behind(reply)}"
    if not turn.replies:
        yield "      > (nothing)"
    if turn.erased:
        yield "      the conversation is deleted; the next message opens a new one"
    if turn.known and (news := _news(turn.known, before)):
        yield f"      now known: {news}"


def _behind(reply: Reply) -> str:
    parts = [reply.response or "unknown words", f"tags: {', '.join(reply.tags) or 'none'}"]
    parts += [f"asks: {reply.question}"] if reply.question else []
    parts += [f"buttons: {' · '.join(reply.buttons)}"] if reply.buttons else []
    parts += ["the gateway's own words"] if reply.automated else []
    return "[" + "; ".join(parts) + "]"


def _news(known: Known, before: Known) -> str:
    """What is different from the turn before."""
    old, new = before.facts.known(), known.facts.known()
    changed = [f"{name}={_short(new.get(name))}" for name in {**new, **old} if new.get(name) != old.get(name)]
    changed = [text for text in changed if not text.startswith("words=")]
    if (known.tier, known.state) != (before.tier, before.state):
        changed.append(f"tier {known.tier}, {known.state}")
    return ", ".join(changed)


def _short(value: Any) -> str:
    return "+".join(map(str, value)) if isinstance(value, list) else str(value)
