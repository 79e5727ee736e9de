"""What somebody who waits for a counsellor is told: never a place in a queue, and never a wait that grows
(safeguarding rule 20)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from breakwater.cases.records import Case

# Safeguarding rules 2 and 20 by rank: up to this rank, so many minutes until the person hears that nobody has come.
_TARGETS = ((4, 5), (9, 15))
_LATEST = 60
_STEPS = (5, 15, 30, 60)
_TOLD_A_RANGE = 9  # ranks from here hear minutes; those before hear that a person has been called


def wait_notice(case: Case, counsellor_here: bool, now: datetime, busy: bool = False) -> dict[str, Any]:
    """A frame `wait`. `state`: `called`, `within` (so many `minutes` at most), `late`, `nobody`, `busy` (more people
    wait than can be seen to, and this one can wait), or None while nobody is waited for. The minutes only shrink while
    the case waits."""
    if case.state != "waiting":
        return _frame(None)
    if not counsellor_here:
        return _frame("nobody")
    if busy and case.rank >= _TOLD_A_RANGE:
        return _frame("busy")
    target = next((minutes for rank, minutes in _TARGETS if case.rank <= rank), _LATEST)
    left = timedelta(minutes=target) - (now - (case.waiting_since or now))
    if left < timedelta():
        return _frame("late")
    if case.rank < _TOLD_A_RANGE:
        return _frame("called")
    return _frame("within", next(step for step in _STEPS if left <= timedelta(minutes=step)))


def _frame(state: str | None, minutes: int | None = None) -> dict[str, Any]:
    return {"type": "wait", "state": state, "minutes": minutes}
