# SPDX-License-Identifier: EUPL-1.2
"""Reports as their reporters and followers see them: sent, followed, written on, withdrawn, reopened."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from bot.domain.errors import NotFoundError, StaleError
from bot.domain.municipality import Municipality
from bot.domain.person import Person
from bot.domain.report import (
    MOST_PHOTOS,
    OPEN,
    SOLVED,
    Actor,
    Change,
    Note,
    PhotoRole,
    Report,
    ReportState,
    check_change,
)
from bot.domain.report_draft import Draft
from bot.services.ports import Clock, Media, UnitOfWork, Work
from bot.services.report_drafting import DraftService
from bot.services.report_errors import (
    DraftGoneError,
    IncompleteError,
    NotYoursToReopenError,
    TooManyPhotosError,
)
from bot.services.report_notices import ReportNotices
from bot.services.report_ports import NewReport, Pictures, Sketch
from bot.services.report_telling import tell_managers

log = structlog.get_logger(__name__)

CARD = "report-card"
QUEUE = "queue"
"""The own queue: nothing is handed on."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was sent. `again`: it had been sent before, by an earlier press of the same button."""

    report: Report
    again: bool


class ReportService:
    """What residents do with reports."""

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

    async def send(self, person: Person, token: str, *, anonymous: bool) -> Receipt:
        """Send the draft: exactly one report, however often it is pressed or repeated after a crash.

        An anonymous report does not know its reporter. Raises StaleError, IncompleteError.
        """
        draft = await self._drafting.current(person)
        picture = await self._card(draft) if draft is not None and draft.token == token else None
        async with self._work() as unit:
            sent = await unit.reports.sent_as(token)
            if sent is None:
                draft = await self._drafting.live(unit, person)
                # Another process may have sent it while this one waited for the draft.
                sent = await unit.reports.sent_as(token)
            if sent is not None:
                return Receipt(await self._found(unit, sent), again=True)
            if draft is None or draft.token != token:
                raise DraftGoneError
            report = await self._add(unit, person, draft, anonymous=anonymous)
            await tell_managers(
                unit,
                report,
                lambda language: self._notices.arrived(report, picture, language),
                self._clock.now(),
            )
            # Repeatable: the token makes it happen once, and a repetition shows the number again.
            await unit.commit(repeatable=True)
        return Receipt(report, again=False)

    async def _add(self, unit: UnitOfWork, person: Person, draft: Draft, *, anonymous: bool) -> Report:
        if not draft.kind or draft.place.is_empty:
            raise IncompleteError
        now = self._clock.now()
        kind = self._drafting.kind(draft.kind)
        report_id = await unit.reports.add(
            NewReport(
                token=draft.token,
                person_id=None if anonymous else person.id,
                language=draft.language,
                kind=draft.kind,
                area=self._drafting.places.area_of(draft.place),
                place=draft.place,
                text=draft.text,
                photos=draft.photos,
                created_at=now,
                due_at=self.expected(kind.id),
            )
        )
        await unit.drafts.drop(person.id)
        if kind.backend != QUEUE:
            await unit.transfers.queue(report_id, kind.backend, now)
        return await self._found(unit, report_id)

    def expected(self, kind_id: str) -> datetime:
        """Return by when a report of a kind that is sent now may be expected to be taken up."""
        kind = self._drafting.kind(kind_id)
        return replace(self._municipality, answer_days=kind.working_days).answer_due(self._clock.now())

    async def mine(self, person: Person) -> Sequence[Report]:
        """Return what a person reported or follows, the newest first."""
        async with self._work() as unit:
            return await unit.reports.of_person(person.id)

    async def get(self, person: Person, report_id: int) -> Report:
        """Return a report that is the person's own or followed. Raises NotFoundError for any other."""
        async with self._work() as unit:
            return await self._visible(unit, person, report_id)

    async def follow_instead(self, person: Person, token: str, report_id: int) -> Report:
        """Follow a similar report in the place of sending one's own; the draft goes.

        Raises StaleError, also for a report that is not one of the similar ones: nobody follows just any.
        """
        async with self._work() as unit:
            draft = await self._drafting.live(unit, person)
            if draft is None or draft.token != token:
                if person.id in await unit.reports.followers(report_id):
                    # Pressed twice, or once more after a crash.
                    return await self._found(unit, report_id)
                raise DraftGoneError
            if report_id not in {each.report_id for each in await self._drafting.similar_to(unit, draft)}:
                raise StaleError
            report = await self._found(unit, report_id)
            if report.person_id != person.id:
                await unit.reports.follow(report_id, person.id, self._clock.now())
            await unit.drafts.drop(person.id)
            report = await self._found(unit, report_id)
            await unit.commit(repeatable=True)
        return report

    async def unfollow(self, person: Person, report_id: int) -> None:
        """Stop following."""
        async with self._work() as unit:
            await unit.reports.unfollow(report_id, person.id)
            await unit.commit()

    async def add_note(self, person: Person, report_id: int, text: str) -> Report:
        """Add words to one's own open report; an answer to a question sets it in progress again.

        Raises NotFoundError, StaleError, PersonalDetailError, AboutPeopleError, TooLongError.
        """
        async with self._work() as unit:
            report = await self._own_open(unit, person, report_id)
        text = self._drafting.checked_words(text, report.kind)
        async with self._work() as unit:
            report = await self._own_open(unit, person, report_id)
            now = self._clock.now()
            note = Note(Actor.REPORTER, text, now)
            await unit.reports.add_note(report_id, note)
            if report.state is ReportState.WAITING:
                await self._change(unit, report, ReportState.IN_PROGRESS, person, now)
            report = await self._found(unit, report_id)
            await tell_managers(
                unit, report, lambda language: self._notices.written_on(report, note, language), now
            )
            await unit.commit()
        return report

    async def add_photo(self, person: Person, report_id: int, content: bytes) -> Report:
        """Add a picture to one's own open report.

        Raises NotFoundError, StaleError, TooManyPhotosError and the errors of pictures.
        """
        async with self._work() as unit:
            report = await self._own_open(unit, person, report_id)
        if len(report.pictures(PhotoRole.BEFORE)) >= MOST_PHOTOS:
            raise TooManyPhotosError
        media_id = await self._drafting.keep_picture(content)
        async with self._work() as unit:
            report = await self._own_open(unit, person, report_id)
            if len(report.pictures(PhotoRole.BEFORE)) >= MOST_PHOTOS:
                raise TooManyPhotosError
            now = self._clock.now()
            added = await unit.reports.add_photo(report_id, media_id, PhotoRole.BEFORE, now)
            report = await self._found(unit, report_id)
            if added:
                await tell_managers(
                    unit, report, lambda language: self._notices.written_on(report, None, language), now
                )
            await unit.commit()
        return report

    async def withdraw(self, person: Person, report_id: int) -> Report:
        """Take one's own report back. Raises NotFoundError, StaleError."""
        return await self._by_reporter(person, report_id, ReportState.WITHDRAWN)

    async def addable(self, person: Person, report_id: int) -> Report:
        """Return one's own report that something can be added to. Raises NotFoundError, StaleError."""
        async with self._work() as unit:
            return await self._own_open(unit, person, report_id)

    async def solved(self, person: Person, report_id: int) -> Report:
        """Keep that the reporter says 'solved'; a second time changes nothing.

        Raises NotFoundError, and StaleError where it is not done.
        """
        async with self._work() as unit:
            report = await self._own(unit, person, report_id)
            if report.state is not ReportState.DONE:
                raise StaleError
            if not report.is_confirmed:
                await unit.reports.add_note(report_id, Note(Actor.REPORTER, SOLVED, self._clock.now()))
                report = await self._found(unit, report_id)
                await unit.commit()
        return report

    async def not_solved(self, person: Person, report_id: int) -> Report:
        """Open one's own report again, within 14 days.

        Raises NotFoundError, StaleError, NotYoursToReopenError.
        """
        async with self._work() as unit:
            report = await self._own(unit, person, report_id)
        closed = report.state in {ReportState.DONE, ReportState.NOT_POSSIBLE}
        if closed and not report.may_reopen(self._clock.now()):
            raise NotYoursToReopenError
        return await self._by_reporter(person, report_id, ReportState.REOPENED)

    async def pictures(self, person: Person, report: Report) -> Sequence[bytes]:
        """Return the pictures of a report, with before and after beside each other when it is done.

        A follower sees only the result. A picture that is gone is left out.
        """
        before, after = report.pictures(PhotoRole.BEFORE), report.pictures(PhotoRole.AFTER)
        own = report.person_id == person.id
        found = [content for each in (before if own else ()) if (content := await self._load(each))]
        results = [content for each in after if (content := await self._load(each))]
        if found and results:
            return [await self._pictures.beside(found[0], results[-1]), *found[1:], *results[:-1]]
        return [*found, *results]

    async def all_pictures(self, report: Report) -> Sequence[bytes]:
        """Return every picture of a report, those of before first. Those that are gone are left out."""
        ids = [*report.pictures(PhotoRole.BEFORE), *report.pictures(PhotoRole.AFTER)]
        return [content for each in ids if (content := await self._load(each))]

    async def _load(self, media_id: str) -> bytes | None:
        try:
            return await self._media.load(media_id)
        except NotFoundError:
            return None

    async def _by_reporter(self, person: Person, report_id: int, wanted: ReportState) -> Report:
        async with self._work() as unit:
            report = await self._own(unit, person, report_id)
            now = self._clock.now()
            change = await self._change(unit, report, wanted, person, now)
            report = await self._found(unit, report_id)
            await tell_managers(
                unit, report, lambda language: self._notices.by_reporter(report, change, language), now
            )
            await unit.commit()
        return report

    async def _change(
        self, unit: UnitOfWork, report: Report, wanted: ReportState, person: Person, now: datetime
    ) -> Change:
        check_change(Actor.REPORTER, report.state, wanted)
        change = Change(0, report.state, wanted, Actor.REPORTER, person.id, now, {})
        number = await unit.reports.change(report.id, change)
        if number is None:
            raise StaleError
        return replace(change, id=number)

    async def _visible(self, unit: UnitOfWork, person: Person, report_id: int) -> Report:
        report = await unit.reports.get(report_id)
        if report is None:
            raise NotFoundError
        if report.person_id != person.id and person.id not in await unit.reports.followers(report_id):
            raise NotFoundError
        return report

    async def _card(self, draft: Draft) -> str | None:
        """Make the picture of the gebiedsmanager's card; a report without one is still a report."""
        photo = await self._load(draft.photos[0]) if draft.photos else None
        point = draft.place.point
        known = tuple(place for place in self._drafting.places.all.values() if place.point is not None)
        sketch = Sketch(point, known) if point is not None else None
        content = await self._pictures.card(photo, sketch)
        if content is None:
            return None
        try:
            return (await self._media.store(content, CARD, "image/jpeg")).id
        except OSError as error:
            log.warning("report.card_not_stored", kind=type(error).__name__)
            return None

    @classmethod
    async def _own_open(cls, unit: UnitOfWork, person: Person, report_id: int) -> Report:
        report = await cls._own(unit, person, report_id)
        if report.state not in OPEN:
            raise StaleError
        return report

    @staticmethod
    async def _own(unit: UnitOfWork, person: Person, report_id: int) -> Report:
        report = await unit.reports.get(report_id)
        if report is None or report.person_id != person.id:
            raise NotFoundError
        return report

    @staticmethod
    async def _found(unit: UnitOfWork, report_id: int) -> Report:
        report = await unit.reports.get(report_id)
        if report is None:
            raise NotFoundError
        return report
