# SPDX-License-Identifier: EUPL-1.2
"""The whole bot during a broadcast: how fast it sends, and how long people wait for an answer meanwhile.

The bot is a process of its own, as `buurtbrug run` starts it, on SQLite; the Bot API server is the strict one
of the tests, in this process. Residents ask questions that the engine answers, before and during a broadcast.
A message arrives at the bot by long polling.
"""

import argparse
import asyncio
import os
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from databases import ROOT
from figures import most_within, per_second, percentile, where, windows_over
from relaying import queue

sys.path.insert(0, str(ROOT / "tests"))

from botapi.people import Person
from botapi.server import BotApi

from storage.database import Database

RESIDENTS = 20
FIRST_CHAT = 1_000_000
QUESTIONS = (
    "hoe lang moet ik wachten op een huurhuis",
    "waarom krijgen statushouders een huis",
    "wie verdeelt de huurhuizen",
)
KEY = "the key of a benchmark and of no bot"


async def started(server: BotApi, folder: str) -> asyncio.subprocess.Process:
    """Start the bot and wait until it has told Telegram its commands."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "BUURTBRUG_TELEGRAM_TOKEN": server.token,
        "BUURTBRUG_TELEGRAM_API_URL": server.url,
        "BUURTBRUG_DATA_DIR": folder,
        "BUURTBRUG_SECRET_KEY": KEY,
        "BUURTBRUG_PORT": str(port),
    }
    log = (Path(folder) / "log").open("wb")
    bot = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        cwd=ROOT,
        env={**os.environ, **settings},
        stdout=log,
        stderr=log,
    )
    while not any(call.method == "setMyCommands" for call in server.calls):
        if bot.returncode is not None:
            raise RuntimeError((Path(folder) / "log").read_text()[-2000:])
        await asyncio.sleep(0.1)
    return bot


async def ask(person: Person, question: str) -> float:
    """Ask, and return the seconds until the answer is there."""
    before, began = len(person.messages), time.monotonic()
    await person.says(question, wait=False)
    async with asyncio.timeout(20):
        while len(person.messages) == before:
            await person.chat.changed.wait()
    return time.monotonic() - began


async def ask_around(people: list[Person], enough: Callable[[], bool], every: float) -> list[float]:
    """Let residents ask one after the other, until it is enough; returns how long each waited."""
    waited: list[float] = []
    while not enough():
        number = len(waited)
        waited.append(await ask(people[number % len(people)], QUESTIONS[number % len(QUESTIONS)]))
        await asyncio.sleep(every)
    return waited


def show(name: str, waited: list[float]) -> None:
    """Print how long people waited."""
    parts = [f"{percentile(waited, part) * 1000:.0f} ms" for part in (0.5, 0.95)]
    print(f"| {name} | {len(waited)} | {parts[0]} | {parts[1]} | {max(waited) * 1000:.0f} ms |", flush=True)


async def measure(recipients: int, every: float, index: Path | None) -> None:
    """Run once and print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        if index is not None:
            shutil.copytree(index, folder, dirs_exist_ok=True)
        async with BotApi(check_html=False, open_chats=True) as server:
            bot = await started(server, folder)
            try:
                people = [server.person("nl") for _ in range(RESIDENTS)]
                for person in people:
                    await person.opens()
                    await person.forges("language:nl")
                for person in people[:3]:
                    await ask(person, QUESTIONS[0])
                begun = time.monotonic()
                before = await ask_around(people, lambda: time.monotonic() - begun > 30, every)
                server.calls.clear()
                database = Database(f"sqlite+aiosqlite:///{folder}/buurtbrug.sqlite3")
                await queue(database, list(range(FIRST_CHAT, FIRST_CHAT + recipients)), key=KEY.encode())

                def relayed() -> list[float]:
                    return [each.at for each in server.calls if each.params.get("chat_id", 0) >= FIRST_CHAT]

                during = await ask_around(people, lambda: len(relayed()) >= recipients, every)
                await database.close()
            finally:
                bot.terminate()
                await bot.wait()
    everything = [each.at for each in server.calls if each.method.startswith(("send", "edit"))]
    print("| questions | number | median | 95 % | longest |")
    show("without a broadcast", before)
    show("during it", during)
    print(
        f"{recipients} relayed at {per_second(relayed()):.2f} a second; with the replies "
        f"{per_second(everything):.2f}, at most {most_within(everything, 1.0)} in any second "
        f"({windows_over(everything, 1.0, 30)} of {len(everything)} windows over 30)"
    )


def main() -> None:
    """Run once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipients", type=int, default=3000)
    parser.add_argument("--every", type=float, default=1.0, help="seconds between questions")
    parser.add_argument("--index", type=Path, help="a data folder of the bot, with its index")
    options = parser.parse_args()
    print(where(), options, sep="\n")
    asyncio.run(measure(options.recipients, options.every, options.index))


if __name__ == "__main__":
    main()
