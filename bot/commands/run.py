# SPDX-License-Identifier: EUPL-1.2
"""`buurtbrug run`: start the bot."""

import asyncio

import typer

from bot.app import run_until_stopped
from bot.commands.database import bring_up_to_date
from bot.logs import configure_logs
from bot.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    def run() -> None:
        """Start the bot with its web chat, and Telegram where a token is set."""
        settings = Settings()
        configure_logs(settings.log_format)
        typer.echo(f"Starting with {settings.content}. The first start takes half a minute: it learns.")
        asyncio.run(_run(settings))


async def _run(settings: Settings) -> None:
    """Run, after a look at the database: nobody waits for the learning to hear that it does not answer."""
    await bring_up_to_date(settings)
    await run_until_stopped(settings)
