# SPDX-License-Identifier: EUPL-1.2
"""What was asked: of the bot (exchanges) and of a person (questions with their lines)."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import NUMBERS_ONCE, Base


class QuestionRow(Base):
    """A question to a person. Without `person_id` the asker was forgotten: the row only counts."""

    __tablename__ = "questions"
    __table_args__ = (Index("ix_questions_state", "state", "asked_at"), NUMBERS_ONCE)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    language: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)


class LineRow(Base):
    """One thing said in a question. `text` is sealed, and None once it was erased."""

    __tablename__ = "question_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"), index=True)
    author: Mapped[str] = mapped_column(String(16))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    text: Mapped[bytes | None]
    at: Mapped[datetime] = mapped_column(index=True)


class QuestionChangeRow(Base):
    """Who changed a question's state, and when."""

    __tablename__ = "question_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"), index=True)
    before: Mapped[str] = mapped_column(String(16))
    after: Mapped[str] = mapped_column(String(16))
    by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime]


class ExchangeRow(Base):
    """What somebody asked the bot and what was shown. `text` is sealed, and None once it was erased."""

    __tablename__ = "exchanges"
    __table_args__ = (
        Index("ix_exchanges_person", "person_id", "at"),
        Index("ix_exchanges_entry", "entry", "revision"),
        Index("ix_exchanges_at", "at"),
        NUMBERS_ONCE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    text: Mapped[bytes | None]
    language: Mapped[str] = mapped_column(String(16))
    decision: Mapped[str] = mapped_column(String(16))
    entry: Mapped[str | None] = mapped_column(String(128))
    revision: Mapped[int | None]
    candidates: Mapped[list[str]] = mapped_column(JSON)
    at: Mapped[datetime]
    helped: Mapped[bool | None]
