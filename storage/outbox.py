# SPDX-License-Identifier: EUPL-1.2
"""The outbox as its writers see it: messages for recipients, inside the transaction that causes them."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, event, insert, or_, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.outgoing import DeliveryState, Outgoing, Recipient
from storage.encryption import Cipher
from storage.outbox_bulk import Place, insert_places
from storage.outgoing_json import outgoing_to_json
from storage.tables.outbox import DeliveryRow, MessageRow
from storage.upsert import affected

NO_THREAD = 0
"""What is stored where there is no thread: a unique constraint does not see two NULLs as the same."""

BATCH = 5_000
"""How many recipients go in at a time, so that preparing them never holds up the event loop."""


Queued = Callable[[], None]
"""Called once a transaction that queued something is committed: an answer leaves at once."""


def nobody() -> None:
    """Tell nobody: the worker looks by itself, a little later."""


def not_sent_yet() -> ColumnElement[bool]:
    """Tell deliveries that surely have not left: queued, or held by a worker that has not begun."""
    return or_(
        DeliveryRow.state == DeliveryState.QUEUED.value,
        and_(DeliveryRow.state == DeliveryState.LEASED.value, DeliveryRow.started_at.is_(None)),
    )


class SqlOutbox:
    """The outbox, inside a unit of work."""

    def __init__(self, session: AsyncSession, cipher: Cipher, queued: Queued = nobody) -> None:
        self._session = session
        self._cipher = cipher
        self._queued = queued

    async def add(self, outgoing: Outgoing, recipients: Sequence[Recipient], now: datetime) -> int:
        """Queue one message for its recipients (each once) and return the message's number."""
        message_id = (
            await self._session.execute(
                insert(MessageRow)
                .values(
                    payload=self._cipher.encrypt(outgoing_to_json(outgoing)),
                    reason=outgoing.reason,
                    language=outgoing.language,
                    created_at=now,
                )
                .returning(MessageRow.id)
            )
        ).scalar_one()
        shared = {
            "message_id": message_id,
            "priority": int(outgoing.priority),
            "due_at": now if outgoing.not_before is None else max(now, outgoing.not_before),
            "state": DeliveryState.QUEUED.value,
            "attempts": 0,
        }
        places = list({place[:3]: place for place in map(_place, recipients)}.values())
        for start in range(0, len(places), BATCH):
            await insert_places(self._session, places[start : start + BATCH], shared)
        event.listen(self._session.sync_session, "after_commit", lambda _: self._queued(), once=True)
        return message_id

    async def cancel(self, message_id: int) -> int:
        """Take back what has not left yet; returns how many."""
        result = await self._session.execute(
            update(DeliveryRow)
            .where(DeliveryRow.message_id == message_id, not_sent_yet())
            .values(state=DeliveryState.CANCELLED.value, owner=None, held_until=None)
            .execution_options(synchronize_session=False)
        )
        return affected(result)


def _place(recipient: Recipient) -> Place:
    """Return the recipient as it is stored."""
    address = recipient.address
    thread_id = address.thread_id or NO_THREAD
    return address.channel, address.chat_id, thread_id, recipient.person_id, recipient.edits
