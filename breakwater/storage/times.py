"""UTC everywhere: aware in the program, naive in the database."""

from __future__ import annotations

from datetime import datetime, timezone


def utc_now() -> datetime:
    return datetime.now(timezone.utc)


def naive(at: datetime) -> datetime:
    return at.astimezone(timezone.utc).replace(tzinfo=None)


def aware(at: datetime) -> datetime:
    return at.replace(tzinfo=timezone.utc)
