# SPDX-License-Identifier: EUPL-1.2

"""Killed in the middle: what was done and that it was done are there together, each once."""

import asyncio
import signal
import sys

from sqlalchemy import select

from storage.tables.inbox import InboxRow
from storage.tables.questions import ExchangeRow

UPDATES = 120

PROGRAM = """
import asyncio, sys
from datetime import UTC, datetime
from bot.domain.errors import AlreadyHandledError
from bot.domain.question import Exchange
from storage.database import Database
from storage.encryption import Cipher
from storage.inbox import SqlInbox
from storage.unit_of_work import SqlUnitOfWork

async def main():
    database, cipher, now = Database(sys.argv[1]), Cipher([b"k" * 32]), datetime.now(UTC)
    inbox = SqlInbox(database)

    async def handle(number):
        try:
            async with inbox.handling(1, number), SqlUnitOfWork(database, cipher) as unit:
                person = await unit.people.add("telegram", 5, 5, now)
                await unit.exchanges.add(Exchange(person.id, "", "nl", "answer", str(number), 1, (), now))
                await unit.commit()
        except AlreadyHandledError:
            pass
        print(number, flush=True)

    for first in range(0, int(sys.argv[2]), 10):
        await asyncio.gather(*(handle(number) for number in range(first, first + 10)))
    await database.close()

asyncio.run(main())
"""


async def run(url, kill_after=None):
    """Handle every update from the beginning, as Telegram repeats what was not acknowledged."""
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, url, str(UPDATES), stdout=asyncio.subprocess.PIPE
    )
    lines = 0
    async for _ in program.stdout:
        lines += 1
        if lines == kill_after:
            program.send_signal(signal.SIGKILL)
            break
    await program.wait()
    return program.returncode


async def test_every_update_has_its_effect_once(database, database_url):
    for moment in (7, 40, 75):
        assert await run(database_url, moment) == -signal.SIGKILL
        async with database.reading() as session:
            done = [int(entry) for entry in (await session.execute(select(ExchangeRow.entry))).scalars()]
            marked = list((await session.execute(select(InboxRow.update_id))).scalars())
        assert sorted(done) == sorted(marked)
        assert len(done) >= moment
    assert await run(database_url) == 0
    async with database.reading() as session:
        done = [int(entry) for entry in (await session.execute(select(ExchangeRow.entry))).scalars()]
    assert sorted(done) == list(range(UPDATES))
