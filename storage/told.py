# SPDX-License-Identifier: EUPL-1.2
"""What became of the messages with one reason: counts, copies, retries, taking back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Result, Row, Select, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.broadcast import Copies
from bot.domain.outgoing import DeliveryState, Recipient
from bot.domain.person import Address
from bot.services.broadcast_ports import Sent
from bot.services.releasing import BETWEEN
from bot.services.subscriptions import DIGEST
from storage.accounts import accounts_of
from storage.encryption import Cipher
from storage.outbox import NO_THREAD, not_sent_yet
from storage.tables.outbox import DeliveryRow, MessageRow
from storage.upsert import affected

_DELIVERY = (
    DeliveryRow.channel,
    DeliveryRow.chat_id,
    DeliveryRow.thread_id,
    DeliveryRow.person_id,
    DeliveryRow.edits,
    DeliveryRow.message_id,
    DeliveryRow.state,
    DeliveryRow.sent_message_id,
)
_COPIES: Select[*tuple[Any, ...]] = (
    select(*_DELIVERY, MessageRow.language)
    .join(MessageRow, MessageRow.id == DeliveryRow.message_id)
    .order_by(DeliveryRow.id)
)
_WENT_OUT = (DeliveryState.SENT.value, DeliveryState.UNKNOWN.value)


@dataclass(frozen=True, slots=True)
class SqlTold:
    """A look into the outbox, inside a unit of work."""

    session: AsyncSession
    cipher: Cipher

    async def counts(self, reason: str) -> Sequence[Copies]:
        """Return how many copies are in which state."""
        to_groups = DeliveryRow.person_id.is_(None)
        keys = (MessageRow.language, DeliveryRow.channel, to_groups, DeliveryRow.state)
        rows = await self.session.execute(
            select(*keys, func.count())
            .join(MessageRow, MessageRow.id == DeliveryRow.message_id)
            .where(MessageRow.reason == reason)
            .group_by(*keys)
            .order_by(MessageRow.language, DeliveryRow.state)
        )
        return [
            Copies(language, channel, bool(group), state, int(number))
            for language, channel, group, state, number in rows
        ]

    async def groups(self, reason: str) -> Sequence[tuple[Address, str, str]]:
        """Return address, language and state of the copies for groups."""
        rows = await self.session.execute(
            select(
                DeliveryRow.channel,
                DeliveryRow.chat_id,
                DeliveryRow.thread_id,
                MessageRow.language,
                DeliveryRow.state,
            )
            .join(MessageRow, MessageRow.id == DeliveryRow.message_id)
            .where(MessageRow.reason == reason, DeliveryRow.person_id.is_(None))
            .order_by(DeliveryRow.id)
        )
        return [
            (Address(channel, chat_id, thread_id or None), language, state)
            for channel, chat_id, thread_id, language, state in rows
        ]

    async def copies(self, reason: str, states: Collection[str]) -> Sequence[Sent]:
        """Return the copies in these states."""
        rows = await self.session.execute(
            _COPIES.where(MessageRow.reason == reason, DeliveryRow.state.in_(list(states)))
        )
        return [_sent(row, row.language) for row in rows]

    async def digests(self, broadcast_id: int) -> Sequence[Sent]:
        """Return the digests that hold this broadcast and went out, or perhaps did."""
        reasons = await self.session.execute(
            select(MessageRow.reason).distinct().where(MessageRow.reason.startswith(DIGEST, autoescape=True))
        )
        holding = [
            reason
            for reason in reasons.scalars()
            if str(broadcast_id) in reason.removeprefix(DIGEST).split(",")
        ]
        rows = await self.session.execute(
            _COPIES.where(MessageRow.reason.in_(holding), DeliveryRow.state.in_(_WENT_OUT))
        )
        return [_sent(row, row.language) for row in rows]

    async def newest(self) -> int:
        """Return the number of the newest message in the outbox."""
        result = await self.session.execute(select(func.coalesce(func.max(MessageRow.id), 0)))
        return int(result.scalar_one())

    async def take_back(self, reason: str, languages: Collection[str], up_to: int) -> Sequence[Sent]:
        """Take back what has not left, and return it.

        Only of messages that hold one of these languages (none: all) and whose number is at most `up_to`.
        """
        rows = await self.session.execute(
            select(MessageRow.id, MessageRow.language).where(
                MessageRow.reason == reason, MessageRow.id <= up_to
            )
        )
        meant = {
            row.id: row.language
            for row in rows
            if not languages or set(row.language.split(BETWEEN)) & set(languages)
        }
        taken: Result[Any] = await self.session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.message_id.in_(list(meant)), not_sent_yet())
            .values(state=DeliveryState.CANCELLED.value, owner=None, held_until=None)
            .returning(*_DELIVERY)
            .execution_options(synchronize_session=False)
        )
        return [_sent(row, meant[row.message_id]) for row in taken]

    async def retry(self, reason: str, now: datetime) -> int:
        """Put what failed back into the queue; returns how many. What is unknown is left alone."""
        result = await self.session.execute(
            update(DeliveryRow)
            .where(self._of(reason), DeliveryRow.state == DeliveryState.FAILED.value)
            .values(
                state=DeliveryState.QUEUED.value,
                due_at=now,
                attempts=0,
                error=None,
                details=None,
                settled_at=None,
            )
            .execution_options(synchronize_session=False)
        )
        return affected(result)

    async def cancel(self, reason: str, *, all_or_none: bool) -> int:
        """Take back what has not left. With `all_or_none` nothing is taken back once anything has left."""
        result = await self.session.execute(
            update(DeliveryRow)
            .where(self._of(reason), not_sent_yet())
            .values(state=DeliveryState.CANCELLED.value, owner=None, held_until=None)
            .execution_options(synchronize_session=False)
        )
        if all_or_none:
            left = await self.session.execute(
                select(func.count()).where(
                    self._of(reason), DeliveryRow.state != DeliveryState.CANCELLED.value
                )
            )
            if left.scalar_one():
                return 0
        return affected(result)

    async def cancel_for(self, person_id: int, prefixes: Collection[str]) -> int:
        """Take back what has not left for one person, of messages whose reason begins like this.

        Found by the person's chats, for which there is an index.
        """
        accounts = await accounts_of(self.session, self.cipher, [person_id])
        messages = select(MessageRow.id).where(
            or_(*(MessageRow.reason.startswith(prefix, autoescape=True) for prefix in prefixes))
        )
        cancelled = 0
        for account in accounts:
            result = await self.session.execute(
                update(DeliveryRow)
                .where(
                    DeliveryRow.channel == account.channel,
                    DeliveryRow.chat_id == account.chat_id,
                    DeliveryRow.message_id.in_(messages),
                    not_sent_yet(),
                )
                .values(state=DeliveryState.CANCELLED.value, owner=None, held_until=None)
                .execution_options(synchronize_session=False)
            )
            cancelled += affected(result)
        return cancelled

    @staticmethod
    def _of(reason: str) -> ColumnElement[bool]:
        return DeliveryRow.message_id.in_(select(MessageRow.id).where(MessageRow.reason == reason))


def _sent(row: Row[Any], language: str) -> Sent:
    thread_id = None if row.thread_id == NO_THREAD else row.thread_id
    return Sent(
        Recipient(Address(row.channel, row.chat_id, thread_id), row.person_id, row.edits),
        language,
        row.message_id,
        row.state,
        row.sent_message_id,
    )
