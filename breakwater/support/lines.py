"""The numbers for this person, now: what fills `{emergency}` and `{line}`, and the cards to tap."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from breakwater.support import remit
from breakwater.support.directory import Directory, Line
from breakwater.support.languages import COUNTRIES, SPOKEN_AS
from breakwater.support.turn import Place
from breakwater.understanding.facts import CaseFacts

_FINDER = "worldwide-find-a-helpline"
_ELSEWHERE = ". For {country}. If you're elsewhere, write your country."
_LETTERS = 3  # "uae", "drc"
_NO_SILENT_WAY = "If you can't speak, some places have a text or app for this."


@dataclass(frozen=True)
class Lines:
    """The lines that may be shown to one person at one moment."""

    facts: CaseFacts
    place: Place
    directory: Directory

    def values(self, places: Collection[str]) -> dict[str, str]:
        """The words for each of these places; a name that is not a line is left to the caller."""
        makers: dict[str, Callable[[], str]] = {
            "emergency": lambda: self._numbers("all"),
            "ambulance": lambda: self._numbers("ambulance"),
            "police": lambda: self._numbers("police"),
            "line": self._company,
            "report": self._report,
            "silent": self._silent,
            "days": lambda: str(self.place.retention_days),
            "hold": lambda: str(self.place.erase_hold_hours),
            "helpline": lambda: self.place.helpline,
            "site": lambda: self.place.site,
            "remit": self._remit,
            "country": self._country,
        }
        return {name: makers[name]() for name in places if name in makers}

    def cards(self, places: Collection[str]) -> list[dict[str, Any]]:
        """A card for each number that the text names: emergency first, then one line, or one for each country
        where the person's language is spoken. While the country is unknown the last one says how to change it."""
        lines: list[Line] = []
        for service in ("emergency", "ambulance", "police"):
            if service in places and not lines:
                lines.append(self._emergencies("all" if service == "emergency" else service)[0])
        if "line" in places:
            lines += [line for _, line in self._abroad()] or [self._line()]
        cards = [card(line) for line in lines]
        if self.facts.country is None and self.facts.language not in COUNTRIES and lines and lines[-1].country:
            cards[-1]["status"] += _ELSEWHERE.format(country=remit.named(self.directory.names[lines[-1].country]))
        return cards

    @property
    def _minor(self) -> bool | None:
        return True if self.facts.child else False if self.facts.adult else None

    def _emergencies(self, service: str) -> tuple[Line, ...]:
        return self.directory.emergencies(self.facts.country, self.place.home_country, service)

    def _numbers(self, service: str) -> str:
        between = " / " if self.facts.language in COUNTRIES else " or "
        return between.join(line.dial for line in self._emergencies(service) if line.dial)

    def _line(self, country: str | None = None) -> Line:
        """One line that is open now, in the person's language if there is one. A parent's or friend's own line
        is one for adults."""
        minor = None if self.facts.for_somebody_else else self._minor
        return self.directory.open_line(
            country or self.facts.country,
            self.place.home_country,
            datetime.fromisoformat(self.place.now),
            minor,
            at_risk=True,
            language=self._spoken,
        )

    @property
    def _spoken(self) -> str | None:
        language = self.facts.language
        return SPOKEN_AS.get(language, language) if language else None

    def _abroad(self) -> list[tuple[str, Line]]:
        """While the country of somebody who writes in another language is unknown: for each country where it is
        spoken, the operator's own first, a line that is open and speaks it."""
        if self.facts.country or self.facts.language not in COUNTRIES:
            return []
        codes = sorted(COUNTRIES[self.facts.language], key=self.place.home_country.__ne__)
        found = [(code, self._line(code)) for code in codes]
        return [(code, line) for code, line in found if self._spoken in line.speaks and line.id != _FINDER]

    def _company(self) -> str:
        """The line in words. Of several, each with the name of its country, and a page for all other countries."""
        named = COUNTRIES.get(self.facts.language or "", {})
        abroad = [f"{named[code]}: {self._other_emergency(code)}{words(line)}" for code, line in self._abroad()]
        return "; ".join([*abroad, "findahelpline.com"]) if abroad else words(self._line())

    def _other_emergency(self, country: str) -> str:
        """The number of that country where it is not one of those that are shown anyway."""
        number = self.directory.emergency(country, country).dial
        return "" if number in {line.dial for line in self._emergencies("all")} else f"{number}, "

    def _report(self) -> str:
        kinds = ("hotline", "police") if self._minor is not False else ("police", "ncii", "fraud")
        if self.facts.threat_type == "scam_email":
            kinds = ("fraud", "police")
        found = self.directory.lines(
            self.facts.country or self.place.home_country,
            kinds,
            datetime.fromisoformat(self.place.now),
            False,
            1,
            minor=self._minor,
        )
        return f"One place for it: {words(found[0])}." if found else "The police where you live take such reports."

    def _remit(self) -> str:
        return remit.for_whom(self.facts, self.place, self.directory.names)

    def _country(self) -> str:
        """As the directory calls it, else in the person's own word, which is one of our list."""
        code, own = self.facts.country or "", self.facts.words.get("country", "")
        if code in self.directory.names:
            return remit.named(self.directory.names[code])
        return (own.title() if len(own) > _LETTERS else own.upper()) or "your country"

    def _silent(self) -> str:
        ways = self.directory.silent(self.facts.country, self.place.home_country)
        return ways[0].how if ways else _NO_SILENT_WAY


def words(line: Line) -> str:
    """A line in words: its name and, in brackets, how to reach it, so that it may stand inside a sentence."""
    if line.id == _FINDER:
        return "findahelpline.com"
    if line.dial:
        return f"{line.name} ({line.dial})"
    if line.text:
        return (
            f"{line.name} (text {line.keyword} to {line.text})" if line.keyword else f"{line.name} (text {line.text})"
        )
    return f"{line.name} ({_bare(line.chat or line.url or '')})"


def card(line: Line) -> dict[str, Any]:
    """The card a channel shows: `docs/web-protocol.md`."""
    return {
        "kind": "line", "name": line.name, "dial": line.dial, "tel": line.tel, "status": line.open_status,
        "url": line.chat or line.url, "sms": line.text, "keyword": line.keyword,
    }  # fmt: skip


def _bare(url: str) -> str:
    return url.removeprefix("https://").removeprefix("www.").rstrip("/")
