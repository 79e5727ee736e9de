"""The optional parts that some tests need: is each on this machine, and if not, why not."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import Callable, Mapping

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")

Env = Mapping[str, str]


@dataclass(frozen=True)
class Part:
    """Something that may be missing. `lacking` says what is missing, or nothing when the part is there."""

    name: str
    marker: str
    lacking: Callable[[Env], str]


def chromium(env: Env) -> str:
    """The browser's path (CHROMIUM, else by its usual names on PATH), or nothing."""
    names = (env["CHROMIUM"],) if env.get("CHROMIUM") else CHROMIUM_NAMES
    found = (shutil.which(name, path=env.get("PATH")) for name in names)
    return next((path for path in found if path), "")


def required(env: Env) -> frozenset[str]:
    """The parts named in BREAKWATER_REQUIRE, comma-separated. Raises ValueError on a name that is none."""
    names = frozenset(name.strip() for name in env.get("BREAKWATER_REQUIRE", "").split(",") if name.strip())
    known = {part.name for part in PARTS}
    if names - known:
        wrong = ", ".join(sorted(names - known))
        raise ValueError(f"BREAKWATER_REQUIRE names {wrong}; it may name {', '.join(sorted(known))}")
    return names


def _no_chromium(env: Env) -> str:
    if chromium(env):
        return ""
    if env.get("CHROMIUM"):
        return f"CHROMIUM is {env['CHROMIUM']}, which is not a program"
    return f"none of {', '.join(CHROMIUM_NAMES)} is on PATH and CHROMIUM is not set"


def _no_node(env: Env) -> str:
    return "" if shutil.which("node", path=env.get("PATH")) else "no node on PATH"


def _unset(name: str) -> Callable[[Env], str]:
    return lambda env: "" if env.get(name) else f"{name} is not set"


PARTS = (
    Part("chromium", "browser", _no_chromium),
    Part("postgresql", "postgresql", _unset("TEST_DATABASE_URL")),
    Part("redis", "redis", _unset("TEST_REDIS_URL")),
    Part("node", "node", _no_node),
    Part("telegram", "telegram", _unset("TELEGRAM_TOKEN")),
)
