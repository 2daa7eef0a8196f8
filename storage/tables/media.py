# SPDX-License-Identifier: EUPL-1.2
"""What is known of the files in the media folder."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base


class MediaRow(Base):
    """A file. `id` is the SHA-256 of its content in hexadecimal digits, `size` is in bytes."""

    __tablename__ = "media"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    mime: Mapped[str] = mapped_column(String(255))
    size: Mapped[int]
    created_at: Mapped[datetime]
