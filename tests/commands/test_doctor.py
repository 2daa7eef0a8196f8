# SPDX-License-Identifier: EUPL-1.2
"""`buurtbrug doctor`: what it says about each thing that may be wrong, and how to mend it."""

import os
from collections.abc import Awaitable, Callable
from io import StringIO
from pathlib import Path

import pytest
from botapi.server import TOKEN, BotApi
from rich.console import Console

from bot.commands import doctor
from bot.content.check import Finding, Level
from storage import schema
from storage.database import Database

Examined = tuple[bool, str]
Examine = Callable[[], Awaitable[Examined]]
NOBODY = "http://127.0.0.1:9"
"""Nobody listens there."""


@pytest.fixture
def examine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Examine:
    """Examine an installation of which only the data folder is set, and whose content is well."""
    for name in list(os.environ):
        if name.startswith("BUURTBRUG_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)  # no .env here
    monkeypatch.setenv("BUURTBRUG_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(doctor, "find", lambda _folder: [])

    async def run() -> Examined:
        said = StringIO()
        healthy = await doctor.examine(Console(file=said, width=500))
        return healthy, said.getvalue()

    return run


async def test_a_fresh_installation_is_well(examine: Examine) -> None:
    healthy, said = await examine()
    assert healthy
    assert said.count("✓") == 5
    assert "not there yet: `buurtbrug run` makes it" in said
    assert "no token: only the web chat (set BUURTBRUG_TELEGRAM_TOKEN to connect Telegram)" in said
    assert "compared with nothing" in said


async def test_a_bad_setting_is_named(examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUURTBRUG_PORT", "web")
    healthy, said = await examine()
    assert not healthy
    assert "BUURTBRUG_PORT" in said
    assert "integer" in said


async def test_a_folder_that_cannot_be_written(examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.os, "access", lambda *_: False)
    healthy, said = await examine()
    assert not healthy
    assert "cannot be written: give this user the right, or set BUURTBRUG_DATA_DIR" in said


async def test_a_key_that_others_can_read(examine: Examine, tmp_path: Path) -> None:
    key = tmp_path / "secret.key"
    key.write_text("not for others")
    key.chmod(0o644)
    healthy, said = await examine()
    assert not healthy
    assert f"chmod 600 {key}" in said
    assert "not for others" not in said
    key.chmod(0o600)
    assert (await examine())[0]


@pytest.mark.parametrize(
    ("revision", "found"),
    [
        (None, "empty: `buurtbrug run` makes the tables"),
        ("0003", "at 0003: `buurtbrug run` or `buurtbrug db upgrade` brings it to"),
        ("head", "up to date"),
    ],
)
async def test_where_the_tables_are(
    examine: Examine, tmp_path: Path, revision: str | None, found: str
) -> None:
    path = tmp_path / "buurtbrug.sqlite3"
    path.touch()
    if revision:
        database = Database(f"sqlite+aiosqlite:///{path}")
        await schema.upgrade(database, revision)
        await database.close()
    healthy, said = await examine()
    assert healthy
    assert found in said


async def test_a_database_that_does_not_answer(examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUURTBRUG_DATABASE_URL", "postgresql://bot:quite-secret@127.0.0.1:9/bot")
    healthy, said = await examine()
    assert not healthy
    assert "does not answer" in said
    assert "is it running, is its address right?" in said
    assert "quite-secret" not in said


async def test_faulty_content(examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    findings = [Finding(Level.ERROR, "a", "wrong"), Finding(Level.WARNING, "b", "old")]
    monkeypatch.setattr(doctor, "find", lambda _folder: findings)
    healthy, said = await examine()
    assert not healthy
    assert "1 errors in" in said
    assert "see `buurtbrug content check`" in said


async def test_content_that_is_not_there(
    examine: Examine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("BUURTBRUG_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("BUURTBRUG_CONTENT", str(tmp_path / "nowhere"))
    healthy, said = await examine()
    assert not healthy
    assert "nowhere" in said


async def test_telegram_answers(examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    async with BotApi() as server:
        monkeypatch.setenv("BUURTBRUG_TELEGRAM_API_URL", server.url)
        monkeypatch.setenv("BUURTBRUG_TELEGRAM_TOKEN", TOKEN)
        healthy, said = await examine()
    assert healthy
    assert "@buurtbrug_test_bot, by polling" in said
    assert "right to within" in said
    assert TOKEN not in said


async def test_a_token_that_is_refused(examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    async with BotApi() as server:
        monkeypatch.setenv("BUURTBRUG_TELEGRAM_API_URL", server.url)
        monkeypatch.setenv("BUURTBRUG_TELEGRAM_TOKEN", "1:of-nobody")
        healthy, said = await examine()
    assert not healthy
    assert "the token is refused: ask @BotFather for the right one" in said
    assert "of-nobody" not in said


async def test_telegram_does_not_answer(examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUURTBRUG_TELEGRAM_API_URL", NOBODY)
    monkeypatch.setenv("BUURTBRUG_TELEGRAM_TOKEN", TOKEN)
    healthy, said = await examine()
    assert not healthy
    assert said.count(f"{NOBODY} does not answer") == 2  # nor can the clock be compared
    assert TOKEN not in said


async def test_a_clock_that_is_wrong(examine: Examine, monkeypatch: pytest.MonkeyPatch) -> None:
    right = doctor.time.time
    async with BotApi() as server:
        monkeypatch.setenv("BUURTBRUG_TELEGRAM_API_URL", server.url)
        monkeypatch.setenv("BUURTBRUG_TELEGRAM_TOKEN", TOKEN)
        monkeypatch.setattr(doctor, "now", lambda: right() + 300)
        healthy, said = await examine()
    assert not healthy
    assert "seconds off: switch time synchronisation on (NTP)" in said
