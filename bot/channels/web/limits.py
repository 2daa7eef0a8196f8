# SPDX-License-Identifier: EUPL-1.2
"""How much one visitor, and one address, may ask of the server. Kept in memory, for each process."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_REMEMBERED: Final = 20_000
"""Buckets kept at most; the ones that were not used longest go first."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, and so many a second after that."""

    burst: int
    per_second: float


@dataclass(frozen=True, slots=True)
class Limits:
    """All limits. Many people may share one address (a library, a shelter), so those are wide.

    Sizes in bytes; `upload_day` is what one visitor may upload within 24 hours.
    """

    messages: Rate = Rate(15, 0.5)
    taps: Rate = Rate(30, 2)
    uploads: Rate = Rate(12, 0.1)
    reads: Rate = Rate(60, 5)
    address_requests: Rate = Rate(300, 20)
    address_visitors: Rate = Rate(60, 0.1)
    sockets_of_visitor: int = 10
    sockets_of_address: int = 200
    upload_bytes: int = 10 * 1024 * 1024
    upload_day: int = 60 * 1024 * 1024
    body_bytes: int = 32 * 1024


class Buckets:
    """Token buckets, one for each key."""

    def __init__(self, rate: Rate, now: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._now = now
        self._levels: OrderedDict[object, tuple[float, float]] = OrderedDict()

    def wait(self, key: object) -> float:
        """Take one. Returns 0, or after how many seconds there will be one."""
        now = self._now()
        level, since = self._levels.pop(key, (float(self._rate.burst), now))
        level = min(self._rate.burst, level + (now - since) * self._rate.per_second)
        allowed = level >= 1
        self._levels[key] = (level - 1 if allowed else level, now)
        if len(self._levels) > _REMEMBERED:
            self._levels.popitem(last=False)
        return 0.0 if allowed else (1 - level) / self._rate.per_second
