# SPDX-License-Identifier: EUPL-1.2
"""What the reports need from the world, as small Protocols."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.place import KnownPlace, Place, Point
from bot.domain.report import (
    Change,
    Note,
    PhotoRole,
    Report,
    ReportFilter,
    ReportState,
    Similar,
    Transfer,
)
from bot.domain.report_draft import Draft


@dataclass(frozen=True, slots=True)
class NewReport:
    """What is kept when a report is sent. `person_id` is None for an anonymous one."""

    token: str
    person_id: int | None
    language: str
    kind: str
    area: str | None
    place: Place
    text: str
    photos: tuple[str, ...]
    created_at: datetime
    due_at: datetime


class Reports(Protocol):
    """Reports with everything that belongs to them, inside a unit of work."""

    async def add(self, new: NewReport) -> int:
        """Keep a new report and return its number."""
        ...

    async def sent_as(self, token: str) -> int | None:
        """Return the number of the report that a draft has become, or None."""
        ...

    async def get(self, report_id: int) -> Report | None:
        """Return a report with its history."""
        ...

    async def many(self, report_ids: Sequence[int]) -> Sequence[Report]:
        """Return these reports in this order; those that do not exist are left out."""
        ...

    async def find(self, wanted: ReportFilter, offset: int = 0, limit: int = 8) -> Sequence[Report]:
        """Return reports, the oldest first."""
        ...

    async def count(self, wanted: ReportFilter) -> int:
        """Return how many there are."""
        ...

    async def of_person(self, person_id: int, limit: int = 100) -> Sequence[Report]:
        """Return what a person reported or follows, the newest first."""
        ...

    async def search(
        self, words: Sequence[str], kinds: Mapping[str, str], limit: int = 8
    ) -> Sequence[Report]:
        """Return reports whose words, place or kind hold all these (small letters), open and newest first.

        `kinds` says what each kind is called.
        """
        ...

    async def similar(self, kind: str, place: Place, since: datetime, radius: float) -> Sequence[Similar]:
        """Return open reports of a kind within `radius` metres, or at the same known place."""
        ...

    async def change(self, report_id: int, change: Change) -> int | None:
        """Change the state if it is still `change.before`; returns the change's number, None if not."""
        ...

    async def undo(self, report_id: int, change: Change, now: datetime) -> bool:
        """Take back the latest change, if the state is still what it made of it."""
        ...

    async def set_messages(self, change_id: int, messages: Sequence[int]) -> None:
        """Keep what is told about a change."""
        ...

    async def set_area(self, report_id: int, area: str) -> None:
        """Say in which area it is."""
        ...

    async def set_kind(self, report_id: int, kind: str) -> None:
        """Say which kind it is."""
        ...

    async def assign(self, report_id: int, person_id: int | None) -> None:
        """Say who takes care of it."""
        ...

    async def set_due(self, report_id: int, due_at: datetime) -> None:
        """Expect it by another moment."""
        ...

    async def join(self, report_ids: Collection[int], target: int, now: datetime) -> None:
        """Let reporters and followers of some reports follow `target`; the reports point to it."""
        ...

    async def joined_to(self, target: int) -> Sequence[Report]:
        """Return the reports that were closed as the same as this one."""
        ...

    async def part(self, target: int, at: datetime) -> None:
        """Take back, of a `join` at that moment, that people follow `target`."""
        ...

    async def add_note(self, report_id: int, note: Note) -> None:
        """Keep words that were added."""
        ...

    async def add_photo(self, report_id: int, media_id: str, role: PhotoRole, now: datetime) -> bool:
        """Keep a picture; False when it was there."""
        ...

    async def follow(self, report_id: int, person_id: int, now: datetime) -> bool:
        """Let somebody follow it; False when they did."""
        ...

    async def unfollow(self, report_id: int, person_id: int) -> None:
        """Stop following."""
        ...

    async def followers(self, report_id: int) -> Sequence[int]:
        """Return who follows it, the reporter not counted."""
        ...

    async def to_remind(self, now: datetime, again_before: datetime) -> Sequence[int]:
        """Return, and mark, open reports past their time not reminded of since `again_before`."""
        ...

    async def counts(self, since: datetime, until: datetime) -> Mapping[str | None, tuple[int, int]]:
        """Return per area how many came in, and how many were done, in a time."""
        ...

    async def done_between(self, since: datetime, until: datetime, limit: int) -> Sequence[Report]:
        """Return reports that were done in a time and have pictures of before and after."""
        ...


class Drafts(Protocol):
    """Reports that are being written: at most one for each person."""

    async def get(self, person_id: int) -> Draft | None:
        """Return what somebody is writing."""
        ...

    async def keep(self, person_id: int, draft: Draft) -> None:
        """Keep it, in the place of what was there."""
        ...

    async def drop(self, person_id: int) -> None:
        """Throw it away."""
        ...

    async def drop_older(self, before: datetime) -> int:
        """Throw away what nobody continued; returns how many."""
        ...


class Transfers(Protocol):
    """Reports on their way to other systems, inside a unit of work."""

    async def queue(self, report_id: int, backend: str, now: datetime) -> None:
        """Hand a report on; a second time for the same system tries again at once."""
        ...

    async def due(self, now: datetime, hold_until: datetime, limit: int = 10) -> Sequence[Transfer]:
        """Take what is to be tried now; nobody else takes it before `hold_until`."""
        ...

    async def sent(self, transfer_id: int, number: str, outside_state: str) -> None:
        """Note that it has arrived."""
        ...

    async def failed(self, transfer_id: int, error: str, again_at: datetime | None) -> None:
        """Note that it did not arrive; without `again_at` it is given up."""
        ...

    async def by_number(self, backend: str, number: str) -> Transfer | None:
        """Return what another system calls so."""
        ...


class PictureError(Exception):
    """What was sent is no picture that can be kept. `key` names the sentence that says why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class Pictures(Protocol):
    """Work on pictures, outside any unit of work. Everything comes back as JPEG bytes."""

    async def clean(self, content: bytes) -> bytes:
        """Scale down and leave out all that is not the picture (EXIF). Raises PictureError."""
        ...

    async def beside(self, before: bytes, after: bytes) -> bytes:
        """Put before and after beside each other."""
        ...

    async def card(self, photo: bytes | None, sketch: "Sketch | None") -> bytes | None:
        """Put a photo and the sketch of a map together; None where there is neither."""
        ...


@dataclass(frozen=True, slots=True)
class Sketch:
    """What a map without an outside service shows: the point, known places around, scale and north."""

    point: Point
    places: tuple[KnownPlace, ...]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A report as another system gets it. `number` is ours; `attachments` are JPEG pictures."""

    number: int
    kind: str
    kind_name: str
    place: str
    point: Point | None
    text: str
    created_at: datetime
    attachments: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class OutsideReceipt:
    """What another system says on receiving: its number and state, both empty where it has none."""

    number: str = ""
    state: str = ""


class BackendError(Exception):
    """It did not arrive. `final`: trying again would not help."""

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.final = final


class ReportBackend(Protocol):
    """Where reports of a kind go. The own queue needs none: it is the absence of a back end."""

    name: str
    states: Mapping[str, ReportState]
    """Its states, and what each means here. Those that are not named change nothing."""

    async def deliver(self, parcel: Parcel) -> OutsideReceipt:
        """Hand a report over. Raises BackendError."""
        ...
