# SPDX-License-Identifier: EUPL-1.2
"""What the use cases need from the world, as small Protocols. `storage` and the others fulfil them."""

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Protocol, Self

from bot.domain.outgoing import Delivery, DeliveryState, Outcome, Outgoing, Priority, Recipient
from bot.domain.person import Address, Invitation, Person, Role
from bot.domain.question import Exchange, Line, Question, QuestionState
from bot.services.broadcast_ports import Broadcasts, Groups, KeyFigures, Plans, Subscriptions, Told
from bot.services.report_ports import Drafts, Reports, Transfers


class Clock(Protocol):
    """The time. Tests set it."""

    def now(self) -> datetime:
        """Return the present moment in UTC, with its zone."""
        ...


class People(Protocol):
    """People, their roles and where to reach them."""

    async def get(self, person_id: int) -> Person | None:
        """Return the person, or None."""
        ...

    async def at(self, channel: str, user_id: int) -> Person | None:
        """Return the person who writes as this user of a channel."""
        ...

    async def add(self, channel: str, user_id: int, chat_id: int, now: datetime) -> Person:
        """Make a new person who writes as this user; `chat_id` is the private chat."""
        ...

    async def set_language(self, person_id: int, language: str, *, chosen: bool) -> None:
        """Remember the language, and whether the person chose it."""
        ...

    async def grant(self, person_id: int, role: Role, by: int | None, now: datetime) -> None:
        """Give a role; giving it twice changes nothing."""
        ...

    async def revoke(self, person_id: int, role: Role) -> None:
        """Take a role away."""
        ...

    async def with_role(self, role: Role) -> Sequence[Person]:
        """Return everybody with this role."""
        ...

    async def addresses(self, person_ids: Collection[int]) -> dict[int, list[Address]]:
        """Return where each person can be reached, the channel used last first, without blocked ones."""
        ...

    async def mark_unreachable(self, address: Address, state: DeliveryState) -> None:
        """Remember that this address refuses messages. The person's data stays."""
        ...

    async def mark_reachable(self, channel: str, user_id: int, now: datetime) -> None:
        """Allow messages to an address again, because the person wrote from there."""
        ...

    async def moved(self, channel: str, chat_id: int, new_chat_id: int) -> None:
        """Give everything that is kept for a chat its new id."""
        ...

    async def forget(self, person_id: int) -> None:
        """Remove the person and all that is personal. Counts stay, without the person."""
        ...

    async def everything_about(self, person_id: int) -> dict[str, object]:
        """Return all that is kept about the person, readable, for /mijngegevens."""
        ...


class Invitations(Protocol):
    """Links that grant a role once."""

    async def add(self, token: str, invitation: Invitation) -> None:
        """Keep an invitation under a keyed hash of its token."""
        ...

    async def take(self, token: str, person_id: int, now: datetime) -> Invitation | None:
        """Use it up, in one step. None when it does not exist, was used, or has expired."""
        ...


class Questions(Protocol):
    """Questions to a person."""

    async def add(
        self, person_id: int, language: str, text: str, now: datetime, due_at: datetime
    ) -> Question:
        """Keep a new question with its first line."""
        ...

    async def get(self, question_id: int) -> Question | None:
        """Return the question with all its lines."""
        ...

    async def of_person(self, person_id: int) -> Sequence[Question]:
        """Return what this person asked, the newest first."""
        ...

    async def in_states(self, states: Collection[QuestionState], limit: int = 50) -> Sequence[Question]:
        """Return questions in these states, the oldest first."""
        ...

    async def add_line(self, question_id: int, line: Line) -> None:
        """Add something that was said."""
        ...

    async def set_state(
        self, question_id: int, present: QuestionState, wanted: QuestionState, by: int | None, now: datetime
    ) -> bool:
        """Change the state if it is still `present`, and keep who did it. False: somebody was first."""
        ...


class Exchanges(Protocol):
    """What was asked and what was shown."""

    async def add(self, exchange: Exchange) -> None:
        """Keep it."""
        ...

    async def get(self, exchange_id: int, person_id: int) -> Exchange | None:
        """Return it if it is this person's."""
        ...

    async def before(self, person_id: int, since: datetime) -> tuple[str | None, bool]:
        """Return the entry shown last since then, for follow-up questions, and whether they ever asked."""
        ...

    async def set_helped(self, exchange_id: int, person_id: int, *, helped: bool) -> bool:
        """Keep 'did this help?'. False when it is not this person's."""
        ...

    async def told(self, entry: str, revisions: Collection[int]) -> Sequence[int]:
        """Return the people who were told these revisions of an entry."""
        ...

    async def erase_texts(self, before: datetime) -> int:
        """Remove the text of conversations from before then (28 days); returns how many."""
        ...


class Outbox(Protocol):
    """Messages to be told, written in the transaction that causes them."""

    async def add(self, outgoing: Outgoing, recipients: Sequence[Recipient], now: datetime) -> int:
        """Queue one message for its recipients (each once) and return the message's number."""
        ...

    async def cancel(self, message_id: int) -> int:
        """Take back what has not left yet; returns how many."""
        ...


class Deliveries(Protocol):
    """The worker's side of the outbox. Each call is a transaction of its own."""

    async def lease(
        self, owner: str, limit: int, now: datetime, hold: timedelta, least: Priority = Priority.BULK
    ) -> Sequence[Delivery]:
        """Take up to `limit` deliveries that are due, urgent ones first, for `hold` long.

        Nothing less urgent than `least`.
        """
        ...

    async def start(
        self, owner: str, delivery_ids: Collection[int], now: datetime, hold: timedelta | None = None
    ) -> Collection[int]:
        """Write down, just before sending, that these are being sent; returns those `owner` still holds.

        They are held for `hold` from now on, where it is given. Only what is returned may be sent, and each
        counts as an attempt. A worker that dies later leaves these as unknown; what it had leased but not
        started simply goes back to the queue.
        """
        ...

    async def settle(self, owner: str, outcomes: Sequence[tuple[int, Outcome]], now: datetime) -> None:
        """Write down how deliveries that `owner` holds ended. One that another holds by now is left alone.

        With `retry_at`, or as QUEUED, it goes back to the queue. With `moved_to`, all that is kept for
        the chat moves along.
        """
        ...

    async def expire_leases(self, now: datetime) -> int:
        """Free what a dead worker held too long; returns how many are unknown now.

        What it had started may have been sent and becomes unknown. The rest goes back to the queue.
        """
        ...

    async def started(self, channel: str, since: datetime) -> Sequence[tuple[int, datetime]]:
        """Return the group chats to which something was sent since then, and when: once for each message."""
        ...


class Workers(Protocol):
    """Which processes send for one bot at present."""

    async def present(self, name: str, now: datetime, until: datetime) -> int:
        """Say that the worker `name` is there until then; returns how many are, with this one."""
        ...

    async def leave(self, name: str) -> None:
        """Say that this one is no longer there."""
        ...


class Inbox(Protocol):
    """Which updates were handled. An update is handled once however often it arrives."""

    async def seen(self, bot_id: int, update_id: int) -> bool:
        """Whether the update was handled before."""
        ...

    def handling(self, bot_id: int, update_id: int) -> AbstractAsyncContextManager[None]:
        """Mark the update as handled together with the first transaction committed inside the block.

        Where the block commits nothing, it is marked at its end. Raises AlreadyHandledError at commit when
        another process was first.
        """
        ...


class Leases(Protocol):
    """Named leases: one leader among several processes."""

    async def hold(self, name: str, owner: str, now: datetime, until: datetime) -> bool:
        """Take or renew the lease. False when another owner holds it."""
        ...

    async def release(self, name: str, owner: str) -> None:
        """Give it back."""
        ...


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of the media store. `size` in bytes; `id` is what others keep."""

    id: str
    kind: str
    mime: str
    size: int


class Media(Protocol):
    """Pictures, voices and documents. A file is either there whole or not there."""

    async def store(self, content: bytes, kind: str, mime: str) -> StoredFile:
        """Keep a file; the same content twice is one file. Raises OSError when the disk is full."""
        ...

    async def load(self, media_id: str) -> bytes:
        """Return the content. Raises NotFoundError."""
        ...

    async def describe(self, media_id: str) -> StoredFile | None:
        """Return what is known of a file."""
        ...

    async def remove(self, media_ids: Collection[str]) -> None:
        """Remove files that nobody refers to any more."""
        ...


class UnitOfWork(Protocol):
    """One transaction over all stores. Leaving it without `commit` rolls back.

    Nothing slow happens inside: no network, no picture work.
    """

    people: People
    invitations: Invitations
    questions: Questions
    exchanges: Exchanges
    outbox: Outbox
    groups: Groups
    subscriptions: Subscriptions
    broadcasts: Broadcasts
    plans: Plans
    told: Told
    key_figures: KeyFigures
    reports: Reports
    drafts: Drafts
    transfers: Transfers

    async def __aenter__(self) -> Self:
        """Begin."""
        ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Roll back what was not committed."""
        ...

    async def commit(self, *, repeatable: bool = False) -> None:
        """Make it so. Raises AlreadyHandledError when the update that is being handled was handled before.

        `repeatable` says that it does no harm to do it again: then the update does not count as handled
        by this alone, and is handled anew after a crash that comes before the reply.
        """
        ...


Work = Callable[[], UnitOfWork]
"""Opens a unit of work: `async with work() as unit: … await unit.commit()`."""
