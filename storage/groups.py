# SPDX-License-Identifier: EUPL-1.2
"""Groups in which the bot is or was a member."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.group import Group, GroupState
from bot.domain.person import Address
from storage.encryption import Cipher
from storage.outbox import NO_THREAD
from storage.tables.groups import GroupChangeRow, GroupRow
from storage.upsert import affected, insert_into


class SqlGroups:
    """Groups, inside a unit of work."""

    def __init__(self, session: AsyncSession, cipher: Cipher) -> None:
        self._session = session
        self._cipher = cipher

    async def get(self, group_id: int) -> Group | None:
        """Return the group, or None."""
        return next(iter(await self._find(GroupRow.id == group_id)), None)

    async def at(self, channel: str, chat_id: int) -> Group | None:
        """Return the group with this chat id."""
        found = await self._find((GroupRow.channel == channel) & (GroupRow.chat_id == chat_id))
        return next(iter(found), None)

    async def add(self, address: Address, kind: str, title: str, state: GroupState, now: datetime) -> Group:
        """Keep a new group. Two at the same moment make one."""
        await self._session.execute(
            insert_into(self._session, GroupRow)
            .values(
                channel=address.channel,
                chat_id=address.chat_id,
                thread_id=address.thread_id or NO_THREAD,
                kind=kind,
                title=self._cipher.encrypt(title),
                state=state.value,
                was_approved=False,
                area=None,
                languages=[],
                together=False,
                version=1,
                added_at=now,
            )
            .on_conflict_do_nothing()
        )
        group = await self.at(address.channel, address.chat_id)
        if group is None:
            raise RuntimeError("a group that was just kept is not there")
        await self._note(group.id, None, state, None, now)
        return group

    async def all(self) -> Sequence[Group]:
        """Return every group, the newest first."""
        return await self._find(GroupRow.id.is_not(None))

    async def save(self, group: Group, by: int | None, now: datetime) -> bool:
        """Keep the changed group if its version is still that of `group`, and raise the version."""
        before = await self.get(group.id)
        result = await self._session.execute(
            update(GroupRow)
            .where(GroupRow.id == group.id, GroupRow.version == group.version)
            .values(
                thread_id=group.address.thread_id or NO_THREAD,
                kind=group.kind,
                title=self._cipher.encrypt(group.title),
                state=group.state.value,
                was_approved=group.was_approved,
                area=group.area,
                languages=list(group.languages),
                together=group.together,
                version=group.version + 1,
            )
        )
        if affected(result) == 0 or before is None:
            return False
        if before.state is not group.state:
            await self._note(group.id, before.state, group.state, by, now)
        return True

    async def _note(
        self, group_id: int, before: GroupState | None, after: GroupState, by: int | None, now: datetime
    ) -> None:
        await self._session.execute(
            insert(GroupChangeRow).values(
                group_id=group_id,
                before=None if before is None else before.value,
                after=after.value,
                by=by,
                at=now,
            )
        )

    async def _find(self, condition: ColumnElement[bool]) -> list[Group]:
        rows = await self._session.execute(
            select(GroupRow.__table__).where(condition).order_by(GroupRow.id.desc())
        )
        return [self._group(row) for row in rows]

    def _group(self, row: Row[Any]) -> Group:
        return Group(
            id=row.id,
            address=Address(row.channel, row.chat_id, None if row.thread_id == NO_THREAD else row.thread_id),
            kind=row.kind,
            title=self._cipher.decrypt(row.title),
            state=GroupState(row.state),
            area=row.area,
            languages=tuple(row.languages),
            together=row.together,
            version=row.version,
            added_at=row.added_at,
            was_approved=row.was_approved,
        )
