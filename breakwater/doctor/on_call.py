"""Who comes when a life may be in danger and no desk is open? Calls nobody; `breakwater page` does."""

from __future__ import annotations

from breakwater.doctor.findings import Finding
from breakwater.pager import FIRST, SECOND, Pager
from breakwater.settings import Settings


def examine_on_call(settings: Settings) -> list[Finding]:
    """Whether people can be called out, and by addresses that mean something."""
    pager = Pager(settings)
    if settings.on_call == "none":
        return [Finding("ok", "Nobody is on call, and nobody is promised a person.")]
    if not pager.has(FIRST):
        return [Finding("warning", "When no desk is open, nobody is called, whatever danger somebody is in.",
                        "Set BREAKWATER_PAGE_FIRST, then try it: breakwater page.")]  # fmt: skip
    wrong = {"PAGE_FIRST": pager.unknown(FIRST), "PAGE_SECOND": pager.unknown(SECOND)}
    found = [
        Finding("error", f"BREAKWATER_{name}: {count} of its addresses mean nothing to Apprise.",
                "Write them as docs/operations.md shows, several with spaces between them.")
        for name, count in wrong.items() if count
    ]  # fmt: skip
    if not found and not pager.has(SECOND):
        found.append(Finding("warning", "One person alone is on call: nobody is called when they sleep through it.",
                             "Set BREAKWATER_PAGE_SECOND."))  # fmt: skip
    return found or [Finding("ok", "Two people are called out in immediate danger.", "Try it: breakwater page.")]
