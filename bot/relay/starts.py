# SPDX-License-Identifier: EUPL-1.2
"""Writing down that deliveries are being sent, together for all whose turn comes at the same time."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import structlog

from bot.relay.senders import Begin, NotBegunError, NotHeldError
from bot.services.ports import Clock, Deliveries

log = structlog.get_logger(__name__)


class Starts:
    """Collects what is about to be sent while the database writes the ones before.

    What has begun is held for `hold`: longer than any sending takes.
    """

    def __init__(self, deliveries: Deliveries, owner: str, clock: Clock, hold: timedelta) -> None:
        self._deliveries = deliveries
        self._owner = owner
        self._clock = clock
        self._hold = hold
        self._waiting: dict[int, asyncio.Future[bool]] = {}
        self._writer: asyncio.Task[None] | None = None

    def begin(self, delivery_id: int, begun: Callable[[], None]) -> Begin:
        """Return what the sender of this delivery calls before the first byte leaves.

        A delivery of two messages (a text and a place) calls it twice; it is written down once, and `begun`
        is called just before.
        """
        done = False

        async def begin() -> None:
            nonlocal done
            if done:
                return
            begun()
            done = True
            future = self._waiting[delivery_id] = asyncio.get_running_loop().create_future()
            if self._writer is None:
                self._writer = asyncio.create_task(self._write(), name="relay: starts")
            if not await future:
                raise NotHeldError

        return begin

    async def _write(self) -> None:
        try:
            while self._waiting:
                waiting, self._waiting = self._waiting, {}
                try:
                    held = await self._deliveries.start(
                        self._owner, waiting.keys(), self._clock.now(), self._hold
                    )
                except Exception as error:
                    log.exception("relay.start_failed", count=len(waiting))
                    for future in waiting.values():
                        if not future.done():
                            future.set_exception(NotBegunError(type(error).__name__))
                    continue
                for delivery_id, future in waiting.items():
                    if not future.done():
                        future.set_result(delivery_id in held)
        finally:
            self._writer = None
