# SPDX-License-Identifier: EUPL-1.2
"""What visitors of the web chat do, kept until it was handled."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update

from storage.tables.web import WebUpdate
from storage.web_rows import Json, StoredUpdate, TakenUpdate, WebRows, locked

Make = Callable[[int, int | None], tuple[Json, Json | None]]


class WebUpdates(WebRows):
    """Updates of visitors: taken in once, claimed by one process, settled."""

    async def take_in(
        self, visitor_id: int, client_id: str, make: Make, *, with_message: bool, now: datetime
    ) -> TakenUpdate:
        """Keep an update, once for each `client_id`, with the message that it brings.

        Raises LookupError for a visitor who is not there.
        """
        async with self._database.writing() as session:
            row = await locked(session, visitor_id)
            if row is None:
                raise LookupError(visitor_id)
            before = await session.scalar(
                select(WebUpdate).where(WebUpdate.visitor_id == visitor_id, WebUpdate.client_id == client_id)
            )
            if before is not None:
                return TakenUpdate(before.update_id, before.message_id, new=False)
            message_id = row.last_sequence + 1 if with_message else None
            kept = WebUpdate(
                visitor_id=visitor_id,
                client_id=client_id,
                message_id=message_id,
                body_sealed=b"",
                created_at=now,
            )
            session.add(kept)
            await session.flush()
            body, message = make(kept.update_id, message_id)
            kept.body_sealed = self._seal(body)
            if message is not None:
                self._add_message(session, row, message, client_id=client_id, now=now)
            await session.commit()
            return TakenUpdate(kept.update_id, message_id, new=True)

    async def claim(self, owner: str, limit: int, now: datetime, hold: timedelta) -> Sequence[StoredUpdate]:
        """Claim updates to handle: of each visitor only the oldest that is not handled."""
        oldest = (
            select(func.min(WebUpdate.update_id))
            .where(WebUpdate.status == "new")
            .group_by(WebUpdate.visitor_id)
            .scalar_subquery()
        )
        free = or_(WebUpdate.claimed_until.is_(None), WebUpdate.claimed_until <= now)
        async with self._database.writing() as session:
            rows = (
                await session.scalars(
                    select(WebUpdate)
                    .where(WebUpdate.update_id.in_(oldest), WebUpdate.status == "new", free)
                    .order_by(WebUpdate.update_id)
                    .limit(limit)
                    .with_for_update(skip_locked=True)
                )
            ).all()
            for row in rows:
                row.claimed_by, row.claimed_until = owner, now + hold
            result = [
                StoredUpdate(row.update_id, row.visitor_id, row.attempts, self._open(row.body_sealed))
                for row in rows
            ]
            await session.commit()
            return result

    async def renew(self, owner: str, update_ids: Collection[int], until: datetime) -> None:
        """Keep claims that are still being worked on."""
        async with self._database.writing() as session:
            await session.execute(
                update(WebUpdate)
                .where(WebUpdate.update_id.in_(update_ids), WebUpdate.claimed_by == owner)
                .values(claimed_until=until)
            )
            await session.commit()

    async def settle(self, update_id: int, *, handled: bool) -> None:
        """Note that the update was handled, or is given up."""
        async with self._database.writing() as session:
            await session.execute(
                update(WebUpdate)
                .where(WebUpdate.update_id == update_id)
                .values(status="handled" if handled else "failed", claimed_by=None, claimed_until=None)
            )
            await session.commit()

    async def put_back(self, update_id: int, again_at: datetime) -> None:
        """Count a failure, and let anybody try again from then."""
        async with self._database.writing() as session:
            await session.execute(
                update(WebUpdate)
                .where(WebUpdate.update_id == update_id)
                .values(attempts=WebUpdate.attempts + 1, claimed_by=None, claimed_until=again_at)
            )
            await session.commit()

    async def release_claims(self) -> None:
        """Forget every claim: SQLite has one process, so whoever held them is gone."""
        if not self._database.is_sqlite:
            return
        async with self._database.writing() as session:
            await session.execute(
                update(WebUpdate).where(WebUpdate.status == "new").values(claimed_by=None, claimed_until=None)
            )
            await session.commit()

    async def visitor_of(self, update_id: int) -> int | None:
        """Return whose update this was."""
        async with self._database.reading() as session:
            return await session.scalar(select(WebUpdate.visitor_id).where(WebUpdate.update_id == update_id))
