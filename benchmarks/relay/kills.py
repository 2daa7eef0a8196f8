# SPDX-License-Identifier: EUPL-1.2
"""SIGKILL at random moments of a broadcast: nothing is lost, nothing is sent twice unnoticed."""

import asyncio
import multiprocessing
import random
from collections import Counter
from dataclasses import dataclass

from relaying import queue, run_worker
from sqlalchemy import select
from telegram_stand_in import StandIn

from storage.database import Database
from storage.tables.outbox import DeliveryRow

PROCESSES = multiprocessing.get_context("forkserver")
# Imported once: each worker is then a fork.
PROCESSES.set_forkserver_preload(["bot.relay.telegram_sender", "storage.unit_of_work", "storage.deliveries"])


@dataclass
class Kills:
    """What came of it. `taken` counts what the server took for each chat."""

    states: Counter[str]
    lost: int
    twice: int
    twice_unreported: int
    unknown_each: float


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
    )
