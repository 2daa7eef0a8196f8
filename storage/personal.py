# SPDX-License-Identifier: EUPL-1.2
"""What is kept about one person, over all stores: told to that person, or forgotten.

A new store with personal rows adds a `Part`: `about` reads what it keeps about somebody in words that the
person understands, `forget` removes it and leaves what only counts.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.domain.outgoing import DeliveryState
from bot.domain.question import QuestionState
from storage.accounts import Account, accounts_of
from storage.encryption import Cipher
from storage.exchanges import exchange_from
from storage.fsm_rows import user_hashes
from storage.moments import utc_now
from storage.outbox import not_sent_yet
from storage.outgoing_json import outgoing_from_json
from storage.personal_broadcasts import about_updates, forget_updates
from storage.questions import SqlQuestions
from storage.report_personal import about_reports, forget_reports
from storage.tables.fsm import FsmRow
from storage.tables.outbox import DeliveryRow, MessageRow
from storage.tables.people import AccountRow, PersonRow, RoleRow
from storage.tables.questions import ExchangeRow, LineRow, QuestionRow
from storage.web import count_for_visitor, forget_visitor

FORGOTTEN_CHANNEL = "forgotten"
"""The channel of a delivery whose recipient was forgotten; its chat id is then the delivery's number."""

WEB_CHANNEL = "web"
"""The channel whose messages lie in our own tables; a user of it is a visitor."""


@dataclass(frozen=True, slots=True)
class Who:
    """The person that is meant, with all accounts."""

    session: AsyncSession
    cipher: Cipher
    person_id: int
    accounts: Sequence[Account]


class Part(NamedTuple):
    """What one store knows about a person."""

    name: str
    about: Callable[[Who], Awaitable[object]]
    forget: Callable[[Who], Awaitable[None]]


async def everything_about(session: AsyncSession, cipher: Cipher, person_id: int) -> dict[str, object]:
    """Return all that is kept about the person, by part; empty for somebody unknown."""
    who = Who(session, cipher, person_id, await accounts_of(session, cipher, [person_id]))
    known = await session.execute(select(PersonRow.id).where(PersonRow.id == person_id))
    if known.first() is None:
        return {}
    return {part.name: await part.about(who) for part in PARTS}


async def forget(session: AsyncSession, cipher: Cipher, person_id: int) -> None:
    """Remove the person and all that is personal."""
    who = Who(session, cipher, person_id, await accounts_of(session, cipher, [person_id]))
    for part in reversed(PARTS):
        await part.forget(who)


async def _about_person(who: Who) -> object:
    person = (
        await who.session.execute(select(PersonRow.__table__).where(PersonRow.id == who.person_id))
    ).one()
    roles = await who.session.execute(
        select(RoleRow.role, RoleRow.granted_at).where(RoleRow.person_id == who.person_id)
    )
    return {
        "language": person.language,
        "since": person.created_at.isoformat(),
        "roles": {role: granted_at.isoformat() for role, granted_at in roles},
        "accounts": [
            {
                "channel": account.channel,
                "user": account.user_id,
                "chat": account.chat_id,
                "last_used": account.seen_at.isoformat(),
            }
            for account in who.accounts
        ],
    }


async def _forget_person(who: Who) -> None:
    """Last of all: what still points at the person is emptied by the foreign keys."""
    await who.session.execute(delete(AccountRow).where(AccountRow.person_id == who.person_id))
    await who.session.execute(delete(PersonRow).where(PersonRow.id == who.person_id))


async def _about_questions(who: Who) -> object:
    return [
        {
            "number": question.id,
            "state": question.state.value,
            "asked": question.asked_at.isoformat(),
            "lines": [
                {"author": line.author.value, "text": line.text, "at": line.at.isoformat()}
                for line in question.lines
            ],
        }
        for question in await SqlQuestions(who.session, who.cipher).of_person(who.person_id)
    ]


async def _forget_questions(who: Who) -> None:
    """Empty the person's questions; what the person had taken waits for somebody else."""
    own = select(QuestionRow.id).where(QuestionRow.person_id == who.person_id)
    await who.session.execute(
        delete(LineRow).where(LineRow.question_id.in_(own)).execution_options(synchronize_session=False)
    )
    await who.session.execute(
        update(QuestionRow)
        .where(QuestionRow.person_id == who.person_id)
        .values(person_id=None, state=QuestionState.CLOSED.value)
    )
    await who.session.execute(
        update(QuestionRow)
        .where(QuestionRow.taken_by == who.person_id, QuestionRow.state == QuestionState.TAKEN.value)
        .values(state=QuestionState.OPEN.value, taken_by=None)
    )


async def _about_exchanges(who: Who) -> object:
    rows = await who.session.execute(
        select(ExchangeRow.__table__).where(ExchangeRow.person_id == who.person_id).order_by(ExchangeRow.at)
    )
    return [
        {
            "text": exchange.text,
            "language": exchange.language,
            "shown": exchange.entry,
            "revision": exchange.revision,
            "at": exchange.at.isoformat(),
            "helped": exchange.helped,
        }
        for exchange in (exchange_from(row, who.cipher) for row in rows)
    ]


async def _forget_exchanges(who: Who) -> None:
    await who.session.execute(
        update(ExchangeRow).where(ExchangeRow.person_id == who.person_id).values(person_id=None, text=None)
    )


async def _about_messages(who: Who) -> object:
    messages = []
    for account in who.accounts:
        rows = await who.session.execute(
            select(MessageRow.payload, MessageRow.created_at, DeliveryRow.state)
            .join(DeliveryRow, DeliveryRow.message_id == MessageRow.id)
            .where(DeliveryRow.channel == account.channel, DeliveryRow.chat_id == account.chat_id)
            .order_by(DeliveryRow.id)
        )
        for payload, created_at, state in rows:
            text = "" if payload is None else outgoing_from_json(who.cipher.decrypt(payload)).text
            messages.append({"text": text, "state": state, "at": created_at.isoformat()})
    return messages


async def _forget_messages(who: Who) -> None:
    """Keep that somebody got the message, not who; erase what was written to this person alone."""
    for account in who.accounts:
        here = (DeliveryRow.channel == account.channel, DeliveryRow.chat_id == account.chat_id)
        other = aliased(DeliveryRow)
        shared = (
            select(other.id)
            .where(
                other.message_id == MessageRow.id,
                or_(other.channel != account.channel, other.chat_id != account.chat_id),
            )
            .exists()
        )
        await who.session.execute(
            update(MessageRow)
            .where(MessageRow.id.in_(select(DeliveryRow.message_id).where(*here)), ~shared)
            .values(payload=None)
            .execution_options(synchronize_session=False)
        )
        await who.session.execute(
            update(DeliveryRow)
            .where(*here, not_sent_yet())
            .values(state=DeliveryState.CANCELLED.value, owner=None, held_until=None)
            .execution_options(synchronize_session=False)
        )
        await who.session.execute(
            update(DeliveryRow)
            .where(*here)
            .values(
                channel=FORGOTTEN_CHANNEL,
                chat_id=DeliveryRow.id,
                thread_id=0,
                person_id=None,
                sent_message_id=None,
                edits=None,
                error=None,
                details=None,
            )
            .execution_options(synchronize_session=False)
        )


async def _about_fsm(who: Who) -> object:
    hashes = [value for account in who.accounts for value in user_hashes(who.cipher, account.user_id)]
    rows = await who.session.execute(
        select(FsmRow.state, FsmRow.data, FsmRow.updated_at).where(FsmRow.user_hash.in_(hashes))
    )
    return [
        {
            "step": state,
            "filled_in": "" if data is None else who.cipher.decrypt(data),
            "at": updated_at.isoformat(),
        }
        for state, data, updated_at in rows
    ]


async def _forget_fsm(who: Who) -> None:
    hashes = [value for account in who.accounts for value in user_hashes(who.cipher, account.user_id)]
    await who.session.execute(delete(FsmRow).where(FsmRow.user_hash.in_(hashes)))


async def _about_web_chat(who: Who) -> object:
    return [
        await count_for_visitor(who.session, account.user_id)
        for account in who.accounts
        if account.channel == WEB_CHANNEL
    ]


async def _forget_web_chat(who: Who) -> None:
    for account in who.accounts:
        if account.channel == WEB_CHANNEL:
            await forget_visitor(who.session, account.user_id, utc_now())


async def _about_reports(who: Who) -> object:
    return await about_reports(who.session, who.cipher, who.person_id)


async def _forget_reports(who: Who) -> None:
    await forget_reports(who.session, who.person_id)


async def _about_updates(who: Who) -> object:
    return await about_updates(who.session, who.cipher, who.person_id)


async def _forget_updates(who: Who) -> None:
    await forget_updates(who.session, who.person_id)


PARTS: tuple[Part, ...] = (
    Part("person", _about_person, _forget_person),
    Part("questions", _about_questions, _forget_questions),
    Part("exchanges", _about_exchanges, _forget_exchanges),
    Part("reports", _about_reports, _forget_reports),
    Part("updates", _about_updates, _forget_updates),
    Part("messages", _about_messages, _forget_messages),
    Part("unfinished", _about_fsm, _forget_fsm),
    Part("web_chat", _about_web_chat, _forget_web_chat),
)
"""Every store with personal rows. They are told in this order, and forgotten in the opposite one."""
