# SPDX-License-Identifier: EUPL-1.2
"""Broadcasts: drafts, their texts, plans, what was released, and what key figures did with it."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import NUMBERS_ONCE, Base

_BROADCAST = "broadcasts.id"
_PERSON = "people.id"


class BroadcastRow(Base):
    """A broadcast. `confirm` belongs to the confirm screen of the present version, and is used once."""

    __tablename__ = "broadcasts"
    __table_args__ = (Index("ix_broadcasts_state", "state", "changed_at"), NUMBERS_ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    author: Mapped[int | None] = mapped_column(ForeignKey(_PERSON, ondelete="SET NULL"), index=True)
    state: Mapped[str] = mapped_column(String(16))
    topic: Mapped[str] = mapped_column(String(16))
    revision: Mapped[int]
    version: Mapped[int]
    confirm: Mapped[str | None] = mapped_column(String(16))
    expires: Mapped[date | None]
    audience: Mapped[dict[str, Any]] = mapped_column(JSON)
    media: Mapped[list[str]] = mapped_column(JSON)
    media_kind: Mapped[str] = mapped_column(String(16))
    location: Mapped[list[float] | None] = mapped_column(JSON(none_as_null=True))
    link: Mapped[str] = mapped_column(String(512))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class BroadcastTextRow(Base):
    """The text in one language. It is made to be public: not sealed."""

    __tablename__ = "broadcast_texts"

    broadcast_id: Mapped[int] = mapped_column(ForeignKey(_BROADCAST, ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(16), primary_key=True)
    text: Mapped[str]
    state: Mapped[str] = mapped_column(String(16), index=True)
    revision: Mapped[int]
    translated_by: Mapped[int | None] = mapped_column(ForeignKey(_PERSON, ondelete="SET NULL"), index=True)
    approved_by: Mapped[int | None] = mapped_column(ForeignKey(_PERSON, ondelete="SET NULL"), index=True)
    voice: Mapped[str] = mapped_column(String(64))


class BroadcastChangeRow(Base):
    """Who did what, and when."""

    __tablename__ = "broadcast_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    broadcast_id: Mapped[int] = mapped_column(ForeignKey(_BROADCAST, ondelete="CASCADE"), index=True)
    what: Mapped[str] = mapped_column(String(32))
    details: Mapped[str] = mapped_column(String(128))
    by: Mapped[int | None] = mapped_column(ForeignKey(_PERSON, ondelete="SET NULL"), index=True)
    at: Mapped[datetime]


class PlanRow(Base):
    """When a broadcast goes out. `at` is local time, the days are local days."""

    __tablename__ = "broadcast_plans"
    __table_args__ = NUMBERS_ONCE

    id: Mapped[int] = mapped_column(primary_key=True)
    broadcast_id: Mapped[int] = mapped_column(ForeignKey(_BROADCAST, ondelete="CASCADE"), index=True)
    repeat: Mapped[str] = mapped_column(String(16))
    first: Mapped[date]
    at: Mapped[time]
    until: Mapped[date | None]
    skip_holidays: Mapped[bool]
    state: Mapped[str] = mapped_column(String(16), index=True)
    without: Mapped[list[str]] = mapped_column(JSON)
    planned_by: Mapped[int | None] = mapped_column(ForeignKey(_PERSON, ondelete="SET NULL"), index=True)
    version: Mapped[int]


class OccurrenceRow(Base):
    """One day of a plan: the unique key makes that nothing can release it twice."""

    __tablename__ = "broadcast_occurrences"
    __table_args__ = (
        UniqueConstraint("plan_id", "day", "slot"),
        Index("ix_broadcast_occurrences_due", "state", "due_at"),
        NUMBERS_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("broadcast_plans.id", ondelete="CASCADE"))
    day: Mapped[date]
    slot: Mapped[str] = mapped_column(String(8))
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16))


class RunRow(Base):
    """One time that a broadcast was released, for one occurrence."""

    __tablename__ = "broadcast_runs"
    __table_args__ = (UniqueConstraint("occurrence_id"), NUMBERS_ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    broadcast_id: Mapped[int] = mapped_column(ForeignKey(_BROADCAST, ondelete="CASCADE"), index=True)
    occurrence_id: Mapped[int] = mapped_column(ForeignKey("broadcast_occurrences.id", ondelete="CASCADE"))
    released_at: Mapped[datetime] = mapped_column(index=True)
    starts_at: Mapped[datetime]
    by: Mapped[int | None] = mapped_column(ForeignKey(_PERSON, ondelete="SET NULL"), index=True)
    left_out: Mapped[list[str]] = mapped_column(JSON)
    done: Mapped[bool] = mapped_column(index=True)
    undone: Mapped[bool]
    shown: Mapped[str] = mapped_column(String(64))


class ShareRow(Base):
    """A share link, and how often it was opened. Nothing is kept about who opened it."""

    __tablename__ = "share_links"
    __table_args__ = (UniqueConstraint("broadcast_id", "language"),)

    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    broadcast_id: Mapped[int] = mapped_column(ForeignKey(_BROADCAST, ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(16))
    visits: Mapped[int]


class PassedOnRow(Base):
    """A key figure passed a broadcast on: where, and to about how many. Once per person and place."""

    __tablename__ = "passed_on"
    __table_args__ = (UniqueConstraint("broadcast_id", "person_id", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    broadcast_id: Mapped[int] = mapped_column(ForeignKey(_BROADCAST, ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey(_PERSON, ondelete="SET NULL"), index=True)
    place: Mapped[str] = mapped_column(String(16))
    about: Mapped[int]
    at: Mapped[datetime]


class HeardRow(Base):
    """What people say about a broadcast, told by a key figure. `text` is sealed, None once it was erased."""

    __tablename__ = "heard"

    id: Mapped[int] = mapped_column(primary_key=True)
    broadcast_id: Mapped[int] = mapped_column(ForeignKey(_BROADCAST, ondelete="CASCADE"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey(_PERSON, ondelete="SET NULL"), index=True)
    text: Mapped[bytes | None]
    at: Mapped[datetime] = mapped_column(index=True)


class MonthlyRow(Base):
    """The one-to-one digest of a month for one key figure. `text` is sealed: it is about one person."""

    __tablename__ = "key_figure_digests"
    __table_args__ = (UniqueConstraint("person_id", "month"), NUMBERS_ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(_PERSON, ondelete="CASCADE"))
    month: Mapped[date]
    text: Mapped[bytes]
    state: Mapped[str] = mapped_column(String(16), index=True)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey(_PERSON, ondelete="SET NULL"), index=True)
