# SPDX-License-Identifier: EUPL-1.2
"""Migrations: up, down, up, and no difference from what the code declares."""

import asyncio

import pytest
from servers import PostgreSql
from sqlalchemy import inspect

from storage import schema
from storage.database import Database
from storage.tables import Base


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
async def empty(request, tmp_path):
    if request.param == "sqlite":
        database = Database(f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}")
        yield database
        await database.close()
        return
    server: PostgreSql = request.getfixturevalue("postgresql_server")
    name = server.create()
    database = Database(server.url(name))
    yield database
    await database.close()
    server.drop(name)


async def tables(database: Database) -> set[str]:
    async with database.engine.connect() as connection:
        return set(await connection.run_sync(lambda sync: inspect(sync).get_table_names()))


async def test_up_down_up(empty):
    assert await schema.current(empty) is None
    await schema.upgrade(empty)
    assert await schema.current(empty) == schema.newest()
    assert await tables(empty) == {*Base.metadata.tables, "alembic_version"}
    await schema.downgrade(empty, schema.EMPTY)
    assert await tables(empty) == {"alembic_version"}
    assert await schema.current(empty) is None
    await schema.upgrade(empty)
    assert await tables(empty) == {*Base.metadata.tables, "alembic_version"}


async def test_each_step_goes_up_and_down_alone(empty):
    await schema.upgrade(empty, "0001")
    before = await tables(empty)
    await schema.upgrade(empty, "0002")
    assert await tables(empty) > before
    await schema.downgrade(empty, "0001")
    assert await tables(empty) == before


async def test_migrations_make_what_the_code_declares(empty):
    await schema.upgrade(empty)
    assert await schema.differences(empty) == []


async def test_upgrading_twice_at_once_is_upgrading_once(empty):
    other = Database(empty.url.render_as_string(hide_password=False))
    await asyncio.gather(schema.upgrade(empty), schema.upgrade(other))
    assert await schema.current(other) == schema.newest()
    await other.close()


async def test_a_step_that_fails_leaves_nothing(empty, monkeypatch):
    """The second step breaks: the tables of the first are not there either."""
    await schema.upgrade(empty)
    await schema.downgrade(empty, schema.EMPTY)

    def broken(connection):
        schema.command.upgrade(schema._config(connection), "0001")
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        await schema._run(empty, broken)
    assert await tables(empty) == {"alembic_version"}


@pytest.mark.parametrize("table", ["people", "questions", "outbox_deliveries"])
async def test_sqlite_never_gives_a_number_out_again(sqlite_database, table):
    async with sqlite_database.engine.connect() as connection:
        made = await connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)
        )
        assert "AUTOINCREMENT" in made.scalar_one()
