# SPDX-License-Identifier: EUPL-1.2
"""What the tests of the storage share: a moment, and ways to open units of work."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from storage.database import Database
from storage.encryption import Cipher
from storage.unit_of_work import SqlUnitOfWork

NOW = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def work(database: Database, cipher: Cipher) -> Callable[[], SqlUnitOfWork]:
    return lambda: SqlUnitOfWork(database, cipher)


@pytest.fixture
async def person(work, now):
    """Somebody who writes in a private chat of Telegram."""
    async with work() as unit:
        person = await unit.people.add("telegram", 5, 5, now)
        await unit.commit()
    return person
