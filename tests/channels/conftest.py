# SPDX-License-Identifier: EUPL-1.2
"""A running chat, and a visitor's browser without a page."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from chat_server import Chat, running_chat
from visitor import Visitor


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Chat]:
    async with running_chat(tmp_path) as running:
        yield running


@pytest.fixture
async def visitor(chat: Chat) -> AsyncIterator[Visitor]:
    async with Visitor.arriving(chat) as arrived:
        yield arrived


@pytest.fixture
async def other(chat: Chat) -> AsyncIterator[Visitor]:
    async with Visitor.arriving(chat) as arrived:
        yield arrived
