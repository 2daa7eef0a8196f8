# SPDX-License-Identifier: EUPL-1.2
"""All that the web chat keeps, and how one person's part of it is counted and forgotten."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables.web import WebEvent, WebFileAccess, WebMessage, WebUpdate
from storage.web_chats import WebOutgoing, WebVisits
from storage.web_files import WebFiles
from storage.web_rows import locked, log_event
from storage.web_updates import WebUpdates


class WebStorage(WebVisits, WebOutgoing, WebUpdates, WebFiles):
    """Fulfils `bot.channels.web.store.WebStore`. Each call is one short transaction."""


async def forget_visitor(session: AsyncSession, visitor_id: int, now: datetime) -> None:
    """Remove all that this visitor said, read and sent, within the caller's transaction.

    The empty row stays, so that a last message ('it is gone') still arrives. It goes when the visitor
    stays away.
    """
    row = await locked(session, visitor_id)
    if row is None:
        return
    for table in (WebMessage, WebEvent, WebFileAccess):
        await session.execute(delete(table).where(table.visitor_id == visitor_id))
    await session.execute(
        delete(WebUpdate).where(WebUpdate.visitor_id == visitor_id, WebUpdate.status != "new")
    )
    row.language, row.keyboard_sealed = None, None
    log_event(session, row, "cleared", None, now)


async def count_for_visitor(session: AsyncSession, visitor_id: int) -> dict[str, int]:
    """Return how many messages and files are kept for a visitor, for 'my data'."""
    return {
        name: await session.scalar(
            select(func.count()).select_from(table).where(table.visitor_id == visitor_id)
        )
        or 0
        for name, table in (("messages", WebMessage), ("files", WebFileAccess))
    }
