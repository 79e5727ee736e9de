"""Signing in and out, the first account, and changing one's password."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy.engine import Connection
from starlette.responses import RedirectResponse, Response

from breakwater.cases import counsellors as people
from breakwater.desk import first_run, guard, passwords, sessions
from breakwater.desk.context import HOME
from breakwater.desk.guard import Visit, Visitor
from breakwater.desk.pages import page

_BACK = re.compile(re.escape(HOME) + r"/(cases/[0-9a-f]{32}|people|password)")
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")


def problem_with_login(login: str, name: str) -> str | None:
    """Why these two cannot be used, in words; None when they can."""
    if not _LOGIN.fullmatch(login.strip().lower()):
        return "The login needs 2 to 64 letters, digits, dots or dashes, and no spaces."
    if not 1 <= len(name.strip()) <= 40:
        return "Please give a name that people in the chat may see, of at most 40 characters."
    return None


async def sign_in_page(visitor: Visitor) -> Response:
    if not await visitor.desk.store.read(people.everyone):
        return RedirectResponse(f"{HOME}/set-up", 303)
    found = await guard.signed_in(visitor.desk, visitor.request)
    if found:
        return RedirectResponse(_start(found[1]), 303)
    return _sign_in_form(visitor, back=visitor.request.query_params.get("next", ""))


async def sign_in(visitor: Visitor) -> Response:
    desk, login = visitor.desk, visitor.text("login").strip().lower()[:64]
    wait = desk.tries.attempt(f"login:{login}", desk.clock())
    if wait:
        return _sign_in_form(visitor, 429, _too_many(wait))

    def stored(connection: Connection) -> tuple[people.Counsellor | None, str | None]:
        who = people.by_login(connection, login)
        return who, people.password_hash(connection, who.id) if who and who.active else None

    who, password_hash = await desk.store.read(stored)
    if not await passwords.matches(password_hash, visitor.text("password")) or who is None:
        return _sign_in_form(visitor, 403, "Login and password do not fit together.")
    desk.tries.succeeded(f"login:{login}")
    before = await guard.signed_in(desk, visitor.request)
    if before:
        await desk.store.write(sessions.end, before[0])
    return await _entered(visitor, who, visitor.text("next"))


async def sign_out(visit: Visit) -> Response:
    await visit.desk.store.write(sessions.end, visit.session)
    response = RedirectResponse(f"{HOME}/sign-in", 303)
    guard.drop_session(visit.desk, response)
    return response


async def set_up_page(visitor: Visitor) -> Response:
    if await visitor.desk.store.read(people.everyone):
        return RedirectResponse(f"{HOME}/sign-in", 303)
    return _set_up_form(visitor)


async def set_up(visitor: Visitor) -> Response:
    """Make the first account, a supervisor's. Needs the one-time code; impossible once anybody exists."""
    desk = visitor.desk
    if await desk.store.read(people.everyone):
        return RedirectResponse(f"{HOME}/sign-in", 303)
    wait = desk.tries.attempt("set-up", desk.clock())
    if wait:
        return _set_up_form(visitor, 429, _too_many(wait))
    if not first_run.is_setup_code(desk.state_dir, visitor.text("code")):
        return _set_up_form(visitor, 403, "This is not the set-up code.")
    desk.tries.succeeded("set-up")
    login, name, password = visitor.text("login"), visitor.text("name"), visitor.text("password")
    problem = problem_with_login(login, name) or passwords.problem(password, visitor.text("again"), login)
    if problem:
        return _set_up_form(visitor, 422, problem)
    password_hash = await passwords.hashed(password)

    def work(connection: Connection) -> people.Counsellor | None:
        if people.everyone(connection):
            return None
        return people.add(connection, login, name, "supervisor", password_hash, desk.clock())

    first = await desk.store.write(work)
    first_run.delete_setup_code(desk.state_dir)
    return await _entered(visitor, first) if first else RedirectResponse(f"{HOME}/sign-in", 303)


async def password_page(visit: Visit) -> Response:
    return _password_form(visit)


async def change_password(visit: Visit) -> Response:
    desk, who = visit.desk, visit.who
    wait = desk.tries.attempt(f"login:{who.login}", desk.clock())
    if wait:
        return _password_form(visit, 429, _too_many(wait))
    stored = await desk.store.read(people.password_hash, who.id)
    if not await passwords.matches(stored, visit.text("current")):
        return _password_form(visit, 403, "The present password is not right.")
    desk.tries.succeeded(f"login:{who.login}")
    problem = passwords.problem(visit.text("password"), visit.text("again"), who.login)
    if problem:
        return _password_form(visit, 422, problem)
    password_hash = await passwords.hashed(visit.text("password"))

    def work(connection: Connection) -> None:
        people.set_password_hash(connection, who.id, password_hash)
        sessions.end_others(connection, visit.session)

    await desk.store.write(work)
    return RedirectResponse(f"{HOME}/?note=password", 303)


def _start(who: people.Counsellor) -> str:
    """The first page of this role."""
    return f"{HOME}/" if who.role in guard.TALKS else f"{HOME}/people"


def _too_many(wait: timedelta) -> str:
    return f"Too many tries. Please wait {int(wait.total_seconds()) + 1} seconds."


async def _entered(visitor: Visitor, who: people.Counsellor, back: str = "") -> Response:
    token = await visitor.desk.store.write(sessions.begin, who.id, visitor.desk.clock())
    response = RedirectResponse(back if _BACK.fullmatch(back) else _start(who), 303)
    guard.open_session(visitor.desk, response, token)
    return response


def _sign_in_form(visitor: Visitor, status: int = 200, problem: str = "", back: str = "") -> Response:
    return page(
        "sign_in.html", status, csrf=visitor.csrf, problem=problem, login=visitor.text("login"),
        back=back or visitor.text("next"), helpline=visitor.desk.helpline_name,
    )  # fmt: skip


def _set_up_form(visitor: Visitor, status: int = 200, problem: str = "") -> Response:
    return page(
        "set_up.html", status, csrf=visitor.csrf, problem=problem, login=visitor.text("login"),
        name=visitor.text("name"), has_code=first_run.setup_code(visitor.desk.state_dir) is not None,
        shortest=passwords.SHORTEST, helpline=visitor.desk.helpline_name,
    )  # fmt: skip


def _password_form(visit: Visit, status: int = 200, problem: str = "") -> Response:
    return page("password.html", status, visit=visit, problem=problem, shortest=passwords.SHORTEST)
