# SPDX-License-Identifier: EUPL-1.2
"""SQLite under SQLAlchemy's asyncio engine, without a hop to a thread for what takes microseconds.

aiosqlite sends every call to a thread: four for one statement, about 0.13 ms of processor time each, a
hundred times what SQLite itself needs to find or insert a row. So a SELECT and an INSERT of one row run at
once. What can take longer goes to a thread: many rows, UPDATE and DELETE, waiting for another writer,
COMMIT with its fsync, and a SELECT that turns out to be long.

The classes have the methods of aiosqlite that SQLAlchemy's `sqlite+aiosqlite` dialect calls.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, Self, TypeVar

T = TypeVar("T")

QUICK_STEPS = 20_000
"""How many steps of SQLite's machine a SELECT may take at once: about a millisecond."""


class _LongSelectError(Exception):
    """A SELECT has used up its steps and is to be repeated in a thread."""


async def _in_thread(call: Callable[[], T]) -> T:
    """Run in a thread. When cancelled, wait for its end first: a connection has one user at a time."""
    future = asyncio.get_running_loop().run_in_executor(None, call)
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError:
        await asyncio.wait([future])
        raise


class Cursor:
    """A cursor that fetches all rows with the statement."""

    arraysize = 1

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._cursor = connection.cursor()
        self._rows: list[Any] = []

    async def __aenter__(self) -> Self:
        """Return itself: there is nothing to open."""
        return self

    @property
    def description(self) -> Any:
        """The columns of the result."""
        return self._cursor.description

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""
        return self._cursor.rowcount

    @property
    def lastrowid(self) -> int | None:
        """The number of the row that was inserted last."""
        return self._cursor.lastrowid

    async def execute(self, statement: str, parameters: Sequence[Any] = ()) -> Self:
        """Run one statement, at once where it is surely quick."""
        verb = statement[:6].upper()
        if verb == "SELECT":
            try:
                self._select(statement, parameters)
            except _LongSelectError:
                await _in_thread(lambda: self._run(statement, parameters))
        elif verb == "INSERT" and "SELECT" not in statement:
            self._run(statement, parameters)
        else:
            await _in_thread(lambda: self._run(statement, parameters))
        return self

    async def executemany(self, statement: str, parameters: Sequence[Sequence[Any]]) -> Self:
        """Run a statement for many rows."""
        await _in_thread(lambda: self._cursor.executemany(statement, parameters))
        return self

    async def fetchall(self) -> list[Any]:
        """Return the rows of the statement."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """End the statement."""
        self._cursor.close()

    def _run(self, statement: str, parameters: Sequence[Any]) -> None:
        self._cursor.execute(statement, parameters)
        if self._cursor.description is not None:
            self._rows = self._cursor.fetchall()

    def _select(self, statement: str, parameters: Sequence[Any]) -> None:
        """Run a SELECT that is stopped when it takes long: nothing is lost by repeating it."""
        self._connection.set_progress_handler(_stop, QUICK_STEPS)
        try:
            self._run(statement, parameters)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                raise _LongSelectError from error
            raise
        finally:
            self._connection.set_progress_handler(None, 0)


def _stop() -> int:
    return 1


class Connection:
    """A connection that one transaction uses at a time."""

    def __init__(self, connection: sqlite3.Connection, busy_timeout: float) -> None:
        self._connection: sqlite3.Connection | None = connection
        self._busy_ms = int(busy_timeout * 1000)

    @property
    def isolation_level(self) -> str | None:
        """None always: transactions begin with `begin`, not with the first statement."""
        return None

    @property
    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            raise ValueError("no active connection")
        return self._connection

    def cursor(self) -> Cursor:
        """Return a new cursor."""
        return Cursor(self._open)

    async def begin(self, mode: str) -> None:
        """Begin a transaction (DEFERRED or IMMEDIATE); wait in a thread while another process writes."""
        connection = self._open
        try:
            connection.execute(f"BEGIN {mode}")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            await _in_thread(lambda: self._begin_patiently(connection, mode))

    def _begin_patiently(self, connection: sqlite3.Connection, mode: str) -> None:
        connection.execute(f"PRAGMA busy_timeout={self._busy_ms}")
        try:
            connection.execute(f"BEGIN {mode}")
        finally:
            connection.execute("PRAGMA busy_timeout=0")

    async def commit(self) -> None:
        """Commit, and wait until it is on the disk."""
        connection = self._open
        if connection.in_transaction:
            await _in_thread(connection.commit)

    async def rollback(self) -> None:
        """Roll back."""
        if self._open.in_transaction:
            self._open.rollback()

    async def create_function(self, *arguments: Any, **options: Any) -> None:
        """Make a Python function known to SQL."""
        self._open.create_function(*arguments, **options)

    async def close(self) -> None:
        """Close; closing twice does no harm."""
        self.stop()

    def stop(self) -> None:
        """Close at once."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


async def connect(path: str, *, uri: bool, busy_timeout: float) -> Connection:
    """Open a database file. `busy_timeout` (seconds) is how long BEGIN waits for another process."""
    connection = sqlite3.connect(
        path, uri=uri, timeout=0, isolation_level=None, check_same_thread=False, cached_statements=256
    )
    for pragma in (
        "foreign_keys=ON",
        f"busy_timeout={int(busy_timeout * 1000)}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "busy_timeout=0",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return Connection(connection, busy_timeout)
