"""The chat's page and its files, built into `widget/dist`, with headers that keep it to itself.

The page may be framed by the sites of `embed_on` alone. The operator's exit address and emergency numbers are
written into it, so that leaving and calling work before any script runs.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from breakwater.settings import ROOT
from breakwater.support.directory import Line

DIST = ROOT / "widget" / "dist"
_EXIT, _CALL = "https://www.bbc.co.uk/weather", "<!-- emergency numbers -->"


def chat_routes(url: str, embed_on: Sequence[str], exit_url: str, emergency: Sequence[Line]) -> list[BaseRoute]:
    """`/`, its files, and the loader for other sites. Raises FileNotFoundError where the widget is not built."""
    headers = page_headers(url, embed_on)
    page = _page((DIST / "chat.html").read_text("utf8"), exit_url, emergency)
    loader = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    # Other sites load it with an integrity hash, which needs CORS; it holds nothing but itself.
    loader |= {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}

    async def chat_page(_: Request) -> Response:
        return HTMLResponse(page, headers=headers)

    async def embed(_: Request) -> Response:
        return FileResponse(DIST / "embed.js", media_type="text/javascript", headers=loader)

    return [
        Route("/", chat_page),
        Route("/embed.js", embed),
        Mount("/chat/static", _Static(DIST, {**headers, "Cache-Control": "no-cache"})),
    ]


def page_headers(url: str, embed_on: Sequence[str]) -> dict[str, str]:
    """Headers of the chat page: its own files only, its own server only, framed by `embed_on` only."""
    socket = url.replace("http", "ws", 1)  # older Safari does not count it as 'self'
    ancestors = " ".join(embed_on) or "'none'"
    policy = (
        f"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' {socket}; img-src 'self' data:; "
        f"base-uri 'none'; form-action 'none'; frame-ancestors {ancestors}"
    )
    return {
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
        "Cache-Control": "no-store",
    }


def _page(page: str, exit_url: str, emergency: Sequence[Line]) -> str:
    numbers = [f'<a href="tel:{html.escape(line.tel)}" target="_top">{html.escape(line.dial or line.tel)}</a>'
               for line in emergency if line.tel]  # fmt: skip
    return page.replace(_EXIT, html.escape(exit_url)).replace(_CALL, " or ".join(numbers))


class _Static(StaticFiles):
    def __init__(self, directory: Path, headers: dict[str, str]) -> None:
        super().__init__(directory=directory)
        self._headers = headers

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers.update(self._headers)
        return response
