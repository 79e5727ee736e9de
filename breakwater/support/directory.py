"""Which line to show, now, to this person (safeguarding rule 7, protocol §4). Pure look-up.

What holds for every answer: no entry that a person has yet to verify (`conf: V`); nobody at
risk sees a line that is closed or of unknown hours; and there is always an answer, at worst
112 and Find A Helpline. Nothing is guessed: an unknown opening time is said to be unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from breakwater.support.directory_file import (
    WORLDWIDE,
    Country,
    DirectoryError,
    Entry,
    SilentWay,
    read_folder,
)

__all__ = ["Directory", "DirectoryError", "Line", "SilentWay", "load_directory"]

_EMERGENCY = "worldwide-112"
_FINDER = "worldwide-find-a-helpline"
# Unknown age: a line for everyone first, a child line when there is no other.
_TYPES_FOR = {True: ("child", "suicide"), False: ("suicide",), None: ("suicide", "child")}
_NIGHT_FROM, _NIGHT_UNTIL = 22, 7


@dataclass(frozen=True)
class Line:
    """One dialable, with all a card needs. Exactly one of `dial`, `text`, `chat`, or only `url`.

    `open_now` is None when nobody knows. `open_status` says it in English: 'open now',
    'any time' (a web page), 'opens at 11:00', 'may be closed now'; `opens_at` is on the
    line's own clock, for other languages. `country` is None for a worldwide line.
    """

    id: str
    name: str
    type: str
    country: str | None
    modes: tuple[str, ...]
    open_now: bool | None
    open_status: str
    opens_at: datetime | None
    dial: str | None
    tel: str | None
    text: str | None
    keyword: str | None
    chat: str | None
    url: str | None
    free: str
    on_bill: str
    speaks: tuple[str, ...]
    ages: str | None

    @property
    def href(self) -> str:
        """What a tap opens: `tel:`, `sms:` with the keyword, or the web address."""
        if self.tel:
            return f"tel:{self.tel}"
        if self.text:
            number = self.text.replace(" ", "").replace("-", "")
            return f"sms:{number}?body={quote(self.keyword)}" if self.keyword else f"sms:{number}"
        return self.chat or self.url or ""


class Directory:
    """The checked and shown lines of every country. Immutable; made by `load_directory`."""

    def __init__(self, countries: Sequence[Country]) -> None:
        self._countries = {country.code: country for country in countries}
        self._shown = {country.code: tuple(filter(_may_be_shown, country.entries)) for country in countries}
        worldwide = {entry.id: entry for entry in self._shown.get(WORLDWIDE, ())}
        if missing := {_EMERGENCY, _FINDER} - worldwide.keys():
            raise DirectoryError(f"{WORLDWIDE}.yml: {' and '.join(sorted(missing))} must be there, not as V")
        self._112, self._finder = worldwide[_EMERGENCY], worldwide[_FINDER]
        for code, entries in self._shown.items():
            if not any(entry.type == "emergency" for entry in entries):
                raise DirectoryError(f"{code.lower()}.yml: there is no emergency number that may be shown")

    @property
    def countries(self) -> tuple[str, ...]:
        """The codes of all listed countries, in order."""
        return tuple(sorted(code for code in self._countries if code != WORLDWIDE))

    @property
    def names(self) -> dict[str, str]:
        """The name of each country by its code."""
        return {code: country.name for code, country in self._countries.items()}

    def knows(self, country: str | None) -> bool:
        """Whether we have numbers for that country (two letters); else the text says so."""
        return _code(country) in self.countries

    def emergency(self, country: str | None, home_country: str, service: str | None = "all") -> Line:
        """The emergency number: the service's own if there is one, else the one for all."""
        return self.emergencies(country, home_country, service)[0]

    def emergencies(self, country: str | None, home_country: str, service: str | None = "all") -> tuple[Line, ...]:
        """One number; while the country is unknown the home country's and, if another, 112."""
        code = self._place(country, home_country)
        found = _best_emergency(self._shown[code], service or "all") if code else self._112
        lines = [_line(found, code if found is not self._112 else None)]
        if country is None and found.dial != self._112.dial:
            lines.append(_line(self._112, None))
        return tuple(lines)

    def silent(self, country: str | None, home_country: str) -> tuple[SilentWay, ...]:
        """Ways to reach emergency services without speaking; empty when none is well known."""
        code = self._place(country, home_country)
        return self._countries[code].silent if code else ()

    def open_line(
        self,
        country: str | None,
        home_country: str,
        at: datetime,
        minor: bool | None,
        at_risk: bool,
        text_first: bool = False,
        language: str | None = None,
    ) -> Line:
        """One line for a hard hour that is surely open at that moment, else Find A Helpline.

        Under 18 or of unknown age between 22 and 7 h local, or with `text_first`: text and
        chat before the phone. Lines that speak `language` come before the others. `at` must
        be aware. Find A Helpline is a web page: say "find a line at", not "is open".
        """
        _require_aware(at)
        code = self._place(country, home_country)
        if code is None:
            return _line(self._finder, None, at)
        types = _TYPES_FOR[minor]
        quiet = text_first or (minor is not False and _is_night(at.astimezone(self._countries[code].zone)))
        fitting = [
            entry
            for entry in self._shown[code]
            if entry.type in types
            and entry.modes != ("web",)
            and entry.hours.open_at(at)
            and _fits(entry, minor)
            and not (at_risk and entry.not_for_crisis)
        ]
        if not fitting:
            return _line(self._finder, None, at)
        best = min(
            fitting,
            key=lambda entry: (
                language is not None and language not in entry.speaks,
                quiet and entry.modes == ("call",),
                types.index(entry.type),
            ),
        )
        return _line(best, code, at)

    def lines(
        self,
        country: str | None,
        types: Sequence[str],
        at: datetime,
        at_risk: bool,
        limit: int = 2,
        minor: bool | None = None,
    ) -> list[Line]:
        """At most `limit` lines of these types, open ones first, each with its status.

        Someone at risk gets only open ones. A country with none of them, or no country,
        gives the worldwide ones; someone at risk then gets Find A Helpline. With `minor`
        known, lines for another age are left out. For emergency numbers ask `emergency`.
        """
        _require_aware(at)
        code = self._place(country, None)
        for place in (code, WORLDWIDE):
            found = [
                _line(entry, None if place == WORLDWIDE else place, at)
                for entry in self._shown.get(place or "", ())
                if entry.type in types
                and entry.type != "emergency"
                and (minor is None or _fits(entry, minor))
                and not (at_risk and (entry.not_for_crisis or not entry.hours.open_at(at)))
            ]
            if found:
                found.sort(key=lambda line: (_OPEN_FIRST[line.open_now], types.index(line.type)))
                return found[:limit]
            if at_risk:
                return [_line(self._finder, None, at)]
        return []

    def removal(self, age_in_image_minor: bool | None, country: str | None) -> tuple[Line, ...]:
        """At most two pages that take pictures down, the one made for this age first.

        The age is that in the picture, not of the writer (rule 17). Unknown: both hash
        tools, each with its `ages`. Telephone helplines for it come from `lines`.
        """
        code = self._place(country, None)
        pages: list[tuple[Entry, str | None]] = []
        if code and age_in_image_minor is not None:
            pages += [(entry, code) for entry in self._shown[code]]
        pages += [(entry, None) for entry in self._shown[WORLDWIDE]]
        fitting = [
            (entry, place)
            for entry, place in pages
            if entry.type == "ncii"
            and entry.modes == ("web",)
            and (age_in_image_minor is None or _fits(entry, age_in_image_minor))
        ]
        fitting.sort(key=lambda found: found[0].ages is None)
        return tuple(_line(entry, place) for entry, place in fitting[:2])

    def _place(self, country: str | None, home_country: str | None) -> str | None:
        """The listed country to look in: the person's, or home while theirs is unknown."""
        code = _code(home_country if country is None else country)
        return code if self.knows(code) else None


def load_directory(folder: Path) -> Directory:
    """The directory of that folder, read once; raises `DirectoryError` naming file and entry."""
    return Directory(read_folder(folder))


_OPEN_FIRST = {True: 0, False: 1, None: 2}


def _code(country: str | None) -> str | None:
    return country.upper() if country else None


def _may_be_shown(entry: Entry) -> bool:
    return entry.conf != "V" and not entry.only_with_counsellor


def _best_emergency(entries: Sequence[Entry], service: str) -> Entry:
    # No number for all services: a life comes first, so the ambulance.
    order = {"all": ("all", "ambulance", "police"), "ambulance": ("ambulance", "all", "police")}
    wanted = order.get(service, ("police", "all", "ambulance"))
    numbers = [entry for entry in entries if entry.type == "emergency"]
    return min(numbers, key=lambda entry: wanted.index(entry.service or "all"))


def _fits(entry: Entry, minor: bool | None) -> bool:
    """Whether the line takes such a person; an unknown age is taken as that of a child."""
    if minor is False:
        return entry.oldest is None and not (entry.type == "child" and entry.ages is None)
    return entry.youngest <= 12  # a line "from 16" is no line for a child whose age we do not know


def _is_night(local: datetime) -> bool:
    return local.hour >= _NIGHT_FROM or local.hour < _NIGHT_UNTIL


def _require_aware(at: datetime) -> None:
    if at.utcoffset() is None:
        raise ValueError("the moment must carry a time zone")


def _line(entry: Entry, country: str | None, at: datetime | None = None) -> Line:
    """Without a moment only for what is always there: emergency numbers and web pages."""
    open_now = True if at is None else entry.hours.open_at(at)
    opens_at = entry.hours.next_opening(at) if at and open_now is False else None
    return Line(
        id=entry.id, name=entry.name, type=entry.type, country=country, modes=entry.modes,
        open_now=open_now, open_status=_status(entry, open_now, opens_at, at), opens_at=opens_at,
        dial=entry.dial, tel=entry.tel, text=entry.text, keyword=entry.keyword, chat=entry.chat,
        url=entry.url, free=entry.free, on_bill=entry.on_bill, speaks=entry.speaks, ages=entry.ages,
    )  # fmt: skip


def _status(entry: Entry, open_now: bool | None, opens_at: datetime | None, at: datetime | None) -> str:
    if open_now:
        return "any time" if entry.modes == ("web",) else "open now"
    if opens_at is None or at is None:
        return "may be closed now"
    today = at.astimezone(opens_at.tzinfo).date()
    if opens_at.date() == today:
        return f"opens at {opens_at:%H:%M}"
    if opens_at.date() == today + timedelta(days=1):
        return f"opens tomorrow at {opens_at:%H:%M}"
    return f"opens {opens_at:%A} at {opens_at:%H:%M}"
