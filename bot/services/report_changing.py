# SPDX-License-Identifier: EUPL-1.2
"""What the gebiedsmanager makes of reports: told after a minute, in which it can be taken back."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

import structlog

from bot.domain.entry import BASE_LANGUAGE
from bot.domain.errors import NotFoundError, StaleError, TooLongError
from bot.domain.municipality import Municipality
from bot.domain.person import Person, Role
from bot.domain.report import (
    NEEDS_WORDS,
    OPEN,
    UNDO_WITHIN,
    Actor,
    Change,
    PhotoRole,
    Report,
    ReportState,
    check_change,
)
from bot.services.ports import Clock, Media, UnitOfWork, Work
from bot.services.report_drafting import DraftService
from bot.services.report_errors import TooLateToUndoError
from bot.services.report_notices import ReportNotices
from bot.services.report_ports import Pictures
from bot.services.report_telling import concerned, tell_change, tell_people

log = structlog.get_logger(__name__)

LONGEST_NOTE = 500
"""Characters of a note to the reporter: it stands below a picture, which holds 1024 in all."""
LONGEST_TARGET = 100
MOST_JOINED = 50
CARD = "report-card"


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
class Joined:
    """Reports that were closed as the same as another. `change` is one of the changes, to undo all by."""

    reports: tuple[int, ...]
    change: int


@dataclass(frozen=True, slots=True)
class Handed:
    """A report that was handed to a colleague, with what it takes to undo that."""

    report: int
    to: int
    before: int | None
    messages: tuple[int, ...]
    at: datetime


class ReportChanging:
    """Changes of reports by the gebiedsmanager. Every call requires the role."""

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

    async def languages(self, by: Person, report_id: int) -> Mapping[str, int]:
        """Return in which languages a change of this report will be read, and by how many."""
        by.require(Role.AREA_MANAGER)
        async with self._work() as unit:
            report = await _found(unit, report_id)
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
        by.require(Role.AREA_MANAGER)
        async with self._work() as unit:
            report = await _found(unit, report_id)
        self._check(report, wanted)
        if wanted is ReportState.JOINED:
            # Joining says with which one, and closes several at once: see `join`.
            raise StaleError
        return report

    async def keep_picture(self, by: Person, content: bytes) -> str:
        """Keep the picture of a result. Raises the errors of pictures."""
        by.require(Role.AREA_MANAGER)
        return await self._drafting.keep_picture(content)

    async def change(self, by: Person, step: Step) -> tuple[Report, Change]:
        """Do what was confirmed; it is told after a minute, in which it can be taken back.

        Raises NotAllowedError, StaleError when something happened meanwhile or is missing, TooLongError.
        """
        by.require(Role.AREA_MANAGER)
        self._check_whole(step)
        async with self._work() as unit:
            seen = await _found(unit, step.report)
        picture = await self._beside(seen, step.photo) if step.photo is not None else None
        async with self._work() as unit:
            report = await _found(unit, step.report)
            if report.version != step.seen:
                raise StaleError
            report, change = await self._change(unit, by, report, step, picture)
            await unit.commit()
        return report, change

    async def undo(self, by: Person, report_id: int, change_id: int) -> Report:
        """Take back a change within a minute, before it is told. Raises TooLateToUndoError, StaleError."""
        by.require(Role.AREA_MANAGER)
        async with self._work() as unit:
            report = await _found(unit, report_id)
            change = report.last_change
            if change is None or change.id != change_id or change.after is ReportState.JOINED:
                raise StaleError
            await self._take_back(unit, report, change)
            if change.day is not None:
                await unit.reports.set_due(report_id, self._due_again(report, change))
            report = await _found(unit, report_id)
            await unit.commit()
        return report

    async def join(self, by: Person, target_id: int, report_ids: Sequence[int]) -> Joined:
        """Close reports as the same as another; their reporters and followers follow that one.

        What is told leaves after a minute. Raises StaleError where nothing could be joined.
        """
        by.require(Role.AREA_MANAGER)
        now = self._clock.now()
        async with self._work() as unit:
            target = await _found(unit, target_id)
            if target.state not in OPEN:
                raise StaleError
            changes: dict[int, int] = {}
            for report_id in [each for each in dict.fromkeys(report_ids) if each != target_id][:MOST_JOINED]:
                report = await _found(unit, report_id)
                if report.state in OPEN and report.kind == target.kind:
                    step = Step(report_id, ReportState.JOINED, report.version, target=str(target_id))
                    changes[report_id] = (await self._change(unit, by, report, step, None, now))[1].id
            if not changes:
                raise StaleError
            await unit.reports.join(list(changes), target_id, now)
            await unit.commit()
        return Joined(tuple(changes), next(iter(changes.values())))

    async def undo_join(self, by: Person, target_id: int, change_id: int) -> int:
        """Take back, within a minute, all that was joined in one press; returns how many are open again.

        Raises TooLateToUndoError, StaleError.
        """
        by.require(Role.AREA_MANAGER)
        async with self._work() as unit:
            await _found(unit, target_id)
            latest = [
                (report, report.last_change)
                for report in await unit.reports.joined_to(target_id)
                if report.last_change is not None and report.last_change.by == by.id
            ]
            pressed = next((each.at for _, each in latest if each is not None and each.id == change_id), None)
            if pressed is None:
                raise StaleError
            taken = 0
            for report, change in latest:
                if change is not None and change.at == pressed:
                    await self._take_back(unit, report, change)
                    taken += 1
            await unit.reports.part(target_id, pressed)
            await unit.commit()
        return taken

    async def assign(self, by: Person, report_id: int, person_id: int) -> tuple[Report, Handed | None]:
        """Take it, or hand it to a colleague, who hears of it after a minute.

        Raises NotFoundError for somebody who is no gebiedsmanager.
        """
        by.require(Role.AREA_MANAGER)
        now = self._clock.now()
        async with self._work() as unit:
            colleague = await unit.people.get(person_id)
            if colleague is None or not colleague.has(Role.AREA_MANAGER):
                raise NotFoundError
            before = (await _found(unit, report_id)).assigned_to
            await unit.reports.assign(report_id, person_id)
            report = await _found(unit, report_id)
            handed = None
            if person_id != by.id:
                messages = await tell_people(
                    unit,
                    [colleague],
                    lambda language: self._notices.handed(report, language),
                    now,
                    not_before=now + UNDO_WITHIN,
                )
                handed = Handed(report_id, person_id, before, tuple(messages), now)
            await unit.commit()
        return report, handed

    async def undo_hand(self, by: Person, handed: Handed) -> Report:
        """Take a report back that was handed on, before the colleague hears of it.

        Raises TooLateToUndoError, StaleError when somebody else takes care of it by now.
        """
        by.require(Role.AREA_MANAGER)
        async with self._work() as unit:
            report = await _found(unit, handed.report)
            if report.assigned_to != handed.to:
                raise StaleError
            await self._cancel(unit, handed.at, handed.messages)
            await unit.reports.assign(handed.report, handed.before)
            report = await _found(unit, handed.report)
            await unit.commit()
        return report

    async def _take_back(self, unit: UnitOfWork, report: Report, change: Change) -> None:
        if change.actor is not Actor.MANAGER:
            raise StaleError
        await self._cancel(unit, change.at, change.messages)
        if not await unit.reports.undo(report.id, change, self._clock.now()):
            raise StaleError

    async def _cancel(self, unit: UnitOfWork, since: datetime, messages: Sequence[int]) -> None:
        if self._clock.now() >= since + UNDO_WITHIN:
            raise TooLateToUndoError
        for message in messages:
            if await unit.outbox.cancel(message) == 0:
                raise TooLateToUndoError

    async def _change(
        self,
        unit: UnitOfWork,
        by: Person,
        report: Report,
        step: Step,
        picture: str | None,
        now: datetime | None = None,
    ) -> tuple[Report, Change]:
        self._check(report, step.wanted)
        now = now or self._clock.now()
        actor = Actor.MANAGER
        change = Change(
            0, report.state, step.wanted, actor, by.id, now, step.note, step.day, step.target, step.photo
        )
        change_id = await unit.reports.change(report.id, change)
        if change_id is None:
            raise StaleError
        if report.assigned_to is None:
            await unit.reports.assign(report.id, by.id)
        if step.day is not None:
            await unit.reports.set_due(report.id, self._end_of(step.day))
        changed = await _found(unit, report.id)
        told = replace(change, id=change_id)
        messages = await tell_change(
            unit,
            self._notices,
            changed,
            told,
            pictures=(picture, step.photo),
            now=now,
            not_before=now + UNDO_WITHIN,
        )
        await unit.reports.set_messages(change_id, messages)
        return await _found(unit, report.id), replace(told, messages=tuple(messages))

    @staticmethod
    def _check(report: Report, wanted: ReportState) -> None:
        check_change(Actor.MANAGER, report.state, wanted)
        if wanted is ReportState.WAITING and report.person_id is None:
            # Nobody could answer a question about an anonymous report.
            raise StaleError

    def _check_whole(self, step: Step) -> None:
        """Raise unless the step has what its state needs: a day, somebody, words."""
        for text in step.note.values():
            if len(text) > LONGEST_NOTE:
                raise TooLongError(length=len(text), limit=LONGEST_NOTE)
        if len(step.target) > LONGEST_TARGET:
            raise TooLongError(length=len(step.target), limit=LONGEST_TARGET)
        today = self._clock.now().astimezone(self._municipality.zone).date()
        whole = {
            ReportState.PLANNED: step.day is not None and step.day >= today,
            ReportState.FORWARDED: bool(step.target),
        }.get(step.wanted, step.wanted not in NEEDS_WORDS or any(step.note.values()))
        if not whole or step.wanted is ReportState.JOINED:
            raise StaleError

    async def _beside(self, report: Report, photo: str) -> str:
        """Make the picture that goes with 'done': before and after beside each other where both are there."""
        try:
            before = report.pictures(PhotoRole.BEFORE)
            if not before:
                return photo
            both = await self._pictures.beside(
                await self._media.load(before[0]), await self._media.load(photo)
            )
            return (await self._media.store(both, CARD, "image/jpeg")).id
        except (NotFoundError, OSError) as error:
            log.warning("report.result_not_beside", report=report.id, kind=type(error).__name__)
            return photo

    def _due_again(self, report: Report, undone: Change) -> datetime:
        """Return the expected time as it was before a planned day that is taken back."""
        earlier = [
            each.day
            for each in report.changes
            if each.day and each.undone_at is None and each.id != undone.id
        ]
        if earlier:
            return self._end_of(earlier[-1])
        kind = self._drafting.kinds.get(report.kind)
        days = kind.working_days if kind is not None else self._municipality.answer_days
        return replace(self._municipality, answer_days=days).answer_due(report.created_at)

    def _end_of(self, day: date) -> datetime:
        return datetime.combine(day, time(23, 59), self._municipality.zone)


async def _found(unit: UnitOfWork, report_id: int) -> Report:
    report = await unit.reports.get(report_id)
    if report is None:
        raise NotFoundError
    return report
