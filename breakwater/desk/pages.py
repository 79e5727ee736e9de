"""Pages from templates. Everything is escaped; a name that a template does not get is an error."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from breakwater.desk.context import HOME
from breakwater.desk.links import broken_up
from breakwater.support.tiers import tier_of

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
)  # fmt: skip


def render(template: str, **context: Any) -> str:
    return _TEMPLATES.get_template(template).render(**context)


def page(template: str, status: int = 200, **context: Any) -> HTMLResponse:
    return HTMLResponse(render(template, **context), status)


def _epoch(at: datetime | None) -> int:
    return int(at.timestamp()) if at else 0


def _clock(seconds: float) -> str:
    """12:05, or 1:12:05 from one hour on."""
    minutes, rest = divmod(max(0, int(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


_TEMPLATES.filters.update(broken_up=broken_up, epoch=_epoch, clock=_clock)
_TEMPLATES.globals.update(home=HOME, tier_of=tier_of)
