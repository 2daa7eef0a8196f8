# SPDX-License-Identifier: EUPL-1.2
"""`buurtbrug doctor`: what is wrong with this installation, in a line each, and how to mend it."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from email.utils import parsedate_to_datetime
from pathlib import Path

import aiohttp
import typer
from pydantic import ValidationError
from rich.console import Console

from bot.commands.content import find
from bot.content.check import Level
from bot.content.loader import ContentError
from bot.settings import Settings
from storage.database import Database
from storage.schema import current, newest

MOST_CLOCK_DIFFERENCE = 30.0
"""Seconds: beyond this, planned messages leave at the wrong minute."""
now = time.time
PATIENCE = aiohttp.ClientTimeout(total=10)


class IllError(Exception):
    """Something is wrong. The message says what and how to mend it."""


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    def doctor() -> None:
        """Check settings, database, content, token and clock."""
        if not asyncio.run(examine(Console())):
            raise typer.Exit(1)


async def examine(console: Console) -> bool:
    """Print a line for each thing that is looked at; whether all of it is well."""
    try:
        settings = Settings()
    except ValidationError as error:
        for each in error.errors():
            console.print(f"✗ settings: BUURTBRUG_{str(each['loc'][0]).upper()}: {each['msg']}", style="red")
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
            said, mark, style = await check(settings), "✓", "green"
        except IllError as ill:
            said, mark, style, healthy = str(ill), "✗", "red", False
        console.print(f"[{style}]{mark}[/] {name}: ", end="")
        console.print(said, markup=False, highlight=False)
    return healthy


async def _settings(settings: Settings) -> str:
    folder = settings.data_dir
    parent = folder if folder.exists() else folder.absolute().parent
    if not os.access(parent, os.W_OK):
        raise IllError(f"{folder} cannot be written: give this user the right, or set BUURTBRUG_DATA_DIR")
    key = folder / "secret.key"
    if settings.secret_key is None and key.exists() and key.stat().st_mode & 0o077:
        raise IllError(f"{key} can be read by others: chmod 600 {key}")
    source = "BUURTBRUG_SECRET_KEY" if settings.secret_key else f"a key of its own in {key}"
    return f"data in {folder}, encrypted with {source}"


async def _database(settings: Settings) -> str:
    database = Database(settings.database)
    shown = database.url.render_as_string(hide_password=True)
    if database.is_sqlite and not await asyncio.to_thread(Path(database.url.database or "").exists):
        await database.close()
        return f"{shown}, not there yet: `buurtbrug run` makes it"
    try:
        found = await current(database)
    except Exception as error:
        raise IllError(
            f"{shown} does not answer ({type(error).__name__}): is it running, is its address right?"
        ) from error
    finally:
        await database.close()
    if found is None:
        return f"{shown}, empty: `buurtbrug run` makes the tables"
    if found != newest():
        return f"{shown}, at {found}: `buurtbrug run` or `buurtbrug db upgrade` brings it to {newest()}"
    return f"{shown}, up to date"


async def _content(settings: Settings) -> str:
    try:
        findings = await asyncio.to_thread(find, settings.content)
    except ContentError as error:
        raise IllError(str(error)) from error
    errors = sum(finding.level is Level.ERROR for finding in findings)
    if errors:
        raise IllError(f"{errors} errors in {settings.content}: see `buurtbrug content check`")
    return f"{settings.content}, no errors, {len(findings)} warnings"


async def _telegram(settings: Settings) -> str:
    if settings.telegram_token is None:
        return "no token: only the web chat (set BUURTBRUG_TELEGRAM_TOKEN to connect Telegram)"
    url = f"{settings.telegram_api_url}/bot{settings.telegram_token.get_secret_value()}/getMe"
    try:
        async with aiohttp.ClientSession(timeout=PATIENCE) as session, session.get(url) as response:
            answer = await response.json(content_type=None)
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise IllError(f"{settings.telegram_api_url} does not answer ({type(error).__name__})") from error
    if not answer.get("ok"):
        raise IllError("the token is refused: ask @BotFather for the right one")
    return f"@{answer['result']['username']}, by {settings.telegram_mode}"


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
        raise IllError(f"{settings.telegram_api_url} does not answer ({type(error).__name__})") from error
    if not date:
        return "the server tells no time: not compared"
    difference = abs(now() - parsedate_to_datetime(date).timestamp())
    if difference > MOST_CLOCK_DIFFERENCE:
        raise IllError(
            f"this machine's clock is {difference:.0f} seconds off: switch time synchronisation on (NTP)"
        )
    return f"right to within {difference:.0f} seconds"
