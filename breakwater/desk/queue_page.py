"""The queue: take the most severe case; see who waits, who is with whom, who is with the assistant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starlette.responses import RedirectResponse, Response

from breakwater.cases.queue import Entry
from breakwater.cases.records import Case
from breakwater.conversations.counselling import SEVERE
from breakwater.desk.context import HOME, Desk
from breakwater.desk.guard import Visit
from breakwater.desk.pages import page, render
from breakwater.desk.summary import age_band, at_risk, shortened
from breakwater.support.tiers import target_seconds

SHOWN_WITH_ASSISTANT = 50
NOTES = {
    "nothing": "Nobody is waiting right now.",
    "full": "You have as many chats as one counsellor can hold. Hand one back or close it first.",
    "handed-back": "Handed back. The assistant answers again.",
    "closed": "Closed. If the person writes again, the case wakes up.",
    "password": "Your password is changed. Other browsers were signed out.",
}
CHANNELS = {"web": "web chat", "telegram": "Telegram"}


@dataclass(frozen=True)
class Row:
    """One case in a list, ready to show."""

    case: Case
    at_risk: str
    age: str
    words: str  # the person's own, behind the top reason
    channel: str
    since: datetime | None  # waiting, or taken, since
    target: int | None  # seconds
    last_in: datetime | None
    counsellor: str | None


async def queue_page(visit: Visit) -> Response:
    note = NOTES.get(visit.request.query_params.get("note", ""), "")
    lists = await lists_html(visit.desk, visit.csrf, visit.who.id)
    return page("queue.html", visit=visit, lists=lists, note=note, now=visit.desk.clock())


async def lists_html(desk: Desk, csrf: str, who: str) -> str:
    """The three lists; the socket sends the same part again whenever something changed."""
    assisted, waiting = await desk.counselling.with_assistant(), await desk.counselling.waiting()
    return render(
        "_lists.html", csrf=csrf, me=who, now=desk.clock(), more=max(0, len(assisted) - SHOWN_WITH_ASSISTANT),
        waiting=[row(entry) for entry in waiting], surge=0 < desk.surge_above < len(waiting),
        talking=[row(entry) for entry in await desk.counselling.talking()],
        assisted=[row(entry) for entry in assisted[:SHOWN_WITH_ASSISTANT]],
    )  # fmt: skip


def row(entry: Entry) -> Row:
    case = entry.case
    fact = case.reasons[0].fact if case.reasons else ""
    return Row(
        case, at_risk(case.facts), age_band(case.facts), shortened(case.facts.words.get(fact, "")),
        CHANNELS.get(entry.channel, entry.channel), case.waiting_since or case.claimed_at or entry.last_in,
        target_seconds(case.rank), entry.last_in, entry.counsellor,
    )  # fmt: skip


async def waiting_frame(desk: Desk) -> dict[str, object]:
    """What every page of the desk must know: how many wait, and which of them ring (safeguarding rule 2)."""
    waiting = [entry.case for entry in await desk.counselling.waiting()]
    return {
        "type": "waiting",
        "count": len(waiting),
        "immediate": [case.id for case in waiting if case.rank == 0],
        "urgent": [case.id for case in waiting if 0 < case.rank <= SEVERE],
    }


async def take_next(visit: Visit) -> Response:
    case_id = await visit.desk.counselling.take_next(visit.who)
    if case_id:
        return RedirectResponse(f"{HOME}/cases/{case_id}", 303)
    anybody = await visit.desk.counselling.waiting()
    return RedirectResponse(f"{HOME}/?note={'full' if anybody else 'nothing'}", 303)
