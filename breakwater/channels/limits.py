"""How fast one token or one address may write. Counted in memory; an address only as a keyed hash."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

_KEPT = 10_000


@dataclass
class Limit:
    """A token bucket per key: `burst` at once, then one every `every` seconds."""

    burst: int
    every: float
    _buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def allows(self, key: str, now: float) -> bool:
        """Take one; False when the bucket is empty. `now` in seconds of any steady clock."""
        left, since = self._buckets.pop(key, (float(self.burst), now))
        left = min(self.burst, left + (now - since) / self.every)
        allowed = left >= 1
        self._buckets[key] = (left - 1 if allowed else left, now)
        if len(self._buckets) > _KEPT:
            self._buckets.popitem(last=False)
        return allowed
