# SPDX-License-Identifier: EUPL-1.2
"""Reports that are being written, and reports on their way to other systems."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.place import Place, Point
from bot.domain.report import Transfer, TransferState
from bot.domain.report_draft import Draft, DraftStep
from storage.encryption import Cipher
from storage.report_rows import transfer_from
from storage.tables.reports import ReportDraftRow, ReportTransferRow
from storage.upsert import affected, insert_into

LONGEST_ERROR = 255


class SqlDrafts:
    """Drafts, inside a unit of work."""

    def __init__(self, session: AsyncSession, cipher: Cipher) -> None:
        self._session = session
        self._cipher = cipher

    async def get(self, person_id: int) -> Draft | None:
        """Return what somebody is writing."""
        row = (
            await self._session.execute(
                select(ReportDraftRow.data, ReportDraftRow.updated_at)
                .where(ReportDraftRow.person_id == person_id)
                .with_for_update()
            )
        ).one_or_none()
        return None if row is None else _draft(self._cipher.decrypt(row.data), row.updated_at)

    async def keep(self, person_id: int, draft: Draft) -> None:
        """Keep it, in the place of what was there."""
        values = {"data": self._cipher.encrypt(_json(draft)), "updated_at": draft.updated_at}
        await self._session.execute(
            insert_into(self._session, ReportDraftRow)
            .values(person_id=person_id, **values)
            .on_conflict_do_update(index_elements=["person_id"], set_=values)
        )

    async def drop(self, person_id: int) -> None:
        """Throw it away."""
        await self._session.execute(delete(ReportDraftRow).where(ReportDraftRow.person_id == person_id))

    async def drop_older(self, before: datetime) -> int:
        """Throw away what nobody continued; returns how many."""
        gone = await self._session.execute(delete(ReportDraftRow).where(ReportDraftRow.updated_at < before))
        return affected(gone)


class SqlTransfers:
    """Transfers, inside a unit of work."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def queue(self, report_id: int, backend: str, now: datetime) -> None:
        """Hand a report on; a second time for the same system tries again at once."""
        again = {"state": TransferState.QUEUED.value, "due_at": now, "attempts": 0}
        await self._session.execute(
            insert_into(self._session, ReportTransferRow)
            .values(report_id=report_id, backend=backend, number="", outside_state="", error="", **again)
            .on_conflict_do_update(index_elements=["report_id", "backend"], set_=again)
        )

    async def due(self, now: datetime, hold_until: datetime, limit: int = 10) -> Sequence[Transfer]:
        """Take what is to be tried now; nobody else takes it before `hold_until`."""
        rows = (
            await self._session.execute(
                select(ReportTransferRow.__table__)
                .where(ReportTransferRow.state == TransferState.QUEUED.value, ReportTransferRow.due_at <= now)
                .order_by(ReportTransferRow.due_at)
                .limit(limit)
                .with_for_update(skip_locked=True)
            )
        ).all()
        await self._session.execute(
            update(ReportTransferRow)
            .where(ReportTransferRow.id.in_([row.id for row in rows]))
            .values(due_at=hold_until, attempts=ReportTransferRow.attempts + 1)
        )
        return [transfer_from(row) for row in rows]

    async def sent(self, transfer_id: int, number: str, outside_state: str) -> None:
        """Note that it has arrived."""
        await self._set(
            transfer_id, state=TransferState.SENT.value, number=number, outside_state=outside_state, error=""
        )

    async def failed(self, transfer_id: int, error: str, again_at: datetime | None) -> None:
        """Note that it did not arrive; without `again_at` it is given up."""
        values: dict[str, object] = {"error": error[:LONGEST_ERROR]}
        values |= {"state": TransferState.FAILED.value} if again_at is None else {"due_at": again_at}
        await self._set(transfer_id, **values)

    async def by_number(self, backend: str, number: str) -> Transfer | None:
        """Return what another system calls so."""
        row = (
            await self._session.execute(
                select(ReportTransferRow.__table__).where(
                    ReportTransferRow.backend == backend, ReportTransferRow.number == number
                )
            )
        ).first()
        return None if row is None else transfer_from(row)

    async def _set(self, transfer_id: int, **values: object) -> None:
        await self._session.execute(
            update(ReportTransferRow).where(ReportTransferRow.id == transfer_id).values(**values)
        )


def _json(draft: Draft) -> str:
    point = draft.place.point
    return json.dumps(
        {
            "token": draft.token,
            "language": draft.language,
            "step": draft.step.value,
            "kind": draft.kind,
            "place": draft.place.text,
            "point": [point.lat, point.lon] if point else None,
            "known": draft.place.known,
            "photos": list(draft.photos),
            "text": draft.text,
            "editing": draft.editing,
            "seen": list(draft.seen),
            "taken": draft.taken,
        },
        ensure_ascii=False,
    )


def photos_in(text: str) -> Sequence[str]:
    """Return the media ids of the photos in an opened draft."""
    return list(json.loads(text)["photos"])


def _draft(text: str, updated_at: datetime) -> Draft:
    raw = json.loads(text)
    return Draft(
        token=raw["token"],
        language=raw["language"],
        updated_at=updated_at,
        step=DraftStep(raw["step"]),
        kind=raw["kind"],
        place=Place(raw["place"], Point(*raw["point"]) if raw["point"] else None, raw["known"]),
        photos=tuple(raw["photos"]),
        text=raw["text"],
        editing=raw["editing"],
        seen=tuple(raw["seen"]),
        taken=raw["taken"],
    )
