"""Security headers on every response of the desk, and refusals as pages that say what to do."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from breakwater.conversations.counselling import NotYours
from breakwater.desk.guard import TOKEN_HEADER, Refused
from breakwater.desk.pages import page
from breakwater.privacy.keyring import Erased

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    # `no-referrer` would make browsers send `Origin: null` with our own forms (Fetch, "serializing a request
    # origin"); `same-origin` tells other sites just as little.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}


class Shield:
    """Middleware around all routes of the desk."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        started = False

        async def shielded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        try:
            await self._app(scope, receive, shielded)
        except Exception as error:
            if started:
                raise
            await _refusal(scope, error)(scope, receive, shielded)
            if _status(error) == 500:
                raise


def _refusal(scope: Scope, error: Exception) -> Response:
    status, words = _status(error), _words(error)
    if TOKEN_HEADER in Headers(scope=scope):
        return JSONResponse({"text": words}, status)
    return page("refused.html", status, words=words)


def _status(error: Exception) -> int:
    if isinstance(error, Refused):
        return error.status
    if isinstance(error, HTTPException):
        return error.status_code
    return 404 if isinstance(error, Erased) else 409 if isinstance(error, NotYours) else 500


def _words(error: Exception) -> str:
    if isinstance(error, Erased):
        return "This chat was erased. Nothing of it can be read any more."
    if isinstance(error, NotYours):
        return "This case is not with you now."
    if isinstance(error, Refused):
        return error.words
    if isinstance(error, HTTPException):
        return "There is no such page." if error.status_code == 404 else str(error.detail)
    return "Something went wrong here. Nothing you wrote was lost; please go back and try again."
