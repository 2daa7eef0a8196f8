# SPDX-License-Identifier: EUPL-1.2
"""The database for a command: opened, found to answer, and closed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import URL

from bot.commands.faults import FaultError
from bot.settings import Settings
from storage.database import Database
from storage.schema import current, known, upgrade


def shown(url: URL) -> str:
    """Return the address as it may be shown: without a password, wherever it stands."""
    hidden = {name: "hidden" for name in url.query if "password" in name}
    return url.update_query_dict(hidden).render_as_string(hide_password=True)


def connect(settings: Settings) -> Database:
    """Return the database of the settings; nothing is opened yet. Raises FaultError."""
    try:
        return Database(settings.database)
    except Exception as error:  # each driver has errors of its own, and their messages hold the address
        raise FaultError(
            "BUURTBRUG_DATABASE_URL cannot be read: it looks like postgresql://user:password@host/name"
        ) from error


async def revision(database: Database) -> str | None:
    """Return where the tables are, or None where there are none. Raises FaultError when nothing answers."""
    try:
        return await current(database)
    except Exception as error:  # likewise
        raise FaultError(
            f"{shown(database.url)} does not answer ({type(error).__name__}): "
            "is it running, is its address right?"
        ) from error


@asynccontextmanager
async def upgraded(settings: Settings) -> AsyncIterator[Database]:
    """Bring the tables up to date, making the data folder if need be, and close at the end.

    Raises FaultError when the database does not answer, or was made by a newer version.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = connect(settings)
    try:
        found = await revision(database)
        if found is not None and not known(found):
            raise FaultError(newer(database, found))
        await upgrade(database)
        yield database
    finally:
        await database.close()


async def bring_up_to_date(settings: Settings) -> None:
    """Bring the tables up to date, making the data folder if need be. Raises FaultError like `upgraded`."""
    async with upgraded(settings):
        pass


def newer(database: Database, found: str) -> str:
    """Say that the tables are of a version that this one does not know."""
    return f"{shown(database.url)}, at {found}: a newer version of Buurtbrug made it, install that one"
