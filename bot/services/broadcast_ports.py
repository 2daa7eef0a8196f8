# SPDX-License-Identifier: EUPL-1.2
"""What groups, subscriptions and broadcasts need to be kept, as small Protocols."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.domain.broadcast import Broadcast, BroadcastState, Copies, HistoryLine, Run, Share, Text
from bot.domain.group import Group, GroupState
from bot.domain.outgoing import Recipient
from bot.domain.person import Address
from bot.domain.schedule import Occurrence, OccurrenceState, Plan, PlanState, Rule
from bot.domain.subscription import Subscription


class Groups(Protocol):
    """Groups in which the bot is or was a member."""

    async def get(self, group_id: int) -> Group | None:
        """Return the group, or None."""
        ...

    async def at(self, channel: str, chat_id: int) -> Group | None:
        """Return the group with this chat id."""
        ...

    async def add(self, address: Address, kind: str, title: str, state: GroupState, now: datetime) -> Group:
        """Keep a new group."""
        ...

    async def all(self) -> Sequence[Group]:
        """Return every group, the newest first."""
        ...

    async def save(self, group: Group, by: int | None, now: datetime) -> bool:
        """Keep the changed group if its version is still that of `group`, and raise the version."""
        ...


class Subscriptions(Protocol):
    """Who wants to hear what."""

    async def of(self, person_id: int) -> Subscription | None:
        """Return the person's wishes, or None when there never were any."""
        ...

    async def save(self, subscription: Subscription, now: datetime) -> None:
        """Keep the wishes."""
        ...

    async def active(self) -> Sequence[tuple[Subscription, str | None]]:
        """Return everybody who wants to hear, each with the language they read."""
        ...

    async def quiet(self) -> Collection[int]:
        """Return who paused or stopped. Who became a key figure after that is not among them."""
        ...

    async def due(self, now: datetime, limit: int) -> Sequence[tuple[Subscription, str | None]]:
        """Return whose digest is due, each with the language they read."""
        ...


class Broadcasts(Protocol):
    """Broadcasts and their texts."""

    async def add(self, broadcast: Broadcast) -> int:
        """Keep a new draft and return its number."""
        ...

    async def get(self, broadcast_id: int) -> Broadcast | None:
        """Return it with all its texts."""
        ...

    async def in_states(
        self, states: Collection[BroadcastState], limit: int, offset: int = 0
    ) -> Sequence[Broadcast]:
        """Return broadcasts in these states, the one changed last first."""
        ...

    async def released(
        self, since: datetime, until: datetime, only: int | None = None
    ) -> Sequence[tuple[Broadcast, datetime]]:
        """Return what went out in that time, each with when it did last, the newest first.

        Left out is what was undone or withdrawn, and what was changed for a next time that is yet to come.
        """
        ...

    async def save(self, broadcast: Broadcast, now: datetime) -> bool:
        """Keep it if its version is still that of `broadcast`; raise the version, drop the confirm token."""
        ...

    async def confirm_token(self, broadcast_id: int, version: int, fresh: str) -> str | None:
        """Return the token of this version's confirm screen, `fresh` if there was none; None: changed."""
        ...

    async def use_token(self, broadcast_id: int, token: str) -> bool:
        """Use the token up. False when it was used or belongs to an older version."""
        ...

    async def put_text(self, broadcast_id: int, text: Text) -> None:
        """Keep the text of one language, in the place of the one before."""
        ...

    async def asked(self, languages: Collection[str]) -> Sequence[Broadcast]:
        """Return drafts and plans that wait for a translation into one of these languages."""
        ...

    async def note(self, broadcast_id: int, line: HistoryLine) -> None:
        """Keep who did what."""
        ...

    async def history(self, broadcast_id: int) -> Sequence[HistoryLine]:
        """Return who did what, the first first."""
        ...


class Plans(Protocol):
    """Plans, their occurrences, and what was released."""

    async def add(
        self, broadcast_id: int, rule: Rule, without: frozenset[str], planned_by: int | None
    ) -> int:
        """Keep a new plan."""
        ...

    async def get(self, plan_id: int) -> Plan | None:
        """Return a plan."""
        ...

    async def of(self, broadcast_id: int) -> Plan | None:
        """Return the plan of a broadcast that has not ended."""
        ...

    async def running(self) -> Sequence[Plan]:
        """Return all plans that have not ended."""
        ...

    async def save(self, plan: Plan) -> bool:
        """Keep the changed plan if its version is still that of `plan`, and raise the version."""
        ...

    async def add_occurrence(
        self, plan_id: int, day: date, slot: str, due_at: datetime, state: OccurrenceState
    ) -> int | None:
        """Keep an occurrence; None when that day and slot exist already."""
        ...

    async def occurrence(self, occurrence_id: int) -> Occurrence | None:
        """Return an occurrence."""
        ...

    async def occurrences(self, plan_id: int) -> Sequence[Occurrence]:
        """Return all occurrences of a plan, by day."""
        ...

    async def due(self, now: datetime) -> Sequence[Occurrence]:
        """Return planned occurrences of active plans whose moment has come."""
        ...

    async def set_state(self, occurrence: Occurrence, wanted: OccurrenceState) -> bool:
        """Change an occurrence's state if it is still that of `occurrence`."""
        ...

    async def set_plan_state(self, plan_id: int, wanted: PlanState) -> None:
        """Change a plan's state whatever it was."""
        ...

    async def add_run(self, run: Run) -> int:
        """Keep that an occurrence was released. The unique key refuses a second time."""
        ...

    async def run(self, run_id: int) -> Run | None:
        """Return a run."""
        ...

    async def runs(self, broadcast_id: int) -> Sequence[Run]:
        """Return the runs of a broadcast that were not undone, the newest first."""
        ...

    async def reporting(self) -> Sequence[tuple[Run, str]]:
        """Return the runs whose report is still live, each with what it showed last."""
        ...

    async def shown(self, run_id: int, summary: str, *, done: bool) -> None:
        """Keep what the report shows now, and whether it is final."""
        ...

    async def undo(self, run_id: int) -> bool:
        """Mark a run as undone. False when it was already."""
        ...


@dataclass(frozen=True, slots=True)
class Sent:
    """One copy that went out: to whom, in which language, as which message, in which state."""

    recipient: Recipient
    language: str
    message_id: int
    state: str
    sent_message_id: int | None


class Told(Protocol):
    """What became of the messages with one `reason`: a look into the outbox."""

    async def counts(self, reason: str) -> Sequence[Copies]:
        """Return how many copies are in which state."""
        ...

    async def groups(self, reason: str) -> Sequence[tuple[Address, str, str]]:
        """Return address, language and state of the copies for groups."""
        ...

    async def copies(self, reason: str, states: Collection[str]) -> Sequence[Sent]:
        """Return the copies in these states."""
        ...

    async def digests(self, broadcast_id: int) -> Sequence[Sent]:
        """Return the digests that hold this broadcast and went out, or perhaps did."""
        ...

    async def newest(self) -> int:
        """Return the number of the newest message in the outbox."""
        ...

    async def take_back(self, reason: str, languages: Collection[str], up_to: int) -> Sequence[Sent]:
        """Take back what has not left, and return it.

        Only of messages that hold one of these languages (none: all) and whose number is at most `up_to`.
        """
        ...

    async def retry(self, reason: str, now: datetime) -> int:
        """Put what failed back into the queue; returns how many. What is unknown is left alone."""
        ...

    async def cancel(self, reason: str, *, all_or_none: bool) -> int:
        """Take back what has not left. With `all_or_none` nothing is taken back once anything has left."""
        ...

    async def cancel_for(self, person_id: int, prefixes: Collection[str]) -> int:
        """Take back what has not left for one person, of messages whose reason begins like this."""
        ...


@dataclass(frozen=True, slots=True)
class Monthly:
    """The digest of a month for one key figure. `state` is waiting, sent or dropped."""

    id: int
    person_id: int
    month: date
    text: str
    state: str


class KeyFigures(Protocol):
    """What key figures pass on and hear."""

    async def share(self, broadcast_id: int, language: str, fresh: str) -> Share:
        """Return the share link of a broadcast in one language, `fresh` being the code of a new one."""
        ...

    async def visit(self, code: str, *, counted: bool) -> Share | None:
        """Count a visit, where it is `counted`, and return what is shown; nothing is kept about who came."""
        ...

    async def shares(self, broadcast_id: int) -> Sequence[Share]:
        """Return the share links of a broadcast."""
        ...

    async def passed_on(
        self, broadcast_id: int, person_id: int, place: str, about: int, at: datetime
    ) -> bool:
        """Keep that somebody passed it on. False when this was kept before; then `about` is renewed.

        A place takes the place of an unknown one.
        """
        ...

    async def reach(self, broadcast_id: int) -> tuple[int, int]:
        """Return how often it was passed on, and to about how many people together."""
        ...

    async def heard(self, broadcast_id: int, person_id: int, text: str, at: datetime) -> None:
        """Keep what people say."""
        ...

    async def share_of(self, person_id: int, since: datetime, until: datetime) -> tuple[int, int]:
        """Return how often this person passed something on and told what people say, in that time."""
        ...

    async def add_monthly(self, person_id: int, month: date, text: str) -> int | None:
        """Keep a digest that waits for approval; None when that month exists already."""
        ...

    async def monthly(self, digest_id: int) -> Monthly | None:
        """Return a digest."""
        ...

    async def decide_monthly(self, digest_id: int, state: str, by: int) -> bool:
        """Decide about a digest that waits. False: somebody was first."""
        ...
