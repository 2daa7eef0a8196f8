# SPDX-License-Identifier: EUPL-1.2
"""What is not kept for ever, and when it goes. Run once a day.

A new store with a term adds its own step to `STEPS`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Delete, Update, delete, select, update
from sqlalchemy.orm import InstrumentedAttribute

from bot.domain.outgoing import DeliveryState
from bot.domain.question import QuestionState
from storage.database import Database
from storage.tables.broadcasts import HeardRow
from storage.tables.fsm import FsmRow
from storage.tables.inbox import InboxRow
from storage.tables.outbox import DeliveryRow, MessageRow
from storage.tables.people import InvitationRow
from storage.tables.questions import ExchangeRow, LineRow, QuestionRow
from storage.upsert import affected

PORTION = 1_000
"""How many rows go in one transaction, so that nobody waits long for the database."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How long things are kept."""

    texts: timedelta = timedelta(days=28)
    """Text of conversations, and of messages that were sent."""
    deliveries: timedelta = timedelta(days=400)
    """Who got which message: for corrections, and for a year's figures."""
    inbox: timedelta = timedelta(days=7)
    """Which updates were handled. Telegram repeats one for at most 24 hours."""
    forms: timedelta = timedelta(days=14)
    """Forms that nobody has touched."""


class Step(NamedTuple):
    """One kind of thing that goes: the rows whose term has ended, and the change made to them."""

    name: str
    key: InstrumentedAttribute[Any]
    ended: Callable[[datetime, Terms], Sequence[ColumnElement[bool]]]
    change: Delete | Update


_UNDER_WAY = [DeliveryState.QUEUED.value, DeliveryState.LEASED.value]
_DONE = [QuestionState.ANSWERED.value, QuestionState.CLOSED.value]


def _exchange_texts(now: datetime, terms: Terms) -> Sequence[ColumnElement[bool]]:
    return ExchangeRow.at < now - terms.texts, ExchangeRow.text.is_not(None)


def _question_texts(now: datetime, terms: Terms) -> Sequence[ColumnElement[bool]]:
    """Leave out questions that nobody has answered yet: without their text nobody ever could."""
    done = select(QuestionRow.id).where(QuestionRow.state.in_(_DONE))
    return LineRow.at < now - terms.texts, LineRow.text.is_not(None), LineRow.question_id.in_(done)


def _heard_texts(now: datetime, terms: Terms) -> Sequence[ColumnElement[bool]]:
    return HeardRow.at < now - terms.texts, HeardRow.text.is_not(None)


def _message_texts(now: datetime, terms: Terms) -> Sequence[ColumnElement[bool]]:
    waiting = select(DeliveryRow.id).where(
        DeliveryRow.message_id == MessageRow.id, DeliveryRow.state.in_(_UNDER_WAY)
    )
    return MessageRow.created_at < now - terms.texts, MessageRow.payload.is_not(None), ~waiting.exists()


def _deliveries(now: datetime, terms: Terms) -> Sequence[ColumnElement[bool]]:
    old = select(MessageRow.id).where(MessageRow.created_at < now - terms.deliveries)
    return DeliveryRow.message_id.in_(old), DeliveryRow.state.not_in(_UNDER_WAY)


def _messages(now: datetime, terms: Terms) -> Sequence[ColumnElement[bool]]:
    copies = select(DeliveryRow.id).where(DeliveryRow.message_id == MessageRow.id)
    return MessageRow.created_at < now - terms.deliveries, ~copies.exists()


def _invitations(now: datetime, _terms: Terms) -> Sequence[ColumnElement[bool]]:
    return (InvitationRow.expires_at <= now,)


def _inbox(now: datetime, terms: Terms) -> Sequence[ColumnElement[bool]]:
    return (InboxRow.handled_at < now - terms.inbox,)


def _forms(now: datetime, terms: Terms) -> Sequence[ColumnElement[bool]]:
    return (FsmRow.updated_at < now - terms.forms,)


STEPS: tuple[Step, ...] = (
    Step("exchange texts", ExchangeRow.id, _exchange_texts, update(ExchangeRow).values(text=None)),
    Step("question texts", LineRow.id, _question_texts, update(LineRow).values(text=None)),
    Step("heard texts", HeardRow.id, _heard_texts, update(HeardRow).values(text=None)),
    Step("message texts", MessageRow.id, _message_texts, update(MessageRow).values(payload=None)),
    Step("deliveries", DeliveryRow.id, _deliveries, delete(DeliveryRow)),
    Step("messages", MessageRow.id, _messages, delete(MessageRow)),
    Step("invitations", InvitationRow.id, _invitations, delete(InvitationRow)),
    Step("inbox", InboxRow.update_id, _inbox, delete(InboxRow)),
    Step("forms", FsmRow.key_hash, _forms, delete(FsmRow)),
)
"""Everything with a term."""


async def clean(database: Database, now: datetime, terms: Terms = Terms()) -> dict[str, int]:
    """Let go what has reached its term; returns how many of each. Safe to interrupt and to repeat."""
    return {step.name: await _run(database, step, now, terms) for step in STEPS}


async def _run(database: Database, step: Step, now: datetime, terms: Terms) -> int:
    ended = step.ended(now, terms)
    total = 0
    while True:
        async with database.writing() as session:
            keys = list((await session.execute(select(step.key).where(*ended).limit(PORTION))).scalars())
            if not keys:
                return total
            changed = await session.execute(
                step.change.where(step.key.in_(keys), *ended),
                execution_options={"synchronize_session": False},
            )
            total += affected(changed)
            await session.commit()
