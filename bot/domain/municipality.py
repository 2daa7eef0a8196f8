# SPDX-License-Identifier: EUPL-1.2
"""The municipality: its zone, its areas, and when somebody answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.entry import BASE_LANGUAGE

LONGEST_CLOSURE = timedelta(days=60)
"""No run of weekends and holidays is longer; a calendar without any working day is a mistake."""


@dataclass(frozen=True, slots=True)
class Municipality:
    """What is set for one municipality.

    `hours` maps a weekday (Monday is 0) to opening and closing time. `answer_days` is the number of
    working days within which a question is answered. `is_holiday` tells public holidays.
    """

    name: str
    zone: ZoneInfo
    languages: tuple[str, ...]
    areas: Mapping[str, Mapping[str, str]]
    hours: Mapping[int, tuple[time, time]]
    answer_days: int
    is_holiday: Callable[[date], bool]

    def area(self, area_id: str, language: str) -> str:
        """Return an area's name in `language`, or in Dutch where there is none."""
        names = self.areas[area_id]
        return names.get(language) or names[BASE_LANGUAGE]

    def is_working_day(self, day: date) -> bool:
        """Whether somebody answers on that day."""
        return day.weekday() in self.hours and not self.is_holiday(day)

    def is_open(self, moment: datetime) -> bool:
        """Whether somebody answers at that moment."""
        local = moment.astimezone(self.zone)
        if not self.is_working_day(local.date()):
            return False
        opening, closing = self.hours[local.weekday()]
        return opening <= local.time() < closing

    def answer_due(self, asked: datetime) -> datetime:
        """Return when an answer may be expected: `answer_days` working days after the day it is read.

        It is read on the day of asking, or on the next working day when asked after closing. Raises
        ValueError when the calendar has no working day within two months.
        """
        local = asked.astimezone(self.zone)
        day = local.date()
        if self.is_working_day(day) and local.time() >= self.hours[day.weekday()][1]:
            day += timedelta(days=1)
        day = self._next_working_day(day)
        for _ in range(self.answer_days):
            day = self._next_working_day(day + timedelta(days=1))
        return datetime.combine(day, self.hours[day.weekday()][1], self.zone)

    def _next_working_day(self, day: date) -> date:
        last = day + LONGEST_CLOSURE
        while not self.is_working_day(day):
            day += timedelta(days=1)
            if day > last:
                raise ValueError(
                    "there is no working day within two months: see [answering] in municipality.toml"
                )
        return day
