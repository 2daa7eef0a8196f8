# SPDX-License-Identifier: EUPL-1.2
"""Who wants to hear what, and how often."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.person import Role
from bot.domain.subscription import Frequency, Subscription, SubscriptionState, Topic
from storage.tables.people import PersonRow, RoleRow
from storage.tables.subscriptions import SubscriptionRow
from storage.upsert import insert_into

_WITH_LANGUAGE: Select[Any] = select(SubscriptionRow.__table__, PersonRow.language).join(
    PersonRow, PersonRow.id == SubscriptionRow.person_id
)


class SqlSubscriptions:
    """Subscriptions, inside a unit of work."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of(self, person_id: int) -> Subscription | None:
        """Return the person's wishes, held until the end, or None when there never were any."""
        row = (
            await self._session.execute(
                select(SubscriptionRow.__table__)
                .where(SubscriptionRow.person_id == person_id)
                .with_for_update()
            )
        ).one_or_none()
        return None if row is None else _subscription(row)

    async def save(self, subscription: Subscription, now: datetime) -> None:
        """Keep the wishes."""
        values = {
            "areas": sorted(subscription.areas),
            "topics": sorted(topic.value for topic in subscription.topics),
            "frequency": subscription.frequency.value,
            "state": subscription.state.value,
            "digest_since": subscription.digest_since,
            "digest_due": subscription.digest_due,
            "changed_at": now,
        }
        await self._session.execute(
            insert_into(self._session, SubscriptionRow)
            .values(person_id=subscription.person_id, **values)
            .on_conflict_do_update(index_elements=["person_id"], set_=values)
        )

    async def active(self) -> Sequence[tuple[Subscription, str | None]]:
        """Return everybody who wants to hear, each with the language they read."""
        rows = await self._session.execute(
            _WITH_LANGUAGE.where(SubscriptionRow.state == SubscriptionState.ACTIVE.value).order_by(
                SubscriptionRow.person_id
            )
        )
        return [(_subscription(row), row.language) for row in rows]

    async def quiet(self) -> Collection[int]:
        """Return who paused or stopped. Who became a key figure after that is not among them."""
        key_figure_since = (
            select(RoleRow.granted_at)
            .where(RoleRow.person_id == SubscriptionRow.person_id, RoleRow.role == Role.KEY_FIGURE.value)
            .scalar_subquery()
        )
        rows = await self._session.execute(
            select(SubscriptionRow.person_id).where(
                SubscriptionRow.state != SubscriptionState.ACTIVE.value,
                or_(key_figure_since.is_(None), SubscriptionRow.changed_at >= key_figure_since),
            )
        )
        return frozenset(rows.scalars())

    async def due(self, now: datetime, limit: int) -> Sequence[tuple[Subscription, str | None]]:
        """Return whose digest is due, each with the language they read."""
        rows = await self._session.execute(
            _WITH_LANGUAGE.where(
                SubscriptionRow.state == SubscriptionState.ACTIVE.value, SubscriptionRow.digest_due <= now
            )
            .order_by(SubscriptionRow.digest_due, SubscriptionRow.person_id)
            .limit(limit)
            .with_for_update(skip_locked=True, of=SubscriptionRow)
        )
        return [(_subscription(row), row.language) for row in rows]


def _subscription(row: Row[Any]) -> Subscription:
    return Subscription(
        person_id=row.person_id,
        areas=frozenset(row.areas),
        topics=frozenset(Topic(topic) for topic in row.topics),
        frequency=Frequency(row.frequency),
        state=SubscriptionState(row.state),
        digest_since=row.digest_since,
        digest_due=row.digest_due,
    )
