# SPDX-License-Identifier: EUPL-1.2
"""Sending one message to one recipient, a sender for each channel."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.domain.outgoing import Delivery, Outcome

Begin = Callable[[], Awaitable[None]]
"""Called by a sender shortly before the first byte leaves: from then on it counts as sent, perhaps.

Raises NotHeldError when it must not leave.
"""


class NotHeldError(Exception):
    """The delivery is no longer this worker's: it was cancelled, or its lease has ended."""


class NotBegunError(Exception):
    """That the delivery is being sent could not be written down: it must not leave now."""


class HeldBackError(Exception):
    """The channel's limits do not let the message leave for `seconds`: it goes back to the outbox."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"held back for {seconds:.1f} s")
        self.seconds = seconds


class Sender(Protocol):
    """Sends on one channel."""

    async def send(self, delivery: Delivery, begin: Begin) -> Outcome:
        """Send one copy and say how it ended.

        Raises NotHeldError, NotBegunError or HeldBackError when it has surely not left, and nothing that a
        recipient causes.
        """
        ...

    async def close(self) -> None:
        """Close what is open."""
        ...
