"""The directory of helplines: checked by a person lately, and a line open in every country at three at night."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

from breakwater.doctor.findings import Finding
from breakwater.support.directory import Directory
from breakwater.support.directory_file import WORLDWIDE, Country, DirectoryError, read_folder

_AGAIN = timedelta(days=92)  # data/directory/README.md: every number each quarter
_NIGHT = 3


def examine_directory(folder: Path, home_country: str, now: datetime) -> list[Finding]:
    """What people would be told at night, and which entries nobody has checked in time. `now` is aware."""
    try:
        countries = read_folder(folder)
        directory = Directory(countries)
    except DirectoryError as error:
        return [Finding("error", f"The directory cannot be used: {error}", "Mend the entry that is named.")]
    if not directory.knows(home_country):
        return [
            Finding("error", f"There is no directory file for the home country {home_country}.",
                    "Add it, or set BREAKWATER_HOME_COUNTRY to a country of data/directory.")
        ]  # fmt: skip
    return [*_checks(countries, home_country, now), *_nights(countries, directory, now)]


def _checks(countries: tuple[Country, ...], home_country: str, now: datetime) -> list[Finding]:
    """The home country and the worldwide lines by name, everybody else's together."""
    groups = {home_country: [c for c in countries if c.code == home_country]}
    groups["worldwide"] = [c for c in countries if c.code == WORLDWIDE]
    groups["other countries"] = [c for c in countries if c.code not in (home_country, WORLDWIDE)]
    found = []
    for name, group in groups.items():
        shown = [entry for country in group for entry in country.entries if entry.conf != "V"]
        never = sum(entry.checked is None for entry in shown)
        late = sum(entry.checked is not None and now.date() - entry.checked > _AGAIN for entry in shown)
        if never or late:
            what = f"Directory, {name}: of {len(shown)} entries {never} were never checked and {late} are overdue."
            found.append(Finding("warning", what, "Call and look, as data/directory/README.md says; sign and date it."))
    return found or [Finding("ok", "Every entry of the directory was checked within a quarter.")]


def _nights(countries: tuple[Country, ...], directory: Directory, now: datetime) -> list[Finding]:
    without = []
    for country in countries:
        if country.code == WORLDWIDE:
            continue
        night = _next_night(country, now)
        lines = [directory.open_line(country.code, country.code, night, minor, at_risk=True) for minor in (True, False)]
        if any(line.country is None for line in lines):
            without.append(country.code)
    if without:
        what = f"No line is surely open at 03:00 for everybody in: {', '.join(without)}. People see Find A Helpline."
        return [Finding("warning", what, "Look for a line that is open at night, or have somebody on call.")]
    return [Finding("ok", "Every country has a line that is open at 03:00.")]


def _next_night(country: Country, now: datetime) -> datetime:
    local = now.astimezone(country.zone)
    night = local.replace(hour=_NIGHT, minute=0, second=0, microsecond=0)
    return (night if night > local else night + timedelta(days=1)).astimezone(timezone.utc)
