# SPDX-License-Identifier: EUPL-1.2
"""aiogram's FSM in the database: a restart loses no half-written report."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from aiogram.exceptions import DataNotDictLikeError
from aiogram.fsm.state import State
from aiogram.fsm.storage.base import BaseStorage, StateType, StorageKey
from sqlalchemy import Select, Update, bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import Database
from storage.encryption import Cipher
from storage.fsm_rows import key_text, key_value, user_value
from storage.inbox import commit
from storage.moments import Now, utc_now
from storage.tables.base import table_of
from storage.tables.fsm import FsmRow
from storage.upsert import affected, insert_into

_FSM = table_of(FsmRow)
_IS = _FSM.c.key_hash.in_(bindparam("hashes", expanding=True))
_STATE = select(_FSM.c.state).where(_IS)
_DATA = select(_FSM.c.data).where(_IS)
_LOCKED_DATA = _DATA.with_for_update()
_TOUCH = update(_FSM).where(_IS).values(updated_at=bindparam("now"))
_SET_STATE = update(_FSM).where(_IS).values(state=bindparam("new"))
_SET_DATA = update(_FSM).where(_IS).values(data=bindparam("new"))
_DROP_EMPTY = delete(_FSM).where(_IS, _FSM.c.state.is_(None), _FSM.c.data.is_(None))


class SqlStorage(BaseStorage):
    """FSM rows, each write a transaction of its own, which also marks the update that is being handled.

    Data must be JSON: what comes back has lists where tuples went in, and texts as keys. Never call it
    inside a unit of work: commit first, then set the state.
    """

    def __init__(self, database: Database, cipher: Cipher, now: Now = utc_now) -> None:
        self._database = database
        self._cipher = cipher
        self._now = now

    async def close(self) -> None:
        """Do nothing: the database is closed by whoever opened it."""

    async def get_state(self, key: StorageKey) -> str | None:
        """Return the state, or None."""
        state: str | None = await self._read(_STATE, key)
        return state

    async def get_data(self, key: StorageKey) -> dict[str, Any]:
        """Return the data; empty where there is none."""
        return self._open(await self._read(_DATA, key))

    async def set_state(self, key: StorageKey, state: StateType = None) -> None:
        """Set the state, or clear it with None."""
        name = state.state if isinstance(state, State) else state
        if name is None and await self.get_state(key) is None:
            return
        await self._write(_SET_STATE, key, name)

    async def set_data(self, key: StorageKey, data: Mapping[str, Any]) -> None:
        """Replace the data. Raises DataNotDictLikeError for anything but a dict, TypeError for no JSON."""
        if not isinstance(data, dict):
            raise DataNotDictLikeError(f"Data must be a dict or dict-like object, got {type(data).__name__}")
        sealed = self._seal(data)
        if sealed is None and not await self.get_data(key):
            return
        await self._write(_SET_DATA, key, sealed)

    async def update_data(self, key: StorageKey, data: Mapping[str, Any]) -> dict[str, Any]:
        """Add to the data in one step: of two at the same moment, neither is lost. Returns all of it."""
        async with self._database.writing() as session:
            await self._ensure(session, key)
            found = await session.execute(_LOCKED_DATA, self._hashes(key))
            merged = {**self._open(found.scalar_one()), **data}
            await self._finish(session, _SET_DATA, key, self._seal(merged))
        return merged

    async def prune(self, before: datetime) -> int:
        """Remove what nobody has touched since then; returns how many."""
        async with self._database.writing() as session:
            result = await session.execute(delete(FsmRow).where(FsmRow.updated_at < before))
            await session.commit()
            return affected(result)

    async def _read(self, statement: Select[Any], key: StorageKey) -> Any:
        async with self._database.engine.connect() as connection:
            return (await connection.execute(statement, self._hashes(key))).scalar_one_or_none()

    async def _write(self, statement: Update, key: StorageKey, new: str | bytes | None) -> None:
        async with self._database.writing() as session:
            await self._ensure(session, key)
            await self._finish(session, statement, key, new)

    async def _ensure(self, session: AsyncSession, key: StorageKey) -> None:
        """Make sure that there is a row, and that nobody else changes it before this transaction ends."""
        touched = await session.execute(_TOUCH, {**self._hashes(key), "now": self._now()})
        if affected(touched):
            return
        text = key_text(key)
        await session.execute(
            insert_into(session, FsmRow)
            .values(
                key_hash=self._cipher.lookup(key_value(text)),
                user_hash=self._cipher.lookup(user_value(key.user_id)),
                key=self._cipher.encrypt(text),
                state=None,
                data=None,
                updated_at=self._now(),
            )
            .on_conflict_do_update(index_elements=[FsmRow.key_hash], set_={"updated_at": self._now()})
        )

    async def _finish(
        self, session: AsyncSession, statement: Update, key: StorageKey, new: str | bytes | None
    ) -> None:
        """Write, drop a row that has become empty, commit."""
        await session.execute(statement, {**self._hashes(key), "new": new})
        if new is None:
            await session.execute(_DROP_EMPTY, self._hashes(key))
        await commit(session)

    def _hashes(self, key: StorageKey) -> dict[str, object]:
        return {"hashes": self._cipher.lookups(key_value(key_text(key)))}

    def _seal(self, data: Mapping[str, Any]) -> bytes | None:
        return self._cipher.encrypt(json.dumps(data, ensure_ascii=False)) if data else None

    def _open(self, sealed: bytes | None) -> dict[str, Any]:
        if sealed is None:
            return {}
        data: dict[str, Any] = json.loads(self._cipher.decrypt(sealed))
        return data
