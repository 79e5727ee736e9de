"""The helpline directory as files: one country a file, one dialable an entry.

`read_folder` promises: every file is sound, or a `DirectoryError` lists every fault with
file and entry, in words for the counsellor who keeps them (`data/directory/README.md`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

WORLDWIDE = "worldwide"

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MINUTES_A_DAY = 24 * 60
_MINUTES_A_WEEK = 7 * _MINUTES_A_DAY
_WAYS = {"dial": "call", "text": "text", "chat": "chat"}


class DirectoryError(ValueError):
    """The directory cannot be used. The message names every faulty file and entry."""


@dataclass(frozen=True)
class Hours:
    """When a line answers: always, by a weekly table on its own clock, or unknown.

    A span is (start, length) in minutes, counted from Monday 00:00.
    """

    always: bool = False
    zone: ZoneInfo | None = None
    spans: tuple[tuple[int, int], ...] = ()

    def open_at(self, at: datetime) -> bool | None:
        """Whether the line is open at that moment; None if nobody knows."""
        if self.always:
            return True
        if self.zone is None:
            return None
        now = _minute_of_week(at.astimezone(self.zone))
        return any((now - start) % _MINUTES_A_WEEK < length for start, length in self.spans)

    def next_opening(self, at: datetime) -> datetime | None:
        """The first opening after that moment, on the line's own clock; None if always or unknown."""
        if self.zone is None:
            return None
        local = at.astimezone(self.zone).replace(second=0, microsecond=0, fold=0)
        now = _minute_of_week(local)
        wait = min((start - now - 1) % _MINUTES_A_WEEK + 1 for start, _ in self.spans)
        return local + timedelta(minutes=wait)  # wall clock: 11:00 stays 11:00 when clocks change


@dataclass(frozen=True)
class Entry:
    """One dialable as its file gives it; every field is explained in the folder's README."""

    id: str
    name: str
    type: str
    modes: tuple[str, ...]
    hours: Hours
    free: str
    on_bill: str
    speaks: tuple[str, ...]
    conf: str
    source: tuple[str, ...]
    checked: date | None
    checked_by: str | None
    service: str | None
    dial: str | None
    tel: str | None
    text: str | None
    keyword: str | None
    chat: str | None
    url: str | None
    ages: str | None
    youngest: int
    oldest: int | None
    not_for_crisis: bool
    only_with_counsellor: bool


@dataclass(frozen=True)
class SilentWay:
    """A way to reach emergency services without speaking, and what it takes."""

    mode: str
    how: str
    needs_registration: str
    note: str | None


@dataclass(frozen=True)
class Country:
    """One file. `worldwide.yml` is read as a country with the code `worldwide`."""

    code: str
    name: str
    zone: ZoneInfo
    languages: tuple[str, ...]
    silent: tuple[SilentWay, ...]
    entries: tuple[Entry, ...]


def read_folder(folder: Path) -> tuple[Country, ...]:
    """Every file of the folder; raises `DirectoryError` with all faults at once."""
    countries: list[Country] = []
    faults: list[str] = []
    for path in sorted(folder.glob("*.yml")):
        try:
            countries.append(_country(path))
        except DirectoryError as error:
            faults.append(str(error))
    if not (folder / f"{WORLDWIDE}.yml").exists():
        faults.append(f"{WORLDWIDE}.yml: the file is missing")
    if faults:
        raise DirectoryError("\n".join(faults))
    return tuple(countries)


class _TextOnly(yaml.SafeLoader):
    """YAML in which every plain value stays text: else `no` is False and `000` is 0."""

    yaml_implicit_resolvers = {}  # noqa: RUF012

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        found = super().construct_mapping(node, deep=deep)
        if len(found) < len(node.value):
            raise yaml.MarkedYAMLError(None, None, "a field is given twice", node.start_mark)
        return found


def _country(path: Path) -> Country:
    raw = _parsed(path)
    faults = [_in_words(error, raw) for error in _schema().iter_errors(raw)]
    if not faults:
        faults = list(_contradictions(raw, path.stem))
    if faults:
        raise DirectoryError("\n".join(f"{path.name}, {fault}" for fault in faults))
    return Country(
        code=raw["country"],
        name=raw["name"],
        zone=ZoneInfo(raw["timezone"]),
        languages=tuple(raw["languages"]),
        silent=tuple(
            SilentWay(way["mode"], way["how"], way["needs_registration"], way.get("note"))
            for way in raw.get("emergency_silent", ())
        ),
        entries=tuple(_entry(row) for row in raw["lines"]),
    )


def _parsed(path: Path) -> Any:
    try:
        return _TextOnly(path.read_text(encoding="utf-8")).get_single_data()
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise DirectoryError(f"{path.name}, {line}{error.problem}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DirectoryError(f"{path.name}: not readable as text: {error}") from error


@cache
def _schema() -> Draft202012Validator:
    schema = Path(__file__).with_name("directory_schema.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(schema))


def _in_words(error: ValidationError, raw: Any) -> str:
    """`childline-phone: hours: 'late' must be …`, instead of a path of indices."""
    path = list(error.absolute_path)
    where = [str(part) for part in path if isinstance(part, str)]
    if path[:1] == ["lines"] and len(path) > 1 and isinstance(path[1], int):
        row = raw["lines"][path[1]]
        has_id = isinstance(row, Mapping) and row.get("id")
        where[0] = str(row["id"]) if has_id else f"entry {path[1] + 1}"
    wanted = error.schema.get("description") if isinstance(error.schema, Mapping) else None
    if wanted and error.validator not in ("required", "additionalProperties"):
        return ": ".join([*where, f"{error.instance!r} {wanted}"])
    return ": ".join([*where, error.message])


def _contradictions(raw: Mapping[str, Any], stem: str) -> Iterator[str]:
    """What no schema sees: fields that do not fit each other, the file or the clock."""
    if raw["country"].lower() != stem:
        yield f"country: {raw['country']!r} does not fit the name of the file"
    if not _is_zone(raw["timezone"]):
        yield f"timezone: {raw['timezone']!r} is not a time zone, such as Europe/London"
    ids = [row["id"] for row in raw["lines"]]
    for row in raw["lines"]:
        if ids.count(row["id"]) > 1 or not row["id"].startswith(f"{stem}-"):
            yield f"{row['id']}: id: must begin with {stem}- and be used once"
        for problem in _entry_contradictions(row):
            yield f"{row['id']}: {problem}"


def _entry_contradictions(row: Mapping[str, Any]) -> Iterator[str]:
    ways = [mode for field, mode in _WAYS.items() if field in row]
    if not ways and "url" in row:
        ways = ["web"]
    if row["modes"] != ways:
        yield (f"modes: {row['modes'][0]} does not fit; an entry has one of dial (call), text, chat, or only url (web)")
    if (row["type"] == "emergency") != ("service" in row):
        yield "service: every emergency entry has it, and no other"
    if row["checked"] != "null" and not _is_date(row["checked"]):
        yield f"checked: {row['checked']!r} is not a day of the calendar"
    try:
        hours = _hours(row["hours"])
    except ValueError as error:
        yield f"hours: {error}"
        return
    if (row["type"] == "emergency" or ways == ["web"]) and not hours.always:
        yield "hours: an emergency number or a web page has 24/7"


def _entry(row: Mapping[str, Any]) -> Entry:
    sms = row.get("text", {})
    dial, ages = row.get("dial"), row.get("ages")
    youngest, _, oldest = (ages or "0+").rstrip("+").partition("-")
    return Entry(
        id=row["id"], name=row["name"], type=row["type"], modes=tuple(row["modes"]),
        hours=_hours(row["hours"]), free=row["free"], on_bill=row["on_bill"],
        speaks=tuple(row["speaks"]), conf=row["conf"], source=tuple(row["source"]),
        checked=None if row["checked"] == "null" else date.fromisoformat(row["checked"]),
        checked_by=None if row["checked_by"] == "null" else row["checked_by"],
        service=row.get("service"), dial=dial, text=sms.get("number"), keyword=sms.get("keyword"),
        tel=row.get("tel") or (re.sub(r"[^0-9+]", "", dial) if dial else None),
        chat=row.get("chat"), url=row.get("url"), ages=ages, youngest=int(youngest),
        oldest=int(oldest) if oldest else None,
        not_for_crisis=row.get("not_for_crisis") == "yes",
        only_with_counsellor=row.get("only_with_counsellor") == "yes",
    )  # fmt: skip


def _hours(raw: str | Mapping[str, str]) -> Hours:
    """`24/7`, `unknown`, or {timezone: Europe/London, mon-fri: 09:00-12:00 14:00-02:00, sat: …}."""
    if isinstance(raw, str):
        if raw not in ("24/7", "unknown"):
            raise ValueError(f"{raw!r} is not 24/7, unknown or a table of days")
        return Hours(always=raw == "24/7")
    if not _is_zone(raw.get("timezone", "")):
        raise ValueError("the table needs a 'timezone', such as Europe/London")
    spans: list[tuple[int, int]] = []
    seen: list[int] = []
    for days, times in raw.items():
        if days != "timezone":
            numbers = _day_numbers(days)
            spans += [_span(day, time) for day in numbers for time in times.replace(",", " ").split()]
            seen += numbers
    if len(seen) != len(set(seen)) or not spans:
        raise ValueError("every day of the table may be named once, and one must have times")
    return Hours(zone=ZoneInfo(raw["timezone"]), spans=tuple(spans))


def _day_numbers(days: str) -> list[int]:
    first, _, last = days.partition("-")
    if first not in _DAYS or (last or first) not in _DAYS or _DAYS.index(first) > _DAYS.index(last or first):
        raise ValueError(f"{days!r} is not a day or a span of days, such as mon or mon-fri")
    return list(range(_DAYS.index(first), _DAYS.index(last or first) + 1))


def _span(day: int, times: str) -> tuple[int, int]:
    found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)", times)
    if not found:
        raise ValueError(f"{times!r} is not a span of time, such as 09:00-17:30")
    start = int(found[1]) * 60 + int(found[2])
    end = int(found[3]) * 60 + int(found[4]) if found[3] else _MINUTES_A_DAY
    # 11:00-05:00 ends the next morning; 00:00-00:00 is a whole day.
    return day * _MINUTES_A_DAY + start, (end - start) % _MINUTES_A_DAY or _MINUTES_A_DAY


def _minute_of_week(local: datetime) -> int:
    return local.weekday() * _MINUTES_A_DAY + local.hour * 60 + local.minute


def _is_zone(name: str) -> bool:
    try:
        return bool(name) and ZoneInfo(name) is not None
    except (KeyError, ValueError, OSError):
        return False


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text) is not None
    except ValueError:
        return False
