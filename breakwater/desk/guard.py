"""The door of the desk: every route is made here, and denies whatever it was not told to allow.

- `private`: a session and one of the named roles; `public`: set-up and sign-in only.
- Everything posted must come from one of our own origins and carry the form's token.
- `Shield` puts the security headers on every response and turns refusals into pages.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import quote

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from breakwater.cases.counsellors import Counsellor
from breakwater.desk import sessions
from breakwater.desk.context import HOME, Desk
from breakwater.desk.sessions import Session

TALKS = ("counsellor", "supervisor")  # reads and writes in cases; an admin does neither
LEADS = ("supervisor",)  # adds counsellors; an admin may not make himself an account that reads
SEES_PEOPLE = ("supervisor", "admin")
EVERYBODY = ("counsellor", "supervisor", "admin")
TOKEN_HEADER = "x-desk-token"  # noqa: S105 - the name of a header


class Refused(Exception):
    """A request that is answered with this status and these words. (Starlette itself would turn its
    HTTPException into bare text before `Shield` could make a page of it.)"""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status, self.words = status, words


@dataclass(frozen=True)
class Visitor:
    """A request by somebody who is not signed in. `csrf` is the token its forms must carry."""

    desk: Desk
    request: Request
    form: FormData
    csrf: str

    def text(self, name: str) -> str:
        """One field of the posted form; empty when it is missing."""
        return str(self.form.get(name, ""))


@dataclass(frozen=True)
class Visit(Visitor):
    """A request by a counsellor who is signed in."""

    who: Counsellor
    session: Session

    @property
    def scripted(self) -> bool:
        """Posted by our own script, which wants JSON, not a page."""
        return TOKEN_HEADER in self.request.headers


def private(
    desk: Desk,
    path: str,
    handler: Callable[[Visit], Awaitable[Response]],
    roles: tuple[str, ...],
    method: str = "GET",
) -> Route:
    """A route for counsellors with one of these roles."""

    async def endpoint(request: Request) -> Response:
        if request.method == "POST" and not own_origin(desk, request):
            raise Refused(403, "This did not come from the desk's own page.")
        found = await signed_in(desk, request)
        if found is None:
            return _to_sign_in(request)
        session, who = found
        if who.role not in roles:
            raise Refused(403, "Your role does not include this page.")
        form = await _form(request, session.csrf)
        if sessions.stale(session, desk.clock()):
            await desk.store.write(sessions.touch, session, desk.clock())
        return await handler(Visit(desk, request, form, session.csrf, who, session))

    return Route(path, endpoint, methods=[method], name=f"{method} {path}")


def public(desk: Desk, path: str, handler: Callable[[Visitor], Awaitable[Response]], method: str = "GET") -> Route:
    """A route for people who are not signed in. Its forms carry a token bound to a cookie of this browser."""

    async def endpoint(request: Request) -> Response:
        if request.method == "POST" and not own_origin(desk, request):
            raise Refused(403, "This did not come from the desk's own page.")
        secret = request.cookies.get(_name(desk, "form")) or secrets.token_urlsafe(32)
        csrf = hashlib.sha256(f"form:{secret}".encode()).hexdigest()
        form = await _form(request, csrf)
        response = await handler(Visitor(desk, request, form, csrf))
        if request.method == "GET":
            _set_cookie(desk, response, _name(desk, "form"), secret)
        return response

    return Route(path, endpoint, methods=[method], name=f"{method} {path}")


async def signed_in(desk: Desk, connection: HTTPConnection) -> tuple[Session, Counsellor] | None:
    """Whose session the cookie opens, or None."""
    token = connection.cookies.get(_name(desk))
    return await desk.store.read(sessions.find, token, desk.clock()) if token else None


def own_origin(desk: Desk, connection: HTTPConnection) -> bool:
    return connection.headers.get("origin", "").rstrip("/") in desk.origins


def open_session(desk: Desk, response: Response, token: str) -> None:
    _set_cookie(desk, response, _name(desk), token)


def drop_session(desk: Desk, response: Response) -> None:
    response.delete_cookie(_name(desk), path=_path(desk), secure=desk.secure_cookies, httponly=True, samesite="strict")


async def _form(request: Request, csrf: str) -> FormData:
    """What was posted, once its token is known to be right."""
    if request.method != "POST":
        return FormData()
    try:
        form = await request.form(max_files=0, max_fields=40)
    except HTTPException as wrong:
        raise Refused(wrong.status_code, "That was too long, or not a form of ours.") from None
    given = request.headers.get(TOKEN_HEADER) or str(form.get("csrf", ""))
    if not hmac.compare_digest(given.encode(), csrf.encode()):
        raise Refused(403, "This page was open too long. Please go back, reload it and try again.")
    return form


def _to_sign_in(request: Request) -> Response:
    if TOKEN_HEADER in request.headers:
        raise Refused(401, "You are signed out.")
    path = request.url.path
    back = f"?next={quote(path)}" if request.method == "GET" and path.rstrip("/") != HOME else ""
    return RedirectResponse(f"{HOME}/sign-in{back}", 303)


def _name(desk: Desk, what: str = "") -> str:
    name = f"desk-{what}" if what else "desk"
    return f"__Host-{name}" if desk.secure_cookies else name


def _path(desk: Desk) -> str:
    """Browsers refuse a `__Host-` cookie on any path but the root."""
    return "/" if desk.secure_cookies else HOME


def _set_cookie(desk: Desk, response: Response, name: str, value: str) -> None:
    response.set_cookie(name, value, path=_path(desk), secure=desk.secure_cookies, httponly=True, samesite="strict")
