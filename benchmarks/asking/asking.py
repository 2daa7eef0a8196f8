# SPDX-License-Identifier: EUPL-1.2
"""Questions answered per core-second, and how long one waits, over the whole path.

An update comes in by webhook, the engine decides, all is stored, the reply goes out to a Bot API server in
another process, and only then the update is acknowledged. Beside it, in the same run, a bare echo bot.

    python benchmarks/asking/asking.py                 # SQLite
    python benchmarks/asking/asking.py --postgresql    # and PostgreSQL, of its own in a temporary folder
    python benchmarks/asking/asking.py --examples 25   # with so many questions an entry and language at most
"""

import argparse
import asyncio
import itertools
import json
import os
import platform
import shutil
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import aiohttp
from bot_api import Telegram
from bots import ROOT, Bot, buurtbrug, echo

LANGUAGES = ("nl", "ar", "ti", "en")
PEOPLE = 1200
"""So many that nobody writes faster than the bot lets one person write."""
AT_ONCE = 16
FIRST_USER = 5_000_001


class Residents:
    """People who each ask in their own language, one after the other, what the evaluation set holds."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._turn = itertools.cycle(range(PEOPLE))
        self._questions = {code: itertools.cycle(_questions(code)) for code in LANGUAGES}

    def choosing(self) -> Iterator[dict[str, object]]:
        """Yield what makes each of them somebody known, with a language."""
        for person in range(PEOPLE):
            user = _user(person)
            yield {
                "update_id": next(self._numbers),
                "callback_query": {
                    "id": f"c{person}",
                    "from": user,
                    "chat_instance": "1",
                    "data": f"language:{LANGUAGES[person % 4]}",
                    "message": {"message_id": 1, "date": 1700000000, "chat": _chat(user), "text": "x"},
                },
            }

    def question(self) -> dict[str, object]:
        """Return the next question."""
        person = next(self._turn)
        user = _user(person)
        return {
            "update_id": next(self._numbers),
            "message": {
                "message_id": next(self._numbers),
                "date": int(time.time()),
                "chat": _chat(user),
                "from": user,
                "text": next(self._questions[LANGUAGES[person % 4]]),
            },
        }


def _questions(code: str) -> list[str]:
    file = ROOT / "tests" / "evaluation" / f"{code}.jsonl"
    return [json.loads(line)["text"] for line in file.read_text(encoding="utf-8").splitlines()]


def _user(person: int) -> dict[str, object]:
    return {"id": FIRST_USER + person, "is_bot": False, "first_name": "Resident", "language_code": "nl"}


def _chat(user: dict[str, object]) -> dict[str, object]:
    return {"id": user["id"], "type": "private", "first_name": "Resident"}


def content(folder: Path, examples: int) -> Path:
    """Return Montfoort's content, with at most so many example questions an entry and language; 0: all."""
    whole = ROOT / "content" / "montfoort"
    if not examples:
        return whole
    copy = Path(shutil.copytree(whole, folder / "content"))
    for file in (copy / "answers").glob("*/*.md"):
        kept, left = [], examples
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.startswith("## "):
                left = examples
            asked = line.startswith("- ") and any(each.startswith("## ") for each in kept)
            left -= asked
            if not asked or left >= 0:
                kept.append(line)
        file.write_text("\n".join(kept) + "\n", encoding="utf-8")
    return copy


class Webhook:
    """Brings updates to one bot."""

    def __init__(self, session: aiohttp.ClientSession, bot: Bot, secret: str) -> None:
        self._session = session
        self._url = bot.webhook
        self._headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}

    async def bring(self, update: dict[str, object]) -> float:
        """Bring an update; return the seconds until it was acknowledged."""
        began = time.perf_counter()
        async with self._session.post(self._url, json=update, headers=self._headers) as response:
            if response.status != 200:
                raise RuntimeError(f"the webhook answered {response.status}")
            await response.read()
        return time.perf_counter() - began


async def _together(count: int, one: Callable[[], Awaitable[object]]) -> None:
    """Do something `count` times, `AT_ONCE` at the same time."""
    left = iter(range(count))

    async def worker() -> None:
        for _ in left:
            await one()

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(worker())


async def throughput(
    bot: Bot, telegram: Telegram, webhook: Webhook, residents: Residents, count: int
) -> dict:
    """Ask as fast as it goes."""
    used, sent, began = bot.seconds, telegram.taken(), time.perf_counter()
    await _together(count, lambda: webhook.bring(residents.question()))
    used, took, sent = bot.seconds - used, time.perf_counter() - began, telegram.taken() - sent
    if sent < count:
        raise RuntimeError(f"{count} questions, but {sent} replies")
    return {
        "questions": count,
        "replies": sent,
        "per_core_second": round(count / used),
        "ms_of_processor_each": round(used / count * 1000, 2),
        "per_second": round(count / took),
    }


async def latency(webhook: Webhook, residents: Residents, per_second: float, seconds: float) -> dict:
    """Ask at an even pace, whether or not the one before was answered."""
    began = asyncio.get_running_loop().time()
    tasks = []
    for number in range(int(per_second * seconds)):
        await asyncio.sleep(max(0.0, began + number / per_second - asyncio.get_running_loop().time()))
        tasks.append(asyncio.create_task(webhook.bring(residents.question())))
    times = sorted(await asyncio.gather(*tasks))
    cut = statistics.quantiles(times, n=100)
    return {
        "questions": len(times),
        "per_second": per_second,
        "p50_ms": round(cut[49] * 1000, 1),
        "p99_ms": round(cut[98] * 1000, 1),
        "most_ms": round(times[-1] * 1000, 1),
    }


async def measure_buurtbrug(folder: Path, database: str, options: argparse.Namespace) -> dict:
    """Start it twice, for the learning and for later starts, then ask."""
    telegram = Telegram()
    residents = Residents()
    data = folder / "data"
    asked_about = content(folder / database.rpartition("/")[2], options.examples)
    found: dict[str, object] = {}
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        if not list(data.glob("index-*.npz")):
            bot = buurtbrug(telegram.url, _port(), data, database, asked_about)
            found["first_start_seconds"] = round(await bot.ready("/readyz"), 1)
            found["first_start_peak_mb"] = round(bot.peak())
            bot.stop()
        bot = buurtbrug(telegram.url, _port(), data, database, asked_about)
        try:
            await bot.ready("/readyz")
            webhook = Webhook(session, bot, telegram.secret())
            await webhook.bring(residents.question())
            found["first_answer_after_start_seconds"] = round(time.perf_counter() - bot.began, 1)
            found["first_answer_cpu_seconds"] = round(bot.seconds, 1)
            found["memory_at_start_mb"] = round(bot.megabytes)
            choosing = residents.choosing()
            await _together(PEOPLE, lambda: webhook.bring(next(choosing)))
            await _together(options.questions // 4, lambda: webhook.bring(residents.question()))
            found["throughput"] = await throughput(bot, telegram, webhook, residents, options.questions)
            found["latency"] = [
                await latency(webhook, residents, options.rate, options.seconds) for _ in range(options.times)
            ]
            found["memory_mb"] = round(bot.megabytes)
            found["peak_mb"] = round(bot.peak())
        finally:
            found["stop_seconds"] = round(bot.stop(), 2)
            telegram.stop()
    return found


async def measure_echo(folder: Path, options: argparse.Namespace) -> dict:
    """Bring the same questions to the bare echo bot."""
    telegram = Telegram()
    residents = Residents()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        bot = echo(telegram.url, _port(), folder)
        try:
            await bot.ready("/")
            webhook = Webhook(session, bot, "")
            await _together(options.questions // 4, lambda: webhook.bring(residents.question()))
            return {
                "throughput": await throughput(bot, telegram, webhook, residents, options.questions),
                "latency": [
                    await latency(webhook, residents, options.rate, options.seconds)
                    for _ in range(options.times)
                ],
                "memory_mb": round(bot.megabytes),
            }
        finally:
            bot.stop()
            telegram.stop()


def _say(name: str, found: dict[str, object], result: dict) -> None:
    """Keep a result, and show it at once: the rest takes a while."""
    found[name] = result
    print(name, json.dumps(result), file=sys.stderr, flush=True)


def _port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _machine() -> dict:
    model = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    load = os.getloadavg()[0]
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load_before": load,
    }


async def main() -> None:
    """Measure, and print what was found as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--questions", type=int, default=3000)
    parser.add_argument("--rate", type=float, default=50)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--times", type=int, default=3, help="how often the latency is measured")
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--examples", type=int, default=0, help="example questions an entry and language")
    parser.add_argument("--index", type=Path, help="a folder with a learnt index, to save its learning")
    options = parser.parse_args()
    found: dict[str, object] = {"machine": _machine()}
    with tempfile.TemporaryDirectory(prefix="asking-") as name:
        folder = Path(name)
        (folder / "data").mkdir()
        for index in options.index.glob("index-*.npz") if options.index else ():
            shutil.copy(index, folder / "data")
        _say("echo", found, await measure_echo(folder, options))
        _say("sqlite", found, await measure_buurtbrug(folder, "", options))
        if options.postgresql:
            sys.path.insert(0, str(ROOT / "tests"))
            from servers import PostgreSql  # noqa: PLC0415

            server = PostgreSql()
            try:
                url = server.url(server.create())
                _say("postgresql", found, await measure_buurtbrug(folder, url, options))
            finally:
                server.stop()
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    asyncio.run(main())
