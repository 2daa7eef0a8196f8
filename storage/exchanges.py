# SPDX-License-Identifier: EUPL-1.2
"""What was asked and what was shown."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.question import Exchange
from storage.encryption import Cipher
from storage.tables.base import table_of
from storage.tables.questions import ExchangeRow
from storage.upsert import affected

_EXCHANGES = table_of(ExchangeRow)
_ADD = insert(_EXCHANGES)
_LAST_ENTRY = (
    select(_EXCHANGES.c.entry)
    .where(
        _EXCHANGES.c.person_id == bindparam("person"),
        _EXCHANGES.c.at >= bindparam("since"),
        _EXCHANGES.c.entry.is_not(None),
    )
    .order_by(_EXCHANGES.c.at.desc(), _EXCHANGES.c.id.desc())
    .limit(1)
)
_BEFORE = select(
    _LAST_ENTRY.scalar_subquery(),
    select(_EXCHANGES.c.id).where(_EXCHANGES.c.person_id == bindparam("person")).exists(),
)


class SqlExchanges:
    """Exchanges, inside a unit of work."""

    def __init__(self, session: AsyncSession, cipher: Cipher) -> None:
        self._session = session
        self._cipher = cipher

    async def add(self, exchange: Exchange) -> None:
        """Keep it."""
        await self._session.execute(
            _ADD,
            {
                "id": exchange.id,
                "person_id": exchange.person_id,
                "text": self._cipher.encrypt(exchange.text),
                "language": exchange.language,
                "decision": exchange.decision,
                "entry": exchange.entry,
                "revision": exchange.revision,
                "candidates": list(exchange.candidates),
                "at": exchange.at,
                "helped": exchange.helped,
            },
        )

    async def get(self, exchange_id: int, person_id: int) -> Exchange | None:
        """Return it if it is this person's. Its text is empty once it was erased."""
        row = (
            await self._session.execute(
                select(ExchangeRow.__table__).where(
                    ExchangeRow.id == exchange_id, ExchangeRow.person_id == person_id
                )
            )
        ).one_or_none()
        return None if row is None else exchange_from(row, self._cipher)

    async def before(self, person_id: int, since: datetime) -> tuple[str | None, bool]:
        """Return the entry shown last since then, for follow-up questions, and whether they ever asked."""
        found = await self._session.execute(_BEFORE, {"person": person_id, "since": since})
        entry, asked = found.one()
        return entry, bool(asked)

    async def set_helped(self, exchange_id: int, person_id: int, *, helped: bool) -> bool:
        """Keep 'did this help?'. False when it is not this person's."""
        result = await self._session.execute(
            update(ExchangeRow)
            .where(ExchangeRow.id == exchange_id, ExchangeRow.person_id == person_id)
            .values(helped=helped)
        )
        return affected(result) == 1

    async def told(self, entry: str, revisions: Collection[int]) -> Sequence[int]:
        """Return the people who were told these revisions of an entry, each once."""
        result = await self._session.execute(
            select(ExchangeRow.person_id)
            .where(
                ExchangeRow.entry == entry,
                ExchangeRow.revision.in_(revisions),
                ExchangeRow.person_id.is_not(None),
            )
            .distinct()
            .order_by(ExchangeRow.person_id)
        )
        return [person_id for (person_id,) in result if person_id is not None]

    async def erase_texts(self, before: datetime) -> int:
        """Remove the text of what was asked before then; returns how many."""
        result = await self._session.execute(
            update(ExchangeRow)
            .where(ExchangeRow.at < before, ExchangeRow.text.is_not(None))
            .values(text=None)
        )
        return affected(result)


def exchange_from(row: Row[Any], cipher: Cipher) -> Exchange:
    """Read an exchange from its row, text opened."""
    return Exchange(
        id=row.id,
        person_id=row.person_id,
        text="" if row.text is None else cipher.decrypt(row.text),
        language=row.language,
        decision=row.decision,
        entry=row.entry,
        revision=row.revision,
        candidates=tuple(row.candidates),
        at=row.at,
        helped=row.helped,
    )
