# SPDX-License-Identifier: EUPL-1.2
"""Reports and the people behind them: what is told to a person, and what is forgotten or goes by itself."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.report import CLOSED, Actor, PhotoRole
from storage.database import Database
from storage.encryption import Cipher
from storage.report_drafts import SqlDrafts, photos_in
from storage.reports import SqlReports
from storage.tables.broadcasts import BroadcastRow
from storage.tables.media import MediaRow
from storage.tables.reports import (
    ReportChangeRow,
    ReportDraftRow,
    ReportFollowerRow,
    ReportNoteRow,
    ReportPhotoRow,
    ReportRow,
)

PICTURE = "report-photo"
"""The kind of a report's pictures in the media store."""
CARD = "report-card"
"""The kind of pictures made for showing a report."""


async def about_reports(session: AsyncSession, cipher: Cipher, person_id: int) -> object:
    """Return what a person reported, follows and is writing."""
    draft = await SqlDrafts(session, cipher).get(person_id)
    return {
        "reports": [
            {
                "number": report.id,
                "kind": report.kind,
                "state": report.state.value,
                "place": report.place.text,
                "text": report.text,
                "photos": len(report.photos),
                "reported": report.created_at.isoformat(),
                "mine": report.person_id == person_id,
            }
            for report in await SqlReports(session, cipher).of_person(person_id, limit=1_000)
        ],
        "draft": None if draft is None else {"kind": draft.kind, "text": draft.text},
    }


async def forget_reports(session: AsyncSession, person_id: int) -> None:
    """Leave what is the matter where; take away who said it, in which words, with which pictures."""
    own = select(ReportRow.id).where(ReportRow.person_id == person_id)
    await _erase(session, list((await session.execute(own)).scalars()))
    await session.execute(delete(ReportFollowerRow).where(ReportFollowerRow.person_id == person_id))
    await session.execute(delete(ReportDraftRow).where(ReportDraftRow.person_id == person_id))


async def erase_old(database: Database, closed_before: datetime) -> int:
    """Take the words, pictures and reporters of reports that were closed before then; returns how many."""
    old = select(ReportRow.id).where(
        ReportRow.state.in_([state.value for state in CLOSED]),
        ReportRow.changed_at < closed_before,
        ReportRow.language != "",
    )
    async with database.writing() as session:
        found = list((await session.execute(old)).scalars())
        await _erase(session, found)
        await session.execute(delete(ReportFollowerRow).where(ReportFollowerRow.report_id.in_(found)))
        await session.execute(update(ReportRow).where(ReportRow.id.in_(found)).values(language=""))
        await session.commit()
    return len(found)


async def unused_pictures(database: Database, cipher: Cipher, before: datetime) -> Sequence[str]:
    """Return pictures kept before then to which nothing refers: thrown away, or erased.

    Drafts of reports count, and broadcasts: the same before-and-after goes to the reporter and to everybody.
    """
    used = (
        select(ReportPhotoRow.media_id),
        select(ReportChangeRow.photo).where(ReportChangeRow.photo.is_not(None)),
    )
    statement = select(MediaRow.id).where(
        MediaRow.kind.in_([PICTURE, CARD]),
        MediaRow.created_at < before,
        *(MediaRow.id.not_in(each) for each in used),
    )
    async with database.reading() as session:
        unused = list((await session.execute(statement)).scalars())
        drafts = await session.execute(select(ReportDraftRow.data))
        used_elsewhere = {each for data in drafts.scalars() for each in photos_in(cipher.decrypt(data))}
        broadcasts = await session.execute(select(BroadcastRow.media))
        used_elsewhere |= {each for media in broadcasts.scalars() for each in media}
    return [each for each in unused if each not in used_elsewhere]


async def _erase(session: AsyncSession, report_ids: list[int]) -> None:
    await session.execute(
        update(ReportRow).where(ReportRow.id.in_(report_ids)).values(person_id=None, text=None, place=None)
    )
    await session.execute(
        delete(ReportPhotoRow).where(
            ReportPhotoRow.report_id.in_(report_ids), ReportPhotoRow.role == PhotoRole.BEFORE.value
        )
    )
    await session.execute(
        delete(ReportNoteRow).where(
            ReportNoteRow.report_id.in_(report_ids), ReportNoteRow.author == Actor.REPORTER.value
        )
    )
