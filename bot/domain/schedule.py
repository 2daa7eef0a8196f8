# SPDX-License-Identifier: EUPL-1.2
"""When a broadcast goes out: once or again and again, on local days at a local time.

The rule at the changes of the clock: a time that does not exist (02:30 on the last Sunday of March) goes
out as late as the clock is put forward, at 03:30; a time that exists twice (02:30 on the last Sunday of
October) goes out the first time. Either way exactly once.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.errors import StaleError

OVERDUE_AFTER = timedelta(minutes=30)
"""What is later than this, after an outage, waits for the gebiedsmanager, where nothing else was set."""
FAR = timedelta(days=366 * 2)
"""A rule without a day in two years has none."""
WEEK = 7
LAST_NTH = 4
"""Every month has a fourth Monday, not every month a fifth one."""


class Repeat(StrEnum):
    """How a plan repeats."""

    ONCE = "once"
    WEEKLY = "weekly"
    """On the weekday of the first day."""
    MONTHLY = "monthly"
    """On the day of the month of the first day; a month without that day takes its last day."""
    NTH_WEEKDAY = "nth"
    """On the same weekday of the month as the first day, such as each first Monday.

    A first day in the fifth week of its month stands for the last such weekday of each month.
    """


class PlanState(StrEnum):
    """Whether a plan goes on."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class OccurrenceState(StrEnum):
    """What became of one day of a plan."""

    PLANNED = "planned"
    RELEASED = "released"
    SKIPPED = "skipped"
    """Left out by the gebiedsmanager."""
    OVERDUE = "overdue"
    """Too late, after an outage: the gebiedsmanager decides."""
    STOPPED = "stopped"
    """A language was missing: nothing was sent, the gebiedsmanager decides."""
    CANCELLED = "cancelled"


OPEN = frozenset({OccurrenceState.PLANNED, OccurrenceState.OVERDUE, OccurrenceState.STOPPED})
"""What can still go out."""
ALLOWED = {
    OccurrenceState.PLANNED: frozenset(OccurrenceState) - {OccurrenceState.PLANNED},
    OccurrenceState.OVERDUE: frozenset(
        {
            OccurrenceState.RELEASED,
            OccurrenceState.SKIPPED,
            OccurrenceState.CANCELLED,
            OccurrenceState.STOPPED,
        }
    ),
    OccurrenceState.STOPPED: frozenset(
        {OccurrenceState.RELEASED, OccurrenceState.SKIPPED, OccurrenceState.CANCELLED}
    ),
}


def change(present: OccurrenceState, wanted: OccurrenceState) -> OccurrenceState:
    """Return `wanted` where the change is allowed. Raises StaleError where it is not."""
    if wanted not in ALLOWED.get(present, frozenset()):
        raise StaleError
    return wanted


@dataclass(frozen=True, slots=True)
class Rule:
    """The days of a plan, and the time of day. `until` is the last day that may count."""

    first: date
    at: time
    repeat: Repeat = Repeat.ONCE
    until: date | None = None
    skip_holidays: bool = False

    def days(self, start: date, is_holiday: Callable[[date], bool]) -> Iterator[date]:
        """Return the days from `start` on, the earliest first; at most two years ahead."""
        day = max(start, self.first)
        last = min(day + FAR, self.until or date.max)
        while day <= last:
            if self._fits(day) and not (self.skip_holidays and is_holiday(day)):
                yield day
            if self.repeat is Repeat.ONCE and day >= self.first:
                return
            day += timedelta(days=1)

    def _fits(self, day: date) -> bool:
        if self.repeat is Repeat.ONCE:
            return day == self.first
        if self.repeat is Repeat.MONTHLY:
            return day.day == min(self.first.day, _month_length(day))
        if day.weekday() != self.first.weekday():
            return False
        if self.repeat is Repeat.WEEKLY:
            return True
        if self.nth is None:
            return day.day + WEEK > _month_length(day)
        return (day.day - 1) // WEEK + 1 == self.nth

    @property
    def nth(self) -> int | None:
        """Which weekday of its month the first day is, from 1 on; None for the last one."""
        number = (self.first.day - 1) // WEEK + 1
        return number if number <= LAST_NTH else None


def moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the moment in UTC of a local day and time; see the rule above for changes of the clock."""
    return datetime.combine(day, at.replace(fold=0), zone).astimezone(UTC)


def next_day(
    rule: Rule, now: datetime, zone: ZoneInfo, is_holiday: Callable[[date], bool], after: date | None = None
) -> date | None:
    """Return the first day of the rule later than the day `after` and not before `now`, or None."""
    start = now.astimezone(zone).date() if after is None else after + timedelta(days=1)
    for day in rule.days(start, is_holiday):
        if moment(day, rule.at, zone) >= now:
            return day
    return None


@dataclass(frozen=True, slots=True)
class Plan:
    """When a broadcast goes out. `without` are languages that may be left out, chosen on purpose.

    `version` rises with every change.
    """

    id: int
    broadcast_id: int
    rule: Rule
    state: PlanState
    without: frozenset[str]
    planned_by: int | None
    version: int


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One day of a plan. Only one row exists for a plan, a local day and a slot."""

    id: int
    plan_id: int
    broadcast_id: int
    day: date
    slot: str
    due_at: datetime
    state: OccurrenceState


def _month_length(day: date) -> int:
    following = day.replace(day=28) + timedelta(days=4)
    return (following - timedelta(days=following.day)).day
