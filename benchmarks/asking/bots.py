# SPDX-License-Identifier: EUPL-1.2
# ruff: noqa: S603 (the programs are our own)
"""The bots that are measured, each in a process of its own: Buurtbrug, and a bare echo bot of aiogram."""

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

import aiohttp
import psutil

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "900001:bench"  # noqa: S105 - of no bot
SETTINGS = {
    "BUURTBRUG_TELEGRAM_TOKEN": TOKEN,
    "BUURTBRUG_TELEGRAM_MODE": "webhook",
    "BUURTBRUG_LOG_FORMAT": "json",
    # Telegram allows 30 messages a second: here the bot is to be the limit, not Telegram.
    "BUURTBRUG_SEND_RATE": "100000",
}


class Bot:
    """A process with a bot in it. `webhook` is where updates are brought."""

    def __init__(self, command: list[str], port: int, path: str, log: Path, settings: dict[str, str]) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.webhook = self.address + path
        self.began = time.perf_counter()
        with log.open("ab") as file:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env={**os.environ, **settings}, stdout=file, stderr=file
            )
        self._watched = psutil.Process(self._process.pid)

    async def ready(self, path: str) -> float:
        """Wait until it answers; return the seconds since it was started."""
        async with aiohttp.ClientSession() as session:
            while self._process.poll() is None:
                try:
                    async with session.get(self.address + path) as response:
                        if response.status < 500:
                            return time.perf_counter() - self.began
                except aiohttp.ClientError:
                    await asyncio.sleep(0.02)
        raise RuntimeError("the bot ended before it was ready: see its log")

    @property
    def seconds(self) -> float:
        """Processor time used so far, in all threads, in the system too."""
        times = self._watched.cpu_times()
        return float(times.user + times.system)

    @property
    def megabytes(self) -> float:
        """Memory held now."""
        return float(self._watched.memory_info().rss / 2**20)

    def peak(self) -> float:
        """Return the most memory that it held, in MB."""
        status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="utf-8")
        line = next(each for each in status.splitlines() if each.startswith("VmHWM"))
        return int(line.split()[1]) / 1024

    def stop(self) -> float:
        """Ask it to end; return how many seconds that took."""
        began = time.perf_counter()
        self._process.terminate()
        self._process.wait(60)
        return time.perf_counter() - began


def buurtbrug(telegram: str, port: int, data: Path, database: str, content: Path) -> Bot:
    """Start the whole bot with a municipality's content."""
    settings = {
        **SETTINGS,
        "BUURTBRUG_TELEGRAM_API_URL": telegram,
        "BUURTBRUG_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "BUURTBRUG_PORT": str(port),
        "BUURTBRUG_DATA_DIR": str(data),
        "BUURTBRUG_DATABASE_URL": database,
        "BUURTBRUG_CONTENT": str(content),
    }
    return Bot(
        [sys.executable, "-m", "bot", "run"], port, "/telegram/webhook", data.parent / "bot.log", settings
    )


def echo(telegram: str, port: int, folder: Path) -> Bot:
    """Start the bare echo bot."""
    program = str(Path(__file__).with_name("echo.py"))
    return Bot([sys.executable, program, telegram, str(port)], port, "/", folder / "echo.log", {})
