# SPDX-License-Identifier: EUPL-1.2
"""What all tables share: naming of constraints, big integers, times in UTC."""

from datetime import UTC, datetime
from typing import Any, ClassVar, Final, cast

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, MetaData, Table
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

BigInt = BigInteger().with_variant(Integer, "sqlite")
"""64 bits everywhere; on SQLite spelled INTEGER, so that a primary key counts up by itself."""

NUMBERS_ONCE: Final = {"sqlite_autoincrement": True}
"""Table arguments: a number is never given out again, not even after the newest row was removed."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, stored in UTC without zone and read back with it. Refuses a time without a zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Turn an aware moment into UTC. Raises ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give the moment its zone back."""
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """The parent of every table. Constraint names are fixed, so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {int: BigInt, datetime: UtcDateTime}


def table_of(row: type[Base]) -> Table:
    """Return the table behind a row class.

    A statement on it that is built once costs a quarter of one on the class that is built each time:
    what is run for every message is written so.
    """
    return cast(Table, row.__table__)
