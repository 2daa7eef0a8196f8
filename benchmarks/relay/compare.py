# SPDX-License-Identifier: EUPL-1.2
"""One broadcast, three ways: this relay, plain python-telegram-bot, plain aiogram; each alone on one core.

The Bot API server is the stand-in, a process on the other core. What counts is when requests arrive there.
`AIORateLimiter` needs the package aiolimiter; without it that way is left out.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from databases import KINDS, fresh
from figures import most_within, per_second, where, windows_over
from relaying import TOKEN, ShiftedClock, make_worker, queue, until_done
from telegram.ext import AIORateLimiter, ExtBot

from bot.relay.chats import Turn
from storage.database import Database

TEXT = "Het water gaat morgen van 9 tot 11 uur dicht."
IN_FLIGHT = 100
PROCESSES = multiprocessing.get_context("spawn")


@contextmanager
def stand_in(latency: float) -> Iterator[str]:
    """Run the server on the last core, and give its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = Path(__file__).with_name("telegram_stand_in.py")
    command = [sys.executable, str(program), "--port", str(port), "--latency", str(latency)]
    process = subprocess.Popen(command, preexec_fn=_on_last_core)  # noqa: S603, PLW1509 - our own program
    try:
        url = f"http://127.0.0.1:{port}"
        for _ in range(200):
            try:
                urllib.request.urlopen(f"{url}/log").close()  # noqa: S310 - loopback
                break
            except OSError:
                time.sleep(0.05)
        yield url
    finally:
        process.terminate()
        process.wait()


def _on_last_core() -> None:
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def arrivals(url: str) -> list[float]:
    """Return when messages came in at the server."""
    with urllib.request.urlopen(f"{url}/log") as answer:  # noqa: S310 - loopback
        return [at for at, _ in json.load(answer)["arrived"]]


async def relay(url: str, recipients: int, rate: float, database_url: str) -> None:
    """Send with this relay: out of the outbox, each one written down before and after."""
    database = Database(database_url)
    await queue(database, list(range(1, recipients + 1)))
    worker, gate = make_worker(database, url, rate, clock=ShiftedClock(), paid=rate > 30)
    left: list[float] = []
    note_left = gate.left

    def leaves(turn: Turn) -> None:
        note_left(turn)
        left.append(time.monotonic())

    gate.left = leaves
    began = time.process_time()
    await worker.start()
    await until_done(database, 0.5)
    spent = (time.process_time() - began) / recipients
    await worker.stop()
    await database.close()
    print(
        f"  the relay's, as they left: {per_second(left):.2f} a second, at most {most_within(left, 1.0)} "
        f"in any second; {spent * 1000:.2f} ms of processor time each",
        flush=True,
    )


async def python_telegram_bot(url: str, recipients: int, rate: float, _: str) -> None:
    """Send with ExtBot, AIORateLimiter and its own request class, as its documentation shows."""
    bot = ExtBot(TOKEN, base_url=f"{url}/bot", rate_limiter=AIORateLimiter(overall_max_rate=rate))
    limit = asyncio.Semaphore(IN_FLIGHT)

    async def send(chat: int) -> None:
        async with limit:
            await bot.send_message(chat, TEXT)

    async with bot:
        await asyncio.gather(*(send(chat) for chat in range(1, recipients + 1)))


async def aiogram(url: str, recipients: int, rate: float, _: str) -> None:
    """Send with aiogram's Bot; it has no limiter: one starts every so often, as broadcasters do."""
    # Imported here: it takes seconds, and memory that the others need not carry.
    from aiogram import Bot  # noqa: PLC0415
    from aiogram.client.session.aiohttp import AiohttpSession  # noqa: PLC0415
    from aiogram.client.telegram import TelegramAPIServer  # noqa: PLC0415

    bot = Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(url)))
    limit = asyncio.Semaphore(IN_FLIGHT)

    async def send(chat: int) -> None:
        async with limit:
            await bot.send_message(chat, TEXT)

    async with asyncio.TaskGroup() as group:
        for chat in range(1, recipients + 1):
            group.create_task(send(chat))
            await asyncio.sleep(1 / rate)
    await bot.session.close()


Way = Callable[[str, int, float, str], Coroutine[Any, Any, None]]
WAYS: dict[str, Way] = {"relay": relay, "python-telegram-bot": python_telegram_bot, "aiogram": aiogram}


def alone(way: str, url: str, recipients: int, rate: float, database_url: str) -> None:
    """Be the sending process: on the first core alone."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    asyncio.run(WAYS[way](url, recipients, rate, database_url))


def main() -> None:
    """Run each way once and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipients", type=int, default=3000)
    parser.add_argument("--rate", type=float, default=30)
    parser.add_argument("--latency", type=float, default=0.05)
    parser.add_argument("--database", choices=KINDS, default="sqlite")
    parser.add_argument("--ways", nargs="*", default=list(WAYS), choices=list(WAYS))
    options = parser.parse_args()
    print(f"{where()}\n{options}\n| way | messages/s | of the limit | most in a second | windows over |")
    for way in options.ways:
        with fresh(options.database) as database_url, stand_in(options.latency) as url:
            arguments = (way, url, options.recipients, options.rate, database_url)
            process = PROCESSES.Process(target=alone, args=arguments)
            process.start()
            process.join(timeout=20 + 3 * options.recipients / options.rate)
            if process.is_alive():
                process.kill()
            times = arrivals(url)
        reached = per_second(times)
        most, over = most_within(times, 1.0), windows_over(times, 1.0, int(options.rate))
        print(
            f"| {way} ({len(times)}) | {reached:.1f} | {reached / options.rate:.1%} | {most} | {over} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
