# SPDX-License-Identifier: EUPL-1.2
"""From the planned minute to the wire, with a clock that we set: within a second, and never before."""

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from relaying import KEY, make_worker, until_done

from bot.broadcasting import TICK_SECONDS, Broadcasting
from bot.content.municipality import load_municipality
from bot.domain.person import Role
from bot.domain.schedule import Repeat, Rule
from bot.domain.subscription import SubscriptionState, Topic
from bot.i18n import load_languages
from bot.services.plan_clock import AHEAD
from storage.deliveries import SqlDeliveries
from storage.encryption import Cipher
from storage.unit_of_work import SqlUnitOfWork

ROOT = Path(__file__).parents[2]
SIX = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
"""18:00 in Montfoort."""
TICK = timedelta(seconds=TICK_SECONDS)
READERS = 20


class SetClock:
    def __init__(self):
        self.moment = SIX - timedelta(hours=6)

    def now(self):
        return self.moment


class House:
    """A broadcast that is planned, the clock's job that lets it go, and a worker."""

    def __init__(self, database, telegram):
        self.database = database
        self.clock = SetClock()
        content = ROOT / "content" / "montfoort"
        self.bot = Broadcasting(
            self.work, self.clock, load_municipality(content), load_languages(ROOT / "locales"), content
        )
        self.worker, _ = make_worker(database, telegram.url, 1000, clock=self.clock)

    def work(self):
        return SqlUnitOfWork(self.database, Cipher([KEY]), queued=self.worker.wake)

    async def person(self, number, *roles):
        now = self.clock.now()
        async with self.work() as unit:
            person = await unit.people.add("telegram", number, number, now)
            await unit.people.set_language(person.id, "nl", chosen=True)
            for role in roles:
                await unit.people.grant(person.id, role, None, now)
            await unit.commit()
        async with self.work() as unit:
            return await unit.people.get(person.id)

    async def plan(self, rule):
        manager = await self.person(1, Role.AREA_MANAGER)
        for number in range(100, 100 + READERS):
            await self.bot.subscriptions.set_state(await self.person(number), SubscriptionState.ACTIVE)
        broadcast = await self.bot.broadcasts.begin(manager, Topic.WORKS)
        await self.bot.broadcasts.write(manager, broadcast.id, "nl", "Het water gaat dicht.")
        token = (await self.bot.broadcasts.confirm(manager, broadcast.id)).token
        await self.bot.planning.plan(manager, broadcast.id, token, rule, without=frozenset())


@pytest.fixture
async def house(sqlite_database, telegram):
    house = House(sqlite_database, telegram)
    yield house
    await house.worker.stop()


@pytest.mark.parametrize("phase", [0.0, 0.001, 0.25, 0.499])
async def test_what_is_planned_for_six_is_sent_within_a_second_of_six(house, telegram, phase):
    """However the ticks of the clock happen to fall. It is released before, and leaves at six: not before."""
    await house.plan(Rule(date(2026, 11, 23), time(18)))
    house.clock.moment = SIX - AHEAD - 3 * TICK + timedelta(seconds=phase)
    while not await house.bot.plan_clock.tick():
        house.clock.moment += TICK
    assert house.clock.moment <= SIX - AHEAD + TICK
    house.clock.moment = SIX - timedelta(milliseconds=1)
    outbox, hold = SqlDeliveries(house.database, Cipher([KEY])), timedelta(seconds=1)
    early = await outbox.lease("early", 100, house.clock.moment, hold)
    assert {each.recipient.address.chat_id for each in early} <= {1}  # the report to the gebiedsmanager
    house.clock.moment = SIX
    await house.worker.start()
    async with asyncio.timeout(10):
        while not all(telegram.tries[number] for number in range(100, 100 + READERS)):
            telegram.some.clear()
            await telegram.some.wait()
    assert all(telegram.tries[number] == 1 for number in range(100, 100 + READERS))


@pytest.mark.parametrize(
    ("day", "at"),
    [
        (date(2027, 3, 28), datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ],
)
async def test_half_past_two_is_sent_once_on_the_days_when_the_clock_changes(house, telegram, day, at):
    """A night in steps of five minutes, each with two leaders that tick at the same moment."""
    house.clock.moment = datetime.combine(day - timedelta(days=1), time(12), UTC)
    await house.plan(Rule(day, time(2, 30), Repeat.WEEKLY))
    house.clock.moment = datetime.combine(day, time(0), UTC)
    await house.worker.start()
    released = []
    while house.clock.moment < datetime.combine(day, time(3), UTC):
        ticks = await asyncio.gather(house.bot.plan_clock.tick(), house.bot.plan_clock.tick())
        released += [house.clock.moment] * sum(ticks)
        if any(ticks):  # a worker whose minutes fly by would lose what it holds
            await asyncio.wait_for(until_done(house.database, 0.02), 10)
        house.clock.moment += timedelta(minutes=5)
    assert released == [at]
    assert all(telegram.tries[number] == 1 for number in range(100, 100 + READERS))
