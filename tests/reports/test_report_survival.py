# SPDX-License-Identifier: EUPL-1.2
"""Nothing is lost: killed at every step, the connection lost, a full disk, a double tap."""

import asyncio
import errno
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from botapi.people import Person as Somebody
from botapi.server import BotApi
from street import Chats, picture
from structlog.testing import capture_logs

from bot.domain.report import Report, is_legal
from storage.database import Database
from storage.encryption import Cipher
from storage.unit_of_work import SqlUnitOfWork

PROGRAM = Path(__file__).with_name("killed_bot.py")
PATHS = os.pathsep.join(map(str, PROGRAM.parents[1:3]))
SECRET = "the key of a bot that is killed"
ENVIRONMENT = {"BUURTBRUG_SECRET_KEY": SECRET, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": PATHS}


@dataclass
class Mortal:
    """A bot that is killed and started again."""

    server: BotApi
    folder: Path
    process: asyncio.subprocess.Process
    pid: int = 0
    deaths: int = 0

    async def starts(self, at: int = 0, when: str = "never", *, armed: bool = False) -> None:
        """Start a bot that will die at a commit, where it is armed or once it is told to."""
        assert self.process.stdin is not None
        order = {"url": self.server.url, "token": self.server.token, "folder": str(self.folder)}
        order |= {"at": at, "when": when, "armed": armed}
        self.process.stdin.write(json.dumps(order).encode() + b"\n")
        await self.process.stdin.drain()
        line = await self.line()
        if "ready" in line:
            self.pid = line["ready"]
            return
        # It took up the update that was waiting, and died before it said that it was ready.
        self.deaths += 1
        self.pid = 0

    async def ends(self) -> None:
        """Kill it."""
        os.kill(self.pid, signal.SIGKILL)
        await self.line()
        self.pid = 0

    def arms(self) -> None:
        os.kill(self.pid, signal.SIGUSR1)

    async def dies_or_answers(self) -> bool:
        """Wait until the bot is dead, or has handled everything; returns whether it died."""
        if self.pid == 0:
            return True
        death = asyncio.ensure_future(self.line())
        quiet = asyncio.ensure_future(self.server.quiet(60))
        await asyncio.wait([death, quiet], return_when=asyncio.FIRST_COMPLETED)
        if quiet.done() and not death.done():
            os.kill(self.pid, signal.SIGKILL)
            await death
            self.pid = 0
            return False
        await death
        quiet.cancel()
        await asyncio.gather(quiet, return_exceptions=True)
        self.deaths += 1
        self.pid = 0
        return True

    async def line(self) -> dict[str, int]:
        """Return what the program says next."""
        assert self.process.stdout is not None
        line = await asyncio.wait_for(self.process.stdout.readline(), 60)
        return dict(json.loads(line))


@asynccontextmanager
async def mortal(folder: Path) -> AsyncIterator[Mortal]:
    async with BotApi() as server:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(PROGRAM),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, **ENVIRONMENT},
        )
        bot = Mortal(server, folder, process)
        try:
            yield bot
        finally:
            if bot.pid:
                with suppress(ProcessLookupError):
                    os.kill(bot.pid, signal.SIGKILL)
            process.kill()
            await process.wait()


FIRST = ((1, "before"), (1, "after"))
BOTH = (*FIRST, (2, "before"), (2, "after"))
"""A photo is stored before the draft knows it, and the card before the report is: two commits."""
STEPS = (
    ("says", "/melding", FIRST, "Wat is er aan de hand"),
    ("presses", "Afval op straat", FIRST, "Waar is het"),
    ("says", "Hofland", FIRST, "Foto's?"),
    ("sends_photo", picture("red"), BOTH, "1 foto ontvangen"),
    ("presses", "Verder", FIRST, "Wil je er iets bij vertellen"),
    ("says", "twee zakken", FIRST, "Klopt dit zo"),
    ("presses", "Versturen en", BOTH, "heeft nummer 1"),
)


async def test_killed_at_every_step_before_and_after_each_commit(tmp_path: Path) -> None:
    """The bot dies again and again. The person repeats nothing, and reads each time where things stand."""
    async with mortal(tmp_path) as bot:
        resident = bot.server.person("nl")
        await bot.starts()
        await resident.opens()
        await resident.forges("language:nl")
        await bot.ends()
        for action, what, kills, expected in STEPS:
            at, when = kills[0]
            await bot.starts(at, when)
            bot.arms()
            await getattr(resident, action)(what, wait=False)
            assert await bot.dies_or_answers()
            for at, when in kills[1:]:
                # Telegram brings the update again as soon as the bot is back.
                await bot.starts(at, when, armed=True)
                assert await bot.dies_or_answers(), (what, at, when)
            await bot.starts()
            assert not await bot.dies_or_answers()
            shown = resident.messages[-1]["text"]
            if what == "/melding":
                # The draft had been kept: that is what the person is told.
                assert "Je was al met een melding bezig" in shown
                await bot.starts()
                await resident.presses("▶️ Verder")
                await bot.ends()
                shown = resident.messages[-1]["text"]
            assert expected in shown
        assert bot.deaths == sum(len(kills) for _, _, kills, _ in STEPS)
    (report,) = await reports_in(tmp_path)
    assert (report.kind, report.place.known, report.text) == ("waste", "hofland", "twee zakken")
    assert len(report.photos) == 1
    assert is_legal(report)


async def reports_in(folder: Path) -> list[Report]:
    """Return what a dead bot left in its database."""
    database = Database(f"sqlite+aiosqlite:///{folder / 'buurtbrug.sqlite3'}")
    async with SqlUnitOfWork(database, Cipher([SECRET.encode()])) as unit:
        found = [await unit.reports.get(number) for number in range(1, 5)]
    await database.close()
    return [each for each in found if each is not None]


async def begin(resident: Somebody) -> None:
    """Come to the summary."""
    await resident.says("/melding")
    for label in ("Afval op straat", "Hofland", "Overslaan", "Overslaan"):
        await resident.presses(label)


@pytest.mark.parametrize("lost", ["before", "after"])
async def test_the_connection_is_lost_while_the_number_is_told(chats: Chats, lost: str) -> None:
    resident = await chats.somebody("nl")
    await begin(resident)
    fault = chats.server.goes_wrong(method="editMessageText", drop=lost, times=2)
    await resident.presses("Versturen en")
    assert fault.happened >= 1
    assert "nummer" in resident.sees
    assert len(await chats.all_reports()) == 1


async def test_when_nothing_gets_through_the_button_says_it_later(chats: Chats, monkeypatch) -> None:
    monkeypatch.setattr("handlers.screen.PAUSES", (0.0,))
    resident = await chats.somebody("nl")
    await begin(resident)
    chats.server.goes_wrong(method="editMessageText", drop="before", times=2)
    with capture_logs() as logged:
        await resident.presses("Versturen en")
    assert [each["event"] for each in logged if each["log_level"] == "error"] == ["update.failed"]
    assert len(await chats.all_reports()) == 1
    await resident.presses("Versturen en")
    assert "was al verstuurd" in resident.sees
    assert len(await chats.all_reports()) == 1


async def test_a_double_tap_and_an_update_that_comes_twice(chats: Chats) -> None:
    resident = await chats.somebody("nl")
    await begin(resident)
    await asyncio.gather(*(resident.presses("Versturen en") for _ in range(3)))
    await resident.repeats_last_update()
    assert len(await chats.all_reports()) == 1
    await resident.says("/melding")
    await resident.presses("Afval op straat")
    await resident.repeats_last_update()
    assert "Waar is het" in resident.messages[-1]["text"]


async def test_the_disk_is_full_while_a_photo_is_stored(chats: Chats, monkeypatch) -> None:
    resident = await chats.somebody("nl")
    await resident.says("/melding")
    await resident.presses("Afval op straat")
    await resident.presses("Hofland")

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr("storage.sealed_files.os.fsync", full)
        await resident.sends_photo(picture("red"), caption="twee zakken")
        assert "kon ik niet opslaan" in resident.sees
        assert "De rest van je melding staat er nog" in resident.sees
        # Going on without it works on a full disk too: the card then has no picture.
        assert [path for path in (chats.folder / "media").rglob("*") if path.is_file()] == []
    await resident.sends_photo(picture("red"))
    await resident.presses("Verder")
    await resident.presses("Versturen en")
    (report,) = await chats.all_reports()
    assert report.text == "twee zakken"
    assert len(report.photos) == 1


async def test_sent_while_the_disk_is_full(chats: Chats, monkeypatch) -> None:
    """The photo was stored before; only the gebiedsmanager's card finds no room."""
    resident, manager = await chats.somebody("nl"), await chats.manager()
    await resident.says("/melding")
    await resident.presses("Afval op straat")
    await resident.presses("Hofland")
    await resident.sends_photo(picture("red"))
    await resident.presses("Verder")
    await resident.presses("Overslaan")

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr("storage.sealed_files.os.fsync", full)
        await resident.presses("Versturen en")
    assert "nummer 1" in resident.sees
    await manager.waits_for("Nieuwe melding")
    await manager.presses("Foto's")
    assert manager.messages[-1]["photo"]


async def test_pressed_while_the_bot_was_away(chats: Chats) -> None:
    """Telegram no longer takes an answer to the press; what it asked for is done all the same."""
    resident = await chats.somebody("nl")
    await begin(resident)
    chats.server.callback_seconds = -1
    await resident.presses("Versturen en")
    assert "nummer 1" in resident.sees
    assert "Er ging iets mis" not in resident.sees
