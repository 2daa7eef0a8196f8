# SPDX-License-Identifier: EUPL-1.2
"""Who a browser is: a random number in a signed cookie. Nothing is stored for it until something is said."""

import base64
import hmac
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

FIRST_ID: Final = 2**53
"""Visitors' ids begin here: Telegram's stay below, so the two can never be taken for each other."""

LIFETIME_SECONDS: Final = 180 * 24 * 3600
_RENEW_AFTER_SECONDS: Final = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Ticket:
    """A visitor's id, and whether the cookie should be sent (again)."""

    visitor_id: int
    renew: bool


class Tickets:
    """Makes and reads the cookie's value. The first key signs, every key is accepted."""

    def __init__(self, keys: Sequence[bytes], now: Callable[[], float] = time.time) -> None:
        """Take the secret keys, the newest first. Raises ValueError without one."""
        if not keys:
            raise ValueError("at least one secret key is needed")
        self._keys = [hmac.digest(key, b"web chat visitor", "sha256") for key in keys]
        self._now = now

    def new(self) -> Ticket:
        """Return a ticket for a browser that has none. The id can't be guessed."""
        return Ticket(FIRST_ID + secrets.randbelow(2**62 - FIRST_ID), renew=True)

    def write(self, visitor_id: int) -> str:
        """Return the cookie's value."""
        body = f"{visitor_id:x}.{int(self._now()):x}"
        return f"{body}.{_signature(self._keys[0], body)}"

    def read(self, value: str) -> Ticket | None:
        """Return whose cookie this is; None when it is forged, damaged or too old."""
        if not value.isascii():
            return None
        body, _, signature = value.rpartition(".")
        fits = [hmac.compare_digest(_signature(key, body), signature) for key in self._keys]
        if not any(fits):
            return None
        visitor, _, issued = body.partition(".")
        age = self._now() - int(issued, 16)
        if age > LIFETIME_SECONDS:
            return None
        return Ticket(int(visitor, 16), renew=age > _RENEW_AFTER_SECONDS or not fits[0])


def _signature(key: bytes, body: str) -> str:
    digest = hmac.digest(key, body.encode(), "sha256")
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
