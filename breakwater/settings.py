"""Settings: the environment (or a `.env` file beside the project), one typed object.

Every default is safe and runs everything on one machine. `docs/operations.md` lists each
setting; a test holds the two together.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
_PREFIX = "BREAKWATER_"
_LANGUAGES = re.compile(r"en(,(nl|de|fr|es|pt|it|pl|tl))*")
_SITE = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?")  # no wildcard: each site by name
_LISTS = (
    ("remit_countries", re.compile(r"([A-Z]{2}(,[A-Z]{2})*)?"), "GB,IE"),
    ("remit_languages", re.compile(r"([a-z]{2}(,[a-z]{2})*)?"), "en,nl"),
)
_CHOICES = {
    "on_call": ("none", "desk"),
    "telegram_mode": ("polling", "webhook"),
    "serves_adults": ("yes", "until_safe", "no"),
}


class SettingsError(ValueError):
    """A setting that cannot be used; the message names it and says what it takes."""


@dataclass(frozen=True)
class Settings:
    """What the operator decides. Field `home_country` is read from `BREAKWATER_HOME_COUNTRY`, and so on."""

    # where it runs
    host: str = "127.0.0.1"
    port: int = 8080
    rasa_port: int = 5005
    actions_port: int = 5055
    state_dir: Path = ROOT / "var"
    database_url: str = ""  # empty: SQLite in state_dir
    keys_database_url: str = ""  # empty: a SQLite file of its own in state_dir/keys
    master_key: str = ""  # empty: state_dir/keys/master.key, made at first start, readable by the owner only
    public_url: str = ""  # empty: http://host:port
    embed_on: str = ""  # sites whose pages may hold the chat in a frame, comma-separated; empty: none
    demo_port: int = 8081  # a page that embeds the chat, for a look on this machine; 0: none
    # who runs it
    helpline_name: str = "Breakwater"
    home_country: str = "GB"
    languages: str = "en,nl,de,fr,es,pt,it,pl,tl"  # in which people are answered; only the English is worked out
    remit_countries: str = ""  # whose people get a counsellor, comma-separated: GB,IE; empty: everybody
    remit_languages: str = ""  # likewise: en,nl
    serves_adults: str = "yes"  # whether counsellors see adults: yes, until_safe, no
    surge_above: int = 0  # with more people waiting, who can wait is not told to; 0: never
    on_call: str = "desk"  # none: nobody is ever promised; desk: a person is promised while one is at the desk
    page_first: str = ""  # Apprise addresses of who is on call, called where a life may be in danger; empty: nobody
    page_second: str = ""  # of who is called too, when nobody has taken it after two minutes
    calls_emergency: bool = False
    exit_url: str = "https://www.bbc.co.uk/weather"
    # Telegram
    telegram_token: str = ""  # empty: no Telegram, and nothing is ever sent there
    telegram_mode: str = "polling"  # webhook: Telegram calls us at public_url, which must be https
    telegram_webhook_secret: str = ""  # empty: made from the master key
    telegram_api: str = "https://api.telegram.org"
    # how long
    retention_days: int = 30
    erase_hold_hours: int = 24  # how long an erasure asked for in danger may wait for a person
    reply_deadline_seconds: float = 3.0
    quiet_seconds: float = 1.2
    longest_wait_seconds: float = 2.0
    max_message_characters: int = 4000
    max_open_chats: int = 4

    @property
    def url(self) -> str:
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"

    @property
    def embedding_sites(self) -> tuple[str, ...]:
        """The origins of `embed_on`, without a slash at the end."""
        return tuple(site.strip().rstrip("/") for site in self.embed_on.split(",") if site.strip())

    @property
    def demo_sites(self) -> tuple[str, ...]:
        """Where the demo page is served; empty where there is none."""
        if not self.demo_port or self.public_url:
            return ()
        return (f"http://127.0.0.1:{self.demo_port}", f"http://localhost:{self.demo_port}")

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.state_dir / 'breakwater.db'}"

    @property
    def keys_database(self) -> str:
        return self.keys_database_url or f"sqlite:///{self.state_dir / 'keys' / 'keys.db'}"


def load_settings(environ: Mapping[str, str] | None = None, env_file: Path | None = None) -> Settings:
    """Read the settings. Raises SettingsError for an unknown name or a value of the wrong kind."""
    values = dict(_dotenv(env_file or ROOT / ".env")) | dict(environ if environ is not None else os.environ)
    known = {_PREFIX + f.name.upper(): f for f in fields(Settings)}
    stray = [name for name in values if name.startswith(_PREFIX) and name not in known and name not in _ELSEWHERE]
    if stray:
        raise SettingsError(f"There is no setting {', '.join(sorted(stray))}. docs/operations.md lists them all.")
    given = {
        known[name].name: _read(name, str(known[name].type), text) for name, text in values.items() if name in known
    }
    settings = Settings(**given)
    for name, choices in _CHOICES.items():
        if getattr(settings, name) not in choices:
            raise SettingsError(f"{_PREFIX}{name.upper()} must be one of {', '.join(choices)}.")
    if settings.telegram_mode == "webhook" and not settings.url.startswith("https://"):
        raise SettingsError(f"{_PREFIX}TELEGRAM_MODE=webhook needs {_PREFIX}PUBLIC_URL=https://….")
    if not _LANGUAGES.fullmatch(settings.languages):
        raise SettingsError(f"{_PREFIX}LANGUAGES must be en, or en and some of nl, de, fr, es, pt, it, pl, tl.")
    for name, form, such_as in _LISTS:
        if not form.fullmatch(getattr(settings, name)):
            raise SettingsError(f"{_PREFIX}{name.upper()} must be empty, or codes with commas such as {such_as}.")
    if settings.page_second and not settings.page_first:
        raise SettingsError(f"{_PREFIX}PAGE_SECOND needs {_PREFIX}PAGE_FIRST: who is called before them?")
    if settings.page_first and settings.on_call == "none":
        raise SettingsError(f"{_PREFIX}PAGE_FIRST says that somebody is on call, {_PREFIX}ON_CALL=none that nobody is.")
    for site in settings.embedding_sites:
        if not _SITE.fullmatch(site):
            raise SettingsError(f"{_PREFIX}EMBED_ON has {site!r}, which is not a site such as https://www.example.org.")
    return settings


_ELSEWHERE = {"BREAKWATER_REQUIRE", "BREAKWATER_NEEDS_GB"}  # read by the tests and by set-up


def _read(name: str, kind: str, text: str) -> Any:
    try:
        if kind == "bool":
            return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}[text.lower()]
        if kind == "Path":
            return Path(text).expanduser()
        return {"int": int, "float": float, "str": str}[kind](text)
    except (KeyError, ValueError):
        raise SettingsError(f"{name} is {text!r}, which is not a {kind}.") from None


def _dotenv(path: Path) -> list[tuple[str, str]]:
    if not path.is_file():
        return []
    pairs = []
    for number, line in enumerate(path.read_text("utf8").splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        name, found, value = line.partition("=")
        if not found:
            raise SettingsError(f"{path.name}, line {number}: expected NAME=value.")
        pairs.append((name.strip(), value.strip().strip("'\"")))
    return pairs
