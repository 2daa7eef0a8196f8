# SPDX-License-Identifier: EUPL-1.2
"""The connection to SQLite or PostgreSQL, chosen by the address alone."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from sqlalchemy import URL, Connection, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.util import await_only

from storage import sqlite_driver

BUSY_TIMEOUT = 10.0
"""How many seconds SQLite waits for another process that is writing."""


class Database:
    """An engine and its sessions.

    SQLite has one writer. A transaction that reads first and writes later fails there when another one
    wrote in between, whatever the waiting time. So every writing session begins as a writer
    (BEGIN IMMEDIATE), and those of this process queue up in order. Nothing slow (no network) may
    happen inside a session.
    """

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine: AsyncEngine = (
            _sqlite_engine(self.url)
            if self.is_sqlite
            else create_async_engine(self.url, pool_size=10, pool_pre_ping=True)
        )
        self._turn = asyncio.Lock()
        self._writer: asyncio.Task[object] | None = None
        self._readers = async_sessionmaker(self.engine, expire_on_commit=False)
        self._writers = async_sessionmaker(
            self.engine.execution_options(sqlite_begin="IMMEDIATE"), expire_on_commit=False
        )

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """Open a session that may write. Leaving it without `commit` rolls back.

        On SQLite it raises RuntimeError when this task is writing already: it would wait for itself.
        """
        if not self.is_sqlite:
            async with self._writers() as session:
                yield session
            return
        task = asyncio.current_task()
        if self._writer is not None and self._writer is task:
            raise RuntimeError("a transaction was begun inside another one: end the first one before")
        async with self._turn, self._writers() as session:
            self._writer = task
            try:
                yield session
            finally:
                self._writer = None

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """Open a session that only reads: it waits for nobody."""
        async with self._readers() as session:
            yield session

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


def _sqlite_engine(url: URL) -> AsyncEngine:
    """Make an engine on our own driver, whose transactions begin where we say so."""

    async def create() -> sqlite_driver.Connection:
        return await sqlite_driver.connect(
            url.database or ":memory:", uri="uri" in url.query, busy_timeout=BUSY_TIMEOUT
        )

    engine = create_async_engine(url, async_creator=create)

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Connection) -> None:
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        driver = cast(sqlite_driver.Connection, connection.connection.driver_connection)
        try:
            await_only(driver.begin(mode))
        except sqlite3.OperationalError as error:
            raise OperationalError(f"BEGIN {mode}", None, error) from error

    return engine
