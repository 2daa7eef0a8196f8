# SPDX-License-Identifier: EUPL-1.2
"""The relay worker: leases deliveries from the outbox, sends each, settles each.

A delivery is marked as started just before it is sent. Whatever happens to this process, one that had
started becomes *unknown* when its lease ends, and one that had not goes back into the queue: nothing is
lost, and nothing is sent twice without anybody knowing.
"""

import asyncio
import os
import socket
from collections.abc import Mapping
from datetime import timedelta
from uuid import uuid4

import structlog

from bot.domain.outgoing import Delivery, DeliveryState, Outcome
from bot.relay.senders import NotHeldError, Sender
from bot.relay.starts import Starts
from bot.services.ports import Clock, Deliveries

log = structlog.get_logger(__name__)

HOLD = timedelta(seconds=90)
"""How long a delivery is held: longer than any single send takes."""
IDLE_SECONDS = 0.2
"""How often the outbox is looked at when nothing wakes the worker."""
SETTLE_SECONDS = 0.05
"""Outcomes are written down together, this often."""
EXPIRE_SECONDS = 15.0


class RelayWorker:
    """One process's worker. `in_flight` is how many deliveries it holds at once."""

    def __init__(
        self, deliveries: Deliveries, senders: Mapping[str, Sender], clock: Clock, in_flight: int = 100
    ) -> None:
        self._deliveries = deliveries
        self._senders = senders
        self._clock = clock
        self._in_flight = in_flight
        self.owner = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:6]}"
        self._starts = Starts(deliveries, self.owner, clock)
        self._sending: set[asyncio.Task[None]] = set()
        self._outcomes: list[tuple[int, Outcome]] = []
        self._wake = asyncio.Event()
        self._stopping = False
        self._tasks: list[asyncio.Task[None]] = []

    def wake(self) -> None:
        """Say that something was put into the outbox: no need to wait for the next look."""
        self._wake.set()

    async def start(self) -> None:
        """Begin to send."""
        self._tasks = [
            asyncio.create_task(self._take(), name="relay: take"),
            asyncio.create_task(self._settle_often(), name="relay: settle"),
            asyncio.create_task(self._expire_often(), name="relay: expire"),
        ]

    async def stop(self) -> None:
        """Take nothing more, let what is being sent end, and write it down."""
        self._stopping = True
        self._wake.set()
        if self._tasks:
            await self._tasks[0]
        if self._sending:
            await asyncio.wait(self._sending)
        for task in self._tasks[1:]:
            task.cancel()
        await asyncio.gather(*self._tasks[1:], return_exceptions=True)
        await self._settle()
        for sender in self._senders.values():
            await sender.close()

    async def _take(self) -> None:
        while not self._stopping:
            self._wake.clear()
            room = self._in_flight - len(self._sending)
            leased = await self._lease(room) if room > 0 else []
            for delivery in leased:
                task = asyncio.create_task(self._send(delivery))
                self._sending.add(task)
                task.add_done_callback(self._ended)
            if not leased:
                await self._pause(IDLE_SECONDS)

    async def _lease(self, room: int) -> "list[Delivery]":
        try:
            return list(await self._deliveries.lease(self.owner, room, self._clock.now(), HOLD))
        except Exception:
            # The database may be away for a moment: what is queued stays queued.
            log.exception("relay.lease_failed")
            await self._pause(1.0)
            return []

    async def _send(self, delivery: Delivery) -> None:
        sender = self._senders.get(delivery.recipient.address.channel)
        if sender is None:
            outcome = Outcome(DeliveryState.FAILED, error="this channel is not connected")
        else:
            try:
                outcome = await sender.send(delivery, self._starts.begin(delivery.id))
            except NotHeldError:
                return
            except Exception as error:
                log.exception("relay.send_failed", delivery=delivery.id, reason=delivery.outgoing.reason)
                outcome = Outcome(DeliveryState.FAILED, error=type(error).__name__)
        self._outcomes.append((delivery.id, outcome))

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._sending.discard(task)
        self._wake.set()

    async def _settle_often(self) -> None:
        while True:
            await asyncio.sleep(SETTLE_SECONDS)
            await self._settle()

    async def _settle(self) -> None:
        outcomes, self._outcomes = self._outcomes, []
        if not outcomes:
            return
        try:
            await self._deliveries.settle(self.owner, outcomes, self._clock.now())
        except Exception:
            log.exception("relay.settle_failed", count=len(outcomes))
            self._outcomes = outcomes + self._outcomes

    async def _expire_often(self) -> None:
        while True:
            try:
                expired = await self._deliveries.expire_leases(self._clock.now())
                if expired:
                    log.warning("relay.leases_expired", count=expired)
            except Exception:
                log.exception("relay.expire_failed")
            await asyncio.sleep(EXPIRE_SECONDS)

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            pass
