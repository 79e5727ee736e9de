"""Who comes when a life may be in danger and no desk is open? Calls nobody; `breakwater page` does."""

from __future__ import annotations

from breakwater.doctor.findings import Finding
from breakwater.settings import Settings


def examine_on_call(settings: Settings) -> list[Finding]:
    """Whether people can be called out, and more than one."""
    if settings.on_call == "none":
        return [Finding("ok", "Nobody is on call, and nobody is promised a person.")]
    if not settings.page_first:
        return [Finding("warning", "When no desk is open, nobody is called, whatever danger somebody is in.",
                        "Set BREAKWATER_PAGE_FIRST, then try it: breakwater page.")]  # fmt: skip
    if not settings.page_second:
        return [Finding("warning", "One person alone is on call: nobody is called when they sleep through it.",
                        "Set BREAKWATER_PAGE_SECOND.")]  # fmt: skip
    return [Finding("ok", "Two people are called out in immediate danger.", "Try it: breakwater page.")]
