# SPDX-License-Identifier: EUPL-1.2
"""Reports: what is the matter where, what happened to it, who follows it, and where it was handed on."""

from datetime import date, datetime

from sqlalchemy import JSON, Date, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import NUMBERS_ONCE, Base

IS_OPEN = text("state NOT IN ('done', 'not_possible', 'withdrawn', 'joined')")
"""Written out as the index has it: with bound values neither database would use the index."""
_UNSENT = text("state = 'queued'")
_REPORT = "reports.id"


class ReportRow(Base):
    """A report. Without `person_id` it is anonymous, or the reporter was forgotten.

    `place` (in the reporter's words) and `text` are sealed, and None where there is none or it was erased.
    `lat` and `lon` (degrees) are a point in public space and stay readable, so that the database finds what
    is near; so does `known`, a place of places.toml. `token` makes sending a draft happen once.
    """

    __tablename__ = "reports"
    __table_args__ = (
        Index("ix_reports_open", "kind", "created_at", sqlite_where=IS_OPEN, postgresql_where=IS_OPEN),
        Index("ix_reports_state", "state", "created_at"),
        NUMBERS_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(32), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    language: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(64))
    area: Mapped[str | None] = mapped_column(String(64))
    known: Mapped[str | None] = mapped_column(String(64))
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    place: Mapped[bytes | None]
    text: Mapped[bytes | None]
    state: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(index=True)
    changed_at: Mapped[datetime]
    due_at: Mapped[datetime]
    assigned_to: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    joined_to: Mapped[int | None] = mapped_column(ForeignKey(_REPORT, ondelete="SET NULL"), index=True)
    reminded_at: Mapped[datetime | None]


class ReportChangeRow(Base):
    """A change of state: who, when, why. `note` is sealed JSON (language to words).

    `messages` are the numbers of what is told about it, so that it can be taken back for a minute.
    """

    __tablename__ = "report_changes"
    __table_args__ = NUMBERS_ONCE

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey(_REPORT, ondelete="CASCADE"), index=True)
    before: Mapped[str] = mapped_column(String(16))
    after: Mapped[str] = mapped_column(String(16))
    actor: Mapped[str] = mapped_column(String(16))
    by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    note: Mapped[bytes | None]
    day: Mapped[date | None] = mapped_column(Date)
    target: Mapped[str] = mapped_column(String(255))
    photo: Mapped[str | None] = mapped_column(String(64))
    messages: Mapped[list[int]] = mapped_column(JSON)
    undone_at: Mapped[datetime | None]


class ReportPhotoRow(Base):
    """A picture of a report: as it was, or the result. Each picture once."""

    __tablename__ = "report_photos"

    report_id: Mapped[int] = mapped_column(ForeignKey(_REPORT, ondelete="CASCADE"), primary_key=True)
    media_id: Mapped[str] = mapped_column(String(64), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]


class ReportNoteRow(Base):
    """Words that were added to a report. `text` is sealed, and None once it was erased."""

    __tablename__ = "report_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey(_REPORT, ondelete="CASCADE"), index=True)
    author: Mapped[str] = mapped_column(String(16))
    text: Mapped[bytes | None]
    at: Mapped[datetime]


class ReportFollowerRow(Base):
    """Somebody who wants to hear what becomes of another's report."""

    __tablename__ = "report_followers"

    report_id: Mapped[int] = mapped_column(ForeignKey(_REPORT, ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    at: Mapped[datetime]


class ReportDraftRow(Base):
    """The report that somebody is writing: at most one each, sealed JSON."""

    __tablename__ = "report_drafts"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    data: Mapped[bytes]
    updated_at: Mapped[datetime] = mapped_column(index=True)


class ReportTransferRow(Base):
    """A report on its way to another system, at most once to each."""

    __tablename__ = "report_transfers"
    __table_args__ = (
        Index("ix_report_transfers_due", "due_at", sqlite_where=_UNSENT, postgresql_where=_UNSENT),
        Index("ix_report_transfers_report", "report_id", "backend", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey(_REPORT, ondelete="CASCADE"))
    backend: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    number: Mapped[str] = mapped_column(String(64))
    outside_state: Mapped[str] = mapped_column(String(64))
    error: Mapped[str] = mapped_column(String(255))
