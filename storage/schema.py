# SPDX-License-Identifier: EUPL-1.2
"""The state of the tables: bring them up to date, tell where they are, take steps back."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from storage.database import Database
from storage.tables import Base

T = TypeVar("T")

NEWEST = "head"
EMPTY = "base"
"""Before the first step: no tables at all."""

_LOCK = 7305116042
"""A number of our own: processes that start together upgrade one after the other (PostgreSQL)."""


async def upgrade(database: Database, revision: str = NEWEST) -> None:
    """Bring the tables up to date, in one transaction. Does nothing when they are."""
    await _run(database, lambda connection: command.upgrade(_config(connection), revision))


async def downgrade(database: Database, revision: str) -> None:
    """Take steps back to `revision`, or remove all tables (EMPTY) with everything in them."""
    await _run(database, lambda connection: command.downgrade(_config(connection), revision))


async def current(database: Database) -> str | None:
    """Return the revision of the tables, or None where there are none."""
    async with database.engine.connect() as connection:
        return await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())


def newest() -> str | None:
    """Return the revision that this code needs."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def known(revision: str) -> bool:
    """Whether this code knows a revision; one that it does not know was made by newer code."""
    return any(step.revision == revision for step in ScriptDirectory.from_config(_config()).walk_revisions())


async def differences(database: Database) -> list[object]:
    """Return where the tables differ from what the code declares: an empty list is right."""

    def compare(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))

    async with database.engine.connect() as connection:
        return await connection.run_sync(compare)


async def _run(database: Database, step: Callable[[Connection], T]) -> T:
    """Run on a connection that writes; other processes that migrate wait meanwhile."""
    engine = database.engine.execution_options(sqlite_begin="IMMEDIATE")
    async with engine.begin() as connection:
        if not database.is_sqlite:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        return await connection.run_sync(step)


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
