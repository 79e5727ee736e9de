"""What to do in one app, and about one way of paying: the sentences of `data/playbooks`.

They fill places such as `{save_here}` in the steps of `domain.yml`, so each sentence that is said can be
read in one of two files. Where nothing is known the entry `general` is said.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from jsonschema import Draft202012Validator

from breakwater.understanding.facts import CaseFacts

GENERAL = "general"
T = TypeVar("T")


class PlaybookError(ValueError):
    """The playbooks cannot be used. The message names every faulty file and entry."""


@dataclass(frozen=True)
class Platform:
    """The steps in one app. `checked`: the day a person tried them, None until then."""

    mute: str
    save: str
    report: str
    block: str
    hide_friends: str
    source: tuple[str, ...]
    confidence: str
    checked: date | None


@dataclass(frozen=True)
class Payment:
    """What can be done about money paid in one way."""

    first_hour: str
    keep: str
    back: str
    source: tuple[str, ...]
    confidence: str
    checked: date | None


@dataclass(frozen=True)
class Playbooks:
    """Both books by the names of the lexicon, each with an entry `general`."""

    platforms: Mapping[str, Platform]
    payments: Mapping[str, Payment]

    def platform(self, facts: CaseFacts) -> Platform:
        """That of the app named last, where the threat runs now."""
        return self.platforms[_last(facts.platform, self.platforms)]

    def payment(self, facts: CaseFacts) -> Payment:
        return self.payments[_last(facts.payment, self.payments)]

    def values(self, facts: CaseFacts, places: Collection[str]) -> dict[str, str]:
        """The sentences for each of these places; other places are left to the caller."""
        app, money = self.platform(facts), self.payment(facts)
        said = {
            "mute_here": app.mute, "save_here": app.save, "report_here": app.report, "block_here": app.block,
            "hide_here": app.hide_friends, "money_here": f"{money.first_hour} {money.keep} {money.back}",
        }  # fmt: skip
        return {name: words for name, words in said.items() if name in places}


def load_playbooks(folder: Path) -> Playbooks:
    """The books `platforms.yml` and `payments.yml` of that folder. Raises `PlaybookError` with all faults at once."""
    faults: list[str] = []
    books = {kind: _book(folder / f"{kind}.yml", kind, faults) for kind in ("platforms", "payments")}
    if faults:
        raise PlaybookError("\n".join(faults))
    return Playbooks(_entries(books["platforms"], Platform), _entries(books["payments"], Payment))


def _last(named: Sequence[str], book: Collection[str]) -> str:
    return next((name for name in reversed(named) if name in book), GENERAL)


def _book(path: Path, kind: str, faults: list[str]) -> Mapping[str, Any]:
    try:
        book = yaml.load(path.read_text("utf8"), Loader=yaml.BaseLoader)  # noqa: S506 - all text: a day stays as written
    except (OSError, yaml.YAMLError) as error:
        faults.append(f"{path.name} cannot be read: {error}")
        return {}
    if not isinstance(book, dict) or GENERAL not in book:
        faults.append(f"{path.name}: the entry {GENERAL} is missing")
        return {}
    faults += [f"{path.name}, {name}: {fault}" for name, entry in book.items() for fault in _faults(kind, entry)]
    return book


def _faults(kind: str, entry: Any) -> Iterator[str]:
    for error in _validator(kind).iter_errors(entry):
        where = [str(part) for part in error.absolute_path][:1]
        wanted = error.schema.get("description") if isinstance(error.schema, Mapping) else None
        told = f"{error.instance!r} {wanted}" if wanted and error.validator not in _ABOUT_KEYS else error.message
        yield ": ".join([*where, told])
    day = entry.get("checked") if isinstance(entry, dict) else None
    if isinstance(day, str) and day != "null" and not _is_day(day):
        yield f"checked: {day!r} is not a day of the calendar"


@cache
def _validator(kind: str) -> Draft202012Validator:
    schema = json.loads(Path(__file__).with_name("playbooks_schema.json").read_text("utf8"))
    return Draft202012Validator({"$defs": schema["$defs"], "$ref": f"#/$defs/{kind}"})


def _entries(book: Mapping[str, Any], kind: Callable[..., T]) -> dict[str, T]:
    return {name: kind(**{**entry, **_about(entry)}) for name, entry in book.items()}


def _about(entry: Mapping[str, Any]) -> dict[str, Any]:
    day = entry["checked"]
    return {"source": tuple(entry["source"]), "checked": None if day == "null" else date.fromisoformat(day)}


def _is_day(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True


_ABOUT_KEYS = ("required", "additionalProperties")
