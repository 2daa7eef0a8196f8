# SPDX-License-Identifier: EUPL-1.2
"""An update is handled once, however often it arrives.

While an update is being handled, a context variable names it. The first transaction that is committed
meanwhile, by a unit of work or by the FSM storage, also inserts the update into the inbox: what was done
and that it was done are kept together, or neither.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.errors import AlreadyHandledError
from storage.database import Database
from storage.moments import Now, utc_now
from storage.tables.base import table_of
from storage.tables.inbox import InboxRow
from storage.upsert import affected

_INBOX = table_of(InboxRow)
_SEEN = select(_INBOX.c.bot_id).where(
    _INBOX.c.bot_id == bindparam("bot"), _INBOX.c.update_id == bindparam("update")
)
_MARK = insert(_INBOX)


@dataclass(slots=True)
class _Handling:
    """The update that is being handled now, and whether it has been marked.

    `turn` keeps two transactions of one update that end together from marking it both. `over` is for a
    task that outlives the update: what it commits later marks nothing.
    """

    bot_id: int
    update_id: int
    now: Now
    marked: bool = False
    over: bool = False
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


_present: ContextVar[_Handling | None] = ContextVar("update_being_handled", default=None)


async def commit(session: AsyncSession) -> None:
    """Commit, and mark the update that is being handled in the same transaction, if it is the first.

    Raises AlreadyHandledError, with everything rolled back, when the update was handled before.
    """
    handling = _present.get()
    if handling is None or handling.marked or handling.over:
        await session.commit()
        return
    async with handling.turn:
        if not handling.marked:
            await _mark(session, handling)
        await session.commit()
        handling.marked = True


async def _mark(session: AsyncSession, handling: _Handling) -> None:
    try:
        await session.execute(
            _MARK,
            {"bot_id": handling.bot_id, "update_id": handling.update_id, "handled_at": handling.now()},
        )
    except IntegrityError as error:
        await session.rollback()
        raise AlreadyHandledError from error


class SqlInbox:
    """The inbox in the database."""

    def __init__(self, database: Database, now: Now = utc_now) -> None:
        self._database = database
        self._now = now

    async def seen(self, bot_id: int, update_id: int) -> bool:
        """Whether the update was handled before."""
        async with self._database.engine.connect() as connection:
            found = await connection.execute(_SEEN, {"bot": bot_id, "update": update_id})
            return found.first() is not None

    @asynccontextmanager
    async def handling(self, bot_id: int, update_id: int) -> AsyncIterator[None]:
        """Mark the update together with the first transaction that is committed inside the block.

        A block that commits nothing is marked at its end; one that raises before it commits anything is
        not, so that the update can come again. Raises AlreadyHandledError, from the commit or from the
        end of the block, when another process was first.
        """
        handling = _Handling(bot_id, update_id, self._now)
        token = _present.set(handling)
        try:
            yield
            if not handling.marked:
                async with self._database.writing() as session:
                    await commit(session)
        finally:
            handling.over = True
            _present.reset(token)

    async def prune(self, before: datetime) -> int:
        """Forget updates that were handled before then; returns how many.

        Telegram repeats an update for at most 24 hours.
        """
        async with self._database.writing() as session:
            result = await session.execute(delete(InboxRow).where(InboxRow.handled_at < before))
            await session.commit()
            return affected(result)
