"""Settings are read strictly: a slip of the pen stops the start instead of being ignored."""

from __future__ import annotations

from pathlib import Path

import pytest

from breakwater.settings import Settings, SettingsError, load_settings


def loaded(tmp_path: Path, dotenv: str = "", **environ: str) -> Settings:
    """The settings of this environment and this `.env` alone, never the machine's own."""
    file = tmp_path / ".env"
    file.write_text(dotenv, "utf8")
    return load_settings({f"BREAKWATER_{name}": value for name, value in environ.items()}, file)


def test_without_anything_given_the_defaults_hold(tmp_path: Path) -> None:
    assert loaded(tmp_path) == Settings()
    assert load_settings({"PATH": "/bin"}, tmp_path / "no such file") == Settings()


def test_each_kind_of_value_is_read(tmp_path: Path) -> None:
    found = loaded(
        tmp_path, PORT="9000", QUIET_SECONDS="0.5", CALLS_EMERGENCY="Yes", HOME_COUNTRY="NL", STATE_DIR="~/state"
    )
    assert (found.port, found.quiet_seconds, found.calls_emergency, found.home_country) == (9000, 0.5, True, "NL")
    assert found.state_dir == Path.home() / "state"


@pytest.mark.parametrize(
    ("text", "value"), [("true", True), ("1", True), ("FALSE", False), ("no", False), ("0", False)]
)
def test_yes_and_no_in_several_spellings(tmp_path: Path, text: str, value: bool) -> None:
    assert loaded(tmp_path, CALLS_EMERGENCY=text).calls_emergency is value


def test_an_unknown_name_is_refused_and_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="BREAKWATER_HOMECOUNTRY"):
        loaded(tmp_path, HOMECOUNTRY="NL")
    with pytest.raises(SettingsError, match="BREAKWATER_PROT"):
        loaded(tmp_path, "BREAKWATER_PROT=8081\n")


def test_the_tests_own_variable_is_no_setting(tmp_path: Path) -> None:
    assert loaded(tmp_path, REQUIRE="chromium") == Settings()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("PORT", "eighty"),
        ("PORT", ""),
        ("QUIET_SECONDS", "1,2"),
        ("CALLS_EMERGENCY", "maybe"),
        ("RETENTION_DAYS", "3.5"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_and_named(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(SettingsError, match=f"BREAKWATER_{name}"):
        loaded(tmp_path, **{name: text})


@pytest.mark.parametrize("name", ["ON_CALL", "SERVES_ADULTS"])
def test_a_choice_outside_the_list_is_refused_with_the_list(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsError, match=f"BREAKWATER_{name} must be one of .*, "):
        loaded(tmp_path, **{name: "sometimes"})


@pytest.mark.parametrize("on_call", ["none", "desk"])
def test_every_choice_is_taken(tmp_path: Path, on_call: str) -> None:
    assert loaded(tmp_path, ON_CALL=on_call).on_call == on_call


@pytest.mark.parametrize(
    ("name", "taken", "refused"),
    [
        ("REMIT_COUNTRIES", ["", "GB", "GB,IE"], ["gb", "GB, IE", "GB,", "Ireland", "everybody"]),
        ("REMIT_LANGUAGES", ["", "en", "en,nl"], ["EN", "en, nl", "english"]),
    ],
)
def test_whom_it_is_for_is_given_in_codes(tmp_path: Path, name: str, taken: list[str], refused: list[str]) -> None:
    assert [getattr(loaded(tmp_path, **{name: codes}), name.lower()) for codes in taken] == taken
    for codes in refused:
        with pytest.raises(SettingsError, match=f"BREAKWATER_{name} must be"):
            loaded(tmp_path, **{name: codes})


def test_a_dotenv_file_with_comments_quotes_and_blank_lines(tmp_path: Path) -> None:
    found = loaded(
        tmp_path, "# who runs it\n\nBREAKWATER_HELPLINE_NAME = 'Night Line'\nBREAKWATER_PORT=9000\nOTHER=x\n"
    )
    assert (found.helpline_name, found.port) == ("Night Line", 9000)


def test_a_value_may_hold_an_equals_sign(tmp_path: Path) -> None:
    url = "postgresql+psycopg2://u:p@h/b?sslmode=require"
    assert loaded(tmp_path, f"BREAKWATER_DATABASE_URL={url}\n").database == url


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    assert loaded(tmp_path, "BREAKWATER_PORT=9000\n", PORT="9001").port == 9001


def test_a_line_without_an_equals_sign_is_refused_with_its_number(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"\.env, line 2: expected NAME=value"):
        loaded(tmp_path, "# first\nBREAKWATER_PORT 9000\n")


def test_what_is_left_empty_follows_from_the_rest(tmp_path: Path) -> None:
    found = loaded(tmp_path, STATE_DIR=str(tmp_path), PORT="9000")
    assert found.url == "http://127.0.0.1:9000"
    assert found.database == f"sqlite:///{tmp_path / 'breakwater.db'}"
    assert found.keys_database == f"sqlite:///{tmp_path / 'keys' / 'keys.db'}"
    assert loaded(tmp_path, PUBLIC_URL="https://chat.example.org/").url == "https://chat.example.org"


def test_a_webhook_needs_an_address_that_telegram_can_call(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="BREAKWATER_PUBLIC_URL=https"):
        loaded(tmp_path, TELEGRAM_MODE="webhook")
    found = loaded(tmp_path, TELEGRAM_MODE="webhook", PUBLIC_URL="https://chat.example.org")
    assert found.telegram_mode == "webhook"
