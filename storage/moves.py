# SPDX-License-Identifier: EUPL-1.2
"""A chat got a new id (a group that became a supergroup): what is kept for it follows.

A new store that keeps chats adds its own step to `follow`. Half-filled forms in the FSM do not follow:
the message they belong to does not exist in the new chat.
"""

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.domain.outgoing import DeliveryState
from storage.accounts import chat_value, open_address, seal_address
from storage.encryption import Cipher
from storage.tables.groups import GroupRow
from storage.tables.outbox import DeliveryRow
from storage.tables.people import AccountRow


async def follow(session: AsyncSession, cipher: Cipher, channel: str, chat_id: int, new_chat_id: int) -> None:
    """Change the chat's id wherever it is kept."""
    await _accounts(session, cipher, channel, chat_id, new_chat_id)
    await queued_deliveries(session, channel, chat_id, new_chat_id)
    await _groups(session, channel, chat_id, new_chat_id)


async def _accounts(
    session: AsyncSession, cipher: Cipher, channel: str, chat_id: int, new_chat_id: int
) -> None:
    result = await session.execute(
        select(AccountRow.id, AccountRow.address).where(
            AccountRow.chat_hash.in_(cipher.lookups(chat_value(channel, chat_id)))
        )
    )
    for account_id, address in result.all():
        user_id, _ = open_address(cipher, address)
        await session.execute(
            update(AccountRow)
            .where(AccountRow.id == account_id)
            .values(
                chat_hash=cipher.lookup(chat_value(channel, new_chat_id)),
                address=seal_address(cipher, user_id, new_chat_id),
            )
        )


async def _groups(session: AsyncSession, channel: str, chat_id: int, new_chat_id: int) -> None:
    """Give the group its new id. Where the new chat was told of first, its fresh row gives way."""
    known = await session.execute(
        select(GroupRow.id).where(GroupRow.channel == channel, GroupRow.chat_id == chat_id)
    )
    if known.first() is None:
        return
    await session.execute(
        delete(GroupRow).where(GroupRow.channel == channel, GroupRow.chat_id == new_chat_id)
    )
    await session.execute(
        update(GroupRow)
        .where(GroupRow.channel == channel, GroupRow.chat_id == chat_id)
        .values(chat_id=new_chat_id, version=GroupRow.version + 1)
    )


async def queued_deliveries(session: AsyncSession, channel: str, chat_id: int, new_chat_id: int) -> None:
    """Send what still waits to the new chat. What goes there anyway is cancelled for the old one.

    What was sent stays with the old id: its message id means nothing in the new chat.
    """
    other = aliased(DeliveryRow)
    waiting = (
        DeliveryRow.channel == channel,
        DeliveryRow.chat_id == chat_id,
        DeliveryRow.state == DeliveryState.QUEUED.value,
        DeliveryRow.edits.is_(None),
    )
    doubled = (
        select(other.id)
        .where(
            other.message_id == DeliveryRow.message_id,
            other.channel == channel,
            other.chat_id == new_chat_id,
            other.thread_id == DeliveryRow.thread_id,
        )
        .exists()
    )
    await session.execute(
        update(DeliveryRow)
        .where(*waiting, doubled)
        .values(state=DeliveryState.CANCELLED.value, error="the chat moved to one that gets it already")
        .execution_options(synchronize_session=False)
    )
    await session.execute(
        update(DeliveryRow)
        .where(*waiting)
        .values(chat_id=new_chat_id)
        .execution_options(synchronize_session=False)
    )
