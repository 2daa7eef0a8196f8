# SPDX-License-Identifier: EUPL-1.2
"""Results for the neighbourhood: what came in and what was solved in a month, as a draft update."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Protocol

from bot.domain.broadcast import Broadcast
from bot.domain.errors import NotFoundError, StaleError
from bot.domain.municipality import Municipality
from bot.domain.person import Person, Role
from bot.domain.report import PhotoRole
from bot.domain.subscription import Topic
from bot.services.broadcasts import BroadcastService
from bot.services.ports import Clock, Media, Work
from bot.services.report_errors import TooFewToTellError
from bot.services.report_ports import Pictures

FEWEST = 5
"""A smaller number is not told: it could be about somebody whom the neighbours know."""
MOST_PAIRS = 3
ATTACHED = "photo"
"""The kind of a broadcast's pictures in the media store: they stay as long as the broadcast needs them."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many reports came in, and how many were solved. Those under `FEWEST` are not told."""

    came: int
    done: int


@dataclass(frozen=True, slots=True)
class Results:
    """A month. `areas` holds those that may be told, `month` is its first day."""

    month: date
    total: Count
    areas: Mapping[str, Count]


class ResultsWording(Protocol):
    """How results are told."""

    def results(self, results: Results, language: str) -> str:
        """Return the text of the update, as HTML."""
        ...


class ReportResults:
    """Results of a month, for the gebiedsmanager to approve. Every call requires the role."""

    def __init__(
        self,
        work: Work,
        clock: Clock,
        municipality: Municipality,
        pictures: Pictures,
        media: Media,
        wording: ResultsWording,
        broadcasts: BroadcastService,
    ) -> None:
        self._work = work
        self._clock = clock
        self._municipality = municipality
        self._pictures = pictures
        self._media = media
        self._wording = wording
        self._broadcasts = broadcasts

    async def months(self, by: Person) -> Sequence[Results]:
        """Return this month and the one before it."""
        this = self._clock.now().astimezone(self._municipality.zone).date().replace(day=1)
        return [await self.of(by, this), await self.of(by, _before(this))]

    async def of(self, by: Person, month: date) -> Results:
        """Return the results of the month that begins on a day."""
        by.require(Role.AREA_MANAGER)
        async with self._work() as unit:
            counts = await unit.reports.counts(*self._span(month))
        came = sum(each for each, _ in counts.values())
        done = sum(each for _, each in counts.values())
        return Results(month, Count(came, done), _tellable(counts))

    async def draft(self, by: Person, month: date) -> Broadcast:
        """Make a draft update of a month, in every language, with pairs of pictures.

        Raises TooFewToTellError, and StaleError for a month that has not begun.
        """
        if month.day != 1 or month > self._clock.now().astimezone(self._municipality.zone).date():
            raise StaleError
        results = await self.of(by, month)
        if results.total.came < FEWEST:
            raise TooFewToTellError
        pairs = await self._pairs(month)
        draft = await self._broadcasts.begin(by, Topic.RESULT)
        for language in self._municipality.languages:
            text = self._wording.results(results, language)
            draft = await self._broadcasts.write(by, draft.id, language, text)
        if pairs:
            draft = await self._broadcasts.attach(by, draft.id, tuple(pairs), ATTACHED)
        return draft

    async def _pairs(self, month: date) -> list[str]:
        """Make pictures of before and after beside each other, of what was solved last."""
        async with self._work() as unit:
            solved = await unit.reports.done_between(*self._span(month), MOST_PAIRS)
        pairs = []
        for report in solved:
            try:
                before = await self._media.load(report.pictures(PhotoRole.BEFORE)[0])
                after = await self._media.load(report.pictures(PhotoRole.AFTER)[-1])
            except NotFoundError:
                continue
            both = await self._pictures.beside(before, after)
            pairs.append((await self._media.store(both, ATTACHED, "image/jpeg")).id)
        return pairs

    def _span(self, month: date) -> tuple[datetime, datetime]:
        def begins(day: date) -> datetime:
            return datetime.combine(day, time(), self._municipality.zone)

        return begins(month), begins(_after(month))


def _tellable(counts: Mapping[str | None, tuple[int, int]]) -> Mapping[str, Count]:
    """Return the areas whose numbers may be told, the busiest first.

    Where what is left out would be a small number itself, it could be found by subtraction: then the smallest
    area is left out too.
    """
    known = {area: Count(*numbers) for area, numbers in counts.items() if area and numbers[0] >= FEWEST}
    told = dict(sorted(known.items(), key=lambda each: -each[1].came))
    rest = sum(came for came, _ in counts.values()) - sum(each.came for each in told.values())
    if 0 < rest < FEWEST and told:
        told.popitem()
    return told


def _before(month: date) -> date:
    return (
        month.replace(year=month.year - 1, month=12)
        if month.month == 1
        else month.replace(month=month.month - 1)
    )


def _after(month: date) -> date:
    return (
        month.replace(year=month.year + 1, month=1)
        if month.month == 12
        else month.replace(month=month.month + 1)
    )
