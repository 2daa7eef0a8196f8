# SPDX-License-Identifier: EUPL-1.2
"""Which processes send at present: a lease each, so that they share one bot's limits."""

from datetime import datetime

from sqlalchemy import delete, func, select

from storage.database import Database
from storage.tables.leases import LeaseRow
from storage.upsert import insert_into

PREFIX = "relay worker "


class SqlWorkers:
    """The workers that are there, in the table of leases. Each call is a transaction of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def present(self, name: str, now: datetime, until: datetime) -> int:
        """Say that the worker `name` is there until then; returns how many are, with this one."""
        async with self._database.writing() as session:
            await session.execute(
                delete(LeaseRow).where(LeaseRow.name.startswith(PREFIX), LeaseRow.until <= now)
            )
            await session.execute(
                insert_into(session, LeaseRow)
                .values(name=PREFIX + name, owner=name, until=until)
                .on_conflict_do_update(index_elements=[LeaseRow.name], set_={"until": until})
            )
            await session.commit()
        # Counted after the commit: of two that come in at the same moment, at least one sees both.
        async with self._database.reading() as session:
            count = await session.scalar(
                select(func.count()).select_from(LeaseRow).where(LeaseRow.name.startswith(PREFIX))
            )
            return int(count or 0)

    async def leave(self, name: str) -> None:
        """Say that this one is no longer there."""
        async with self._database.writing() as session:
            await session.execute(delete(LeaseRow).where(LeaseRow.name == PREFIX + name))
            await session.commit()
