# SPDX-License-Identifier: EUPL-1.2
"""The outbox as its workers see it: take a few copies, say which are being sent, write down how it ended.

Each call is a transaction of its own. A worker owns what it leases until the lease ends; what it says
about a copy that another one owns by then is ignored. `start` parts the two kinds of copies that a killed
worker leaves behind: those that were surely not sent go back to the queue, the others become *unknown*.
"""

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.group import Membership, after
from bot.domain.outgoing import Delivery, DeliveryState, Outcome, Outgoing, Priority, Recipient
from bot.domain.person import Address
from storage import moves
from storage.database import Database
from storage.encryption import Cipher, SealedError
from storage.groups import SqlGroups
from storage.outbox import NO_THREAD
from storage.outgoing_json import outgoing_from_json
from storage.people import SqlPeople
from storage.tables.base import UtcDateTime, table_of
from storage.tables.outbox import DeliveryRow, MessageRow
from storage.upsert import affected

REMEMBERED_MESSAGES = 64
"""How many opened messages are kept in memory: a broadcast is leased in hundreds of portions."""

_REFUSALS = (DeliveryState.BLOCKED, DeliveryState.GONE)
_DELIVERIES = table_of(DeliveryRow)
_MESSAGES = table_of(MessageRow)

# Spelled out instead of parameters: only so do the databases see that a partial index fits.
_QUEUED: ColumnElement[str] = literal_column(f"'{DeliveryState.QUEUED.value}'")
_LEASED: ColumnElement[str] = literal_column(f"'{DeliveryState.LEASED.value}'")

_DUE = (
    select(
        _DELIVERIES.c.id,
        _DELIVERIES.c.message_id,
        _DELIVERIES.c.channel,
        _DELIVERIES.c.chat_id,
        _DELIVERIES.c.thread_id,
        _DELIVERIES.c.person_id,
        _DELIVERIES.c.edits,
        _DELIVERIES.c.attempts,
    )
    .where(
        _DELIVERIES.c.state == _QUEUED,
        _DELIVERIES.c.priority == bindparam("urgency"),
        _DELIVERIES.c.due_at <= bindparam("now"),
    )
    .order_by(_DELIVERIES.c.due_at, _DELIVERIES.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
"""What is due in one priority, the longest waiting first: one range of the index."""

_PAYLOADS = select(_MESSAGES.c.id, _MESSAGES.c.payload).where(
    _MESSAGES.c.id.in_(bindparam("messages", expanding=True))
)
_LEASE = (
    update(_DELIVERIES)
    .where(_DELIVERIES.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        state=DeliveryState.LEASED.value,
        owner=bindparam("new_owner"),
        held_until=bindparam("until"),
        started_at=None,
    )
)
_START = (
    update(_DELIVERIES)
    .where(
        _DELIVERIES.c.id.in_(bindparam("ids", expanding=True)),
        _DELIVERIES.c.owner == bindparam("holder"),
        _DELIVERIES.c.state == DeliveryState.LEASED.value,
        _DELIVERIES.c.held_until > bindparam("now"),
    )
    .values(
        started_at=bindparam("now"),
        attempts=_DELIVERIES.c.attempts + 1,
        held_until=func.coalesce(bindparam("until", type_=UtcDateTime()), _DELIVERIES.c.held_until),
    )
    .returning(_DELIVERIES.c.id)
)
_SETTLE = (
    update(_DELIVERIES)
    .where(
        _DELIVERIES.c.id == bindparam("delivery"),
        _DELIVERIES.c.owner == bindparam("holder"),
        # Unknown with an owner: the lease ended while this owner was still sending. Now it knows.
        or_(
            _DELIVERIES.c.state == DeliveryState.LEASED.value,
            _DELIVERIES.c.state == DeliveryState.UNKNOWN.value,
        ),
    )
    .values(
        state=bindparam("new_state"),
        owner=None,
        held_until=None,
        started_at=None,
        # A try that says nothing about the message was counted only if it had been started.
        attempts=_DELIVERIES.c.attempts
        - case((_DELIVERIES.c.started_at.is_(None), 0), else_=bindparam("uncounted", type_=Integer())),
        due_at=func.coalesce(bindparam("again_at", type_=UtcDateTime()), _DELIVERIES.c.due_at),
        settled_at=bindparam("ended_at"),
        sent_message_id=bindparam("sent"),
        error=bindparam("problem"),
        details=bindparam("more"),
    )
)
_PLACES = select(_DELIVERIES.c.id, _DELIVERIES.c.channel, _DELIVERIES.c.chat_id).where(
    _DELIVERIES.c.id.in_(bindparam("ids", expanding=True))
)
_TO_GROUPS = select(_DELIVERIES.c.chat_id, _DELIVERIES.c.started_at, _DELIVERIES.c.settled_at).where(
    _DELIVERIES.c.chat_id < 0,
    _DELIVERIES.c.channel == bindparam("place"),
    or_(
        _DELIVERIES.c.started_at > bindparam("since"),
        and_(_DELIVERIES.c.settled_at > bindparam("since"), _DELIVERIES.c.state.in_(("sent", "unknown"))),
    ),
)
_ENDED_LEASES = (_DELIVERIES.c.state == _LEASED, _DELIVERIES.c.held_until <= bindparam("now"))
_GIVE_BACK = (
    update(_DELIVERIES)
    .where(*_ENDED_LEASES, _DELIVERIES.c.started_at.is_(None))
    .values(state=DeliveryState.QUEUED.value, owner=None, held_until=None)
)
_PARK = (
    update(_DELIVERIES)
    .where(*_ENDED_LEASES, _DELIVERIES.c.started_at.is_not(None))
    .values(
        state=DeliveryState.UNKNOWN.value,
        held_until=None,
        settled_at=bindparam("now"),
        error="the worker stopped while it was sending",
    )
)
_UNREADABLE = (
    update(_DELIVERIES)
    .where(_DELIVERIES.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        state=DeliveryState.FAILED.value,
        settled_at=bindparam("now"),
        error="the message was erased or cannot be opened",
    )
)


class SqlDeliveries:
    """The worker's side of the outbox."""

    def __init__(self, database: Database, cipher: Cipher) -> None:
        self._database = database
        self._cipher = cipher
        self._opened: OrderedDict[int, Outgoing] = OrderedDict()

    async def lease(
        self, owner: str, limit: int, now: datetime, hold: timedelta, least: Priority = Priority.BULK
    ) -> Sequence[Delivery]:
        """Take up to `limit` deliveries that are due, urgent ones first, for `hold` long.

        Nothing less urgent than `least`. `owner` names one run of one worker: never use the name again after
        a restart.

        On PostgreSQL several workers lease side by side: each skips the rows that another is taking.
        """
        async with self._database.writing() as session:
            rows: list[Row[*tuple[Any, ...]]] = []
            for priority in Priority:
                room = limit - len(rows)
                if room <= 0 or priority > least:
                    break
                found = await session.execute(_DUE, {"urgency": int(priority), "now": now, "most": room})
                rows.extend(found.all())
            if not rows:
                return []
            messages = await self._open(session, {row.message_id for row in rows})
            ready = [row for row in rows if row.message_id in messages]
            unreadable = [row.id for row in rows if row.message_id not in messages]
            if unreadable:
                await session.execute(_UNREADABLE, {"ids": unreadable, "now": now})
            if ready:
                await session.execute(
                    _LEASE, {"ids": [row.id for row in ready], "new_owner": owner, "until": now + hold}
                )
            await session.commit()
        return [_delivery(row, messages[row.message_id], owner) for row in ready]

    async def start(
        self, owner: str, delivery_ids: Collection[int], now: datetime, hold: timedelta | None = None
    ) -> Collection[int]:
        """Write down that these are being sent from now on; returns those that `owner` still holds.

        They are held for `hold` from now on, where it is given. Only what is returned may be sent. Each
        counts as an attempt.
        """
        until = None if hold is None else now + hold
        async with self._database.writing() as session:
            held = await session.execute(
                _START, {"ids": list(delivery_ids), "holder": owner, "now": now, "until": until}
            )
            started = frozenset(held.scalars())
            await session.commit()
            return started

    async def settle(self, owner: str, outcomes: Sequence[tuple[int, Outcome]], now: datetime) -> None:
        """Write down how deliveries that `owner` holds ended. One that another holds by now is left alone.

        With `retry_at`, or as QUEUED, it goes back to the queue. With `moved_to`, all that is kept for
        the chat moves along. Who blocked the bot or is gone is not written to until they come back; a group
        counts as one that removed or muted the bot.
        """
        if not outcomes:
            return
        async with self._database.writing() as session:
            await session.execute(_SETTLE, [_settled(owner, *each, now) for each in outcomes])
            await self._follow(session, outcomes)
            await self._end(session, outcomes, now)
            await session.commit()

    async def expire_leases(self, now: datetime) -> int:
        """Give back what a dead worker had not begun; mark as unknown, and count, what it had."""
        async with self._database.writing() as session:
            await session.execute(_GIVE_BACK, {"now": now})
            parked = affected(await session.execute(_PARK, {"now": now}))
            await session.commit()
            return parked

    async def started(self, channel: str, since: datetime) -> Sequence[tuple[int, datetime]]:
        """Return the group chats to which something was sent since then, and when: once for each message."""
        async with self._database.reading() as session:
            rows = await session.execute(_TO_GROUPS, {"place": channel, "since": since})
            return [(chat_id, settled_at or started_at) for chat_id, started_at, settled_at in rows]

    async def _open(self, session: AsyncSession, message_ids: set[int]) -> Mapping[int, Outgoing]:
        """Return the messages that can be opened, from memory where they were opened before."""
        missing = [message_id for message_id in message_ids if message_id not in self._opened]
        if missing:
            for message_id, payload in await session.execute(_PAYLOADS, {"messages": missing}):
                if payload is None:
                    continue
                try:
                    self._opened[message_id] = outgoing_from_json(self._cipher.decrypt(payload))
                except SealedError:
                    continue
        opened = {each: self._opened[each] for each in message_ids if each in self._opened}
        for message_id in opened:
            self._opened.move_to_end(message_id)
        while len(self._opened) > REMEMBERED_MESSAGES:
            self._opened.popitem(last=False)
        return opened

    async def _follow(self, session: AsyncSession, outcomes: Sequence[tuple[int, Outcome]]) -> None:
        moved = {delivery_id: outcome.moved_to for delivery_id, outcome in outcomes if outcome.moved_to}
        if not moved:
            return
        rows = (await session.execute(_PLACES, {"ids": list(moved)})).all()
        for channel, chat_id, new_chat_id in {(row.channel, row.chat_id, moved[row.id]) for row in rows}:
            await moves.follow(session, self._cipher, channel, chat_id, new_chat_id)

    async def _end(
        self, session: AsyncSession, outcomes: Sequence[tuple[int, Outcome]], now: datetime
    ) -> None:
        """Remember who refuses messages. The person's data, and what was decided about a group, stay."""
        refused = {each: outcome for each, outcome in outcomes if outcome.state in _REFUSALS}
        if not refused:
            return
        people, groups = SqlPeople(session, self._cipher), SqlGroups(session, self._cipher)
        for row in (await session.execute(_PLACES, {"ids": list(refused)})).all():
            outcome = refused[row.id]
            await people.mark_unreachable(Address(row.channel, row.chat_id), outcome.state)
            group = await groups.at(row.channel, row.chat_id)
            if group is not None:
                membership = Membership.MUTED if outcome.muted else Membership.OUT
                state = after(group.state, membership, was_approved=group.was_approved)
                if state is not group.state:
                    await groups.save(replace(group, state=state), None, now)


def _delivery(row: Row[Any], outgoing: Outgoing, owner: str) -> Delivery:
    thread_id = None if row.thread_id == NO_THREAD else row.thread_id
    address = Address(row.channel, row.chat_id, thread_id)
    return Delivery(
        row.id, row.message_id, outgoing, Recipient(address, row.person_id, row.edits), row.attempts, owner
    )


def _settled(owner: str, delivery_id: int, outcome: Outcome, now: datetime) -> dict[str, object]:
    """Return the parameters of `_SETTLE`."""
    again = outcome.retry_at is not None or outcome.state is DeliveryState.QUEUED
    return {
        "delivery": delivery_id,
        "holder": owner,
        "new_state": DeliveryState.QUEUED.value if again else outcome.state.value,
        "again_at": (outcome.retry_at or now) if again else None,
        "ended_at": None if again else now,
        "sent": outcome.sent_message_id,
        "problem": outcome.error or None,
        "more": outcome.details or None,
        "uncounted": 0 if outcome.counts else 1,
    }
