# SPDX-License-Identifier: EUPL-1.2
"""The web chat: visitors, what was said, a log of what changed, and what still has to be handled.

Every `*_sealed` column holds what a person said or got to read: it is encrypted by the caller's cipher
before it comes here.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base

_VISITOR = "web_visitors.id"


class WebVisitor(Base):
    """One browser that writes to the bot: its user id and chat id at once (2**53 or more, drawn at random).

    `last_sequence` numbers everything that happens in this chat; it is raised under the row's lock, so the
    numbers of one visitor are committed in order. `language` is the person's language once the bot knows it,
    `language_code` only what the browser asked for.
    """

    __tablename__ = "web_visitors"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)
    language_code: Mapped[str] = mapped_column(String(35))
    language: Mapped[str | None] = mapped_column(String(35))
    last_sequence: Mapped[int] = mapped_column(default=0)
    read_sequence: Mapped[int] = mapped_column(default=0)
    keyboard_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)


class WebMessage(Base):
    """A message as it is now, as Bot API JSON. Its id is the sequence number of its arrival."""

    __tablename__ = "web_messages"

    visitor_id: Mapped[int] = mapped_column(ForeignKey(_VISITOR, ondelete="CASCADE"), primary_key=True)
    message_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    from_visitor: Mapped[bool]
    client_id: Mapped[str | None] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(index=True)
    body_sealed: Mapped[bytes] = mapped_column(LargeBinary)


class WebEvent(Base):
    """Something changed in a chat: `message`, `edit`, `delete`, `keyboard`, `language` or `cleared`.

    It points at the message instead of repeating it: whoever catches up gets the message as it is now.
    """

    __tablename__ = "web_events"

    visitor_id: Mapped[int] = mapped_column(ForeignKey(_VISITOR, ondelete="CASCADE"), primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(16))
    message_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(index=True)


class WebUpdate(Base):
    """Something a visitor did, kept before the browser is told so, fed to the handlers until it was handled.

    `status` is new, handled or failed. `claimed_until` is when another process may take it over, or, after
    a failure, when it is tried again. `client_id` is made by the browser: a resend is the same update.
    """

    __tablename__ = "web_updates"
    __table_args__ = (
        UniqueConstraint("visitor_id", "client_id", name="uq_web_updates_visitor_id_client_id"),
        Index("ix_web_updates_status_visitor_id_update_id", "status", "visitor_id", "update_id"),
        # A number is never given out twice, not even after the last row was erased.
        {"sqlite_autoincrement": True},
    )

    update_id: Mapped[int] = mapped_column(primary_key=True)
    visitor_id: Mapped[int] = mapped_column(ForeignKey(_VISITOR, ondelete="CASCADE"))
    client_id: Mapped[str] = mapped_column(String(80))
    message_id: Mapped[int | None]
    body_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[str] = mapped_column(String(8), default="new")
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_by: Mapped[str | None] = mapped_column(String(64))
    claimed_until: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(index=True)


class WebFile(Base):
    """A picture, voice message or document of the web chat. The content lies in a folder, under its hash."""

    __tablename__ = "web_files"

    id: Mapped[str] = mapped_column(String(48), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    mime: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    name: Mapped[str] = mapped_column(String(255))
    width: Mapped[int]
    height: Mapped[int]
    duration: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(index=True)


class WebFileAccess(Base):
    """Who may fetch a file: the visitors in whose chat it was. `uploaded` says that it came from there."""

    __tablename__ = "web_file_access"

    file_id: Mapped[str] = mapped_column(ForeignKey("web_files.id", ondelete="CASCADE"), primary_key=True)
    visitor_id: Mapped[int] = mapped_column(
        ForeignKey(_VISITOR, ondelete="CASCADE"), primary_key=True, index=True
    )
    uploaded: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(index=True)


class WebCommands(Base):
    """The command menu, as the bot set it for a scope (everybody, or one chat) and a language ('' = any)."""

    __tablename__ = "web_commands"

    scope: Mapped[str] = mapped_column(String(64), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    commands: Mapped[str]
