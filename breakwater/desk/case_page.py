"""One case: the whole transcript, what was understood, and who has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from starlette.responses import Response

from breakwater.cases.counsellors import Counsellor
from breakwater.cases.records import Case
from breakwater.conversations.counselling import SEVERE
from breakwater.conversations.transcript import COUNSELLOR, PERSON, Message
from breakwater.desk.context import Desk
from breakwater.desk.facts_panel import in_words, panel
from breakwater.desk.guard import Refused, Visit
from breakwater.desk.pages import page, render
from breakwater.desk.standing import standing
from breakwater.desk.summary import top_lines

_SENDERS = {"person": "Person", "assistant": "Assistant", "notice": "Notice", "counsellor": "Counsellor"}
LONGEST_REPLY = 4000


@dataclass(frozen=True)
class Shown:
    """One message, ready to show. `words` of a person have their links broken up in the template."""

    message: Message
    who: str
    typed: bool  # by the person, so not to be trusted
    buttons: tuple[str, ...]
    cards: tuple[str, ...]
    media: str
    tapped: bool


async def case_page(visit: Visit) -> Response:
    case = await found(visit.desk, visit.request.path_params["case_id"], visit.who)
    return await show_case(visit, case)


async def show_case(visit: Visit, case: Case, status: int = 200, problem: str = "", opened: str = "") -> Response:
    """The page of a case; `problem` says what was refused and `opened` names the form it belongs to."""
    messages = await visit.desk.counselling.transcript(case)
    now = await standing(visit.desk, case, visit.who)
    return page(
        "case.html", status, visit=visit, case=case, standing=now, problem=problem, opened=opened,
        top=top_html(case, messages), side=side_html(case, visit.csrf, now.mine), severe=case.rank <= SEVERE,
        messages=[shown(m) for m in messages], last_seq=messages[-1].seq if messages else 0,
        client_id=uuid4().hex, longest=LONGEST_REPLY, now=visit.desk.clock(),
    )  # fmt: skip


async def found(desk: Desk, case_id: str, who: Counsellor | None = None) -> Case:
    """The case, or a 404. With `who`, somebody reads its transcript, which leaves an audit row."""
    case = await desk.counselling.case(case_id, who)
    if case is None:
        raise Refused(404, "There is no such case. It may have been erased.")
    return case


def top_html(case: Case, messages: Sequence[Message]) -> str:
    return render("_top.html", case=case, lines=top_lines(case, messages))


def side_html(case: Case, csrf: str, mine: bool) -> str:
    steps = [(in_words(tag), times) for tag, times in sorted(case.memory.given.items())]
    settles = {reason.fact for reason in case.reasons if reason.rank < 13} | {"minor"}
    return render(
        "_side.html", case=case, facts=panel(case.facts), csrf=csrf, mine=mine, steps=steps, settles=settles
    )  # fmt: skip


def message_html(message: Message) -> str:
    return render("_message.html", m=shown(message))


def shown(message: Message) -> Shown:
    body = message.body
    name = body.get("name") if message.sender == COUNSELLOR else None
    return Shown(
        message=message,
        who=str(name or _SENDERS.get(message.sender, message.sender)),
        typed=message.sender == PERSON,
        buttons=tuple(str(button.get("title", "")) for button in _maps(body.get("buttons"))),
        cards=tuple(_card(card) for card in _maps(body.get("cards"))),
        media=str(body.get("media") or ""),
        tapped=bool(body.get("button")),
    )


def _card(card: dict[str, Any]) -> str:
    parts = (card.get("name"), card.get("dial") or card.get("url"), card.get("status") or card.get("note"))
    return " · ".join(str(part) for part in parts if part)


def _maps(value: Any) -> list[dict[str, Any]]:
    return [item for item in value or () if isinstance(item, dict)]
