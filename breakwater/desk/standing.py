"""Who has a case at this moment, said kindly: a counsellor must never wonder whether somebody answers."""

from __future__ import annotations

from dataclasses import dataclass

from breakwater.cases import counsellors as people
from breakwater.cases.counsellors import Counsellor
from breakwater.cases.records import Case
from breakwater.desk.context import Desk

_OTHERWISE = {
    "declined": "The person said no to a counsellor. You can read and prepare; new danger changes that.",
    "waiting": "This case is waiting for a counsellor. The assistant keeps the person company.",
    "bot": "The assistant is answering in this case.",
    "sleeping": "This case is asleep. A message from the person wakes it.",
    "closed": "This case is closed. A message from the person wakes it.",
    "unreachable": "The person has left. A message from them wakes the case.",
    "hidden": "The person has hidden the chat. Nothing can be sent until they write.",
}


@dataclass(frozen=True)
class Standing:
    """`mine`: this counsellor may write. `free`: it can be taken now. `line` says it in words."""

    mine: bool
    free: bool
    line: str


async def standing(desk: Desk, case: Case, who: Counsellor) -> Standing:
    if case.state != "taken":
        line = _OTHERWISE.get(case.state, "Nobody has this case.")
        return Standing(False, case.state in ("waiting", "bot"), line)
    if case.counsellor_id == who.id:
        return Standing(True, False, "You have this case. The assistant only listens.")
    other = await desk.store.read(people.by_id, case.counsellor_id)
    name = other.name if other else "Another counsellor"
    return Standing(False, False, f"{name} has this case. You can read along; only {name} can write.")


def not_taken(case: Case, now: Standing) -> str:
    """Why a claim was not won."""
    if case.state == "taken":
        return f"Somebody was a moment faster. {now.line}"
    if now.free:
        return "You have as many chats as one counsellor can hold. Hand one back or close it first."
    return now.line
