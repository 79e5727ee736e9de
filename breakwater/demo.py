"""A page that stands for a helpline's website: on an origin of its own, with the chat embedded as a webmaster would.

`breakwater up` shows it while the chat has no public address. It keeps every rule of docs/webmaster.md, so that
`breakwater doctor --page` finds nothing on it.
"""

from __future__ import annotations

import base64
import hashlib

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from breakwater.channels.chat_page import DIST
from breakwater.settings import ROOT, Settings

_FOLDER = ROOT / "widget" / "demo"


def integrity() -> str:
    """The `integrity` of embed.js, as it stands in a script tag."""
    return "sha384-" + base64.b64encode(hashlib.sha384((DIST / "embed.js").read_bytes()).digest()).decode()


def demo_app(settings: Settings) -> Starlette:
    """The demo page and its style sheet."""
    page = (_FOLDER / "index.html").read_text("utf8")
    page = page.replace("{chat}", settings.url).replace("{integrity}", integrity())
    headers = {
        "Content-Security-Policy": (
            f"default-src 'none'; script-src {settings.url}; frame-src {settings.url}; style-src 'self'; "
            "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-cache",
    }

    async def index(_: Request) -> Response:
        return HTMLResponse(page, headers=headers)

    async def style(_: Request) -> Response:
        return FileResponse(_FOLDER / "demo.css", headers=headers)

    return Starlette(routes=[Route("/", index), Route("/demo.css", style)])
