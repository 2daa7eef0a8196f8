# SPDX-License-Identifier: EUPL-1.2
"""`buurtbrug invite`: make a one-time link that grants a role."""

import asyncio
from typing import Annotated

import typer
from aiogram.exceptions import AiogramError

from bot.app import App, build
from bot.commands.database import bring_up_to_date
from bot.commands.faults import FaultError
from bot.domain.person import Role
from bot.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    def invite(
        role: Annotated[Role, typer.Argument(help="The role that the link grants.")] = Role.AREA_MANAGER,
    ) -> None:
        """Print a link that makes the one who opens it first, within 7 days, somebody with a role."""
        for name, link in asyncio.run(_links(role)).items():
            typer.echo(f"{name}: {link}")


async def _links(role: Role) -> dict[str, str]:
    settings = Settings()
    await bring_up_to_date(settings)
    app = await build(settings)
    try:
        await _reach_every_channel(app)
        return await app.links.all(await app.people.invite(role, None))
    finally:
        await app.database.close()
        for channel in app.channels:
            await channel.bot.session.close()


async def _reach_every_channel(app: App) -> None:
    """Ask each bot for its name, before a link is made that could not be shown. Raises FaultError."""
    for channel in app.channels:
        try:
            await channel.bot.me()
        except AiogramError as error:
            raise FaultError(
                f"{channel.name} does not tell the bot's name: `buurtbrug doctor` says what is wrong"
            ) from error
