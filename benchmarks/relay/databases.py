# SPDX-License-Identifier: EUPL-1.2
"""Fresh databases for a run, with all tables: a SQLite file, and a PostgreSQL of our own."""

import asyncio
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from servers import PostgreSql  # noqa: E402 - found by the line above

from storage.database import Database  # noqa: E402
from storage.schema import upgrade  # noqa: E402

KINDS = ("sqlite", "postgresql")


def make_tables(url: str) -> str:
    """Make all tables, in a thread with an event loop of its own, and return the address."""

    async def run() -> None:
        database = Database(url)
        await upgrade(database)
        await database.close()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, run()).result()
    return url


@contextmanager
def fresh(kind: str) -> Iterator[str]:
    """Give the address of a fresh database.

    SQLite commits durably, as the bot does. The PostgreSQL is that of the tests: without fsync.
    """
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield make_tables(f"sqlite+aiosqlite:///{folder}/relay.db")
        return
    server = PostgreSql()
    try:
        yield make_tables(server.url(server.create()))
    finally:
        server.stop()
