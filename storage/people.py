# SPDX-License-Identifier: EUPL-1.2
"""People, their roles and where to reach them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.outgoing import DeliveryState
from bot.domain.person import Address, Person, Role
from storage import moves, personal
from storage.accounts import accounts_of, chat_value, seal_address, user_value
from storage.encryption import Cipher
from storage.tables.base import table_of
from storage.tables.people import AccountRow, PersonRow, RoleRow
from storage.upsert import insert_into

_PEOPLE = table_of(PersonRow)
_ROLES = table_of(RoleRow)
_ACCOUNTS = table_of(AccountRow)

_WITH_ROLES = (
    select(_PEOPLE.c.id, _PEOPLE.c.language, _PEOPLE.c.chosen, _PEOPLE.c.created_at, _ROLES.c.role)
    .select_from(_PEOPLE.outerjoin(_ROLES, _ROLES.c.person_id == _PEOPLE.c.id))
    .order_by(_PEOPLE.c.id)
)
"""People with a row for each of their roles, or one row in which the role is None."""

_BY_ID = _WITH_ROLES.where(_PEOPLE.c.id == bindparam("person"))
_BY_ROLE = _WITH_ROLES.where(
    _PEOPLE.c.id.in_(select(_ROLES.c.person_id).where(_ROLES.c.role == bindparam("wanted")))
)
_BY_USER = _WITH_ROLES.where(
    _PEOPLE.c.id
    == select(_ACCOUNTS.c.person_id)
    .where(_ACCOUNTS.c.user_hash.in_(bindparam("hashes", expanding=True)))
    .limit(1)
    .scalar_subquery()
)
_SEEN = (
    update(_ACCOUNTS)
    .where(_ACCOUNTS.c.user_hash.in_(bindparam("hashes", expanding=True)))
    .values(refusal=None, seen_at=bindparam("now"))
)


class SqlPeople:
    """People, inside a unit of work."""

    def __init__(self, session: AsyncSession, cipher: Cipher) -> None:
        self._session = session
        self._cipher = cipher

    async def get(self, person_id: int) -> Person | None:
        """Return the person, or None."""
        found = _people(await self._session.execute(_BY_ID, {"person": person_id}))
        return found[0] if found else None

    async def at(self, channel: str, user_id: int) -> Person | None:
        """Return the person who writes as this user of a channel."""
        hashes = self._cipher.lookups(user_value(channel, user_id))
        found = _people(await self._session.execute(_BY_USER, {"hashes": hashes}))
        return found[0] if found else None

    async def add(self, channel: str, user_id: int, chat_id: int, now: datetime) -> Person:
        """Make a new person who writes as this user; `chat_id` is the private chat.

        Two at the same moment make one: the second gets the person of the first.
        """
        known = await self.at(channel, user_id)
        if known is not None:
            return known
        try:
            async with self._session.begin_nested():
                person_id = await self._insert(channel, user_id, chat_id, now)
        except IntegrityError:
            known = await self.at(channel, user_id)
            if known is None:
                raise
            return known
        return Person(person_id, language=None, chosen=False, roles=frozenset(), created_at=now)

    async def _insert(self, channel: str, user_id: int, chat_id: int, now: datetime) -> int:
        person_id = (
            await self._session.execute(
                insert(PersonRow).values(language=None, chosen=False, created_at=now).returning(PersonRow.id)
            )
        ).scalar_one()
        await self._session.execute(
            insert(AccountRow).values(
                person_id=person_id,
                channel=channel,
                user_hash=self._cipher.lookup(user_value(channel, user_id)),
                chat_hash=self._cipher.lookup(chat_value(channel, chat_id)),
                address=seal_address(self._cipher, user_id, chat_id),
                seen_at=now,
            )
        )
        return person_id

    async def set_language(self, person_id: int, language: str, *, chosen: bool) -> None:
        """Remember the language, and whether the person chose it."""
        await self._session.execute(
            update(PersonRow).where(PersonRow.id == person_id).values(language=language, chosen=chosen)
        )

    async def grant(self, person_id: int, role: Role, by: int | None, now: datetime) -> None:
        """Give a role; giving it twice changes nothing."""
        await self._session.execute(
            insert_into(self._session, RoleRow)
            .values(person_id=person_id, role=role.value, granted_by=by, granted_at=now)
            .on_conflict_do_nothing()
        )

    async def revoke(self, person_id: int, role: Role) -> None:
        """Take a role away."""
        await self._session.execute(
            delete(RoleRow).where(RoleRow.person_id == person_id, RoleRow.role == role.value)
        )

    async def with_role(self, role: Role) -> Sequence[Person]:
        """Return everybody to whom this role was granted, in the order in which they came."""
        return _people(await self._session.execute(_BY_ROLE, {"wanted": role.value}))

    async def addresses(self, person_ids: Collection[int]) -> dict[int, list[Address]]:
        """Return where each person can be reached, the channel used last first, without blocked ones.

        Everybody asked for is in the answer; who cannot be reached has an empty list.
        """
        found: dict[int, list[Address]] = {person_id: [] for person_id in person_ids}
        for account in await accounts_of(self._session, self._cipher, person_ids):
            if account.refusal is None:
                found[account.person_id].append(Address(account.channel, account.chat_id))
        return found

    async def mark_unreachable(self, address: Address, state: DeliveryState) -> None:
        """Remember that this address refuses messages. The person's data stays."""
        hashes = self._cipher.lookups(chat_value(address.channel, address.chat_id))
        await self._session.execute(
            update(AccountRow).where(AccountRow.chat_hash.in_(hashes)).values(refusal=state.value)
        )

    async def mark_reachable(self, channel: str, user_id: int, now: datetime) -> None:
        """Allow messages to an address again, because the person wrote from there."""
        hashes = self._cipher.lookups(user_value(channel, user_id))
        await self._session.execute(_SEEN, {"hashes": hashes, "now": now})

    async def moved(self, channel: str, chat_id: int, new_chat_id: int) -> None:
        """Give everything that is kept for a chat its new id."""
        await moves.follow(self._session, self._cipher, channel, chat_id, new_chat_id)

    async def forget(self, person_id: int) -> None:
        """Remove the person and all that is personal. Counts stay, without the person."""
        await personal.forget(self._session, self._cipher, person_id)

    async def everything_about(self, person_id: int) -> dict[str, object]:
        """Return all that is kept about the person, readable, for /mijngegevens."""
        return await personal.everything_about(self._session, self._cipher, person_id)


def _people(rows: Iterable[Row[Any]]) -> list[Person]:
    """Put the rows of each person together."""
    found: dict[int, tuple[Row[Any], set[Role]]] = {}
    for row in rows:
        _, roles = found.setdefault(row.id, (row, set()))
        if row.role is not None:
            roles.add(Role(row.role))
    return [
        Person(row.id, row.language, row.chosen, frozenset(roles), row.created_at)
        for row, roles in found.values()
    ]
