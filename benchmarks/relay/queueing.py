# SPDX-License-Identifier: EUPL-1.2
"""How long it takes to put a broadcast for very many into the outbox, and how much memory."""

import argparse
import asyncio
import multiprocessing
import resource
import time

from databases import KINDS, fresh
from figures import where
from relaying import queue

from storage.database import Database

PROCESSES = multiprocessing.get_context("spawn")


def put(url: str, recipients: int) -> None:
    """Queue once in a fresh process, and print seconds, the longest wait of the loop, and peak memory."""

    async def run() -> tuple[float, float]:
        longest, done = 0.0, asyncio.Event()

        async def watch() -> None:
            nonlocal longest
            while not done.is_set():
                before = time.perf_counter()
                await asyncio.sleep(0.001)
                longest = max(longest, time.perf_counter() - before)

        watching = asyncio.create_task(watch())
        database = Database(url)
        chats = list(range(1, recipients + 1))
        began = time.perf_counter()
        await queue(database, chats)
        took = time.perf_counter() - began
        done.set()
        await watching
        await database.close()
        return took, longest

    took, longest = asyncio.run(run())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    kind = url.split("+", maxsplit=1)[0]
    print(f"| {kind} | {recipients} | {took:.1f} s | {longest * 1000:.0f} ms | {peak:.0f} MB |", flush=True)


def main() -> None:
    """Run once for each kind of database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipients", type=int, default=100_000)
    options = parser.parse_args()
    print(f"{where()}\n| database | recipients | time | the loop waited at most | peak memory |")
    for kind in KINDS:
        with fresh(kind) as url:
            process = PROCESSES.Process(target=put, args=(url, options.recipients))
            process.start()
            process.join()


if __name__ == "__main__":
    main()
