# SPDX-License-Identifier: EUPL-1.2
"""The present moment, for what is stamped by the storage itself."""

from collections.abc import Callable
from datetime import UTC, datetime

Now = Callable[[], datetime]
"""Gives the present moment in UTC, with its zone. Tests pass their own."""


def utc_now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)
