# SPDX-License-Identifier: EUPL-1.2
"""What tests of several parts need: databases of either kind, fresh for each test, and servers.

A server starts once, when the first test asks for it. A database is a copy of one whose tables were made
by the migrations: a few milliseconds.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from engine_fixtures import engine, knowledge, lexicon
from servers import PostgreSql, RedisServer

from storage.database import Database
from storage.encryption import Cipher
from storage.schema import upgrade

__all__ = ["engine", "knowledge", "lexicon"]

KEY = b"a secret key of the tests, 32 by"


def _migrate(url: str) -> None:
    """Make the tables, in a thread with an event loop of its own."""

    async def run() -> None:
        database = Database(url)
        await upgrade(database)
        await database.close()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, run()).result()


@pytest.fixture
def cipher() -> Cipher:
    """A cipher with one key."""
    return Cipher([KEY])


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgreSql]:
    """A PostgreSQL of our own."""
    server = PostgreSql()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """A Redis of our own."""
    server = RedisServer()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    _migrate(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: PostgreSql) -> str:
    """A PostgreSQL database with all tables."""
    name = postgresql_server.create()
    _migrate(postgresql_server.url(name))
    return name


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a fresh SQLite database with all tables."""
    path = tmp_path / "test.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture
def postgresql_url(postgresql_server: PostgreSql, postgresql_template: str) -> Iterator[str]:
    """The address of a fresh PostgreSQL database with all tables."""
    name = postgresql_server.create(postgresql_template)
    yield postgresql_server.url(name)
    postgresql_server.drop(name)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh database: the test runs on SQLite and on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A fresh database with all tables: the test runs on SQLite and on PostgreSQL."""
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture
async def sqlite_database(sqlite_url: str) -> AsyncIterator[Database]:
    """A fresh SQLite database with all tables, for tests that need no other."""
    database = Database(sqlite_url)
    yield database
    await database.close()
