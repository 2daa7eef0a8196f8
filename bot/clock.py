# SPDX-License-Identifier: EUPL-1.2
"""APScheduler: the only place where jobs are named.

Schedules live in our own tables; APScheduler is merely the clock of one leader. A job that comes late is
run once, late, and never dropped in silence.
"""

import os
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.services.ports import Leases

log = structlog.get_logger(__name__)

LEADER = "clock"
LEASE = timedelta(seconds=30)
RENEW_SECONDS = 10


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
        self._leads = False

    @property
    def leads(self) -> bool:
        """Whether this process runs the jobs now."""
        return self._leads

    def add(self, job: Job) -> None:
        """Add a job. It runs only while this process leads."""
        if job.daily_at is not None:
            trigger = CronTrigger(
                hour=job.daily_at[0], minute=job.daily_at[1], timezone=self._scheduler.timezone
            )
        else:
            trigger = IntervalTrigger(seconds=job.every_seconds or 60)

        async def run() -> None:
            if not self._leads:
                return
            try:
                await job.run()
            except Exception:
                # One failing job must not stop the clock; the next turn tries again.
                log.exception("job.failed", job=job.name)

        self._scheduler.add_job(run, trigger, id=job.name)

    async def start(self) -> None:
        """Stand for leader and start the clock."""
        await self._renew()
        self._scheduler.add_job(self._renew, IntervalTrigger(seconds=RENEW_SECONDS), id="leader")
        self._scheduler.start()

    async def stop(self) -> None:
        """Stop the clock and let another process lead."""
        self._scheduler.shutdown(wait=False)
        if self._leads:
            await self._leases.release(LEADER, self._owner)
        self._leads = False

    async def _renew(self) -> None:
        now = self._clock.now()
        try:
            self._leads = await self._leases.hold(LEADER, self._owner, now, now + LEASE)
        except Exception:
            self._leads = False
            log.exception("clock.lease_failed")
