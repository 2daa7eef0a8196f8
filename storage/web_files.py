# SPDX-License-Identifier: EUPL-1.2
"""Files of the web chat, who may fetch them, and what goes when it is old."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.tables.web import WebEvent, WebFile, WebFileAccess, WebMessage, WebUpdate, WebVisitor
from storage.web_rows import StoredFile, WebRows, stored_file


class WebFiles(WebRows):
    """What is known of files. Their content lies elsewhere, under its digest."""

    async def add_file(
        self,
        *,
        digest: str,
        kind: str,
        mime: str,
        size: int,
        name: str,
        width: int,
        height: int,
        duration: int,
        uploader: int | None,
        now: datetime,
    ) -> StoredFile:
        """Note a file under a new random id. `uploader` is the visitor who sent it and may fetch it."""
        file = WebFile(
            id=secrets.token_urlsafe(24),
            digest=digest,
            kind=kind,
            mime=mime,
            size=size,
            name=name,
            width=width,
            height=height,
            duration=duration,
            created_at=now,
        )
        async with self._database.writing() as session:
            session.add(file)
            await session.flush()
            if uploader is not None:
                session.add(
                    WebFileAccess(file_id=file.id, visitor_id=uploader, uploaded=True, created_at=now)
                )
            await session.commit()
        return stored_file(file)

    async def file(self, file_id: str) -> StoredFile | None:
        """Return what is known of a file."""
        async with self._database.reading() as session:
            row = await session.get(WebFile, file_id)
            return None if row is None else stored_file(row)

    async def file_for(self, visitor_id: int, file_id: str) -> StoredFile | None:
        """Return it if this visitor may fetch it."""
        async with self._database.reading() as session:
            row = await session.scalar(
                select(WebFile)
                .join(WebFileAccess, WebFileAccess.file_id == WebFile.id)
                .where(WebFile.id == file_id, WebFileAccess.visitor_id == visitor_id)
            )
            return None if row is None else stored_file(row)

    async def uploaded(self, visitor_id: int, since: datetime) -> int:
        """Return how many bytes this visitor sent since then."""
        async with self._database.reading() as session:
            size = await session.scalar(
                select(func.coalesce(func.sum(WebFile.size), 0))
                .join(WebFileAccess, WebFileAccess.file_id == WebFile.id)
                .where(
                    WebFileAccess.visitor_id == visitor_id,
                    WebFileAccess.uploaded.is_(True),
                    WebFileAccess.created_at >= since,
                )
            )
            return int(size or 0)

    async def erase(self, before: datetime, unseen_since: datetime) -> Sequence[str]:
        """Remove conversations from before then, and visitors who were not here since the other moment.

        Returns the digests that nobody refers to any more: their content can go.
        """
        async with self._database.writing() as session:
            await session.execute(delete(WebMessage).where(WebMessage.created_at < before))
            await session.execute(delete(WebEvent).where(WebEvent.created_at < before))
            await session.execute(
                delete(WebUpdate).where(WebUpdate.created_at < before, WebUpdate.status != "new")
            )
            await session.execute(delete(WebFileAccess).where(WebFileAccess.created_at < before))
            await session.execute(delete(WebVisitor).where(WebVisitor.seen_at < unseen_since))
            gone = await _erase_orphans(session, before)
            await session.commit()
            return gone


async def _erase_orphans(session: AsyncSession, before: datetime) -> list[str]:
    used = select(WebFileAccess.file_id)
    orphans = select(WebFile.id).where(WebFile.created_at < before, WebFile.id.not_in(used))
    digests = (await session.scalars(select(WebFile.digest).where(WebFile.id.in_(orphans)).distinct())).all()
    await session.execute(delete(WebFile).where(WebFile.id.in_(orphans)))
    kept = set(await session.scalars(select(WebFile.digest).where(WebFile.digest.in_(digests))))
    return [digest for digest in digests if digest not in kept]
