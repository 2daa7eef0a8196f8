# SPDX-License-Identifier: EUPL-1.2
"""What key figures pass on and hear; share links, counted without knowing who opens them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.broadcast import Share
from bot.services.broadcast_ports import Monthly
from bot.services.key_figures import SOMEWHERE
from storage.encryption import Cipher
from storage.tables.broadcasts import HeardRow, MonthlyRow, PassedOnRow, ShareRow
from storage.upsert import affected, insert_into

WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class SqlKeyFigures:
    """Inside a unit of work."""

    session: AsyncSession
    cipher: Cipher

    async def share(self, broadcast_id: int, language: str, fresh: str) -> Share:
        """Return the share link of a broadcast in one language, `fresh` being the code of a new one."""
        await self.session.execute(
            insert_into(self.session, ShareRow)
            .values(code=fresh, broadcast_id=broadcast_id, language=language, visits=0)
            .on_conflict_do_nothing()
        )
        row = (
            await self.session.execute(
                select(ShareRow.__table__).where(
                    ShareRow.broadcast_id == broadcast_id, ShareRow.language == language
                )
            )
        ).one()
        return Share(row.code, row.broadcast_id, row.language, row.visits)

    async def visit(self, code: str, *, counted: bool) -> Share | None:
        """Count a visit, where it is `counted`, and return what is shown; nothing is kept about who came."""
        row = (
            await self.session.execute(
                update(ShareRow)
                .where(ShareRow.code == code)
                .values(visits=ShareRow.visits + (1 if counted else 0))
                .returning(ShareRow.broadcast_id, ShareRow.language, ShareRow.visits)
            )
        ).one_or_none()
        return None if row is None else Share(code, row.broadcast_id, row.language, row.visits)

    async def shares(self, broadcast_id: int) -> Sequence[Share]:
        """Return the share links of a broadcast."""
        rows = await self.session.execute(
            select(ShareRow.__table__)
            .where(ShareRow.broadcast_id == broadcast_id)
            .order_by(ShareRow.language)
        )
        return [Share(row.code, row.broadcast_id, row.language, row.visits) for row in rows]

    async def passed_on(
        self, broadcast_id: int, person_id: int, place: str, about: int, at: datetime
    ) -> bool:
        """Keep that somebody passed it on. False when this was kept before; then `about` is renewed.

        A place takes the place of an unknown one.
        """
        mine = (PassedOnRow.broadcast_id == broadcast_id, PassedOnRow.person_id == person_id)
        known = update(PassedOnRow).where(*mine, PassedOnRow.place == place)
        if place != SOMEWHERE:
            renewed = await self.session.execute(known.values(about=about or PassedOnRow.about))
            somewhere = (*mine, PassedOnRow.place == SOMEWHERE)
            if affected(renewed):
                await self.session.execute(delete(PassedOnRow).where(*somewhere))
                return False
            named = await self.session.execute(
                update(PassedOnRow).where(*somewhere).values(place=place, about=about)
            )
            if affected(named):
                return False
        elif affected(await self.session.execute(known.values(about=PassedOnRow.about))):
            return False
        await self.session.execute(
            insert(PassedOnRow).values(
                broadcast_id=broadcast_id, person_id=person_id, place=place, about=about, at=at
            )
        )
        return True

    async def reach(self, broadcast_id: int) -> tuple[int, int]:
        """Return how often it was passed on, and to about how many people together."""
        row = (
            await self.session.execute(
                select(func.count(), func.coalesce(func.sum(PassedOnRow.about), 0)).where(
                    PassedOnRow.broadcast_id == broadcast_id
                )
            )
        ).one()
        return int(row[0]), int(row[1])

    async def heard(self, broadcast_id: int, person_id: int, text: str, at: datetime) -> None:
        """Keep what people say."""
        await self.session.execute(
            insert(HeardRow).values(
                broadcast_id=broadcast_id, person_id=person_id, text=self.cipher.encrypt(text), at=at
            )
        )

    async def share_of(self, person_id: int, since: datetime, until: datetime) -> tuple[int, int]:
        """Return how often this person passed something on and told what people say, in that time."""
        counts = []
        for table in (PassedOnRow, HeardRow):
            result = await self.session.execute(
                select(func.count()).where(table.person_id == person_id, table.at >= since, table.at < until)
            )
            counts.append(int(result.scalar_one()))
        return counts[0], counts[1]

    async def add_monthly(self, person_id: int, month: date, text: str) -> int | None:
        """Keep a digest that waits for approval; None when that month exists already."""
        result = await self.session.execute(
            insert_into(self.session, MonthlyRow)
            .values(person_id=person_id, month=month, text=self.cipher.encrypt(text), state=WAITING)
            .on_conflict_do_nothing()
            .returning(MonthlyRow.id)
        )
        return result.scalar_one_or_none()

    async def monthly(self, digest_id: int) -> Monthly | None:
        """Return a digest."""
        row = (
            await self.session.execute(select(MonthlyRow.__table__).where(MonthlyRow.id == digest_id))
        ).one_or_none()
        if row is None:
            return None
        return Monthly(row.id, row.person_id, row.month, self.cipher.decrypt(row.text), row.state)

    async def decide_monthly(self, digest_id: int, state: str, by: int) -> bool:
        """Decide about a digest that waits. False: somebody was first."""
        result = await self.session.execute(
            update(MonthlyRow)
            .where(MonthlyRow.id == digest_id, MonthlyRow.state == WAITING)
            .values(state=state, decided_by=by)
        )
        return affected(result) == 1
