"""The look-up never sends anybody to a closed line, an unverified one, or the wrong service."""

from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breakwater.support.directory import Directory, DirectoryError, Line, load_directory
from breakwater.support.directory_file import WORLDWIDE, Country, Entry, read_folder

FOLDER = Path(__file__).parents[2] / "data" / "directory"
FILES = {country.code: country for country in read_folder(FOLDER)}
ENTRIES = {entry.id: entry for country in FILES.values() for entry in country.entries}
DIRECTORY = load_directory(FOLDER)
FINDER = "worldwide-find-a-helpline"
UTC = timezone.utc

ages = st.sampled_from([True, False, None])
listed = st.sampled_from(DIRECTORY.countries)
moments = st.integers(0, 3 * 365 * 24 * 60).map(lambda m: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=m))


def local(country: str, hour: int, day: int = 14) -> datetime:
    return datetime(2026, 1, day, hour, tzinfo=FILES[country].zone)


def night_line(country: str, minor: bool | None) -> Line:
    return DIRECTORY.open_line(country, "GB", local(country, 3), minor, at_risk=True)


# --- Every country -------------------------------------------------------------------------


def test_all_countries_of_the_directory_are_there() -> None:
    assert len(DIRECTORY.countries) == 39


# Known gaps, so that a gap that opens by accident is noticed. Shrink, never grow.
NO_LINE_AT_NIGHT = {
    True: {"FI", "HR", "LU", "RO"},
    False: {"BG", "DK", "EE", "FI", "HR", "IT", "KE", "LU", "NG", "PL", "RO", "SK"},
    None: {"FI", "HR", "LU", "RO"},
}


@pytest.mark.parametrize("minor", [True, False, None])
@pytest.mark.parametrize("country", DIRECTORY.countries)
def test_at_three_at_night_a_line_is_open_or_the_finder_is_shown(country: str, minor: bool | None) -> None:
    line = night_line(country, minor)
    assert line.open_now is True
    assert (line.id == FINDER) == (country in NO_LINE_AT_NIGHT[minor])


@pytest.mark.parametrize("country", DIRECTORY.countries)
@pytest.mark.parametrize(
    ("service", "right"),
    [("ambulance", {"ambulance", "all"}), ("police", {"police", "all"}), ("all", {"all", "ambulance"})],
)
def test_an_attempt_never_gets_the_police_nor_the_door_an_ambulance(
    country: str, service: str, right: set[str]
) -> None:
    line = DIRECTORY.emergency(country, "GB", service)
    assert line.dial and line.tel and line.country == country
    assert ENTRIES[line.id].service in right


# --- Properties ------------------------------------------------------------------------------


@given(country=st.one_of(listed, st.none(), st.just("XX")), at=moments, minor=ages, risk=st.booleans(), text=...)
def test_the_one_line_is_always_open_and_never_unverified(
    country: str | None, at: datetime, minor: bool | None, risk: bool, text: bool
) -> None:
    line = DIRECTORY.open_line(country, "NL", at, minor, risk, text)
    entry = ENTRIES[line.id]
    assert entry.hours.open_at(at) is True
    assert entry.conf != "V"
    assert not (risk and entry.not_for_crisis)
    assert line.id == FINDER or line.type in ("child", "suicide")
    assert minor is not False or (line.type != "child" and entry.oldest is None)


@given(country=listed, at=moments, minor=ages)
def test_a_phone_at_night_for_a_child_means_nothing_quiet_is_open(
    country: str, at: datetime, minor: bool | None
) -> None:
    at = at.astimezone(FILES[country].zone).replace(hour=23)
    if minor is False or DIRECTORY.open_line(country, "GB", at, minor, True).modes != ("call",):
        return
    others = DIRECTORY.lines(country, ["child", "suicide"], at, True, limit=99, minor=True)
    assert {line.modes for line in others} == {("call",)}


@given(country=st.one_of(listed, st.none(), st.just("XX")), at=moments, risk=st.booleans(), minor=ages)
def test_lists_are_short_verified_and_for_someone_at_risk_open(
    country: str | None, at: datetime, risk: bool, minor: bool | None
) -> None:
    found = DIRECTORY.lines(country, ["child", "suicide", "ncii", "police"], at, risk, minor=minor)
    assert 1 <= len(found) <= 2
    for line in found:
        assert ENTRIES[line.id].conf != "V"
        assert not ENTRIES[line.id].only_with_counsellor
        assert not risk or line.open_now is True
        assert (line.opens_at is None) or line.opens_at > at


@given(at=moments)
def test_the_next_opening_is_the_first_open_minute(at: datetime) -> None:
    hours = ENTRIES["nl-kindertelefoon-call"].hours
    opens = hours.next_opening(at)
    assert opens is not None and hours.open_at(opens)
    assert not hours.open_at(opens - timedelta(minutes=1))
    assert timedelta(0) < opens - at <= timedelta(hours=25)


def test_nothing_to_verify_is_ever_shown() -> None:
    at = local("GB", 12)
    shown = {
        line.id
        for country in (*DIRECTORY.countries, None)
        for kind in {entry.type for entry in ENTRIES.values()}
        for line in DIRECTORY.lines(country, [kind], at, at_risk=False, limit=99)
    }
    hidden = {entry.id for entry in ENTRIES.values() if entry.conf == "V"}
    assert hidden
    assert not hidden & shown
    assert "it-garante" not in shown
    assert DIRECTORY.emergency("UA", "GB").dial == "103"


# --- Which country ---------------------------------------------------------------------------


def test_an_unknown_country_gets_the_home_number_and_112() -> None:
    assert [line.dial for line in DIRECTORY.emergencies(None, "GB")] == ["999", "112"]
    assert [line.dial for line in DIRECTORY.emergencies(None, "NL")] == ["112"]
    assert DIRECTORY.open_line(None, "GB", local("GB", 3), True, True).id == "gb-shout"


def test_a_country_not_listed_gets_112_and_the_finder() -> None:
    assert not DIRECTORY.knows("XX")
    assert not DIRECTORY.knows(None)
    assert not DIRECTORY.knows(WORLDWIDE)
    assert DIRECTORY.knows("gb")
    assert [line.dial for line in DIRECTORY.emergencies("XX", "GB")] == ["112"]
    assert DIRECTORY.open_line("XX", "GB", local("GB", 12), False, False).url == "https://findahelpline.com"
    assert DIRECTORY.silent("XX", "GB") == ()


def test_text_to_999_is_said_to_need_registration() -> None:
    ways = {way.mode: way.needs_registration for way in DIRECTORY.silent(None, "GB")}
    assert ways == {"call": "no", "text": "yes"}


def test_a_line_in_the_persons_language_comes_first() -> None:
    at = local("BE", 3)
    assert DIRECTORY.open_line("BE", "BE", at, False, True, language="fr").dial == "0800 32 123"
    assert DIRECTORY.open_line("BE", "BE", at, False, True, language="nl").dial == "1813"


# --- Which line ------------------------------------------------------------------------------


def test_by_day_a_child_gets_the_child_line_and_at_night_a_quiet_one() -> None:
    assert DIRECTORY.open_line("GB", "GB", local("GB", 15), True, True).id == "gb-childline-call"
    assert night_line("GB", True).id == "gb-shout"
    assert DIRECTORY.open_line("GB", "GB", local("GB", 15), True, True, text_first=True).id == "gb-shout"
    assert DIRECTORY.open_line("GB", "GB", local("GB", 3), False, True).id == "gb-samaritans"


def test_a_chat_that_is_not_for_a_crisis_is_not_shown_in_one() -> None:
    noon = local("LV", 13)
    assert DIRECTORY.open_line("LV", "LV", noon, True, True, text_first=True).modes == ("call",)
    assert DIRECTORY.open_line("LV", "LV", noon, True, False, text_first=True).modes == ("chat",)


def test_links_to_tap() -> None:
    shout = DIRECTORY.open_line("GB", "GB", local("GB", 3), True, True)
    assert (shout.text, shout.keyword, shout.href) == ("85258", "SHOUT", "sms:85258?body=SHOUT")
    assert DIRECTORY.open_line("GB", "GB", local("GB", 3), False, True).href == "tel:116123"
    assert night_line("FI", True).href == "https://findahelpline.com"


@pytest.mark.parametrize(
    ("minor", "country", "expected"),
    [
        (True, "GB", ["gb-report-remove", "worldwide-take-it-down"]),
        (True, "US", ["worldwide-take-it-down"]),
        (True, None, ["worldwide-take-it-down"]),
        (False, "NL", ["worldwide-stopncii", "nl-helpwanted-web"]),
        (False, "IT", ["worldwide-stopncii"]),
        (None, "GB", ["worldwide-take-it-down", "worldwide-stopncii"]),
    ],
)
def test_the_removal_tool_follows_the_age_in_the_picture(
    minor: bool | None, country: str | None, expected: list[str]
) -> None:
    assert [line.id for line in DIRECTORY.removal(minor, country)] == expected


# --- Hours -----------------------------------------------------------------------------------


def status(line_id: str, country: str, at: datetime) -> str:
    kind = ENTRIES[line_id].type
    found = DIRECTORY.lines(country, [kind], at, at_risk=False, limit=99)
    return next(line.open_status for line in found if line.id == line_id)


@pytest.mark.parametrize(
    ("utc", "expected"),
    [
        ("2026-01-14T09:59", "opens at 11:00"),
        ("2026-01-14T10:00", "open now"),  # 11:00 in winter
        ("2026-07-14T08:59", "opens at 11:00"),
        ("2026-07-14T09:00", "open now"),  # 11:00 in summer
        ("2026-07-14T18:59", "open now"),
        ("2026-07-14T19:00", "opens tomorrow at 11:00"),
        ("2026-03-28T21:00", "opens tomorrow at 11:00"),  # the night the clocks change
        ("2026-03-29T09:00", "open now"),
        ("2026-10-25T09:30", "opens at 11:00"),
    ],
)
def test_a_table_of_hours_keeps_the_lines_own_clock(utc: str, expected: str) -> None:
    at = datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert status("nl-kindertelefoon-call", "NL", at) == expected


def test_a_weekend_names_the_day_and_unknown_hours_are_said_to_be_unknown() -> None:
    saturday_night = local("DE", 21, day=17)
    assert status("de-nummer-gegen-kummer-call", "DE", saturday_night) == "opens Monday at 14:00"
    assert status("gb-karma-nirvana", "GB", local("GB", 12)) == "may be closed now"
    assert status("gb-ceop", "GB", local("GB", 3)) == "any time"


def test_a_moment_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        DIRECTORY.open_line("GB", "GB", datetime(2026, 1, 14, 3), True, True)  # noqa: DTZ001


# --- Broken files ----------------------------------------------------------------------------

GOOD = (FOLDER / "hu.yml").read_text(encoding="utf-8")


def broken(tmp_path: Path, text: str, name: str = "hu.yml") -> str:
    (tmp_path / "worldwide.yml").write_text((FOLDER / "worldwide.yml").read_text("utf-8"), "utf-8")
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(DirectoryError) as raised:
        load_directory(tmp_path)
    return str(raised.value)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("hours: 24/7", "hours: late", "hu.yml, hu-emergency-112: hours: 'late' is not 24/7"),
        ("type: child", "type: kids", "hu.yml, hu-kek-vonal: type: 'kids' must be one of emergency"),
        ('"116 111"', '"116 111 / 116 123"', "hu.yml, hu-kek-vonal: dial: '116 111 / 116 123' must be one"),
        ("    name: Kék Vonal\n", "", "hu.yml, hu-kek-vonal: 'name' is a required property"),
        ("  - id: hu-kek-vonal\n    name", "  - name", "hu.yml, entry 2: 'id' is a required property"),
        ("    name: Kék Vonal\n", "    name: K\n    naem: K\n", "hu-kek-vonal: Additional properties"),
        ("id: hu-lesz", "id: hu-kek-vonal", "hu-kek-vonal: id: must begin with hu- and be used once"),
        ("    service: all\n", "", "hu.yml, hu-emergency-112: service: every emergency entry has it"),
        ("    name: LESZ\n", "    name: LESZ\n    name: LESZ\n", "hu.yml, line 37: a field is given twice"),
        ("country: HU", "country: RO", "hu.yml, country: 'RO' does not fit the name of the file"),
        ("Europe/Budapest", "Europe/Buda", "hu.yml, timezone: 'Europe/Buda' is not a time zone"),
        ("lines:", "lines: [", "hu.yml, line "),
        ("modes: [call]", "modes: [chat]", "hu.yml, hu-emergency-112: modes: chat does not fit"),
        ("checked: null", "checked: 2026-02-30", "hu-emergency-112: checked: '2026-02-30' is not a day"),
        ("conf: S", "conf: V", "hu.yml: there is no emergency number that may be shown"),
    ],
)  # fmt: skip
def test_a_broken_file_names_file_and_entry(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert old in GOOD
    assert expected in broken(tmp_path, GOOD.replace(old, new))


@pytest.mark.parametrize(
    "table",
    [
        "{mon: 09:00-17:00}",
        "{timezone: Europe/Budapest}",
        "{timezone: Europe/Budapest, mon: 9-17}",
        "{timezone: Europe/Budapest, monday: 09:00-17:00}",
        "{timezone: Europe/Budapest, mon-fri: 09:00-17:00, tue: 10:00-11:00}",
    ],
)
def test_a_broken_table_of_hours_names_file_and_entry(tmp_path: Path, table: str) -> None:
    text = GOOD.replace("hours: 24/7", f"hours: {table}")
    assert "hu.yml, hu-kek-vonal: hours: " in broken(tmp_path, text)


def test_all_faults_are_told_at_once_and_the_last_resort_must_exist(tmp_path: Path) -> None:
    told = broken(tmp_path, GOOD.replace("type: child", "type: x").replace("conf: S", "conf: s"))
    assert told.count("hu.yml, hu-") >= 3
    (tmp_path / "worldwide.yml").unlink()
    with pytest.raises(DirectoryError, match=r"worldwide\.yml: the file is missing"):
        load_directory(tmp_path)


def test_text_stays_text_and_nights_run_past_midnight(tmp_path: Path) -> None:
    table = "hours: {timezone: Europe/Budapest, sat: 22:00-05:00, sun: '08:00-10:00, 12:00-24:00'}"
    path = tmp_path / "hu.yml"
    head, _, tail = GOOD.partition("- id: hu-kek-vonal")
    text = head.replace('"112"', "000") + "- id: hu-kek-vonal" + tail.replace("hours: 24/7", table)
    path.write_text(text, "utf-8")
    (tmp_path / "worldwide.yml").write_text((FOLDER / "worldwide.yml").read_text("utf-8"), "utf-8")
    entries: tuple[Entry, ...] = next(c for c in read_folder(tmp_path) if c.code == "HU").entries
    assert entries[0].dial == "000"
    hours, zone = entries[1].hours, ZoneInfo("Europe/Budapest")
    opened = [h for h in range(48) if hours.open_at(datetime(2026, 1, 17, tzinfo=zone) + timedelta(hours=h))]
    assert opened == [22, 23, 24, 25, 26, 27, 28, 32, 33, *range(36, 48)]


def test_the_directory_needs_its_last_resort() -> None:
    countries: list[Country] = [country for code, country in FILES.items() if code != WORLDWIDE]
    with pytest.raises(DirectoryError, match="worldwide-112 and worldwide-find-a-helpline"):
        Directory(countries)
