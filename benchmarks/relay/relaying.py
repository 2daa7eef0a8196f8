# SPDX-License-Identifier: EUPL-1.2
"""What benchmarks and tests of the relay share: an outbox, a worker of its own process, and the count."""

import argparse
import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from bot.domain.outgoing import Outgoing, Priority, Recipient
from bot.domain.person import Address
from bot.relay.gate import Gate
from bot.relay.sharing import Sharing
from bot.relay.telegram_sender import TelegramSender
from bot.relay.worker import RelayWorker, places_for
from storage.database import Database
from storage.deliveries import SqlDeliveries
from storage.encryption import Cipher
from storage.tables.outbox import DeliveryRow
from storage.unit_of_work import SqlUnitOfWork
from storage.workers import SqlWorkers

TOKEN = "900001:stand-in"  # noqa: S105 - of no bot
KEY = b"a secret key of the tests, 32 by"
ENDED = ("queued", "leased")


class ShiftedClock:
    """The time of this machine, some minutes on: for it, the leases of those killed before have ended."""

    def __init__(self, minutes: int = 0) -> None:
        self._shift = timedelta(minutes=minutes)

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        return datetime.now(UTC) + self._shift


class NoMedia:
    """No files."""


async def queue(
    database: Database,
    chats: list[int],
    priority: Priority = Priority.BULK,
    key: bytes = KEY,
    **more: object,
) -> int:
    """Put one message for these chats into the outbox."""
    async with SqlUnitOfWork(database, Cipher([key])) as unit:
        outgoing = Outgoing("Het water gaat morgen van 9 tot 11 uur dicht.", priority, **more)
        recipients = [Recipient(Address("telegram", chat)) for chat in chats]
        number = await unit.outbox.add(outgoing, recipients, datetime.now(UTC))
        await unit.commit()
    return number


async def states(database: Database) -> Counter[str]:
    """Count the deliveries by state."""
    async with database.reading() as session:
        rows = await session.execute(select(DeliveryRow.state, func.count()).group_by(DeliveryRow.state))
        return Counter(dict(rows.all()))


def make_worker(
    database: Database,
    api_url: str,
    rate: float,
    *,
    clock: ShiftedClock,
    shared: bool = False,
    paid: bool = False,
) -> tuple[RelayWorker, Gate]:
    """Put a worker together as the app does."""
    deliveries = SqlDeliveries(database, Cipher([KEY]))
    gate = Gate(rate)
    sender = TelegramSender(TOKEN, api_url, gate, NoMedia(), clock, paid=paid)
    sharing = Sharing(SqlWorkers(database), deliveries, gate, "telegram", clock) if shared else None
    return RelayWorker(deliveries, {"telegram": sender}, clock, places_for(rate), sharing), gate


async def until_done(database: Database, every: float = 0.1) -> None:
    """Wait until nothing is queued or being sent."""
    while True:
        found = await states(database)
        if not any(found[state] for state in ENDED):
            return
        await asyncio.sleep(every)


async def work(url: str, api_url: str, rate: float, minutes: int, shared: bool) -> None:
    """Be a worker until the outbox is empty."""
    database = Database(url)
    worker, _ = make_worker(database, api_url, rate, clock=ShiftedClock(minutes), shared=shared)
    await worker.start()
    await until_done(database)
    await worker.stop()
    await database.close()


def run_worker(url: str, api_url: str, rate: float, minutes: int = 0, shared: bool = False) -> None:
    """Be a worker process."""
    asyncio.run(work(url, api_url, rate, minutes, shared))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("api_url")
    parser.add_argument("--rate", type=float, default=30)
    options = parser.parse_args()
    run_worker(options.url, options.api_url, options.rate)
