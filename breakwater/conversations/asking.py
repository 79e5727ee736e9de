"""What Rasa is asked about the messages that wait, and what its answer changes in the case. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from breakwater.cases.records import Case
from breakwater.conversations.transcript import Message
from breakwater.support.forwarded import as_read
from breakwater.support.turn import Place, TurnRequest
from breakwater.understanding.facts import CaseFacts, Reading
from breakwater.understanding.merge import merge


def request(mode: str, case: Case, waiting: list[Message], place: Place, deadline: float) -> TurnRequest:
    """One request for these messages: their words joined, and the button or refused media of the last."""
    last = waiting[-1]
    words = [found for m in waiting if (found := _words(m, case))]
    return TurnRequest(
        mode, case.conversation_id, last.id, "\n".join(words), place,
        payload=last.body.get("button") or _media(waiting), facts=case.facts, memory=case.memory,
        forwarded=all(m.body.get("forwarded") for m in waiting), deadline_seconds=round(deadline, 2),
    )  # fmt: skip


def last_turn(waiting: list[Message]) -> tuple[list[Message], list[Message]]:
    """What is listened to first, and what is answered: a tapped button is never joined with words, or one of the
    two would not be read; nor are forwarded words with the person's own."""
    if any(m.body.get("forwarded") for m in waiting) and not all(m.body.get("forwarded") for m in waiting):
        theirs, own = (
            [m for m in waiting if bool(m.body.get("forwarded")) is is_theirs] for is_theirs in (True, False)
        )
        first, answered = last_turn(own)
        return theirs + first, answered
    taps = [n for n, message in enumerate(waiting) if message.body.get("button")]
    if not taps:
        return [], waiting
    at = len(waiting) - 1 if taps[-1] == len(waiting) - 1 else taps[-1] + 1
    return waiting[:at], waiting[at:]


def taken_in(known: CaseFacts, before: CaseFacts, after: CaseFacts) -> CaseFacts:
    """The case's facts with what a turn learned between `before` and `after`: only what is new, so that
    what a counsellor corrected meanwhile, or a fragment said, stands."""
    changed = {
        f.name: _new(getattr(before, f.name), getattr(after, f.name))
        for f in fields(CaseFacts)
        if getattr(before, f.name) != getattr(after, f.name)
    }
    said = replace(CaseFacts(), **{"unreadable": known.unreadable, **changed})
    if before.writer and not after.writer:  # the person has the phone back
        known = replace(known, writer="")
    return merge(known, Reading(facts=said, writer=after.writer))


def _new(before: Any, after: Any) -> Any:
    if isinstance(after, tuple):
        return tuple(value for value in after if value not in before)
    if isinstance(after, Mapping):
        return {name: words for name, words in after.items() if before.get(name) != words}
    return after


def _words(message: Message, case: Case) -> str:
    """What the reader gets of a message: forwarded words as another's, those of a place not at all."""
    if message.body.get("media") == "location":
        return ""
    return as_read(message.text, case.facts) if message.body.get("forwarded") else message.text


def _media(waiting: list[Message]) -> str | None:
    """The newest kind; `location_kept` is a place that a counsellor can read."""
    kinds = [m.body["media"] + ("_kept" if m.body.get("kept") else "") for m in waiting if m.body.get("media")]
    return f"media:{kinds[-1]}" if kinds else None
