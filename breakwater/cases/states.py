"""Who answers a person: the states of a case (design §1, safeguarding rule 4). Pure."""

from __future__ import annotations

from typing import Literal

State = Literal["bot", "waiting", "taken", "declined", "sleeping", "closed", "unreachable", "hidden"]
Event = Literal[
    "message",
    "needs_person",
    "not_served",
    "claim",
    "decline",
    "hand_back",
    "desk_gone",
    "silent",
    "sleep",
    "close",
    "person_left",
    "hide",
]

_TABLE: dict[tuple[str, str], State] = {
    ("bot", "needs_person"): "waiting",
    ("bot", "claim"): "taken",
    ("waiting", "claim"): "taken",
    ("taken", "hand_back"): "bot",
    ("waiting", "not_served"): "bot",  # it turned out to be somebody whom the counsellors are not for (rule 18)
    # said no to a person (rule 19): a counsellor may read, not write, until danger or a yes ends it
    ("bot", "decline"): "declined",
    ("waiting", "decline"): "declined",
    ("taken", "decline"): "declined",
    ("declined", "needs_person"): "waiting",
    ("declined", "close"): "closed",
    ("declined", "person_left"): "unreachable",
    ("declined", "hide"): "hidden",
    ("taken", "desk_gone"): "waiting",
    ("taken", "silent"): "waiting",
    ("taken", "sleep"): "sleeping",
    ("taken", "close"): "closed",
    ("waiting", "close"): "closed",
    ("bot", "close"): "closed",
    ("bot", "person_left"): "unreachable",
    ("waiting", "person_left"): "unreachable",
    ("taken", "person_left"): "unreachable",
    ("bot", "hide"): "hidden",
    ("waiting", "hide"): "hidden",
    ("taken", "hide"): "hidden",
    ("sleeping", "hide"): "hidden",
    ("closed", "hide"): "hidden",
    ("unreachable", "hide"): "hidden",
    # closed at the desk while an answer was on its way that calls a person
    ("sleeping", "needs_person"): "waiting",
    ("closed", "needs_person"): "waiting",
    ("sleeping", "message"): "bot",
    ("closed", "message"): "bot",
    ("unreachable", "message"): "bot",
    ("hidden", "message"): "bot",
}

_STAYS = {
    ("bot", "message"), ("waiting", "message"), ("taken", "message"), ("declined", "message"),
    ("declined", "decline"), ("waiting", "needs_person"),
    ("taken", "needs_person"), ("unreachable", "needs_person"), ("hidden", "needs_person"), ("hidden", "hide"),
}  # fmt: skip

ASLEEP = frozenset({"sleeping", "closed", "unreachable", "hidden"})


class NotPossible(ValueError):
    """This event cannot happen in this state."""


def after(state: str, event: str) -> State:
    """The state after the event. What is so already stays as it is, and nobody is called for a person who
    left or hid; anything else that the table does not name raises NotPossible."""
    if (state, event) in _TABLE:
        return _TABLE[state, event]
    if (state, event) in _STAYS:
        return state  # type: ignore[return-value]
    raise NotPossible(f"a case that is {state} cannot {event.replace('_', ' ')}")


def assistant_answers(state: str) -> bool:
    """In every state but `taken` the assistant answers; there it only listens."""
    return state != "taken"
