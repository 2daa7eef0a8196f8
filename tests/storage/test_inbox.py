# SPDX-License-Identifier: EUPL-1.2
# ruff: noqa: PT012 (what fails is a block: that is the point)
"""An update is handled once, together with what it caused."""

import asyncio
from datetime import timedelta

import pytest
from aiogram.fsm.storage.base import StorageKey

from bot.domain.errors import AlreadyHandledError
from storage.database import Database
from storage.fsm import SqlStorage
from storage.inbox import SqlInbox
from storage.unit_of_work import SqlUnitOfWork

KEY = StorageKey(1, 5, 5)


@pytest.fixture
def inbox(database, now):
    return SqlInbox(database, now=lambda: now)


async def greet(work, now, user=5):
    """Do something that is kept."""
    async with work() as unit:
        await unit.people.add("telegram", user, user, now)
        await unit.commit()


async def known(work, user=5):
    async with work() as unit:
        return await unit.people.at("telegram", user) is not None


async def test_marked_with_the_first_commit(inbox, work, now):
    assert not await inbox.seen(1, 100)
    async with inbox.handling(1, 100):
        assert not await inbox.seen(1, 100)
        await greet(work, now)
        assert await inbox.seen(1, 100)
        await greet(work, now, 6)
    assert await known(work)
    assert await known(work, 6)
    assert not await inbox.seen(2, 100)


async def test_marked_at_the_end_of_a_block_without_commit(inbox):
    async with inbox.handling(1, 100):
        assert not await inbox.seen(1, 100)
    assert await inbox.seen(1, 100)


async def test_a_failure_before_any_commit_lets_it_come_again(inbox, work, now):
    with pytest.raises(ZeroDivisionError):
        async with inbox.handling(1, 100):
            async with work() as unit:
                await unit.people.add("telegram", 5, 5, now)
            raise ZeroDivisionError
    assert not await inbox.seen(1, 100)
    assert not await known(work)
    async with inbox.handling(1, 100):
        await greet(work, now)
    assert await known(work)


async def test_a_failure_after_a_commit_does_not(inbox, work, now):
    with pytest.raises(ZeroDivisionError):
        async with inbox.handling(1, 100):
            await greet(work, now)
            raise ZeroDivisionError
    assert await inbox.seen(1, 100)


async def test_cancelling_before_any_commit_lets_it_come_again(inbox):
    async def handle():
        async with inbox.handling(1, 100):
            await asyncio.Event().wait()

    task = asyncio.create_task(handle())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not await inbox.seen(1, 100)


async def test_the_second_time_everything_is_taken_back(inbox, work, now):
    async with inbox.handling(1, 100):
        await greet(work, now)
    with pytest.raises(AlreadyHandledError):
        async with inbox.handling(1, 100):
            await greet(work, now, 6)
    assert not await known(work, 6)
    with pytest.raises(AlreadyHandledError):
        async with inbox.handling(1, 100):
            pass


async def test_swallowing_the_error_does_not_help(inbox, work, now):
    async with inbox.handling(1, 100):
        pass
    with pytest.raises(AlreadyHandledError):
        async with inbox.handling(1, 100):
            with pytest.raises(AlreadyHandledError):
                await greet(work, now)
    assert not await known(work)


async def test_of_two_processes_one_handles_it(database_url, cipher, now):
    """Each has its own connections; both begin before either has committed."""
    both_began = asyncio.Barrier(2)

    async def process(user):
        database = Database(database_url)
        try:
            async with SqlInbox(database).handling(1, 100):
                await both_began.wait()
                await greet(lambda: SqlUnitOfWork(database, cipher), now, user)
        except AlreadyHandledError:
            return "second"
        else:
            return "first"
        finally:
            await database.close()

    assert sorted(await asyncio.gather(process(5), process(6))) == ["first", "second"]
    database = Database(database_url)
    found = [await known(lambda: SqlUnitOfWork(database, cipher), user) for user in (5, 6)]
    await database.close()
    assert sorted(found) == [False, True]


async def test_the_fsm_takes_part(inbox, database, cipher, work, now):
    fsm = SqlStorage(database, cipher)
    async with inbox.handling(1, 100):
        await fsm.set_state(KEY, "Form:name")
        assert await inbox.seen(1, 100)
    with pytest.raises(AlreadyHandledError):
        async with inbox.handling(1, 100):
            await fsm.update_data(KEY, {"name": "x"})
    assert (await fsm.get_state(KEY), await fsm.get_data(KEY)) == ("Form:name", {})


async def test_clearing_nothing_writes_nothing(inbox, database, cipher):
    fsm = SqlStorage(database, cipher)
    with pytest.raises(ZeroDivisionError):
        async with inbox.handling(1, 100):
            await fsm.set_state(KEY, None)
            await fsm.set_data(KEY, {})
            raise ZeroDivisionError
    assert not await inbox.seen(1, 100)


async def test_updates_side_by_side_do_not_mix(inbox, work, now):
    async def handle(number):
        async with inbox.handling(1, number):
            await asyncio.sleep(0)
            await greet(work, now, number)

    await asyncio.gather(*(handle(number) for number in range(100, 110)))
    assert all([await inbox.seen(1, number) for number in range(100, 110)])


async def test_two_commits_of_one_update_at_once(inbox, work, now):
    async with inbox.handling(1, 100):
        await asyncio.gather(*(greet(work, now, user) for user in range(5, 10)))
    assert all([await known(work, user) for user in range(5, 10)])


async def test_a_task_that_outlives_the_update_marks_nothing(inbox, work, now):
    go_on = asyncio.Event()

    async def later():
        await go_on.wait()
        await greet(work, now)

    with pytest.raises(ZeroDivisionError):
        async with inbox.handling(1, 100):
            task = asyncio.create_task(later())
            raise ZeroDivisionError
    go_on.set()
    await task
    assert await known(work)
    assert not await inbox.seen(1, 100)


async def test_old_updates_are_forgotten(inbox, now):
    async with inbox.handling(1, 100):
        pass
    assert await inbox.prune(now) == 0
    assert await inbox.prune(now + timedelta(seconds=1)) == 1
    assert not await inbox.seen(1, 100)
