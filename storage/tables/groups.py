# SPDX-License-Identifier: EUPL-1.2
"""Neighbourhood groups in which the bot is a member, and who decided what about them."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import NUMBERS_ONCE, Base


class GroupRow(Base):
    """A group. `title` is sealed: people name groups after themselves. `thread_id` 0 is no thread."""

    __tablename__ = "relay_groups"
    __table_args__ = (UniqueConstraint("channel", "chat_id"), NUMBERS_ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(32))
    chat_id: Mapped[int]
    thread_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    title: Mapped[bytes]
    state: Mapped[str] = mapped_column(String(16), index=True)
    was_approved: Mapped[bool]
    area: Mapped[str | None] = mapped_column(String(64))
    languages: Mapped[list[str]] = mapped_column(JSON)
    together: Mapped[bool]
    version: Mapped[int]
    added_at: Mapped[datetime]


class GroupChangeRow(Base):
    """Who changed a group's state, and when; `by` is None where the channel told it."""

    __tablename__ = "relay_group_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("relay_groups.id", ondelete="CASCADE"), index=True)
    before: Mapped[str | None] = mapped_column(String(16))
    after: Mapped[str] = mapped_column(String(16))
    by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime]
