# SPDX-License-Identifier: EUPL-1.2
"""How long after its minute a planned broadcast starts: the clock, the release, the worker and the wire.

The time of day is that of the machine, moved so that 18:00 comes a few seconds after each plan is made.
"""

import argparse
import asyncio
import random
import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from databases import KINDS, ROOT, fresh
from figures import per_second, where
from relaying import KEY, make_worker
from telegram_stand_in import StandIn

from bot.broadcasting import Broadcasting
from bot.clock import LeaderClock, SystemClock
from bot.content.municipality import load_municipality
from bot.domain.person import Person, Role
from bot.domain.schedule import Rule
from bot.domain.subscription import SubscriptionState, Topic
from bot.i18n import load_languages
from storage.database import Database
from storage.encryption import Cipher
from storage.leases import SqlLeases
from storage.unit_of_work import SqlUnitOfWork

ZONE = ZoneInfo("Europe/Amsterdam")
MANAGER = 1


class MovedClock:
    """The time of this machine, moved."""

    def __init__(self) -> None:
        self._shift = timedelta()

    def now(self) -> datetime:
        """Return the moved moment in UTC."""
        return datetime.now(UTC) + self._shift

    def move_to(self, moment: datetime) -> None:
        """Let it be this moment now."""
        self._shift = moment - datetime.now(UTC)


class Town:
    """Subscribers, a gebiedsmanager, the clock's jobs and a worker."""

    def __init__(self, database: Database, server: StandIn) -> None:
        self.clock = MovedClock()
        self.server = server
        self.database = database
        content = ROOT / "content" / "montfoort"
        self.bot = Broadcasting(
            self.work, self.clock, load_municipality(content), load_languages(ROOT / "locales"), content
        )
        self.worker, _ = make_worker(database, server.url, 30, clock=self.clock)
        self.leader = LeaderClock(SqlLeases(database), ZONE, SystemClock())
        for job in self.bot.jobs():
            self.leader.add(job)

    def work(self) -> SqlUnitOfWork:
        """Begin a transaction that wakes the worker."""
        return SqlUnitOfWork(self.database, Cipher([KEY]), queued=self.worker.wake)

    async def settle_in(self, subscribers: int) -> Person:
        """Make everybody; returns the gebiedsmanager."""
        now = self.clock.now()
        async with self.work() as unit:
            manager = await unit.people.add("telegram", MANAGER, MANAGER, now)
            await unit.people.grant(manager.id, Role.AREA_MANAGER, None, now)
            people = [
                await unit.people.add("telegram", number, number, now)
                for number in range(100, 100 + subscribers)
            ]
            for person in people:
                await unit.people.set_language(person.id, "nl", chosen=True)
            await unit.commit()
        for person in people:
            await self.bot.subscriptions.set_state(person, SubscriptionState.ACTIVE)
        async with self.work() as unit:
            found = await unit.people.get(manager.id)
        if found is None:
            raise RuntimeError("who was just kept is not there")
        return found

    async def once(self, manager: Person, day: int, wait: float) -> tuple[float, float]:
        """Plan for 18:00 so many seconds ahead; returns how late the first ones came, and the rate after."""
        evening = datetime(2027, 1, 4, 18, 0, tzinfo=ZONE) + timedelta(days=day)
        self.clock.move_to(evening.astimezone(UTC) - timedelta(minutes=5))
        draft = await self.bot.broadcasts.begin(manager, Topic.WORKS)
        await self.bot.broadcasts.write(manager, draft.id, "nl", "Het water gaat dicht.")
        token = (await self.bot.broadcasts.confirm(manager, draft.id)).token
        rule = Rule(evening.date(), evening.time())
        await self.bot.planning.plan(manager, draft.id, token, rule, without=frozenset())
        seen = len(self.server.arrived)
        self.clock.move_to(evening.astimezone(UTC) - timedelta(seconds=wait))
        six = time.monotonic() + wait
        await asyncio.sleep(wait + 4)
        times = [at for at, chat in self.server.arrived[seen:] if chat != MANAGER]
        return times[0] - six, per_second(times)


async def measure(url: str, subscribers: int, times: int) -> None:
    """Plan so many broadcasts, one after the other, and print how late they started."""
    server = StandIn(latency=0.02)
    await server.start()
    town = Town(Database(url), server)
    manager = await town.settle_in(subscribers)
    await town.worker.start()
    await town.leader.start()
    rng = random.Random(1)
    late = []
    for day in range(times):
        seconds, rate = await town.once(manager, day, 2 + rng.random())
        late.append(seconds)
        print(f"  {seconds:.3f} s after 18:00, then {rate:.1f} a second", flush=True)
        async with town.work() as unit:  # the rest of this one is not needed
            for run in await unit.plans.reporting():
                await unit.told.cancel(run[0].reason, all_or_none=False)
            await unit.commit()
    await town.leader.stop()
    await town.worker.stop()
    await town.database.close()
    await server.stop()
    earliest, latest = min(late), max(late)
    print(f"{subscribers} subscribers, {times} times: from {earliest:.3f} to {latest:.3f} s after 18:00")


def main() -> None:
    """Run on one database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=KINDS, default="sqlite")
    parser.add_argument("--subscribers", type=int, default=3000)
    parser.add_argument("--times", type=int, default=10)
    options = parser.parse_args()
    print(where(), options, sep="\n")
    with fresh(options.database) as url:
        asyncio.run(measure(url, options.subscribers, options.times))


if __name__ == "__main__":
    main()
