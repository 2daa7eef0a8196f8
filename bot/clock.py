# SPDX-License-Identifier: EUPL-1.2
"""APScheduler: the only place where jobs are named.

Schedules live in our own tables; APScheduler is merely the clock of one leader. A job that comes late is
run once, late, and never dropped in silence.
"""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.services.ports import Leases

log = structlog.get_logger(__name__)

LEADER = "clock"
LEASE = timedelta(seconds=12)
"""How long nothing is planned after the leader was killed, at most."""
RENEW_SECONDS = 3
SHUTDOWN_SECONDS = 20.0
"""How long jobs that run may take to end at shutdown."""


class SystemClock:
    """The time of this machine."""

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Job:
    """Something to be done again and again: every so many seconds, or at a time of day."""

    name: str
    run: Callable[[], Awaitable[object]]
    every_seconds: float | None = None
    daily_at: tuple[int, int] | None = None
    """Hour and minute in the municipality's zone."""
    everywhere: bool = False
    """Whether each process does it for itself, not only the leader."""


class LeaderClock:
    """Runs the jobs in one process only, however many there are."""

    def __init__(self, leases: Leases, zone: ZoneInfo, clock: SystemClock) -> None:
        self._leases = leases
        self._clock = clock
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:6]}"
        self._scheduler = AsyncIOScheduler(
            timezone=zone,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._leads_until: datetime | None = None
        self._running: set[asyncio.Task[Any]] = set()
        self._stopping = False

    @property
    def leads(self) -> bool:
        """Whether this process runs the jobs now. It does not once its lease has ended, heard of or not."""
        return self._leads_until is not None and self._clock.now() < self._leads_until

    def add(self, job: Job) -> None:
        """Add a job. Unless it is one for everywhere it runs only while this process leads."""
        if job.daily_at is not None:
            trigger = CronTrigger(
                hour=job.daily_at[0], minute=job.daily_at[1], timezone=self._scheduler.timezone
            )
        else:
            trigger = IntervalTrigger(seconds=job.every_seconds or 60)

        async def run() -> None:
            if job.everywhere or self.leads:
                await job.run()

        self._scheduler.add_job(self._guarded(job.name, run), trigger, id=job.name)

    async def start(self) -> None:
        """Stand for leader and start the clock."""
        stand = self._guarded("leader", self._renew)
        await stand()
        self._scheduler.add_job(stand, IntervalTrigger(seconds=RENEW_SECONDS), id="leader")
        self._scheduler.start()

    async def stop(self) -> None:
        """Let what runs end, stop the clock, and let another process lead."""
        self._stopping = True
        if self._running:
            # Shutting the scheduler down cancels its jobs, and a cancelled one may tear a transaction apart.
            await asyncio.wait(self._running, timeout=SHUTDOWN_SECONDS)
        self._scheduler.shutdown(wait=False)
        self._leads_until = None
        try:
            await self._leases.release(LEADER, self._owner)
        except Exception:
            log.exception("clock.release_failed")

    def _guarded(
        self, name: str, work: Callable[[], Awaitable[object]]
    ) -> Callable[[], Coroutine[Any, Any, None]]:
        async def run() -> None:
            task = asyncio.current_task()
            if self._stopping or task is None:
                return
            self._running.add(task)
            try:
                await work()
            except Exception:
                # One failing job must not stop the clock; the next turn tries again.
                log.exception("job.failed", job=name)
            finally:
                self._running.discard(task)

        return run

    async def _renew(self) -> None:
        """Take or renew the lease. Where the database fails, the one that is held runs out by itself."""
        now = self._clock.now()
        held = await self._leases.hold(LEADER, self._owner, now, now + LEASE)
        self._leads_until = now + LEASE if held else None
