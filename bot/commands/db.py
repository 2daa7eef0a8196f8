# SPDX-License-Identifier: EUPL-1.2
"""`buurtbrug db`: the database's own commands."""

import asyncio
from datetime import UTC, datetime

import typer

from bot.commands.database import bring_up_to_date, upgraded
from bot.settings import Settings
from storage.encryption import Cipher
from storage.rotation import Rotated, rotate
from storage.sealed_files import media_files, web_files


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="The database.", no_args_is_help=True)
    app.add_typer(group, name="db")

    @group.command("upgrade")
    def upgrade_() -> None:
        """Bring the tables up to date. `run` does this by itself."""
        asyncio.run(bring_up_to_date(Settings()))
        typer.echo("The database is up to date.")

    @group.command("rotate-key")
    def rotate_key() -> None:
        """Encrypt everything, files too, under the first of the keys in BUURTBRUG_SECRET_KEY.

        Put the new key before the old one, run this, then take the old one out. May be interrupted and
        run again.
        """
        rotated, files = asyncio.run(_rotate(Settings()))
        fields = sum(rotated.rows.values())
        typer.echo(f"{fields} fields and {files} files were brought under the first key.")
        if rotated.old_key_until is not None:
            typer.echo(
                f"{rotated.open_invitations} invitations still need the old key, the last one until "
                f"{rotated.old_key_until:%Y-%m-%d %H:%M} UTC: keep it until then, or they stop working."
            )


async def _rotate(settings: Settings) -> tuple[Rotated, int]:
    """Bring the fields, then the files under the first key; returns what was done, and how many files."""
    keys = settings.keys()
    async with upgraded(settings) as database:
        rotated = await rotate(database, Cipher(keys), datetime.now(UTC))
    folders = media_files(settings.data_dir, keys), web_files(settings.data_dir, keys)
    return rotated, sum([await folder.rotate() for folder in folders])
