"""`/call/{country}`: the helplines of a country as links that call or write, for those whose app cannot make a short
number tappable (safeguarding rule 16). Static, neutral to look at, the same for everybody.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from breakwater.support.directory import Directory, Line

_GROUPS: Sequence[tuple[str, Sequence[str]]] = (
    ("To talk, text or chat", ("child", "suicide")),
    ("If home or somebody you know is not safe", ("abuse", "honour", "lgbtq")),
    ("To take something down, or report it", ("ncii", "hotline", "police")),
    ("Money", ("fraud",)),
    ("For parents", ("parents",)),
)
_MOST = 12
_STYLE = """
body { font: 1.1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 36rem; padding: 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
ul { list-style: none; margin: 0; padding: 0; } li { margin: 0 0 1rem; }
a { background: #1f5f5b; border-radius: .5rem; color: #fff; display: block; min-height: 44px; padding: .6rem 1rem;
    text-decoration: none; overflow-wrap: anywhere; }
a:focus-visible { outline: 3px solid #f2b705; outline-offset: 2px; }
p { margin: .2rem 0; } .when { color: #555; }
@media (prefers-color-scheme: dark) { body { background: #111; color: #eee; } .when { color: #bbb; } }
"""


def call_routes(directory: Directory, clock: Callable[[], datetime], headers: Mapping[str, str]) -> list[BaseRoute]:
    """The page of each country, and its style. A country that is not listed gets what works everywhere."""

    async def call(request: Request) -> Response:
        return HTMLResponse(call_page(directory, request.path_params["country"], clock()), headers=dict(headers))

    async def style(_: Request) -> Response:
        return Response(_STYLE, media_type="text/css", headers={**headers, "Cache-Control": "no-cache"})

    return [Route("/call/style.css", style), Route("/call/{country}", call)]


def call_page(directory: Directory, country: str, at: datetime) -> str:
    """The page as HTML. `country` may be anything that stands in an address."""
    code = country.upper()
    known = directory.knows(code)
    groups = [("In an emergency", _emergencies(directory, code))]
    groups += [(title, directory.lines(code, kinds, at, False, _MOST)) for title, kinds in _GROUPS]
    shown = "".join(_group(title, lines) for title, lines in groups if lines)
    silent = "".join(f"<p>{html.escape(way.how)}</p>" for way in directory.silent(code, code)) if known else ""
    note = "" if known else "<p>There are no checked numbers for this country here. These work in most places.</p>"
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Numbers</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f'<link rel="stylesheet" href="/call/style.css"><main><h1>Numbers</h1>{note}'
        f"{shown}{silent and '<h2>If you cannot speak</h2>' + silent}</main></html>"
    )


def _emergencies(directory: Directory, code: str) -> list[Line]:
    """The number for everything first, then those of the services that have their own; each once."""
    found = [directory.emergency(code, code, service) for service in ("all", "ambulance", "police")]
    return list({line.id: line for line in found}.values())


def _group(title: str, lines: Sequence[Line]) -> str:
    return f"<h2>{html.escape(title)}</h2><ul>{''.join(map(_line, lines))}</ul>"


def _line(line: Line) -> str:
    cost = {"yes": ", free", "no": ""}.get(line.free, "")
    return (
        f'<li><a href="{html.escape(_safe(line.href))}" rel="noopener noreferrer">{html.escape(_words(line))}</a>'
        f'<p class="when">{html.escape(line.open_status)}{cost}</p></li>'
    )


def _words(line: Line) -> str:
    if line.dial:
        return f"Call {line.name}: {line.dial}"
    if line.text:
        return f"Text {line.keyword} to {line.text}: {line.name}" if line.keyword else f"Text {line.name}: {line.text}"
    return f"Open {line.name}"


def _safe(href: str) -> str:
    """Spaces of a number have no place in a link."""
    scheme, _, rest = href.partition(":")
    return f"{scheme}:{quote(rest, safe='+*#')}" if scheme == "tel" else href
