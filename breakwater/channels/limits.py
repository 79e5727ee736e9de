"""How fast one token or one address may write. Counted in memory; an address only as a keyed hash."""

from __future__ import annotations

import hmac
import ipaddress
import os
import time
from collections import OrderedDict
from dataclasses import dataclass, field

_KEPT = 10_000
_DAY = 86_400.0


@dataclass
class Limit:
    """A token bucket per key: `burst` at once, then one every `every` seconds."""

    burst: int
    every: float
    _buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def allows(self, key: str, now: float | None = None) -> bool:
        """Take one; False when the bucket is empty. `now` in seconds of any steady clock."""
        now = time.monotonic() if now is None else now
        left, since = self._buckets.pop(key, (float(self.burst), now))
        left = min(self.burst, left + (now - since) / self.every)
        allowed = left >= 1
        self._buckets[key] = (left - 1 if allowed else left, now)
        if len(self._buckets) > _KEPT:
            self._buckets.popitem(last=False)
        return allowed

    def wait(self, key: str, now: float | None = None) -> float:
        """Take one and return 0.0; else the seconds until there will be one to take."""
        now = time.monotonic() if now is None else now
        if self.allows(key, now):
            return 0.0
        left, since = self._buckets[key]
        return max(0.001, (1 - left) * self.every - (now - since))


class Addresses:
    """Makes an address into a key for the limits. The salt is made here, changes every day and is never written
    anywhere, so that no list of addresses can come out of a key."""

    def __init__(self) -> None:
        self._salt, self._made = os.urandom(32), time.monotonic()

    def key(self, host: str | None) -> str:
        """One key for an address; for IPv6 one for its /64, which is what one household has."""
        now = time.monotonic()
        if now - self._made > _DAY:
            self._salt, self._made = os.urandom(32), now
        return hmac.digest(self._salt, _network(host or "unknown").encode(), "sha256").hex()


def _network(host: str) -> str:
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
