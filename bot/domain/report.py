# SPDX-License-Identifier: EUPL-1.2
"""Reports: what is the matter where, how one may change, and everything that happened to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.errors import StaleError
from bot.domain.place import Place

MOST_PHOTOS = 5
REOPEN_WITHIN = timedelta(days=14)
"""So long after 'done' or 'not possible' the reporter may say that it is not solved."""
UNDO_WITHIN = timedelta(seconds=60)
"""So long the gebiedsmanager may take back a change: what is told about it waits in the outbox."""
SOLVED = "👍"
"""The reporter's note that stands for one tap on 'solved': it reads the same in every language."""
DUPLICATES_WITHIN = timedelta(days=30)
"""Older reports are no duplicates: by then it is the same thing again."""


class ReportState(StrEnum):
    """Where a report stands."""

    RECEIVED = "received"
    IN_PROGRESS = "in_progress"
    PLANNED = "planned"
    """There is a day on which it will be done."""
    WAITING = "waiting"
    """The municipality has asked the reporter something."""
    FORWARDED = "forwarded"
    """Somebody else acts: who, is kept with the change."""
    DONE = "done"
    NOT_POSSIBLE = "not_possible"
    """It will not be done; the reason is kept with the change."""
    REOPENED = "reopened"
    """The reporter says that it is not solved."""
    WITHDRAWN = "withdrawn"
    """The reporter took it back."""
    JOINED = "joined"
    """The same as another report: its reporter and followers follow that one."""


class Actor(StrEnum):
    """Who changes a report."""

    REPORTER = "reporter"
    MANAGER = "manager"
    OUTSIDE = "outside"
    """Another system, through a back end."""


OPEN = frozenset(
    {
        ReportState.RECEIVED,
        ReportState.IN_PROGRESS,
        ReportState.PLANNED,
        ReportState.WAITING,
        ReportState.FORWARDED,
        ReportState.REOPENED,
    }
)
CLOSED = frozenset(ReportState) - OPEN

_WORK = frozenset(
    {
        ReportState.IN_PROGRESS,
        ReportState.PLANNED,
        ReportState.WAITING,
        ReportState.FORWARDED,
        ReportState.DONE,
        ReportState.NOT_POSSIBLE,
        ReportState.JOINED,
    }
)
"""What the gebiedsmanager may make of an open report."""

_BY_MANAGER: Mapping[ReportState, frozenset[ReportState]] = {
    **{state: _WORK - {state} for state in OPEN},
    # Another day may be planned, another question asked, and it may be passed on once more.
    ReportState.PLANNED: _WORK,
    ReportState.WAITING: _WORK,
    ReportState.FORWARDED: _WORK,
    ReportState.DONE: frozenset({ReportState.REOPENED}),
    ReportState.NOT_POSSIBLE: frozenset({ReportState.REOPENED}),
    ReportState.JOINED: frozenset({ReportState.REOPENED}),
    ReportState.WITHDRAWN: frozenset(),
}
_BY_REPORTER: Mapping[ReportState, frozenset[ReportState]] = {
    **{state: frozenset({ReportState.WITHDRAWN}) for state in OPEN},
    ReportState.WAITING: frozenset({ReportState.WITHDRAWN, ReportState.IN_PROGRESS}),
    ReportState.DONE: frozenset({ReportState.REOPENED}),
    ReportState.NOT_POSSIBLE: frozenset({ReportState.REOPENED}),
    ReportState.JOINED: frozenset(),
    ReportState.WITHDRAWN: frozenset(),
}
_BY_OUTSIDE: Mapping[ReportState, frozenset[ReportState]] = {
    state: (_WORK - {state, ReportState.JOINED, ReportState.WAITING}) if state in OPEN else frozenset()
    for state in ReportState
}

ALLOWED: Mapping[Actor, Mapping[ReportState, frozenset[ReportState]]] = {
    Actor.MANAGER: _BY_MANAGER,
    Actor.REPORTER: _BY_REPORTER,
    Actor.OUTSIDE: _BY_OUTSIDE,
}
"""The only changes that exist, by who makes them."""


NEEDS_WORDS = frozenset({ReportState.WAITING, ReportState.NOT_POSSIBLE})
"""A question is nothing without words, and 'not possible' owes a reason."""


def check_change(actor: Actor, present: ReportState, wanted: ReportState) -> None:
    """Raise StaleError unless this actor may change `present` into `wanted`."""
    if wanted not in ALLOWED[actor][present]:
        raise StaleError


@dataclass(frozen=True, slots=True)
class Change:
    """One change of state. `note` maps a language to the words written in it; Dutch need not be there.

    `day` is the planned day, `target` who it was forwarded to or which report it was joined to, `photo`
    the result. `messages` are what is told about it (numbers in the outbox). `undone_at` is set when the
    change was taken back: the history keeps it, and the state went back to `before`.
    """

    id: int
    before: ReportState
    after: ReportState
    actor: Actor
    by: int | None
    at: datetime
    note: Mapping[str, str]
    day: date | None = None
    target: str = ""
    photo: str | None = None
    messages: tuple[int, ...] = ()
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was added in words: by the reporter, or a question to the reporter."""

    author: Actor
    text: str
    at: datetime


class PhotoRole(StrEnum):
    """What a picture shows."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture in the media store."""

    media_id: str
    role: PhotoRole


@dataclass(frozen=True, slots=True)
class Report:
    """A report. `id` is the number that people say aloud.

    `person_id` is None for an anonymous one and for a reporter who has been forgotten. `due_at` is by
    when something may be expected. `joined_to` is the report that this one is the same as. `transfer`
    says how it went with the back end, where there is another than the own queue.
    """

    id: int
    person_id: int | None
    language: str
    kind: str
    area: str | None
    place: Place
    text: str
    state: ReportState
    created_at: datetime
    changed_at: datetime
    due_at: datetime
    assigned_to: int | None
    joined_to: int | None
    photos: tuple[Photo, ...]
    notes: tuple[Note, ...]
    changes: tuple[Change, ...]
    followers: int
    transfer: "Transfer | None" = None

    @property
    def version(self) -> int:
        """The number of things that happened: tells whether a reader has seen the latest."""
        return len(self.changes) + len(self.notes) + sum(each.undone_at is not None for each in self.changes)

    @property
    def last_change(self) -> Change | None:
        """The latest change that was not taken back."""
        return next((each for each in reversed(self.changes) if each.undone_at is None), None)

    def pictures(self, role: PhotoRole) -> tuple[str, ...]:
        """Return the media ids of the pictures of one kind."""
        return tuple(photo.media_id for photo in self.photos if photo.role is role)

    def is_overdue(self, now: datetime) -> bool:
        """Whether it is open past its expected time."""
        return self.state in OPEN and now > self.due_at

    @property
    def is_confirmed(self) -> bool:
        """Whether the reporter said 'solved' since the latest change."""
        latest = self.last_change
        return any(
            note.author is Actor.REPORTER and note.text == SOLVED and (latest is None or note.at >= latest.at)
            for note in self.notes
        )

    def may_reopen(self, now: datetime) -> bool:
        """Whether the reporter may still say that it is not solved."""
        closed = self.state in {ReportState.DONE, ReportState.NOT_POSSIBLE}
        return closed and now <= self.changed_at + REOPEN_WITHIN


def is_legal(report: Report) -> bool:
    """Whether the history of a report leads, step by allowed step, from received to its present state."""
    state = ReportState.RECEIVED
    for change in report.changes:
        if change.before is not state or change.after not in ALLOWED[change.actor][change.before]:
            return False
        if change.undone_at is None:
            state = change.after
    return state is report.state


class TransferState(StrEnum):
    """How it stands with handing a report to another system."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    """Tried so often that somebody should look."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """A report on its way to a back end. `number` and `outside_state` are the other system's own."""

    id: int
    report_id: int
    backend: str
    state: TransferState
    attempts: int = 0
    number: str = ""
    outside_state: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class ReportFilter:
    """Which reports a list shows: all that is set must hold."""

    states: frozenset[ReportState] = OPEN
    area: str | None = None
    kind: str | None = None
    overdue_at: datetime | None = None
    """Only those that were due before this moment."""
    assigned_to: int | None = None
    before: datetime | None = None
    """Only those that were reported before this moment."""


@dataclass(frozen=True, slots=True)
class Similar:
    """An open report that may be about the same. `metres` is None when the place is the same by name."""

    report_id: int
    state: ReportState
    created_at: datetime
    metres: float | None
