# SPDX-License-Identifier: EUPL-1.2
"""Named leases: of several processes, one leads."""

from datetime import datetime

from sqlalchemy import delete, or_, update

from storage.database import Database
from storage.tables.leases import LeaseRow
from storage.upsert import affected, insert_into


class SqlLeases:
    """Leases in the database. Each call is a transaction of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def hold(self, name: str, owner: str, now: datetime, until: datetime) -> bool:
        """Take or renew the lease. False when another owner holds it."""
        async with self._database.writing() as session:
            renewed = await session.execute(
                update(LeaseRow)
                .where(LeaseRow.name == name, or_(LeaseRow.owner == owner, LeaseRow.until <= now))
                .values(owner=owner, until=until)
                .execution_options(synchronize_session=False)
            )
            held = affected(renewed) == 1
            if not held:
                taken = await session.execute(
                    insert_into(session, LeaseRow)
                    .values(name=name, owner=owner, until=until)
                    .on_conflict_do_nothing()
                )
                held = affected(taken) == 1
            await session.commit()
            return held

    async def release(self, name: str, owner: str) -> None:
        """Give it back. Does nothing when another owner holds it."""
        async with self._database.writing() as session:
            await session.execute(delete(LeaseRow).where(LeaseRow.name == name, LeaseRow.owner == owner))
            await session.commit()
