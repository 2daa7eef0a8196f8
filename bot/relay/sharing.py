# SPDX-License-Identifier: EUPL-1.2
"""One budget for one token, however many processes send.

Each process says every second that it is there, and takes an equal part of each limit. Who comes in waits
until all others have made room; who may take more, because another left, waits until what that one sent has
left every window. So the limits hold at each moment, without a word between the processes for each message.
"""

import asyncio
from collections import deque
from datetime import timedelta
from uuid import uuid4

import structlog

from bot.relay.chats import GROUP_MARGIN, GROUP_WINDOW
from bot.relay.gate import WINDOW, Gate
from bot.services.ports import Clock, Deliveries, Workers

log = structlog.get_logger(__name__)

BEAT_SECONDS = 1.0
PRESENT = timedelta(seconds=5)
"""How long a process that says nothing more counts as being there."""
SILENT_SECONDS = 4.0
"""A process that could not say so for this long stops: soon the others take its part.

It stops by a timer of its own, also while the database lets it wait.
"""
ROOM_SECONDS = SILENT_SECONDS + WINDOW
"""After this long all others know how many there are or have stopped, and what they sent before has left the
window."""
GROUP_ROOM_SECONDS = ROOM_SECONDS + GROUP_WINDOW + GROUP_MARGIN


class Sharing:
    """Sets the share of this process's gate."""

    def __init__(
        self, workers: Workers, deliveries: Deliveries, gate: Gate, channel: str, clock: Clock
    ) -> None:
        self._workers = workers
        self._deliveries = deliveries
        self._gate = gate
        self._channel = channel
        self._clock = clock
        self._name = uuid4().hex
        self._counts: deque[tuple[float, int]] = deque()
        self._joined_at: float | None = None
        self._joined_others = False
        self._silence: asyncio.TimerHandle | None = None
        self._stopped = asyncio.Event()
        self._beating: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Count what went to groups before a restart, say that we are there, and go on saying so."""
        await self._remember_groups()
        await self.beat()
        self._beating = asyncio.create_task(self._beat_often(), name="relay: sharing")

    async def stop(self) -> None:
        """Say that we are no longer there, once what we sent has left the window."""
        if self._beating is not None:
            self._stopped.set()
            await self._beating
        if self._silence is not None:
            self._silence.cancel()
        await self._gate.rest()
        try:
            await self._workers.leave(self._name)
        except Exception:
            log.exception("relay.leave_failed")

    async def beat(self) -> None:
        """Say that we are there, and take our part."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        try:
            moment = self._clock.now()
            count = await self._workers.present(self._name, moment, moment + PRESENT)
        except Exception:
            log.exception("relay.beat_failed")
            if self._joined_at is None:
                self._gate.set_share(0)
            return
        if self._silence is not None:
            self._silence.cancel()
        self._silence = loop.call_at(now + SILENT_SECONDS, self._fall_silent)
        if self._joined_at is None:
            self._joined_at, self._joined_others = loop.time(), count > 1
        self._counts.append((now, count))
        while self._counts[0][0] < now - GROUP_ROOM_SECONDS:
            self._counts.popleft()
        self._gate.set_share(self._share(now, ROOM_SECONDS), self._share(now, GROUP_ROOM_SECONDS))

    def _fall_silent(self) -> None:
        """Send nothing until the others have heard of us again."""
        log.warning("relay.silent")
        self._joined_at = None
        self._gate.set_share(0)

    def _share(self, now: float, room: float) -> float:
        if self._joined_others and self._joined_at is not None and now - self._joined_at < room:
            return 0.0
        return 1 / max(count for at, count in self._counts if at >= now - room)

    async def _beat_often(self) -> None:
        while not self._stopped.is_set():
            try:
                async with asyncio.timeout(BEAT_SECONDS):
                    await self._stopped.wait()
            except TimeoutError:
                await self.beat()

    async def _remember_groups(self) -> None:
        moment, now = self._clock.now(), asyncio.get_running_loop().time()
        since = moment - timedelta(seconds=GROUP_WINDOW + GROUP_MARGIN)
        for chat_id, at in await self._deliveries.started(self._channel, since):
            self._gate.remember(chat_id, [now - (moment - at).total_seconds()])
