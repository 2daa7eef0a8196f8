# SPDX-License-Identifier: EUPL-1.2
"""Messages to be told, and what became of each of their copies."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import NUMBERS_ONCE, Base

_QUEUED = text("state = 'queued'")
_LEASED = text("state = 'leased'")


class MessageRow(Base):
    """One message for any number of recipients. `payload` is sealed, and None once it was erased."""

    __tablename__ = "outbox_messages"
    __table_args__ = NUMBERS_ONCE

    id: Mapped[int] = mapped_column(primary_key=True)
    payload: Mapped[bytes | None]
    reason: Mapped[str] = mapped_column(String(64), index=True)
    language: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(index=True)


class DeliveryRow(Base):
    """One copy for one recipient.

    `thread_id` 0 stands for no thread, so that the unique constraint sees it. `person_id` is a plain
    number: a million rows would otherwise be searched when a person is removed; forgetting goes by
    the chat. `started_at` is set just before a worker sends.
    """

    __tablename__ = "outbox_deliveries"
    __table_args__ = (
        UniqueConstraint("message_id", "channel", "chat_id", "thread_id"),
        # One range in each priority: rows that are not due yet are never walked over.
        Index(
            "ix_outbox_deliveries_due",
            "priority",
            "due_at",
            "id",
            sqlite_where=_QUEUED,
            postgresql_where=_QUEUED,
        ),
        Index("ix_outbox_deliveries_held", "held_until", sqlite_where=_LEASED, postgresql_where=_LEASED),
        Index("ix_outbox_deliveries_chat", "chat_id", "channel"),
        NUMBERS_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("outbox_messages.id", ondelete="CASCADE"))
    channel: Mapped[str] = mapped_column(String(32))
    chat_id: Mapped[int]
    thread_id: Mapped[int]
    person_id: Mapped[int | None]
    edits: Mapped[int | None]
    priority: Mapped[int]
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str | None] = mapped_column(String(128))
    held_until: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    sent_message_id: Mapped[int | None]
    error: Mapped[str | None]
    details: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
