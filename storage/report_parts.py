# SPDX-License-Identifier: EUPL-1.2
"""What belongs to a report: pictures, followers, and the small facts that are set one by one."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.report import PhotoRole
from storage.tables.reports import ReportFollowerRow, ReportPhotoRow, ReportRow
from storage.upsert import affected, insert_into


class SqlReportParts:
    """The part of the reports that touches one thing at a time."""

    _session: AsyncSession

    async def add_photo(self, report_id: int, media_id: str, role: PhotoRole, now: datetime) -> bool:
        """Keep a picture; False when it was there."""
        added = await self._session.execute(
            insert_into(self._session, ReportPhotoRow)
            .values(report_id=report_id, media_id=media_id, role=role.value, at=now)
            .on_conflict_do_nothing()
        )
        return affected(added) == 1

    async def remove_photo(self, report_id: int, media_id: str) -> None:
        """Let a picture go."""
        await self._session.execute(
            delete(ReportPhotoRow).where(
                ReportPhotoRow.report_id == report_id, ReportPhotoRow.media_id == media_id
            )
        )

    async def follow(self, report_id: int, person_id: int, now: datetime) -> bool:
        """Let somebody follow it; False when they did."""
        added = await self._session.execute(
            insert_into(self._session, ReportFollowerRow)
            .values(report_id=report_id, person_id=person_id, at=now)
            .on_conflict_do_nothing()
        )
        return affected(added) == 1

    async def unfollow(self, report_id: int, person_id: int) -> None:
        """Stop following."""
        await self._session.execute(
            delete(ReportFollowerRow).where(
                ReportFollowerRow.report_id == report_id, ReportFollowerRow.person_id == person_id
            )
        )

    async def followers(self, report_id: int) -> Sequence[int]:
        """Return who follows it, the reporter not counted."""
        rows = await self._session.execute(
            select(ReportFollowerRow.person_id)
            .where(ReportFollowerRow.report_id == report_id)
            .order_by(ReportFollowerRow.at, ReportFollowerRow.person_id)
        )
        return list(rows.scalars())

    async def set_area(self, report_id: int, area: str) -> None:
        """Say in which area it is."""
        await self._set(report_id, area=area)

    async def set_kind(self, report_id: int, kind: str) -> None:
        """Say which kind it is."""
        await self._set(report_id, kind=kind)

    async def assign(self, report_id: int, person_id: int | None) -> None:
        """Say who takes care of it."""
        await self._set(report_id, assigned_to=person_id)

    async def set_due(self, report_id: int, due_at: datetime) -> None:
        """Expect it by another moment."""
        await self._set(report_id, due_at=due_at)

    async def _set(self, report_id: int, **values: object) -> None:
        await self._session.execute(update(ReportRow).where(ReportRow.id == report_id).values(**values))
