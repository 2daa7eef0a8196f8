# SPDX-License-Identifier: EUPL-1.2
"""`buurtbrug doctor`: what is wrong with this installation, in a line each, and how to mend it."""

import asyncio
import json
import os
import time
from collections.abc import Awaitable, Callable
from email.utils import parsedate_to_datetime
from pathlib import Path

import aiohttp
import typer
from pydantic import ValidationError
from rich.console import Console
from rich.text import Text
from yarl import URL

from bot.commands.content import find
from bot.commands.database import connect, newer, revision, shown
from bot.commands.faults import FaultError, setting_faults
from bot.content.check import Level
from bot.content.loader import ContentError
from bot.i18n import CatalogueError
from bot.settings import Settings
from storage.schema import known, newest

MOST_CLOCK_DIFFERENCE = 30.0
"""Seconds: beyond this, planned messages leave at the wrong minute."""
REFUSED = (401, 403, 404)
"""What a Bot API server answers to a token that it does not know."""
PATIENCE = aiohttp.ClientTimeout(total=10)


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    def doctor() -> None:
        """Check settings, database, content, token and clock."""
        if not asyncio.run(_examine(Console())):
            raise typer.Exit(1)


async def _examine(console: Console) -> bool:
    try:
        settings = Settings()
    except ValidationError as error:
        for fault in setting_faults(error):
            _say(console, "settings", fault, healthy=False)
        return False
    checks: dict[str, Callable[[Settings], Awaitable[str]]] = {
        "settings": _settings,
        "database": _database,
        "content": _content,
        "telegram": _telegram,
        "clock": _clock,
    }
    healthy = True
    for name, check in checks.items():
        try:
            said, well = await check(settings), True
        except FaultError as fault:
            said, well, healthy = str(fault), False, False
        _say(console, name, said, healthy=well)
    return healthy


def _say(console: Console, name: str, said: str, *, healthy: bool) -> None:
    """Print one line; a narrow terminal may break it, a file or another program gets it whole."""
    mark = ("✓", "green") if healthy else ("✗", "red")
    console.print(Text.assemble(mark, f" {name}: {said}"), soft_wrap=True)


async def _settings(settings: Settings) -> str:
    folder = settings.data_dir
    whole = folder.absolute()
    nearest = next(each for each in (whole, *whole.parents) if each.exists())
    if not nearest.is_dir():
        raise FaultError(f"{nearest} is a file, not a folder: move it, or set BUURTBRUG_DATA_DIR")
    if not os.access(nearest, os.W_OK):
        raise FaultError(f"{folder} cannot be written: give this user the right, or set BUURTBRUG_DATA_DIR")
    key = folder / "secret.key"
    if settings.secret_key is None and key.exists() and key.stat().st_mode & 0o077:
        raise FaultError(f"{key} can be read by others: chmod 600 {key}")
    source = "BUURTBRUG_SECRET_KEY" if settings.secret_key else f"a key of its own in {key}"
    return f"data in {folder}, encrypted with {source}"


async def _database(settings: Settings) -> str:
    database = connect(settings)
    address = shown(database.url)
    if database.is_sqlite and not await asyncio.to_thread(Path(database.url.database or "").exists):
        await database.close()
        return f"{address}, not there yet: `buurtbrug run` makes it"
    try:
        found = await revision(database)
    finally:
        await database.close()
    if found is None:
        return f"{address}, empty: `buurtbrug run` makes the tables"
    if not known(found):
        raise FaultError(newer(database, found))
    if found != newest():
        return f"{address}, at {found}: `buurtbrug run` or `buurtbrug db upgrade` brings it to {newest()}"
    return f"{address}, up to date"


async def _content(settings: Settings) -> str:
    try:
        findings = await asyncio.to_thread(find, settings.content)
    except (ContentError, CatalogueError, OSError) as error:
        raise FaultError(str(error)) from error
    errors = sum(finding.level is Level.ERROR for finding in findings)
    if errors:
        raise FaultError(f"{errors} errors in {settings.content}: see `buurtbrug content check`")
    return f"{settings.content}, no errors, {len(findings)} warnings"


async def _telegram(settings: Settings) -> str:
    if settings.telegram_token is None:
        return "no token: only the web chat (set BUURTBRUG_TELEGRAM_TOKEN to connect Telegram)"
    url = f"{settings.telegram_api_url}/bot{settings.telegram_token.get_secret_value()}/getMe"
    try:
        async with aiohttp.ClientSession(timeout=PATIENCE) as session, session.get(url) as response:
            status, body = response.status, await response.read()
    except (aiohttp.ClientError, TimeoutError) as error:
        raise _no_answer(settings, error) from error
    try:
        answer = json.loads(body)
        if status in REFUSED and answer["ok"] is False:
            raise FaultError("the token is refused: ask @BotFather for the right one")
        return f"@{answer['result']['username']}, by {settings.telegram_mode}"
    except (ValueError, KeyError, TypeError) as error:
        raise FaultError(
            f"{_server(settings)} answers {status}, not as a Bot API server does: "
            "try again later, or look at BUURTBRUG_TELEGRAM_API_URL"
        ) from error


async def _clock(settings: Settings) -> str:
    """Compare the clock with a server that has the time, where one can be reached."""
    if settings.telegram_token is None:
        return f"{time.strftime('%Y-%m-%d %H:%M:%S %Z')} (compared with nothing: no server is connected)"
    try:
        async with (
            aiohttp.ClientSession(timeout=PATIENCE) as session,
            session.head(settings.telegram_api_url) as response,
        ):
            date = response.headers.get("Date", "")
    except (aiohttp.ClientError, TimeoutError) as error:
        raise _no_answer(settings, error) from error
    try:
        difference = abs(time.time() - parsedate_to_datetime(date).timestamp())
    except ValueError:
        return "the server tells no time: not compared"
    if difference > MOST_CLOCK_DIFFERENCE:
        raise FaultError(
            f"this machine's clock is {difference:.0f} seconds off: switch time synchronisation on (NTP)"
        )
    return f"right to within {difference:.0f} seconds"


def _no_answer(settings: Settings, error: Exception) -> FaultError:
    return FaultError(f"{_server(settings)} does not answer ({type(error).__name__})")


def _server(settings: Settings) -> str:
    """Return the address of the Bot API server, without a password in it."""
    return str(URL(settings.telegram_api_url).with_user(None))
