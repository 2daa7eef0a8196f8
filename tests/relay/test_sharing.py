# SPDX-License-Identifier: EUPL-1.2
"""Several processes and one bot's limits, in virtual time: they come, leave, hang and are killed."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from virtual_time import run

from bot.relay.chats import GROUP_LIMIT, GROUP_WINDOW
from bot.relay.gate import WINDOW, Gate
from bot.relay.senders import HeldBackError
from bot.relay.sharing import GROUP_ROOM_SECONDS, ROOM_SECONDS, SILENT_SECONDS, Sharing
from storage.workers import SqlWorkers

RATE = 12
EPOCH = datetime(2026, 11, 23, tzinfo=UTC)


class LoopClock:
    """The time of the loop, as a date."""

    def now(self):
        return EPOCH + timedelta(seconds=asyncio.get_running_loop().time())


class Table:
    """The table of leases that all processes see. It may let a process wait, or refuse it."""

    def __init__(self):
        self.until = {}

    async def present(self, name, now, until):
        self.until = {each: end for each, end in self.until.items() if end > now}
        self.until[name] = until
        return len(self.until)

    async def leave(self, name):
        self.until.pop(name, None)


class Line:
    """One process's way to the table. `delay` is how long it waits for each answer."""

    def __init__(self, table):
        self.table = table
        self.delay = 0.0
        self.refuses = False

    async def present(self, name, now, until):
        await asyncio.sleep(self.delay)
        if self.refuses:
            raise OSError
        return await self.table.present(name, now, until)

    async def leave(self, name):
        await self.table.leave(name)


class Outbox:
    """Where it is written down what went to groups."""

    def __init__(self, starts):
        self.starts = starts

    async def started(self, channel, since):
        sent = [(chat, EPOCH + timedelta(seconds=at)) for at, chat in self.starts if chat < 0]
        return [(chat, at) for chat, at in sent if at > since]


class Process:
    """One process that sends as much as it may, to people and to one group."""

    def __init__(self, table, starts, people):
        self.line = Line(table)
        self.gate = Gate(RATE)
        self.sharing = Sharing(self.line, Outbox(starts), self.gate, "telegram", LoopClock())
        self.starts = starts
        self.people = people
        self.tasks = []

    async def start(self):
        await self.sharing.start()
        self.tasks = [asyncio.create_task(self._to_people()) for _ in range(2)]
        self.tasks.append(asyncio.create_task(self._to_group()))

    async def _to_people(self):
        while True:
            await self._send(next(self.people))

    async def _to_group(self):
        while True:
            await self._send(-1)

    async def _send(self, chat):
        try:
            await self.gate.wait(chat, 2)
        except HeldBackError as error:
            await asyncio.sleep(min(error.seconds, 1))
        else:
            self.starts.append((asyncio.get_running_loop().time(), chat))

    async def kill(self):
        """End without a word to the others."""
        for task in [*self.tasks, self.sharing._beating]:
            task.cancel()
        if self.sharing._silence is not None:
            self.sharing._silence.cancel()
        await asyncio.gather(*self.tasks, self.sharing._beating, return_exceptions=True)

    async def stop(self):
        """End as it should."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.sharing.stop()


def most_within(times, seconds):
    """Return the most starts in any window of that length."""
    times = sorted(times)
    first = most = 0
    for last, at in enumerate(times):
        while times[first] <= at - seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


def limits_held(starts):
    assert most_within([at for at, _ in starts], WINDOW) <= RATE
    assert most_within([at for at, chat in starts if chat < 0], GROUP_WINDOW) <= GROUP_LIMIT


happenings = st.lists(
    st.tuples(
        st.floats(0.05, 12),
        st.sampled_from(["join", "leave", "kill", "slow", "hang", "refuse", "well"]),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(happenings)
def test_together_they_never_send_more_than_one_may(script):
    async def all_of_it():
        table, starts, people = Table(), [], iter(range(1, 10**9))
        present = [Process(table, starts, people)]
        await present[0].start()
        for after, what, number in script:
            await asyncio.sleep(after)
            process = present[number % len(present)] if present else None
            if what == "join" and len(present) < 4:
                present.append(Process(table, starts, people))
                await present[-1].start()
            elif process is None:
                continue
            elif what in {"leave", "kill"}:
                present.remove(process)
                await (process.stop() if what == "leave" else process.kill())
            else:
                process.line.delay = {"slow": 1.5, "hang": 60.0}.get(what, 0.0)
                process.line.refuses = what == "refuse"
        await asyncio.sleep(5)
        for process in present:
            await process.kill()
        return starts

    limits_held(run(all_of_it()))


def test_two_share_and_who_is_left_takes_all():
    async def all_of_it():
        table, starts, people = Table(), [], iter(range(1, 10**9))
        first, second = (Process(table, starts, people) for _ in range(2))
        await first.start()
        await asyncio.sleep(10)
        await second.start()
        await asyncio.sleep(100)
        await first.stop()
        await asyncio.sleep(100)
        await second.kill()
        return starts

    starts = run(all_of_it())
    limits_held(starts)
    times = [at for at, _ in starts]
    # While the second one comes in, the first sends half; then together, and afterwards the other one, all.
    for begin, end, rate in [(0, 10, RATE), (12, 14, RATE / 2), (18, 108, RATE), (118, 200, RATE)]:
        sent = sum(begin <= at < end for at in times)
        assert sent >= 0.95 * rate * (end - begin), (begin, end)
    in_group = [at for at, chat in starts if chat < 0]
    assert sum(at >= 150 for at in in_group) >= GROUP_LIMIT / 2


def test_a_restart_within_a_second_keeps_the_limit():
    async def all_of_it():
        table, starts, people = Table(), [], iter(range(1, 10**9))
        for _ in range(3):
            process = Process(table, starts, people)
            await process.start()
            await asyncio.sleep(5)
            await process.stop()
        return starts

    limits_held(run(all_of_it()))


@pytest.mark.parametrize("trouble", ["hang", "refuse"])
def test_who_cannot_be_heard_stops_and_comes_back_as_a_newcomer(trouble):
    async def all_of_it():
        table, starts, people = Table(), [], iter(range(1, 10**9))
        process = Process(table, starts, people)
        await process.start()
        await asyncio.sleep(10.5)
        process.line.delay, process.line.refuses = (20.0, False) if trouble == "hang" else (0.0, True)
        await asyncio.sleep(12)
        quiet = [at for at, _ in starts if at > 10.5 + SILENT_SECONDS]
        process.line.delay, process.line.refuses = 0.0, False
        await asyncio.sleep(30)
        await process.kill()
        return quiet, [at for at, _ in starts if at > 45]

    quiet, after = run(all_of_it())
    assert quiet == []
    assert after


def test_a_newcomer_waits_until_the_others_have_made_room():
    async def all_of_it():
        table, starts, people = Table(), [], iter(range(1, 10**9))
        first = Process(table, starts, people)
        await first.start()
        await asyncio.sleep(5)
        newcomer = Process(table, mine := [], people)
        await newcomer.start()
        await asyncio.sleep(GROUP_ROOM_SECONDS + 10)
        for process in (first, newcomer):
            await process.kill()
        return mine

    mine = run(all_of_it())
    assert min(at for at, _ in mine) >= 5 + ROOM_SECONDS
    assert min(at for at, chat in mine if chat < 0) >= 5 + GROUP_ROOM_SECONDS


async def test_of_many_that_come_in_at_once_at_most_one_thinks_it_is_alone(database_url):
    """Each has connections of its own, as processes have."""
    from storage.database import Database

    databases = [Database(database_url) for _ in range(4)]
    now = datetime.now(UTC)
    counts = await asyncio.gather(
        *(
            SqlWorkers(each).present(str(number), now, now + timedelta(seconds=5))
            for number, each in enumerate(databases)
        )
    )
    again = [
        await SqlWorkers(each).present(str(number), now, now + timedelta(seconds=5))
        for number, each in enumerate(databases)
    ]
    for each in databases:
        await each.close()
    assert counts.count(1) <= 1
    assert again == [4] * 4


async def test_who_says_nothing_more_is_forgotten_and_who_leaves_too(sqlite_database):
    workers, now = SqlWorkers(sqlite_database), datetime.now(UTC)
    later = now + timedelta(seconds=5)
    assert await workers.present("silent", now, later) == 1
    assert await workers.present("leaving", now, later) == 2
    await workers.leave("leaving")
    assert await workers.present("staying", now, later) == 2
    assert await workers.present("staying", later, later + timedelta(seconds=5)) == 1
