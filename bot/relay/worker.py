# SPDX-License-Identifier: EUPL-1.2
"""The relay worker: leases deliveries from the outbox, sends each, settles each.

A delivery is marked as started shortly before it is sent. Whatever happens to this process, one that had
started becomes *unknown* when its lease ends, and one that had not goes back into the queue: nothing is
lost, and nothing is sent twice without anybody knowing.
"""

import asyncio
import os
import socket
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import structlog

from bot.domain.outgoing import Delivery, DeliveryState, Outcome, Priority
from bot.relay.senders import HeldBackError, NotBegunError, NotHeldError, Sender
from bot.relay.settling import Settling
from bot.relay.sharing import Sharing
from bot.relay.starts import Starts
from bot.services.ports import Clock, Deliveries

log = structlog.get_logger(__name__)

HOLD = timedelta(seconds=60)
"""How long a delivery is held before it has begun: longer than WAITING_SECONDS."""
WAITING_SECONDS = 30.0
"""What has not begun by then is given back."""
SENDING = timedelta(seconds=300)
"""How long a delivery is held once it has begun: longer than the slowest upload takes."""
IDLE_SECONDS = 0.25
"""How often the outbox is looked at when nothing wakes the worker."""
EXPIRE_SECONDS = 15.0
AGAIN = timedelta(seconds=5)
"""When something is tried again that this worker, not the recipient, could not do."""
SHUTDOWN_SECONDS = 15.0
URGENT_PLACES = 20
"""So many urgent deliveries are held besides a full load of others."""
LEAST_IN_FLIGHT = 60
MOST_IN_FLIGHT = 600


def places_for(rate: float) -> int:
    """Return how many deliveries to hold at once for so many starts a second.

    Enough for answers that take a good half second; few enough that what a killed process held is soon
    back in the queue.
    """
    return min(MOST_IN_FLIGHT, max(LEAST_IN_FLIGHT, int(rate * 0.6)))


class RelayWorker:
    """One process's worker. `in_flight` is how many deliveries it holds at once."""

    def __init__(
        self,
        deliveries: Deliveries,
        senders: Mapping[str, Sender],
        clock: Clock,
        in_flight: int = LEAST_IN_FLIGHT,
        sharing: Sharing | None = None,
    ) -> None:
        self._deliveries = deliveries
        self._senders = senders
        self._clock = clock
        self._in_flight = in_flight
        self._refill_at = in_flight * 3 // 4
        self._sharing = sharing
        self.owner = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:6]}"
        self._starts = Starts(deliveries, self.owner, clock, SENDING)
        self._settling = Settling(deliveries, self.owner, clock)
        self._sending: set[asyncio.Task[None]] = set()
        self._waiting: set[asyncio.Task[Any] | None] = set()
        """Those of them that have not begun."""
        self._wake = asyncio.Event()
        self._stopping = False
        self._stopped = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def wake(self) -> None:
        """Say that something was put into the outbox: no need to wait for the next look."""
        self._wake.set()

    async def start(self) -> None:
        """Begin to send."""
        if self._sharing is not None:
            await self._sharing.start()
        self._tasks = [
            asyncio.create_task(self._take(), name="relay: take"),
            asyncio.create_task(self._settling.run(), name="relay: settle"),
            asyncio.create_task(self._expire_often(), name="relay: expire"),
        ]

    async def stop(self) -> None:
        """Take nothing more, give back what has not begun, let the rest end, and write it down."""
        self._stopping = True
        self._wake.set()
        self._stopped.set()
        if self._tasks:
            await self._tasks[0]
        for task in self._sending & self._waiting:
            task.cancel()
        if self._sending:
            _, late = await asyncio.wait(self._sending, timeout=SHUTDOWN_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        if self._tasks:
            await self._settling.finish(self._tasks[1])
            await self._tasks[2]
        if self._sharing is not None:
            await self._sharing.stop()
        for sender in self._senders.values():
            await sender.close()

    async def _take(self) -> None:
        while not self._stopping:
            self._wake.clear()
            leased = await self._lease()
            for delivery in leased:
                task = asyncio.create_task(self._send(delivery))
                self._sending.add(task)
                self._waiting.add(task)
                task.add_done_callback(self._ended)
            if not leased or len(self._sending) > self._refill_at:
                await self._pause(IDLE_SECONDS)

    async def _lease(self) -> Sequence[Delivery]:
        """Take in a good portion when a quarter of the places is free; else what is urgent."""
        held = len(self._sending)
        least = Priority.BULK if held <= self._refill_at else Priority.URGENT
        room = self._in_flight - held + (URGENT_PLACES if least is Priority.URGENT else 0)
        if room <= 0:
            return []
        try:
            return await self._deliveries.lease(self.owner, room, self._clock.now(), HOLD, least)
        except Exception:
            # The database may be away for a moment: what is queued stays queued.
            log.exception("relay.lease_failed")
            await asyncio.sleep(1.0)
            return []

    async def _send(self, delivery: Delivery) -> None:
        sender = self._senders.get(delivery.recipient.address.channel)
        if sender is None:
            outcome: Outcome | None = Outcome(DeliveryState.FAILED, error="this channel is not connected")
        else:
            outcome = await self._try(sender, delivery)
        if outcome is not None:
            self._settling.add(delivery.id, outcome)

    async def _try(self, sender: Sender, delivery: Delivery) -> Outcome | None:
        """Send, and say how it ended. None: it was no longer ours."""
        task = asyncio.current_task()
        begun = False
        outcome: Outcome | None

        def begins() -> None:
            nonlocal begun
            begun = True
            deadline.reschedule(None)
            self._waiting.discard(task)

        try:
            async with asyncio.timeout(WAITING_SECONDS) as deadline:
                outcome = await sender.send(delivery, self._starts.begin(delivery.id, begins))
        except NotHeldError:
            outcome = None
        except HeldBackError as error:
            outcome = self._back(timedelta(seconds=error.seconds), str(error))
        except NotBegunError as error:
            outcome = self._back(AGAIN, f"the database refused: {error}")
        except (TimeoutError, asyncio.CancelledError):
            if begun:
                outcome = Outcome(DeliveryState.UNKNOWN, error="the worker stopped while it was sending")
            else:
                outcome = self._back(timedelta(), "waited too long, or the worker stopped")
        except Exception as error:
            log.exception("relay.send_failed", delivery=delivery.id, reason=delivery.outgoing.reason)
            state = DeliveryState.UNKNOWN if begun else DeliveryState.FAILED
            outcome = Outcome(state, error=type(error).__name__)
        return outcome

    def _back(self, after: timedelta, why: str) -> Outcome:
        return Outcome(DeliveryState.QUEUED, error=why, retry_at=self._clock.now() + after, counts=False)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._sending.discard(task)
        self._waiting.discard(task)
        if len(self._sending) == self._refill_at:
            self._wake.set()

    async def _expire_often(self) -> None:
        while not self._stopping:
            try:
                expired = await self._deliveries.expire_leases(self._clock.now())
                if expired:
                    log.warning("relay.leases_expired", count=expired)
            except Exception:
                log.exception("relay.expire_failed")
            await _happens(self._stopped, EXPIRE_SECONDS)

    async def _pause(self, seconds: float) -> None:
        await _happens(self._wake, seconds)


async def _happens(event: asyncio.Event, seconds: float) -> None:
    """Wait for the event, at most so long."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass
