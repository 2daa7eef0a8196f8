# SPDX-License-Identifier: EUPL-1.2
"""A person's accounts on the channels: how their ids are hashed, sealed and read."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.encryption import Cipher
from storage.tables.people import AccountRow

BATCH = 5_000
"""How many numbers go into one IN (…): both databases refuse more than about 32,000."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account with its ids opened. `refusal` says why nothing can be sent there, or None."""

    person_id: int
    channel: str
    user_id: int
    chat_id: int
    refusal: str | None
    seen_at: datetime


def user_value(channel: str, user_id: int) -> str:
    """Return what is hashed to find the account of a user."""
    return f"user:{channel}:{user_id}"


def chat_value(channel: str, chat_id: int) -> str:
    """Return what is hashed to find the account of a private chat."""
    return f"chat:{channel}:{chat_id}"


def seal_address(cipher: Cipher, user_id: int, chat_id: int) -> bytes:
    """Seal both ids together."""
    return cipher.encrypt(f"{user_id}:{chat_id}")


def open_address(cipher: Cipher, sealed: bytes) -> tuple[int, int]:
    """Return user id and chat id."""
    user_id, chat_id = cipher.decrypt(sealed).split(":")
    return int(user_id), int(chat_id)


async def accounts_of(session: AsyncSession, cipher: Cipher, person_ids: Collection[int]) -> list[Account]:
    """Return the accounts of these people, the one that was used last first."""
    ids = sorted(person_ids)
    accounts: list[Account] = []
    for start in range(0, len(ids), BATCH):
        result = await session.execute(
            select(
                AccountRow.person_id,
                AccountRow.channel,
                AccountRow.address,
                AccountRow.refusal,
                AccountRow.seen_at,
            )
            .where(AccountRow.person_id.in_(ids[start : start + BATCH]))
            .order_by(AccountRow.seen_at.desc(), AccountRow.id.desc())
        )
        for person_id, channel, address, refusal, seen_at in result:
            user_id, chat_id = open_address(cipher, address)
            accounts.append(Account(person_id, channel, user_id, chat_id, refusal, seen_at))
    return accounts
