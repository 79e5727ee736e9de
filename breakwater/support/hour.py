"""A deadline under two hours (safeguarding rule 24 S): what the steps ask about it, and the one message that is offered
for after it. We do not know anybody's time zone, so time is only ever a length.

When it runs out is kept in the case's memory, sealed and erased with it. Nothing else is: that a message was asked
for is what stands in the chat, `AGREED`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from breakwater.support import deadline
from breakwater.support.memory import Memory
from breakwater.support.situation import Situation
from breakwater.understanding.facts import CaseFacts

OFFER, AGREED, NOT_WANTED, WRITTEN = "utter_hour_offer", "utter_hour_yes", "utter_hour_no", "utter_hour_write"
AFTERWARDS = timedelta(minutes=15)  # so long after it ran out we write
AT_LATEST = timedelta(hours=1)  # later than this after its time, after a failure of ours, it is not written any more
LONGEST_AHEAD = timedelta(minutes=deadline.SHORT) + AFTERWARDS  # nobody is promised anything later than that
_TWO_HOURS = timedelta(minutes=deadline.SHORT)
_STAYS_AROUND = timedelta(hours=6)


def noted(memory: Memory, said: CaseFacts, now: str) -> Memory:
    """When the deadline that was just said runs out; one without a length takes an earlier length away, unless it is
    only the clock that runs."""
    minutes = deadline.minutes_left(said.deadline)
    if minutes is None:
        other = said.deadline is not None and not deadline.short(said.deadline)
        return replace(memory, deadline_at=None) if other else memory
    return replace(memory, deadline_at=(datetime.fromisoformat(now) + timedelta(minutes=minutes)).isoformat())


def runs_out(memory: Memory) -> datetime | None:
    return datetime.fromisoformat(memory.deadline_at) if memory.deadline_at else None


def written_at(memory: Memory) -> datetime | None:
    """When we write to somebody who asked for it."""
    end = runs_out(memory)
    return end + AFTERWARDS if end else None


def time_to_write(memory: Memory, now: datetime) -> bool:
    """Whether that time has come and is not long past, if it was asked for and not done yet."""
    at = written_at(memory)
    return at is not None and at <= now < at + AT_LATEST and AGREED in memory.said and WRITTEN not in memory.said


def near(s: Situation) -> bool:
    """Under two hours are left, as far as we know."""
    end = runs_out(s.memory)
    return deadline.short(s.facts.deadline) if end is None else s.now < end < s.now + _TWO_HOURS


def may_be_near(s: Situation) -> bool:
    """The same, or a time of day that we cannot place ("by 11")."""
    return near(s) or (runs_out(s.memory) is None and deadline.time_of_day(s.facts.deadline))


def over(s: Situation) -> bool:
    """It ran out, not long ago."""
    end = runs_out(s.memory)
    return end is not None and end <= s.now < end + _STAYS_AROUND


def may_offer(s: Situation) -> bool:
    """Whether one message afterwards may be offered: where we can write first, a length is known, and no life is in
    danger. To whom, and that nobody near may read it, is for the steps to say."""
    can = s.place.channel == "telegram" and bool(s.memory.deadline_at) and near(s)
    return can and not s.said(NOT_WANTED, WRITTEN) and not s.facts.suicide_or_self_harm


def answered(s: Situation) -> str | None:
    """To a yes or no to the offer; a mere thank-you afterwards does not take the yes back."""
    last = s.memory.said[-1:]
    to_offer = s.reading.answer if last == (OFFER,) and s.reading.question == "next_step" else None
    if to_offer == "no":
        return NOT_WANTED
    yes = to_offer == "yes" and s.heard in ("answer", "affirm")  # a button, or as plain a word; never a guess
    thanks = last == (AGREED,) and s.heard in ("thanks", "affirm")
    return AGREED if (yes or thanks) and may_offer(s) else None


def values(memory: Memory, now: str, places: Collection[str]) -> dict[str, str]:
    """The words for `{wait}`: how long until we write, rounded up to five minutes."""
    at = written_at(memory)
    if "wait" not in places or at is None:
        return {}
    left = (at - datetime.fromisoformat(now)).total_seconds()
    hours, minutes = divmod(max(5, -int(-left // 300) * 5), 60)
    words = [f"{hours} hour{'s' if hours > 1 else ''}"] if hours else []
    return {"wait": " and ".join([*words, f"{minutes} minutes"] if minutes else words)}
