# SPDX-License-Identifier: EUPL-1.2
"""Reports with their history, pictures, notes and followers."""

import math
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.place import Place, Point
from bot.domain.report import (
    CLOSED,
    OPEN,
    Change,
    Note,
    PhotoRole,
    Report,
    ReportFilter,
    ReportState,
    Similar,
)
from bot.services.report_ports import NewReport
from storage.encryption import Cipher
from storage.report_parts import SqlReportParts
from storage.report_rows import load, seal_note
from storage.tables.reports import (
    IS_OPEN,
    ReportChangeRow,
    ReportFollowerRow,
    ReportNoteRow,
    ReportPhotoRow,
    ReportRow,
)
from storage.upsert import affected

_OPEN = [state.value for state in OPEN]
_CLOSED = [state.value for state in CLOSED]
SEARCHED = 2_000
"""How many reports a search for words looks through: the words are sealed, so each must be opened."""
MOST_SIMILAR = 50
"""Nobody looks through more."""
DEGREE_METRES = 111_195
"""Metres in a degree of latitude."""


class SqlReports(SqlReportParts):
    """Reports, inside a unit of work."""

    def __init__(self, session: AsyncSession, cipher: Cipher) -> None:
        self._session = session
        self._cipher = cipher

    async def add(self, new: NewReport) -> int:
        """Keep a new report and return its number."""
        point = new.place.point
        report_id = (
            await self._session.execute(
                insert(ReportRow)
                .values(
                    token=new.token,
                    person_id=new.person_id,
                    language=new.language,
                    kind=new.kind,
                    area=new.area,
                    known=new.place.known,
                    lat=point.lat if point else None,
                    lon=point.lon if point else None,
                    place=self._seal(new.place.text),
                    text=self._seal(new.text),
                    state=ReportState.RECEIVED.value,
                    created_at=new.created_at,
                    changed_at=new.created_at,
                    due_at=new.due_at,
                )
                .returning(ReportRow.id)
            )
        ).scalar_one()
        for media_id in dict.fromkeys(new.photos):
            await self.add_photo(report_id, media_id, PhotoRole.BEFORE, new.created_at)
        return report_id

    async def sent_as(self, token: str) -> int | None:
        """Return the number of the report that a draft has become, or None."""
        found = await self._session.execute(select(ReportRow.id).where(ReportRow.token == token))
        return found.scalar_one_or_none()

    async def get(self, report_id: int) -> Report | None:
        """Return a report with its history."""
        found = await self._load(ReportRow.id == report_id)
        return found[0] if found else None

    async def many(self, report_ids: Sequence[int]) -> Sequence[Report]:
        """Return these reports in this order; those that do not exist are left out."""
        loaded = {report.id: report for report in await self._load(ReportRow.id.in_(report_ids))}
        return [loaded[report_id] for report_id in report_ids if report_id in loaded]

    async def find(self, wanted: ReportFilter, offset: int = 0, limit: int = 8) -> Sequence[Report]:
        """Return reports, the oldest first."""
        return await self._load(*_conditions(wanted), offset=offset, limit=limit)

    async def count(self, wanted: ReportFilter) -> int:
        """Return how many there are."""
        statement = select(func.count()).select_from(ReportRow).where(*_conditions(wanted))
        return (await self._session.execute(statement)).scalar_one()

    async def of_person(self, person_id: int, limit: int = 100) -> Sequence[Report]:
        """Return what a person reported or follows, the newest first."""
        followed = select(ReportFollowerRow.report_id).where(ReportFollowerRow.person_id == person_id)
        mine = or_(ReportRow.person_id == person_id, ReportRow.id.in_(followed))
        return await self._load(mine, limit=limit, newest_first=True)

    async def search(
        self, words: Sequence[str], kinds: Mapping[str, str], limit: int = 8
    ) -> Sequence[Report]:
        """Return reports whose words, place or kind hold all these (small letters), open and newest first."""
        rows = await self._session.execute(
            select(ReportRow.id, ReportRow.kind, ReportRow.place, ReportRow.text, ReportRow.known)
            .order_by(ReportRow.state.in_(_CLOSED), ReportRow.id.desc())
            .limit(SEARCHED)
        )
        found: list[int] = []
        for row in rows:
            plain = f"{kinds.get(row.kind, '')} {row.known or ''}"
            left = [word for word in words if word not in plain]
            if left:
                text = f"{self._open(row.place)} {self._open(row.text)}".casefold()
                left = [word for word in left if word not in text]
            if not left:
                found.append(row.id)
                if len(found) == limit:
                    break
        return await self.many(found)

    async def similar(self, kind: str, place: Place, since: datetime, radius: float) -> Sequence[Similar]:
        """Return open reports of a kind within `radius` metres, or at the same known place; nearest first."""
        near: list[ColumnElement[bool]] = []
        point = place.point
        if point is not None:
            high = radius / DEGREE_METRES
            wide = high / math.cos(math.radians(point.lat))
            near.append(
                and_(
                    ReportRow.lat.between(point.lat - high, point.lat + high),
                    ReportRow.lon.between(point.lon - wide, point.lon + wide),
                )
            )
        if place.known is not None:
            near.append(ReportRow.known == place.known)
        if not near:
            return []
        order: list[ColumnElement[Any]] = [ReportRow.created_at.desc()]
        if point is not None:
            # As the crow flies within so small an area; those without a point come last.
            north, east = ReportRow.lat - point.lat, ReportRow.lon - point.lon
            narrow = math.cos(math.radians(point.lat)) ** 2
            order.insert(0, (north * north + east * east * narrow).nulls_last())
        rows = await self._session.execute(
            select(ReportRow.id, ReportRow.state, ReportRow.created_at, ReportRow.lat, ReportRow.lon)
            .where(ReportRow.kind == kind, ReportRow.created_at >= since, IS_OPEN, or_(*near))
            .order_by(*order)
            .limit(MOST_SIMILAR)
        )
        found = []
        for row in rows:
            metres = None
            if point is not None and row.lat is not None:
                metres = point.metres_to(Point(row.lat, row.lon))
                if metres > radius:
                    continue
            found.append(Similar(row.id, ReportState(row.state), row.created_at, metres))
        return sorted(found, key=lambda each: (each.metres is None, each.metres or 0))

    async def change(self, report_id: int, change: Change) -> int | None:
        """Change the state if it is still `change.before`; returns the change's number, None if not."""
        if not await self._move(report_id, change.before, change.after, change.at):
            return None
        if change.photo is not None:
            await self.add_photo(report_id, change.photo, PhotoRole.AFTER, change.at)
        return (
            await self._session.execute(
                insert(ReportChangeRow)
                .values(
                    report_id=report_id,
                    before=change.before.value,
                    after=change.after.value,
                    actor=change.actor.value,
                    by=change.by,
                    at=change.at,
                    note=seal_note(self._cipher, change.note),
                    day=change.day,
                    target=change.target,
                    photo=change.photo,
                    messages=list(change.messages),
                )
                .returning(ReportChangeRow.id)
            )
        ).scalar_one()

    async def undo(self, report_id: int, change: Change, now: datetime) -> bool:
        """Take back the latest change, if the state is still what it made of it."""
        taken_back = await self._session.execute(
            update(ReportChangeRow)
            .where(ReportChangeRow.id == change.id, ReportChangeRow.undone_at.is_(None))
            .values(undone_at=now)
        )
        if affected(taken_back) == 0:
            return False
        moved = await self._move(report_id, change.after, change.before, now)
        if moved and change.photo is not None:
            await self.remove_photo(report_id, change.photo)
        return moved

    async def set_messages(self, change_id: int, messages: Sequence[int]) -> None:
        """Keep what is told about a change."""
        await self._session.execute(
            update(ReportChangeRow).where(ReportChangeRow.id == change_id).values(messages=list(messages))
        )

    async def join(self, report_ids: Collection[int], target: int, now: datetime) -> None:
        """Let reporters and followers of some reports follow `target`; the reports point to it."""
        rows = await self._session.execute(select(ReportRow.person_id).where(ReportRow.id.in_(report_ids)))
        people = {person_id for person_id in rows.scalars() if person_id is not None}
        for report_id in report_ids:
            people.update(await self.followers(report_id))
        owner = await self._session.execute(select(ReportRow.person_id).where(ReportRow.id == target))
        for person_id in people - {owner.scalar_one_or_none()}:
            await self.follow(target, person_id, now)
        await self._session.execute(
            update(ReportRow).where(ReportRow.id.in_(report_ids)).values(joined_to=target)
        )

    async def joined_to(self, target: int) -> Sequence[Report]:
        """Return the reports that were closed as the same as this one."""
        return await self._load(ReportRow.joined_to == target)

    async def part(self, target: int, at: datetime) -> None:
        """Take back, of a `join` at that moment, that people follow `target`."""
        await self._session.execute(
            delete(ReportFollowerRow).where(ReportFollowerRow.report_id == target, ReportFollowerRow.at == at)
        )

    async def to_remind(self, now: datetime, again_before: datetime) -> Sequence[int]:
        """Return, and mark, open reports past their time not reminded of since `again_before`."""
        rows = await self._session.execute(
            select(ReportRow.id)
            .where(
                ReportRow.state.in_(_OPEN),
                ReportRow.due_at < now,
                or_(ReportRow.reminded_at.is_(None), ReportRow.reminded_at < again_before),
            )
            .order_by(ReportRow.due_at)
        )
        found = list(rows.scalars())
        await self._session.execute(update(ReportRow).where(ReportRow.id.in_(found)).values(reminded_at=now))
        return found

    async def counts(self, since: datetime, until: datetime) -> Mapping[str | None, tuple[int, int]]:
        """Return per area how many came in, and how many were done, in a time."""
        came = await self._session.execute(
            select(ReportRow.area, func.count())
            .where(ReportRow.created_at >= since, ReportRow.created_at < until)
            .where(ReportRow.state.not_in([ReportState.JOINED.value, ReportState.WITHDRAWN.value]))
            .group_by(ReportRow.area)
        )
        done = await self._session.execute(
            select(ReportRow.area, func.count())
            .where(ReportRow.changed_at >= since, ReportRow.changed_at < until)
            .where(ReportRow.state == ReportState.DONE.value)
            .group_by(ReportRow.area)
        )
        found: dict[str | None, tuple[int, int]] = {area: (number, 0) for area, number in came}
        for area, number in done:
            found[area] = (found.get(area, (0, 0))[0], number)
        return found

    async def done_between(self, since: datetime, until: datetime, limit: int) -> Sequence[Report]:
        """Return reports that were done in a time and have pictures of before and after."""
        roles = [
            select(ReportPhotoRow.report_id).where(ReportPhotoRow.role == role.value) for role in PhotoRole
        ]
        return await self._load(
            ReportRow.state == ReportState.DONE.value,
            ReportRow.changed_at >= since,
            ReportRow.changed_at < until,
            *(ReportRow.id.in_(each) for each in roles),
            limit=limit,
            newest_first=True,
        )

    async def add_note(self, report_id: int, note: Note) -> None:
        """Keep words that were added."""
        await self._session.execute(
            insert(ReportNoteRow).values(
                report_id=report_id,
                author=note.author.value,
                text=self._cipher.encrypt(note.text),
                at=note.at,
            )
        )

    async def _move(self, report_id: int, present: ReportState, wanted: ReportState, now: datetime) -> bool:
        result = await self._session.execute(
            update(ReportRow)
            .where(ReportRow.id == report_id, ReportRow.state == present.value)
            # Only a joined report points at another one, and it is joined before it points.
            .values(state=wanted.value, changed_at=now, joined_to=None)
        )
        return affected(result) == 1

    async def _load(
        self,
        *conditions: ColumnElement[bool],
        offset: int = 0,
        limit: int | None = None,
        newest_first: bool = False,
    ) -> list[Report]:
        order = (
            (ReportRow.created_at.desc(), ReportRow.id.desc())
            if newest_first
            else (ReportRow.created_at, ReportRow.id)
        )
        rows = await self._session.execute(
            select(ReportRow.__table__).where(*conditions).order_by(*order).offset(offset).limit(limit)
        )
        return await load(self._session, self._cipher, rows.all())

    def _seal(self, text: str) -> bytes | None:
        return self._cipher.encrypt(text) if text else None

    def _open(self, sealed: bytes | None) -> str:
        return self._cipher.decrypt(sealed) if sealed is not None else ""


def _conditions(wanted: ReportFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [ReportRow.state.in_([state.value for state in wanted.states])]
    if wanted.area is not None:
        conditions.append(ReportRow.area == wanted.area if wanted.area else ReportRow.area.is_(None))
    if wanted.kind is not None:
        conditions.append(ReportRow.kind == wanted.kind)
    if wanted.overdue_at is not None:
        conditions += [ReportRow.due_at < wanted.overdue_at, ReportRow.state.in_(_OPEN)]
    if wanted.before is not None:
        conditions.append(ReportRow.created_at < wanted.before)
    if wanted.assigned_to is not None:
        conditions.append(ReportRow.assigned_to == wanted.assigned_to)
    return conditions
