# SPDX-License-Identifier: EUPL-1.2
"""A street with residents and gebiedsmanagers: at the services with a clock that is set, and in chats."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from street import Chats, SetClock, Street, make_street, open_chats

from storage.database import Database
from storage.encryption import Cipher


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def street(database: Database, cipher: Cipher, clock: SetClock, tmp_path: Path) -> Street:
    """On SQLite and on PostgreSQL."""
    return make_street(database, cipher, clock, tmp_path)


@pytest.fixture
def quick_street(sqlite_database: Database, cipher: Cipher, clock: SetClock, tmp_path: Path) -> Street:
    """On SQLite alone, for rules that do not touch on what differs between databases."""
    return make_street(sqlite_database, cipher, clock, tmp_path)


@pytest.fixture
async def chats(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[Chats]:
    async with open_chats(monkeypatch, tmp_path) as world:
        yield world
