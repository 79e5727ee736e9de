"""The people at the desk: supervisors and admins add counsellors."""

from __future__ import annotations

from sqlalchemy.engine import Connection
from starlette.responses import Response

from breakwater.cases import counsellors as people
from breakwater.cases.counsellors import ROLES, LoginTaken
from breakwater.desk import passwords
from breakwater.desk.guard import Visit
from breakwater.desk.pages import page
from breakwater.desk.sign_in import problem_with_login


async def people_page(visit: Visit) -> Response:
    return await _page(visit)


async def add_person(visit: Visit) -> Response:
    """A new account. Its first password is shown on this one response and nowhere again."""
    login, name, role = visit.text("login").strip().lower(), visit.text("name").strip(), visit.text("role")
    problem = problem_with_login(login, name)
    if problem or role not in ROLES:
        return await _page(visit, 422, problem or "Please choose a role.")
    password = passwords.fresh()
    password_hash = await passwords.hashed(password)

    def work(connection: Connection) -> None:
        people.add(connection, login, name, role, password_hash, visit.desk.clock())

    try:
        await visit.desk.store.write(work)
    except LoginTaken as taken:
        return await _page(visit, 422, str(taken))
    return await _page(visit, added=login, password=password)


async def _page(visit: Visit, status: int = 200, problem: str = "", added: str = "", password: str = "") -> Response:
    desk = visit.desk
    return page(
        "people.html", status, visit=visit, problem=problem, added=added, password=password, roles=ROLES,
        everyone=await desk.store.read(people.everyone), there=desk.presence.there(desk.clock()),
        kept={name: visit.text(name) if problem else "" for name in ("login", "name", "role")},
    )  # fmt: skip
