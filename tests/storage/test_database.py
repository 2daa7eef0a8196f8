# SPDX-License-Identifier: EUPL-1.2
# ruff: noqa: S608 (statements of our own)
"""Transactions on both databases, and our own driver for SQLite."""

import asyncio
import sqlite3
import threading
import time

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from storage import sqlite_driver
from storage.database import Database

LONG = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {}) "


async def leases(database):
    async with database.reading() as session:
        return (await session.execute(text("SELECT count(*) FROM leases"))).scalar_one()


async def add(session, name):
    await session.execute(
        text("INSERT INTO leases (name, owner, until) VALUES (:name, 'a', '2026-01-01')"), {"name": name}
    )


async def test_leaving_without_commit_rolls_back(sqlite_database):
    async with sqlite_database.writing() as session:
        await add(session, "a")
    assert await leases(sqlite_database) == 0
    async with sqlite_database.writing() as session:
        await add(session, "a")
        await session.commit()
    assert await leases(sqlite_database) == 1


async def test_read_then_write_by_many_never_fails_or_loses(sqlite_url):
    """Three connections of their own, as three processes have, each adding one to a number."""
    databases = [Database(sqlite_url) for _ in range(3)]
    async with databases[0].writing() as session:
        await add(session, "0")
        await session.commit()

    async def count(database):
        for _ in range(10):
            async with database.writing() as session:
                number = int((await session.execute(text("SELECT name FROM leases"))).scalar_one())
                await asyncio.sleep(0)
                await session.execute(text("UPDATE leases SET name = :name"), {"name": str(number + 1)})
                await session.commit()

    await asyncio.gather(*(count(database) for database in databases))
    async with databases[0].reading() as session:
        assert (await session.execute(text("SELECT name FROM leases"))).scalar_one() == "30"
    for database in databases:
        await database.close()


async def test_a_reader_waits_for_nobody_and_sees_one_moment(sqlite_database):
    async with sqlite_database.reading() as reader:
        assert (await reader.execute(text("SELECT count(*) FROM leases"))).scalar_one() == 0
        async with sqlite_database.writing() as writer:
            await add(writer, "a")
            await writer.commit()
        assert (await reader.execute(text("SELECT count(*) FROM leases"))).scalar_one() == 0
    assert await leases(sqlite_database) == 1


async def test_foreign_keys_hold(sqlite_database):
    async with sqlite_database.writing() as session:
        with pytest.raises(IntegrityError):
            await session.execute(
                text("INSERT INTO question_lines (question_id, author, at) VALUES (99, 'a', '2026-01-01')")
            )


async def test_another_process_that_writes_is_waited_for_without_stopping_the_loop(sqlite_database):
    """A connection of the standard library stands for the other process; it ends after a while."""
    held, release = threading.Event(), threading.Event()

    def other_process():
        connection = sqlite3.connect(sqlite_database.url.database, isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        held.set()
        release.wait(10)
        connection.execute("COMMIT")
        connection.close()

    thread = threading.Thread(target=other_process)
    thread.start()
    await asyncio.to_thread(held.wait, 10)

    async def write():
        async with sqlite_database.writing() as session:
            await add(session, "a")
            await session.commit()

    writing = asyncio.create_task(write())
    for _ in range(5):
        await asyncio.sleep(0.01)
    assert not writing.done()
    release.set()
    await writing
    await asyncio.to_thread(thread.join)
    assert await leases(sqlite_database) == 1


async def test_waiting_has_an_end(sqlite_url, monkeypatch):
    monkeypatch.setattr("storage.database.BUSY_TIMEOUT", 0.05)
    database = Database(sqlite_url)
    other = sqlite3.connect(database.url.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"):
        async with database.writing() as session:
            await add(session, "a")
    other.execute("ROLLBACK")
    other.close()
    async with database.writing() as session:
        await add(session, "a")
        await session.commit()
    await database.close()


async def test_a_transaction_inside_another_is_refused(sqlite_database):
    async with sqlite_database.writing():
        with pytest.raises(RuntimeError, match="inside another"):
            async with sqlite_database.writing():
                pass
    async with sqlite_database.writing() as session:
        await add(session, "a")
        await session.commit()
    assert await leases(sqlite_database) == 1


@pytest.fixture
async def connection(tmp_path):
    connection = await sqlite_driver.connect(str(tmp_path / "x.db"), uri=False, busy_timeout=1)
    await connection.cursor().execute("CREATE TABLE t (a INTEGER)")
    yield connection
    await connection.close()


async def threads_of(connection, statement):
    """Run a statement; return the threads in which SQLite called back."""
    seen = set()

    def here():
        seen.add(threading.get_ident())
        return 1

    await connection.create_function("here", 0, here)
    cursor = connection.cursor()
    await cursor.execute(statement)
    return seen, await cursor.fetchall()


async def test_a_short_select_and_an_insert_run_at_once(connection):
    main = {threading.get_ident()}
    assert await threads_of(connection, "SELECT here()") == (main, [(1,)])
    assert await threads_of(connection, "INSERT INTO t VALUES (here())") == (main, [])


@pytest.mark.parametrize(
    "statement",
    ["UPDATE t SET a = here()", "DELETE FROM t WHERE here()", "INSERT INTO t SELECT here() FROM t"],
)
async def test_what_may_take_long_runs_in_a_thread(connection, statement):
    await connection.cursor().execute("INSERT INTO t VALUES (1)")
    seen, _ = await threads_of(connection, statement)
    assert seen
    assert threading.get_ident() not in seen


async def test_a_long_select_moves_to_a_thread_and_is_whole(connection):
    for _ in range(10):
        await connection.cursor().execute("INSERT INTO t VALUES (1)")
    joined = "SELECT count(*), here() FROM t " + " ".join(f"JOIN t t{n} ON 1" for n in range(4))
    seen, rows = await threads_of(connection, joined)
    assert rows == [(100_000, 1)]
    assert seen - {threading.get_ident()}


async def test_a_long_select_leaves_the_event_loop_free(sqlite_database):
    ticks, stop = 0, False

    async def tick():
        nonlocal ticks
        while not stop:
            ticks += 1
            await asyncio.sleep(0.001)

    ticking = asyncio.create_task(tick())
    began = time.perf_counter()
    async with sqlite_database.reading() as session:
        statement = "SELECT (" + LONG.format(400_000) + "SELECT count(*) FROM n)"
        assert (await session.execute(text(statement))).scalar_one() == 400_000
    took = time.perf_counter() - began
    stop = True
    await ticking
    assert ticks > took * 1000 / 50


async def test_a_mistake_in_a_select_is_an_error(sqlite_database):
    async with sqlite_database.reading() as session:
        with pytest.raises(OperationalError, match="no such table"):
            await session.execute(text("SELECT * FROM absent"))
        assert (await session.execute(text("SELECT 1"))).scalar_one() == 1


async def test_cancelled_while_writing_rolls_back_and_frees_the_turn(sqlite_database):
    async def write():
        async with sqlite_database.writing() as session:
            await add(session, "a")
            await session.execute(
                text(
                    "UPDATE leases SET owner = (" + LONG.format(300_000) + "SELECT count(*) FROM n)",
                )
            )
            await session.commit()

    task = asyncio.create_task(write())
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await leases(sqlite_database) == 0
    async with sqlite_database.writing() as session:
        await add(session, "b")
        await session.commit()
    assert await leases(sqlite_database) == 1
