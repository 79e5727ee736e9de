"""What the gateway says itself when the assistant has no answer. It always carries help."""

from __future__ import annotations

from typing import Any

from breakwater.cases.records import Case
from breakwater.support import remit
from breakwater.support.directory import Directory
from breakwater.support.languages import COUNTRIES, addressed, answered_in
from breakwater.support.lines import Lines
from breakwater.support.turn import Place
from breakwater.support.wording import Wording


def safety_reply(case: Case, place: Place, wording: Wording, directory: Directory) -> dict[str, Any]:
    """One message, in the person's language if we have it: numbers and company in danger, else not-your-fault
    and the lines that stop the harm.

    Never twice in a row in the same words.
    """
    danger = case.facts.suicide_or_self_harm or bool(case.facts.now)
    language = answered_in(case.facts, case.memory)
    if language in COUNTRIES and language in place.languages.split(","):
        theirs = [f"utter_lang_{language}_{what}" for what in (("danger", "stay") if danger else ("first", "stay"))]
        response = theirs[1] if case.memory.said[-1:] == (theirs[0],) else theirs[0]
        return spoken(response, case, place, wording, directory)
    response = "utter_safety_reply_danger" if danger else "utter_safety_reply"
    again = f"{response}_again"
    said = [name for name in case.memory.said if name in (response, again)]
    return spoken(again if said[-1:] == [response] else response, case, place, wording, directory)


def spoken(
    response: str, case: Case, place: Place, wording: Wording, directory: Directory, **values: str
) -> dict[str, Any]:
    """Any response in the gateway's own voice, with this person's numbers and their cards."""
    lines = Lines(addressed(case.facts, case.memory), place, directory)
    about = remit.about(case.facts, place)
    places = wording.places(response, about)
    return {
        **wording.reply(response, about, **lines.values(places), **values),
        "cards": lines.cards(places),
        "automated": True,
    }
