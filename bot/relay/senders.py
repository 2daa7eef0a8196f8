# SPDX-License-Identifier: EUPL-1.2
"""Sending one message to one recipient, a sender for each channel."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.domain.outgoing import Delivery, Outcome

Begin = Callable[[], Awaitable[None]]
"""Called by a sender just before the first byte leaves. Raises NotHeldError when it must not leave."""


class NotHeldError(Exception):
    """The delivery is no longer this worker's: it was cancelled, or its lease has ended."""


class Sender(Protocol):
    """Sends on one channel."""

    async def send(self, delivery: Delivery, begin: Begin) -> Outcome:
        """Send one copy and say how it ended. Raises NotHeldError, and nothing that a recipient causes."""
        ...

    async def close(self) -> None:
        """Close what is open."""
        ...
