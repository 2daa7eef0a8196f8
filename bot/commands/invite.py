# SPDX-License-Identifier: EUPL-1.2
"""`buurtbrug invite`: make a one-time link that grants a role."""

import asyncio
from typing import Annotated

import typer

from bot.app import build
from bot.domain.person import Role
from bot.settings import Settings
from storage.schema import upgrade


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
    app = await build(Settings())
    try:
        await upgrade(app.database)
        return await app.links.all(await app.people.invite(role, None))
    finally:
        await app.database.close()
        for channel in app.channels:
            await channel.bot.session.close()
