# SPDX-License-Identifier: EUPL-1.2
"""Where people are in a conversation, and what they have filled in so far."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base


class FsmRow(Base):
    """The state and the data of one key. A row without both does not exist.

    The key names a chat and a user, so it is sealed, and found by its keyed hash; `user_hash` finds all
    rows of a user. `data` is sealed JSON, or None when there is none.
    """

    __tablename__ = "fsm"

    key_hash: Mapped[bytes] = mapped_column(primary_key=True)
    user_hash: Mapped[bytes] = mapped_column(index=True)
    key: Mapped[bytes]
    state: Mapped[str | None] = mapped_column(String(255))
    data: Mapped[bytes | None]
    updated_at: Mapped[datetime] = mapped_column(index=True)
