# SPDX-License-Identifier: EUPL-1.2
"""People, what they may do, and where they can be reached."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import NUMBERS_ONCE, Base


class PersonRow(Base):
    """A person: a number, a language. Nothing in it says who it is."""

    __tablename__ = "people"
    __table_args__ = NUMBERS_ONCE

    id: Mapped[int] = mapped_column(primary_key=True)
    language: Mapped[str | None] = mapped_column(String(16))
    chosen: Mapped[bool]
    created_at: Mapped[datetime]


class RoleRow(Base):
    """A role that was granted, and by whom (None: from the command line, or by somebody forgotten)."""

    __tablename__ = "person_roles"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(32), primary_key=True, index=True)
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    granted_at: Mapped[datetime]


class AccountRow(Base):
    """A person's account on a channel.

    The ids of the account and of its private chat are sealed together (`address`, "user:chat") and are
    found by keyed hashes of channel and id. `refusal` says why nothing can be sent there (a
    DeliveryState), or None.
    """

    __tablename__ = "accounts"
    __table_args__ = (Index("ix_accounts_chat_hash", "chat_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    channel: Mapped[str] = mapped_column(String(32))
    user_hash: Mapped[bytes] = mapped_column(unique=True)
    chat_hash: Mapped[bytes]
    address: Mapped[bytes]
    refusal: Mapped[str | None] = mapped_column(String(16))
    seen_at: Mapped[datetime]


class InvitationRow(Base):
    """A link that grants a role once. The token itself is nowhere: only its keyed hash."""

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    role: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    used_at: Mapped[datetime | None]
    used_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
