"""What a counsellor does in a case: take, write, correct, hand back, close."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from starlette.responses import JSONResponse, RedirectResponse, Response

from breakwater.conversations.counselling import NotYours, ReasonNeeded
from breakwater.desk.case_page import LONGEST_REPLY, found, show_case
from breakwater.desk.context import HOME
from breakwater.desk.facts_panel import value_of
from breakwater.desk.guard import Refused, Visit
from breakwater.desk.standing import not_taken, standing

_CLIENT_ID = re.compile(r"[0-9a-f-]{16,40}")


async def take(visit: Visit) -> Response:
    case_id = _case_id(visit)
    await found(visit.desk, case_id)
    if await visit.desk.counselling.take(case_id, visit.who):
        return _to_case(visit)
    case = await found(visit.desk, case_id, visit.who)
    now = await standing(visit.desk, case, visit.who)
    return _to_case(visit) if now.mine else await show_case(visit, case, 409, not_taken(case, now))


async def say(visit: Visit) -> Response:
    """Send words to the person. Safe to repeat with the same `client_id`."""
    text, client_id = visit.text("text").strip(), visit.text("client_id")
    if not text or len(text) > LONGEST_REPLY or not _CLIENT_ID.fullmatch(client_id):
        raise Refused(422, f"A message needs between 1 and {LONGEST_REPLY} characters.")
    try:
        message = await visit.desk.counselling.say(_case_id(visit), visit.who, text, f"desk-{client_id}")
    except NotYours:
        return await _lost(visit)
    visit.desk.presence.typed(_case_id(visit), visit.desk.clock())
    return JSONResponse({"seq": message.seq}) if visit.scripted else _to_case(visit)


async def correct(visit: Visit) -> Response:
    """Correct one fact; everything that follows from it is computed anew."""
    fact = visit.text("fact")
    try:
        value = value_of(fact, [str(value) for value in visit.form.getlist("value")])
        await visit.desk.counselling.correct(
            _case_id(visit), visit.who, fact, value, visit.text("reason")[:500]
        )  # fmt: skip
    except NotYours:
        return await _lost(visit)
    except ValueError as wrong:
        if visit.scripted:
            raise Refused(422, str(wrong)) from None
        return await show_case(visit, await found(visit.desk, _case_id(visit), visit.who), 422, str(wrong))
    return JSONResponse({}) if visit.scripted else _to_case(visit)


async def hand_back(visit: Visit) -> Response:
    return await _let_go(visit, visit.desk.counselling.hand_back, "handed-back")


async def close(visit: Visit) -> Response:
    return await _let_go(visit, visit.desk.counselling.close, "closed")


async def _let_go(visit: Visit, act: Callable[..., Awaitable[None]], done: str) -> Response:
    try:
        await act(_case_id(visit), visit.who, visit.text("reason")[:1000])
    except NotYours:
        return await _lost(visit)
    except ReasonNeeded as needed:
        case = await found(visit.desk, _case_id(visit), visit.who)
        return await show_case(visit, case, 422, str(needed), opened=done)
    return RedirectResponse(f"{HOME}/?note={done}", 303)


async def _lost(visit: Visit) -> Response:
    """The case is no longer this counsellor's: say who has it, and lose nothing that was typed."""
    case = await found(visit.desk, _case_id(visit), None if visit.scripted else visit.who)
    line = f"This case is no longer with you. {(await standing(visit.desk, case, visit.who)).line}"
    if visit.scripted:
        return JSONResponse({"text": line, "lost": True}, 409)
    return await show_case(visit, case, 409, line)


def _to_case(visit: Visit) -> Response:
    return RedirectResponse(f"{HOME}/cases/{_case_id(visit)}", 303)


def _case_id(visit: Visit) -> str:
    return str(visit.request.path_params["case_id"])
