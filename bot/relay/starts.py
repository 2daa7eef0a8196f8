# SPDX-License-Identifier: EUPL-1.2
"""Writing down that deliveries are being sent, together for all whose turn comes at the same time."""

import asyncio

from bot.relay.senders import Begin, NotHeldError
from bot.services.ports import Clock, Deliveries


class Starts:
    """Collects what is about to be sent while the database writes the ones before."""

    def __init__(self, deliveries: Deliveries, owner: str, clock: Clock) -> None:
        self._deliveries = deliveries
        self._owner = owner
        self._clock = clock
        self._waiting: dict[int, asyncio.Future[bool]] = {}
        self._writer: asyncio.Task[None] | None = None

    def begin(self, delivery_id: int) -> Begin:
        """Return what the sender of this delivery calls before the first byte leaves.

        A delivery of two messages (a place and a text) calls it twice; it is written down once.
        """
        begun = False

        async def begin() -> None:
            nonlocal begun
            if begun:
                return
            future = asyncio.get_running_loop().create_future()
            self._waiting[delivery_id] = future
            if self._writer is None:
                self._writer = asyncio.create_task(self._write(), name="relay: starts")
            if not await future:
                raise NotHeldError
            begun = True

        return begin

    async def _write(self) -> None:
        try:
            while self._waiting:
                waiting, self._waiting = self._waiting, {}
                try:
                    held = await self._deliveries.start(self._owner, waiting.keys(), self._clock.now())
                except Exception as error:
                    for future in waiting.values():
                        if not future.done():
                            future.set_exception(error)
                    continue
                for delivery_id, future in waiting.items():
                    if not future.done():
                        future.set_result(delivery_id in held)
        finally:
            self._writer = None
