# SPDX-License-Identifier: EUPL-1.2
"""Reports out of their rows: one query for each kind of row, however many reports."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.place import Place, Point
from bot.domain.report import (
    Actor,
    Change,
    Note,
    Photo,
    PhotoRole,
    Report,
    ReportState,
    Transfer,
    TransferState,
)
from storage.encryption import Cipher
from storage.tables.base import Base
from storage.tables.reports import (
    ReportChangeRow,
    ReportFollowerRow,
    ReportNoteRow,
    ReportPhotoRow,
    ReportTransferRow,
)

T = TypeVar("T")


def seal_note(cipher: Cipher, note: Mapping[str, str]) -> bytes | None:
    """Seal the words of a note in all its languages."""
    return cipher.encrypt(json.dumps(dict(note), ensure_ascii=False)) if note else None


async def load(session: AsyncSession, cipher: Cipher, rows: Sequence[Row[Any]]) -> list[Report]:
    """Return the reports of these rows of `reports`, in their order."""
    if not rows:
        return []
    ids = [row.id for row in rows]
    changes = await _by_report(session, ReportChangeRow, ids)
    notes = await _by_report(session, ReportNoteRow, ids)
    photos = await _by_report(session, ReportPhotoRow, ids)
    transfers = await _by_report(session, ReportTransferRow, ids)
    counted = await session.execute(
        select(ReportFollowerRow.report_id, func.count().label("followers"))
        .where(ReportFollowerRow.report_id.in_(ids))
        .group_by(ReportFollowerRow.report_id)
    )
    followers = {row.report_id: row.followers for row in counted}
    return [
        Report(
            id=row.id,
            person_id=row.person_id,
            language=row.language,
            kind=row.kind,
            area=row.area,
            place=Place(
                _open(cipher, row.place),
                Point(row.lat, row.lon) if row.lat is not None else None,
                row.known,
            ),
            text=_open(cipher, row.text),
            state=ReportState(row.state),
            created_at=row.created_at,
            changed_at=row.changed_at,
            due_at=row.due_at,
            assigned_to=row.assigned_to,
            joined_to=row.joined_to,
            photos=tuple(Photo(each.media_id, PhotoRole(each.role)) for each in photos[row.id]),
            notes=tuple(
                Note(Actor(each.author), _open(cipher, each.text), each.at) for each in notes[row.id]
            ),
            changes=tuple(_change(cipher, each) for each in changes[row.id]),
            followers=followers.get(row.id, 0),
            transfer=transfer_from(transfers[row.id][-1]) if transfers[row.id] else None,
        )
        for row in rows
    ]


def transfer_from(row: Row[Any]) -> Transfer:
    """Return a transfer out of its row."""
    return Transfer(
        row.id,
        row.report_id,
        row.backend,
        TransferState(row.state),
        row.attempts,
        row.number,
        row.outside_state,
        row.error,
    )


async def _by_report(session: AsyncSession, table: type[Base], ids: list[int]) -> dict[int, list[Row[Any]]]:
    columns = table.__table__.c
    order = [columns.at] if "at" in columns else []
    order += [columns.id] if "id" in columns else [columns.media_id]
    if table is ReportChangeRow:
        order = [columns.id]
    rows = await session.execute(select(table.__table__).where(columns.report_id.in_(ids)).order_by(*order))
    found: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[row.report_id].append(row)
    return found


def _change(cipher: Cipher, row: Row[Any]) -> Change:
    return Change(
        id=row.id,
        before=ReportState(row.before),
        after=ReportState(row.after),
        actor=Actor(row.actor),
        by=row.by,
        at=row.at,
        note=json.loads(_open(cipher, row.note) or "{}"),
        day=row.day,
        target=row.target,
        photo=row.photo,
        messages=tuple(row.messages),
        undone_at=row.undone_at,
    )


def _open(cipher: Cipher, sealed: bytes | None) -> str:
    return cipher.decrypt(sealed) if sealed is not None else ""
