# SPDX-License-Identifier: EUPL-1.2
"""Reports as the gebiedsmanager sees them: lists, search, export, what is similar, what is late."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.errors import NotFoundError, StaleError
from bot.domain.municipality import Municipality
from bot.domain.person import Person, Role
from bot.domain.report import DUPLICATES_WITHIN, Report, ReportFilter, ReportState, TransferState
from bot.services.ports import Clock, UnitOfWork, Work
from bot.services.report_drafting import DraftService
from bot.services.report_notices import ReportNotices
from bot.services.report_telling import tell_managers

PER_PAGE = 8
REMIND_AGAIN = timedelta(days=3)
PORTION = 250
"""How many reports are read at a time for the export, so that nobody waits long for the database."""
_NUMBER = re.compile(r"[^\d\s]{0,12}\s?(\d{1,9})")
"""A number as people type it: '12', '#12', 'melding 12', in the digits of any script."""


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list."""

    reports: Sequence[Report]
    total: int
    number: int


class ReportDesk:
    """The gebiedsmanager's lists of reports. Every call requires the role."""

    def __init__(
        self,
        work: Work,
        clock: Clock,
        municipality: Municipality,
        drafting: DraftService,
        notices: ReportNotices,
    ) -> None:
        self._work = work
        self._clock = clock
        self._municipality = municipality
        self._drafting = drafting
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
        """Return the report of a number, or reports whose words, place or kind hold all the words."""
        by.require(Role.AREA_MANAGER)
        words = text.casefold().split()
        number = _NUMBER.fullmatch(text.strip())
        async with self._work() as unit:
            found = await unit.reports.get(int(number[1])) if number else None
            if found is not None:
                return [found]
            return await unit.reports.search(words, self._kind_names()) if words else []

    async def all(self, by: Person) -> AsyncIterator[Report]:
        """Give every report there is, the oldest first, for the export."""
        by.require(Role.AREA_MANAGER)
        every = ReportFilter(states=frozenset(ReportState))
        offset = 0
        while True:
            async with self._work() as unit:
                portion = await unit.reports.find(every, offset, PORTION)
            for report in portion:
                yield report
            if len(portion) < PORTION:
                return
            offset += PORTION

    async def colleagues(self, by: Person) -> Sequence[Person]:
        """Return the other gebiedsmanagers."""
        by.require(Role.AREA_MANAGER)
        async with self._work() as unit:
            return [each for each in await unit.people.with_role(Role.AREA_MANAGER) if each.id != by.id]

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

    async def duplicates(self, by: Person, report_id: int) -> Sequence[Report]:
        """Return other open reports of the same kind near this one, or at the same known place: a page."""
        by.require(Role.AREA_MANAGER)
        async with self._work() as unit:
            report = await self._found(unit, report_id)
            kind = self._drafting.kinds.get(report.kind)
            since = report.created_at - DUPLICATES_WITHIN
            near = await unit.reports.similar(report.kind, report.place, since, kind.radius if kind else 0)
            return await unit.reports.many(
                [each.report_id for each in near if each.report_id != report_id][:PER_PAGE]
            )

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

    async def remind(self) -> int:
        """Remind of open reports past their time, each once in three days; returns how many."""
        now = self._clock.now()
        async with self._work() as unit:
            overdue = await unit.reports.to_remind(now, now - REMIND_AGAIN)
            reports = tuple(await unit.reports.many(overdue[:PER_PAGE]))
            if reports:
                await tell_managers(
                    unit, None, lambda language: self._notices.overdue(reports, len(overdue), language), now
                )
            await unit.commit()
        return len(overdue)

    def _kind_names(self) -> Mapping[str, str]:
        """Return what each kind is called in all languages, to look for."""
        return {kind.id: " ".join(kind.names.values()).casefold() for kind in self._drafting.kinds.values()}

    @staticmethod
    async def _found(unit: UnitOfWork, report_id: int) -> Report:
        report = await unit.reports.get(report_id)
        if report is None:
            raise NotFoundError
        return report
