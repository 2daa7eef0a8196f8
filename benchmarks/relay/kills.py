# SPDX-License-Identifier: EUPL-1.2
"""SIGKILL at random moments of a broadcast: nothing is lost, nothing is sent twice unnoticed.

As a program: `python benchmarks/relay/kills.py --database postgresql --beside` and so on.
"""

import argparse
import asyncio
import multiprocessing
import random
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from databases import KINDS, fresh
from figures import most_within, where
from relaying import KEY, queue, run_worker
from sqlalchemy import func, select
from telegram_stand_in import StandIn

from storage.database import Database
from storage.deliveries import SqlDeliveries
from storage.encryption import Cipher
from storage.tables.outbox import DeliveryRow

PROCESSES = multiprocessing.get_context("forkserver")
# Imported once: each worker is then a fork.
PROCESSES.set_forkserver_preload(["bot.relay.telegram_sender", "storage.unit_of_work", "storage.deliveries"])


@dataclass
class Kills:
    """What came of it. `twice` counts chats for which the server took it more than once."""

    states: Counter[str]
    lost: int
    twice: int
    twice_unreported: int
    unknown_each: float
    most_in_a_second: int


async def broadcast_with_kills(url: str, recipients: int, kills: int, rate: float, seed: int = 1) -> Kills:
    """Send to so many, and kill the worker so many times, each at a random moment of its sending."""
    rng = random.Random(seed)
    server = StandIn(latency=0.01)
    await server.start()
    database = Database(url)
    await queue(database, list(range(1, recipients + 1)))
    for number in range(kills):
        # Those in flight at a kill never arrive: so moments are counted from each worker's own start.
        moment = len(server.arrived) + rng.randint(1, max(1, recipients // kills // 4))
        process = PROCESSES.Process(target=run_worker, args=(url, server.url, rate, number * 10))
        process.start()
        # At a moment of the sending, and a random part of a hundredth of a second later.
        while len(server.arrived) < moment and process.is_alive():  # noqa: ASYNC110 - the process may die
            await asyncio.sleep(0.001)
        await asyncio.sleep(rng.random() / 100)
        process.kill()
        await asyncio.to_thread(process.join)
    last = PROCESSES.Process(target=run_worker, args=(url, server.url, rate, kills * 10))
    last.start()
    await asyncio.to_thread(last.join)
    return await _count(database, server, kills)


async def with_another_beside(url: str, recipients: int, kills: int, rate: float, seed: int = 1) -> Kills:
    """Do the same beside a second worker that goes on: the two share the limits, as replicas do.

    PostgreSQL alone serves several processes well. Here the leases of the killed end by themselves.
    """
    rng = random.Random(seed)
    server = StandIn(latency=0.01)
    await server.start()
    database = Database(url)
    await queue(database, list(range(1, recipients + 1)))
    steady = PROCESSES.Process(target=run_worker, args=(url, server.url, rate, 0, True))
    steady.start()
    for _ in range(kills):
        process = PROCESSES.Process(target=run_worker, args=(url, server.url, rate, 0, True))
        process.start()
        # A newcomer sends after five seconds, when the other has made room.
        await asyncio.sleep(6 + 2 * rng.random())
        process.kill()
        await asyncio.to_thread(process.join)
    while await _not_begun(database):  # noqa: ASYNC110 - other processes do it
        await asyncio.sleep(1)
    await asyncio.sleep(5)
    # What the killed had begun: its leases last five minutes, which nobody needs to wait for.
    await SqlDeliveries(database, Cipher([KEY])).expire_leases(datetime.now(UTC) + timedelta(minutes=10))
    await asyncio.to_thread(steady.join)
    return await _count(database, server, kills)


async def _not_begun(database: Database) -> int:
    async with database.reading() as session:
        waiting = select(func.count()).where(
            DeliveryRow.state.in_(["queued", "leased"]), DeliveryRow.started_at.is_(None)
        )
        return int(await session.scalar(waiting) or 0)


async def _count(database: Database, server: StandIn, kills: int) -> Kills:
    async with database.reading() as session:
        ended = dict((await session.execute(select(DeliveryRow.chat_id, DeliveryRow.state))).all())
    await database.close()
    await server.stop()
    taken = Counter(chat for _, chat, _ in server.taken)
    twice = [chat for chat, times in taken.items() if times > 1]
    states = Counter(ended.values())
    lost = sum(1 for chat, state in ended.items() if not taken[chat] and state != "unknown")
    return Kills(
        states=states,
        lost=lost,
        twice=len(twice),
        twice_unreported=sum(ended[chat] != "unknown" for chat in twice),
        unknown_each=states["unknown"] / kills,
        most_in_a_second=most_within([at for at, _ in server.arrived], 1.0),
    )


def main() -> None:
    """Run once and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=KINDS, default="sqlite")
    parser.add_argument("--recipients", type=int, default=5000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--rate", type=float, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--beside", action="store_true", help="a second worker goes on meanwhile")
    options = parser.parse_args()
    print(where())
    run = with_another_beside if options.beside else broadcast_with_kills
    with fresh(options.database) as url:
        found = asyncio.run(run(url, options.recipients, options.kills, options.rate, options.seed))
    print(options, found, sep="\n")


if __name__ == "__main__":
    main()
