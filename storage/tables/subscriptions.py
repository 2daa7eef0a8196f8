# SPDX-License-Identifier: EUPL-1.2
"""Who wants to hear what, and how often."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base


class SubscriptionRow(Base):
    """One person's wishes. Empty lists stand for everything."""

    __tablename__ = "subscriptions"
    __table_args__ = (Index("ix_subscriptions_state", "state", "frequency"),)

    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    areas: Mapped[list[str]] = mapped_column(JSON)
    topics: Mapped[list[str]] = mapped_column(JSON)
    frequency: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    digest_since: Mapped[datetime | None]
    digest_due: Mapped[datetime | None] = mapped_column(index=True)
    changed_at: Mapped[datetime]
