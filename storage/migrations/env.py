# SPDX-License-Identifier: EUPL-1.2
"""Where Alembic gets its connection: from `storage.schema`, or from `-x url=…` on its own command line."""

import asyncio

from alembic import context
from sqlalchemy import Connection

from storage.database import Database
from storage.tables import Base


def migrate(connection: Connection) -> None:
    """Run the migrations on this connection, all of them in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        # Our SQLite transactions begin before the first statement, so that DDL rolls back there too.
        transactional_ddl=True,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


async def open_and_migrate(url: str) -> None:
    """Open the database for a run from Alembic's own command line."""
    database = Database(url)
    try:
        async with database.engine.execution_options(sqlite_begin="IMMEDIATE").begin() as connection:
            await connection.run_sync(migrate)
    finally:
        await database.close()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    asyncio.run(open_and_migrate(context.get_x_argument(as_dictionary=True)["url"]))
