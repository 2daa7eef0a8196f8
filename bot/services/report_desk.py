# SPDX-License-Identifier: EUPL-1.2
"""Reports as the gebiedsmanager sees them: lists, cards, changes that can be taken back for a minute."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

import structlog

from bot.domain.entry import BASE_LANGUAGE
from bot.domain.errors import NotFoundError, StaleError, TooLongError
from bot.domain.municipality import Municipality
from bot.domain.person import Person, Role
from bot.domain.report import (
    OPEN,
    UNDO_WITHIN,
    Actor,
    Change,
    PhotoRole,
    Report,
    ReportFilter,
    ReportState,
    TransferState,
    check_change,
)
from bot.services.ports import Clock, Media, UnitOfWork, Work
from bot.services.report_drafting import DraftService
from bot.services.report_errors import TooLateToUndoError
from bot.services.report_notices import ReportNotices
from bot.services.report_ports import Pictures
from bot.services.report_telling import concerned, tell_change, tell_managers, tell_people

log = structlog.get_logger(__name__)

LONGEST_NOTE = 500
"""Characters of a note to the reporter: it stands below a picture, which holds 1024 in all."""
LONGEST_TARGET = 100
PER_PAGE = 8
REMIND_AGAIN = timedelta(days=3)
MOST_JOINED = 50


@dataclass(frozen=True, slots=True)
class Step:
    """What the gebiedsmanager wants to do with a report, read through and confirmed.

    `seen` is the version that was looked at: where something happened meanwhile, nothing is done.
    """

    report: int
    wanted: ReportState
    seen: int
    note: Mapping[str, str] = field(default_factory=dict)
    day: date | None = None
    target: str = ""
    photo: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list."""

    reports: Sequence[Report]
    total: int
    number: int


class ReportDesk:
    """What the gebiedsmanager does with reports. Every call requires the role."""

    def __init__(
        self,
        work: Work,
        clock: Clock,
        municipality: Municipality,
        drafting: DraftService,
        pictures: Pictures,
        media: Media,
        notices: ReportNotices,
    ) -> None:
        self._work = work
        self._clock = clock
        self._municipality = municipality
        self._drafting = drafting
        self._pictures = pictures
        self._media = media
        self._notices = notices

    async def get(self, by: Person, report_id: int) -> Report:
        """Return a report. Raises NotAllowedError, NotFoundError."""
        by.require(Role.AREA_MANAGER)
        async with self._work() as unit:
            return await self._found(unit, report_id)

    async def page(self, by: Person, wanted: ReportFilter, number: int = 0) -> Page:
        """Return a page of a list, the oldest reports first; a number past the end gives the last page."""
        by.require(Role.AREA_MANAGER)
        async with self._work() as unit:
            total = await unit.reports.count(wanted)
            number = max(0, min(number, (total - 1) // PER_PAGE))
            return Page(await unit.reports.find(wanted, number * PER_PAGE, PER_PAGE), total, number)

    async def counts(self, by: Person) -> Mapping[str, int]:
        """Return how many reports are new, open, overdue, and the reader's own."""
        by.require(Role.AREA_MANAGER)
        wanted = {
            "new": ReportFilter(states=frozenset({ReportState.RECEIVED, ReportState.REOPENED})),
            "open": ReportFilter(),
            "overdue": ReportFilter(overdue_at=self._clock.now()),
            "mine": ReportFilter(assigned_to=by.id),
        }
        async with self._work() as unit:
            return {name: await unit.reports.count(each) for name, each in wanted.items()}

    async def search(self, by: Person, text: str) -> Sequence[Report]:
        """Return the report of a number, or reports with all the words."""
        by.require(Role.AREA_MANAGER)
        words = text.casefold().lstrip("#").split()
        async with self._work() as unit:
            if len(words) == 1 and words[0].isdecimal():
                found = await unit.reports.get(int(words[0]))
                return [found] if found else []
            return await unit.reports.search(words) if words else []

    async def all(self, by: Person, wanted: ReportFilter, limit: int = 5_000) -> Sequence[Report]:
        """Return a whole list, for the export."""
        by.require(Role.AREA_MANAGER)
        async with self._work() as unit:
            return await unit.reports.find(wanted, 0, limit)

    async def colleagues(self, by: Person) -> Sequence[Person]:
        """Return the other gebiedsmanagers."""
        by.require(Role.AREA_MANAGER)
        async with self._work() as unit:
            return [each for each in await unit.people.with_role(Role.AREA_MANAGER) if each.id != by.id]

    async def languages(self, by: Person, report_id: int) -> Mapping[str, int]:
        """Return in which languages a change of this report will be read, and by how many."""
        by.require(Role.AREA_MANAGER)
        async with self._work() as unit:
            report = await self._found(unit, report_id)
            people = await concerned(unit, report)
        return Counter(person.language or BASE_LANGUAGE for person, _own in people)

    def checked(self, by: Person, text: str, *, longest: int = LONGEST_NOTE) -> str:
        """Return words for the reporter as they may be sent. Raises NotAllowedError, TooLongError."""
        by.require(Role.AREA_MANAGER)
        text = text.strip()
        if len(text) > longest:
            raise TooLongError(length=len(text), limit=longest)
        return text

    async def changeable(self, by: Person, report_id: int, wanted: ReportState) -> Report:
        """Return a report that may become `wanted`. Raises StaleError where it may not."""
        report = await self.get(by, report_id)
        check_change(Actor.MANAGER, report.state, wanted)
        if wanted is ReportState.JOINED:
            # Joining says with which one, and closes several at once: see `join`.
            raise StaleError
        return report

    async def retry(self, by: Person, report_id: int) -> Report:
        """Try again to hand a report to its other system. Raises StaleError where there is none."""
        by.require(Role.AREA_MANAGER)
        async with self._work() as unit:
            report = await self._found(unit, report_id)
            if report.transfer is None or report.transfer.state is not TransferState.FAILED:
                raise StaleError
            await unit.transfers.queue(report_id, report.transfer.backend, self._clock.now())
            report = await self._found(unit, report_id)
            await unit.commit()
        return report

    async def change(self, by: Person, step: Step) -> tuple[Report, Change]:
        """Do what was confirmed; it is told after a minute, in which it can be taken back.

        Raises NotAllowedError, StaleError when something happened meanwhile, TooLongError.
        """
        by.require(Role.AREA_MANAGER)
        for text in step.note.values():
            if len(text) > LONGEST_NOTE:
                raise TooLongError(length=len(text), limit=LONGEST_NOTE)
        if len(step.target) > LONGEST_TARGET:
            raise TooLongError(length=len(step.target), limit=LONGEST_TARGET)
        picture = await self._result(by, step)
        async with self._work() as unit:
            report = await self._found(unit, step.report)
            if report.version != step.seen:
                raise StaleError
            report, change = await self._change(unit, by, report, step, picture)
            await unit.commit()
        return report, change

    async def undo(self, by: Person, report_id: int, change_id: int) -> Report:
        """Take back a change within a minute, before it is told.

        Raises TooLateToUndoError, StaleError.
        """
        by.require(Role.AREA_MANAGER)
        async with self._work() as unit:
            report = await self._found(unit, report_id)
            change = report.last_change
            if change is None or change.id != change_id or change.actor is not Actor.MANAGER:
                raise StaleError
            now = self._clock.now()
            if now >= change.at + UNDO_WITHIN:
                raise TooLateToUndoError
            for message in change.messages:
                if await unit.outbox.cancel(message) == 0:
                    raise TooLateToUndoError
            if not await unit.reports.undo(report_id, change, now):
                raise StaleError
            if change.day is not None:
                await unit.reports.set_due(report_id, self._first_due(report))
            report = await self._found(unit, report_id)
            await unit.commit()
        return report

    async def join(self, by: Person, target_id: int, report_ids: Sequence[int]) -> int:
        """Close reports as the same as another; their reporters and followers follow that one.

        Returns how many. What is told can be taken back for each of them like any change. Raises StaleError.
        """
        by.require(Role.AREA_MANAGER)
        async with self._work() as unit:
            target = await self._found(unit, target_id)
            if target.state not in OPEN:
                raise StaleError
            chosen = [each for each in dict.fromkeys(report_ids) if each != target_id][:MOST_JOINED]
            joined = []
            for report_id in chosen:
                report = await self._found(unit, report_id)
                if report.state in OPEN and report.kind == target.kind:
                    step = Step(report_id, ReportState.JOINED, report.version, target=str(target_id))
                    await self._change(unit, by, report, step, None)
                    joined.append(report_id)
            await unit.reports.join(joined, target_id, self._clock.now())
            await unit.commit()
        return len(joined)

    async def duplicates(self, by: Person, report_id: int) -> Sequence[Report]:
        """Return other open reports of the same kind near this one, or at the same known place."""
        by.require(Role.AREA_MANAGER)
        async with self._work() as unit:
            report = await self._found(unit, report_id)
            kind = self._drafting.kinds.get(report.kind)
            since = report.created_at - timedelta(days=30)
            near = await unit.reports.similar(report.kind, report.place, since, kind.radius if kind else 0)
            return [await self._found(unit, each.report_id) for each in near if each.report_id != report_id]

    async def assign(self, by: Person, report_id: int, person_id: int) -> Report:
        """Take it, or hand it to a colleague, who hears of it. Raises NotFoundError for somebody else."""
        by.require(Role.AREA_MANAGER)
        async with self._work() as unit:
            colleague = await unit.people.get(person_id)
            if colleague is None or not colleague.has(Role.AREA_MANAGER):
                raise NotFoundError
            await self._found(unit, report_id)
            await unit.reports.assign(report_id, person_id)
            report = await self._found(unit, report_id)
            if person_id != by.id:
                await tell_people(
                    unit,
                    [colleague],
                    lambda language: self._notices.handed(report, language),
                    self._clock.now(),
                )
            await unit.commit()
        return report

    async def set_area(self, by: Person, report_id: int, area: str) -> Report:
        """Say in which area it is. Raises StaleError for an area that does not exist."""
        by.require(Role.AREA_MANAGER)
        if area not in self._municipality.areas:
            raise StaleError
        async with self._work() as unit:
            await self._found(unit, report_id)
            await unit.reports.set_area(report_id, area)
            report = await self._found(unit, report_id)
            await unit.commit()
        return report

    async def set_kind(self, by: Person, report_id: int, kind: str) -> Report:
        """Say which kind it is. Raises StaleError for one that does not exist."""
        by.require(Role.AREA_MANAGER)
        self._drafting.kind(kind)
        async with self._work() as unit:
            await self._found(unit, report_id)
            await unit.reports.set_kind(report_id, kind)
            report = await self._found(unit, report_id)
            await unit.commit()
        return report

    async def keep_picture(self, by: Person, content: bytes) -> str:
        """Keep the picture of a result. Raises the errors of pictures."""
        by.require(Role.AREA_MANAGER)
        return await self._drafting.keep_picture(content)

    async def remind(self) -> int:
        """Remind of open reports past their time, each once in three days; returns how many."""
        now = self._clock.now()
        async with self._work() as unit:
            overdue = await unit.reports.to_remind(now, now - REMIND_AGAIN)
            reports = tuple([await self._found(unit, report_id) for report_id in overdue[:PER_PAGE]])
            if reports:
                await tell_managers(
                    unit, None, lambda language: self._notices.overdue(reports, language), now
                )
            await unit.commit()
        return len(overdue)

    async def _change(
        self, unit: UnitOfWork, by: Person, report: Report, step: Step, picture: str | None
    ) -> tuple[Report, Change]:
        check_change(Actor.MANAGER, report.state, step.wanted)
        now = self._clock.now()
        change = Change(
            0,
            report.state,
            step.wanted,
            Actor.MANAGER,
            by.id,
            now,
            step.note,
            step.day,
            step.target,
            step.photo,
        )
        change_id = await unit.reports.change(report.id, change)
        if change_id is None:
            raise StaleError
        if report.assigned_to is None:
            await unit.reports.assign(report.id, by.id)
        if step.day is not None:
            await unit.reports.set_due(report.id, self._end_of(step.day))
        changed = await self._found(unit, report.id)
        latest = changed.last_change
        if latest is None:
            raise StaleError
        messages = await tell_change(
            unit, self._notices, changed, latest, picture=picture, now=now, not_before=now + UNDO_WITHIN
        )
        await unit.reports.set_messages(change_id, messages)
        changed = await self._found(unit, report.id)
        return changed, changed.last_change or latest

    async def _result(self, by: Person, step: Step) -> str | None:
        """Make the picture that goes with 'done': before and after beside each other where both are there."""
        if step.photo is None:
            return None
        before = (await self.get(by, step.report)).pictures(PhotoRole.BEFORE)
        if not before:
            return step.photo
        both = await self._pictures.beside(
            await self._media.load(before[0]), await self._media.load(step.photo)
        )
        try:
            return (await self._media.store(both, "report-card", "image/jpeg")).id
        except OSError as error:
            log.warning("report.result_not_stored", kind=type(error).__name__)
            return step.photo

    def _first_due(self, report: Report) -> datetime:
        days = self._drafting.kinds[report.kind].working_days if report.kind in self._drafting.kinds else 5
        return replace(self._municipality, answer_days=days).answer_due(report.created_at)

    def _end_of(self, day: date) -> datetime:
        return datetime.combine(day, time(23, 59), self._municipality.zone)

    @staticmethod
    async def _found(unit: UnitOfWork, report_id: int) -> Report:
        report = await unit.reports.get(report_id)
        if report is None:
            raise NotFoundError
        return report
