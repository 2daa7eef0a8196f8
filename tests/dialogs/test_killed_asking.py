# SPDX-License-Identifier: EUPL-1.2
"""Killed in the middle of 500 questions that come by webhook: after the restart each has its answer.

Telegram brings again what was not acknowledged. It cannot be told to take a message only once (Bot API,
sendMessage): a question whose answer it took just before the kill, with no time left to note that, is
answered again rather than never. Only questions that were under way can be.
"""

import asyncio
import os
import shutil
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import pytest
from botapi.server import BotApi
from sqlalchemy import func, select

from bot.answers.engine import Engine
from bot.settings import ROOT
from storage.database import Database
from storage.encryption import Cipher
from storage.tables.inbox import InboxRow
from storage.unit_of_work import SqlUnitOfWork

QUESTIONS = 500
KILLED_AT = 200
"""When this one of them has an answer."""
KEY = "a-secret-key-of-the-tests-32-byt"
PATIENCE = 300.0
"""Seconds; on a quiet machine the whole test takes less than twenty."""


class Bot:
    """The whole bot in a process of its own, that can be killed and started again."""

    def __init__(self, server: BotApi, data: Path, port: int) -> None:
        self.log = data / "bot.log"
        self._settings = {
            **os.environ,
            "BUURTBRUG_TELEGRAM_TOKEN": server.token,
            "BUURTBRUG_TELEGRAM_API_URL": server.url,
            "BUURTBRUG_TELEGRAM_MODE": "webhook",
            "BUURTBRUG_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "BUURTBRUG_PORT": str(port),
            "BUURTBRUG_DATA_DIR": str(data),
            "BUURTBRUG_SECRET_KEY": KEY,
            "BUURTBRUG_SEND_RATE": "10000",
        }

    async def start(self) -> None:
        """Start, and leave it to find its way."""
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run"), env=self._settings, cwd=ROOT, stdout=log, stderr=log
            )

    async def end(self, how: signal.Signals) -> int:
        """Send a signal and wait for the end."""
        self._process.send_signal(how)
        return await self._process.wait()

    async def __aenter__(self) -> Self:
        """Start it."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Leave nothing running, whatever the test came to."""
        if self._process.returncode is None:
            await self.end(signal.SIGKILL)


async def known_people(url: str, first: int) -> None:
    """Make people who have chosen a language: they get an answer and nothing else."""
    database, now = Database(url), datetime.now(UTC)
    async with SqlUnitOfWork(database, Cipher([KEY.encode()])) as unit:
        for user in range(first, first + QUESTIONS):
            person = await unit.people.add("telegram", user, user, now)
            await unit.people.set_language(person.id, "nl", chosen=True)
        await unit.commit()
    await database.close()


async def test_after_a_kill_every_question_has_its_answer(
    engine: Engine,
    sqlite_template: Path,
    tmp_path: Path,
    unused_tcp_port: int,
    request: pytest.FixtureRequest,
) -> None:
    path = tmp_path / "buurtbrug.sqlite3"
    shutil.copy(sqlite_template, path)
    for learnt in request.config.cache.mkdir("engine").glob("index-*.npz"):
        shutil.copy(learnt, tmp_path)
    url = f"sqlite+aiosqlite:///{path}"
    await known_people(url, 5000)
    async with BotApi() as server, Bot(server, tmp_path, unused_tcp_port) as bot:
        people = [server.person("nl", user_id=5000 + number) for number in range(QUESTIONS)]
        for each in people:
            await each.says("hoe schrijf ik me in voor een huurwoning?", wait=False)
        one = people[KILLED_AT]
        await one.waits_until(lambda: bool(one.messages), "an answer", PATIENCE)
        assert await bot.end(signal.SIGKILL) == -signal.SIGKILL
        under_way = {update["message"]["chat"]["id"] for update, _done in server.updates.waiting.values()}
        answered_before = {each.id for each in people if each.messages}
        assert under_way - answered_before  # it was in the middle
        await bot.start()
        await server.quiet(PATIENCE)
        assert await bot.end(signal.SIGTERM) == 0
        answers = {each.id: len(each.messages) for each in people}
        assert server.refused == []
    assert min(answers.values()) == 1
    twice = {person for person, count in answers.items() if count > 1}
    assert twice <= under_way & answered_before
    assert max(answers.values()) <= 2
    database = Database(url)
    async with database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(InboxRow)) == QUESTIONS
    await database.close()
