# SPDX-License-Identifier: EUPL-1.2
"""The clock: jobs run in one process only, late rather than never, and end between transactions."""

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot import clock as clock_module
from bot.clock import LEASE, Job, LeaderClock
from storage.leases import SqlLeases

ZONE = ZoneInfo("Europe/Amsterdam")
QUICK = 0.01


class SetClock:
    def __init__(self):
        self.moment = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)

    def now(self):
        return self.moment


@pytest.fixture
def time_of_day():
    return SetClock()


@pytest.fixture
def leases(sqlite_database):
    return SqlLeases(sqlite_database)


class Counted:
    """A job that counts, and tells when it has run so often."""

    def __init__(self, enough=1):
        self.times = 0
        self.enough = enough
        self.done = asyncio.Event()

    async def run(self):
        self.times += 1
        if self.times >= self.enough:
            self.done.set()


async def within(event):
    await asyncio.wait_for(event.wait(), 10)


async def test_only_one_of_two_runs_the_jobs_and_the_other_takes_over(leases, time_of_day):
    clocks = [LeaderClock(leases, ZONE, time_of_day) for _ in range(2)]
    jobs = [Counted(), Counted()]
    marks = [Counted(3), Counted(3)]
    for clock, job, mark in zip(clocks, jobs, marks, strict=True):
        clock.add(Job("work", job.run, every_seconds=QUICK))
        await clock.start()
        # Not a job of the leader: tells that the scheduler has turned a few times.
        clock._scheduler.add_job(mark.run, "interval", seconds=QUICK, id="mark")
    await within(jobs[0].done)
    await within(marks[1].done)
    assert [clock.leads for clock in clocks] == [True, False]
    assert jobs[1].times == 0
    await clocks[0].stop()
    await clocks[1]._renew()
    await within(jobs[1].done)
    await clocks[1].stop()


async def test_who_was_killed_is_followed_when_the_lease_has_ended(leases, time_of_day):
    killed, next_one = (LeaderClock(leases, ZONE, time_of_day) for _ in range(2))
    await killed._renew()
    time_of_day.moment += LEASE - timedelta(seconds=1)
    await next_one._renew()
    assert (killed.leads, next_one.leads) == (True, False)
    time_of_day.moment += timedelta(seconds=1)
    # The first one knows by itself that its time is over, without a word from the database.
    assert not killed.leads
    await next_one._renew()
    assert next_one.leads


class NoDatabase:
    async def hold(self, *_):
        raise OSError

    async def release(self, *_):
        raise OSError


async def test_without_a_database_nobody_leads_and_the_clock_survives(time_of_day, logged):
    clock = LeaderClock(NoDatabase(), ZONE, time_of_day)
    job = Counted()
    clock.add(Job("work", job.run, every_seconds=QUICK))
    await clock.start()
    assert not clock.leads
    await clock.stop()
    assert job.times == 0
    assert {each["event"] for each in logged} == {"job.failed", "clock.release_failed"}


async def test_a_job_that_fails_is_tried_at_the_next_turn(leases, time_of_day, logged):
    done = Counted(3)

    async def fails():
        await done.run()
        raise LookupError

    clock = LeaderClock(leases, ZONE, time_of_day)
    clock.add(Job("broken", fails, every_seconds=QUICK))
    await clock.start()
    await within(done.done)
    await clock.stop()
    assert {(each["event"], each["job"]) for each in logged} == {("job.failed", "broken")}


async def test_stopping_lets_a_job_end(leases, time_of_day):
    """Cancelled in the middle it could tear a transaction apart."""
    begun, may_end, steps = asyncio.Event(), asyncio.Event(), []

    async def long_one():
        steps.append("begun")
        begun.set()
        await may_end.wait()
        steps.append("ended")

    clock = LeaderClock(leases, ZONE, time_of_day)
    clock.add(Job("long", long_one, every_seconds=QUICK))
    await clock.start()
    await within(begun)
    stopping = asyncio.create_task(clock.stop())
    await asyncio.sleep(0)
    assert not stopping.done()
    assert clock.leads
    may_end.set()
    await stopping
    assert steps == ["begun", "ended"]
    assert not clock.leads


async def test_a_job_that_never_ends_does_not_keep_the_program_from_stopping(
    leases, time_of_day, monkeypatch
):
    monkeypatch.setattr(clock_module, "SHUTDOWN_SECONDS", 0.02)
    begun = asyncio.Event()

    async def endless():
        begun.set()
        await asyncio.Event().wait()

    clock = LeaderClock(leases, ZONE, time_of_day)
    clock.add(Job("endless", endless, every_seconds=QUICK))
    await clock.start()
    await within(begun)
    await asyncio.wait_for(clock.stop(), 5)


@pytest.mark.parametrize("day", [datetime(2027, 3, 28, tzinfo=ZONE), datetime(2026, 10, 25, tzinfo=ZONE)])
async def test_a_daily_job_has_one_turn_on_the_days_when_the_clock_changes(leases, time_of_day, day):
    clock = LeaderClock(leases, ZONE, time_of_day)
    turns = []
    for hour, minute in [(3, 15), (3, 30), (3, 45), (8, 0), (9, 5)]:
        clock.add(Job(f"{hour}:{minute}", Counted().run, daily_at=(hour, minute)))
    for job in clock._scheduler.get_jobs():
        last, now = None, day
        while (following := job.trigger.get_next_fire_time(last, now)) < day + timedelta(days=1):
            turns.append(job.id)
            last = now = following
    assert len(turns) == len(set(turns)) == 5
