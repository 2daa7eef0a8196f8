# SPDX-License-Identifier: EUPL-1.2
"""Which updates were handled."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base


class InboxRow(Base):
    """One update that was handled."""

    __tablename__ = "inbox"

    bot_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    update_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    handled_at: Mapped[datetime] = mapped_column(index=True)
