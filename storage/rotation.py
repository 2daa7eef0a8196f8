# SPDX-License-Identifier: EUPL-1.2
"""Everything under the first key: sealed fields are sealed anew, hashes are made anew.

How a key is replaced: put the new key before the old one in the settings and restart every process; run
`buurtbrug db rotate-key`; take the old key out once it is done. It may be interrupted and run again: what is
under the first key already is passed over. The application may run meanwhile.

A new store with sealed columns adds a `Sealed` to `TABLES`; one with hashes also says how they are made.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, and_, bindparam, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.accounts import chat_value, open_address, user_value
from storage.database import Database
from storage.encryption import Cipher
from storage.fsm_rows import key_value, user_of
from storage.fsm_rows import user_value as fsm_user_value
from storage.tables.base import Base, table_of
from storage.tables.broadcasts import HeardRow, MonthlyRow
from storage.tables.fsm import FsmRow
from storage.tables.groups import GroupRow
from storage.tables.outbox import MessageRow
from storage.tables.people import AccountRow, InvitationRow
from storage.tables.questions import ExchangeRow, LineRow
from storage.tables.reports import ReportChangeRow, ReportDraftRow, ReportNoteRow, ReportRow
from storage.tables.web import WebMessage, WebUpdate, WebVisitor

PORTION = 200
"""How many rows go in one transaction: about ten milliseconds, so that nobody waits long."""


class Sealed(NamedTuple):
    """A table with sealed columns, any of which may be empty, and the hashes that belong to a row."""

    row: type[Base]
    columns: tuple[str, ...]
    hashes: Callable[[Cipher, Row[Any]], Mapping[str, bytes]] = lambda _cipher, _row: {}


def _account_hashes(cipher: Cipher, row: Row[Any]) -> Mapping[str, bytes]:
    user_id, chat_id = open_address(cipher, row.address)
    return {
        "user_hash": cipher.lookup(user_value(row.channel, user_id)),
        "chat_hash": cipher.lookup(chat_value(row.channel, chat_id)),
    }


def _fsm_hashes(cipher: Cipher, row: Row[Any]) -> Mapping[str, bytes]:
    text = cipher.decrypt(row.key)
    return {
        "key_hash": cipher.lookup(key_value(text)),
        "user_hash": cipher.lookup(fsm_user_value(user_of(text))),
    }


TABLES: tuple[Sealed, ...] = (
    Sealed(AccountRow, ("address",), _account_hashes),
    Sealed(ExchangeRow, ("text",)),
    Sealed(LineRow, ("text",)),
    Sealed(MessageRow, ("payload",)),
    Sealed(FsmRow, ("key", "data"), _fsm_hashes),
    Sealed(GroupRow, ("title",)),
    Sealed(HeardRow, ("text",)),
    Sealed(MonthlyRow, ("text",)),
    Sealed(ReportRow, ("place", "text")),
    Sealed(ReportChangeRow, ("note",)),
    Sealed(ReportNoteRow, ("text",)),
    Sealed(ReportDraftRow, ("data",)),
    Sealed(WebVisitor, ("keyboard_sealed",)),
    Sealed(WebMessage, ("body_sealed",)),
    Sealed(WebUpdate, ("body_sealed",)),
)
"""Everything that is sealed. A test compares it with the tables."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """What was done: rows by table, and what the old key is still needed for.

    Invitations are kept as a hash alone, which cannot be made anew. Those that are still open may need
    the old key until they are used, or at the latest until `old_key_until`.
    """

    rows: Mapping[str, int]
    open_invitations: int
    old_key_until: datetime | None


async def rotate(database: Database, cipher: Cipher, now: datetime) -> Rotated:
    """Bring everything under the cipher's first key. Raises SealedError for a field no key opens."""
    rows = {sealed.row.__tablename__: await _rotate(database, cipher, sealed) for sealed in TABLES}
    async with database.reading() as session:
        count, last = (
            await session.execute(
                select(func.count(), func.max(InvitationRow.expires_at)).where(
                    InvitationRow.used_at.is_(None), InvitationRow.expires_at > now
                )
            )
        ).one()
    return Rotated(rows, count, last)


async def _rotate(database: Database, cipher: Cipher, sealed: Sealed) -> int:
    """Go through one table in the order of its primary key."""
    table = table_of(sealed.row)
    keys = list(table.primary_key.columns)
    total = 0
    last: tuple[Any, ...] | None = None
    while True:
        portion = select(table).order_by(*keys).limit(PORTION).with_for_update()
        if last is not None:
            portion = portion.where(tuple_(*keys) > tuple_(*last))
        async with database.writing() as session:
            rows = (await session.execute(portion)).all()
            if not rows:
                return total
            last = tuple(rows[-1]._mapping[key.name] for key in keys)
            total += await _renew(session, cipher, sealed, rows)
            await session.commit()


async def _renew(
    session: AsyncSession, cipher: Cipher, sealed: Sealed, rows: Sequence[Row[*tuple[Any, ...]]]
) -> int:
    """Write the rows that are not wholly under the first key; returns how many."""
    table = table_of(sealed.row)
    keys = list(table.primary_key.columns)
    values = []
    for row in rows:
        fields = {name: row._mapping[name] for name in sealed.columns}
        if all(field is None or cipher.is_current(field) for field in fields.values()):
            continue
        renewed = {
            name: None if field is None else cipher.encrypt(cipher.decrypt(field))
            for name, field in fields.items()
        }
        old_key = {f"old_{key.name}": row._mapping[key.name] for key in keys}
        values.append({**old_key, **renewed, **sealed.hashes(cipher, row)})
    if values:
        changed = [name for name in values[0] if not name.startswith("old_")]
        await session.execute(
            update(table)
            .where(and_(*(key == bindparam(f"old_{key.name}") for key in keys)))
            .values({name: bindparam(name) for name in changed}),
            values,
        )
    return len(values)
