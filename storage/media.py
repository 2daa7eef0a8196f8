# SPDX-License-Identifier: EUPL-1.2
"""Pictures, voices and documents: sealed files in a folder, known to the database."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import delete, select

from bot.domain.errors import NotFoundError
from bot.services.ports import StoredFile
from storage.accounts import BATCH
from storage.database import Database
from storage.moments import Now, utc_now
from storage.sealed_files import SealedFiles
from storage.tables.media import MediaRow
from storage.upsert import insert_into

GRACE = timedelta(hours=1)
"""How old a file without a row must be before it counts as left behind: a younger one may be on its way."""


class FileMedia:
    """The media store. Calls are transactions of their own: never inside a unit of work.

    The id of a file is the SHA-256 of its content, so the same content is one file.
    """

    def __init__(self, files: SealedFiles, database: Database, now: Now = utc_now) -> None:
        self._files = files
        self._database = database
        self._now = now

    async def store(self, content: bytes, kind: str, mime: str) -> StoredFile:
        """Keep a file; the same content twice is one file, with the kind and type it was first kept with.

        It counts as kept now, so that what is cleaned up by age leaves it alone. Raises DiskFullError (an
        OSError) when there is no room for it.
        """
        media_id = await self._files.store(content)
        now = self._now()
        async with self._database.writing() as session:
            await session.execute(
                insert_into(session, MediaRow)
                .values(id=media_id, kind=kind, mime=mime, size=len(content), created_at=now)
                .on_conflict_do_update(index_elements=["id"], set_={"created_at": now})
            )
            await session.commit()
        # Somebody may have removed the same content just before the row was there.
        await self._files.store(content)
        stored = await self.describe(media_id)
        return stored or StoredFile(media_id, kind, mime, len(content))

    async def load(self, media_id: str) -> bytes:
        """Return the content. Raises NotFoundError."""
        if await self.describe(media_id) is None:
            raise NotFoundError
        try:
            return await self._files.load(media_id)
        except FileNotFoundError as error:
            raise NotFoundError from error

    async def describe(self, media_id: str) -> StoredFile | None:
        """Return what is known of a file."""
        statement = select(MediaRow.kind, MediaRow.mime, MediaRow.size).where(MediaRow.id == media_id)
        async with self._database.reading() as session:
            row = (await session.execute(statement)).one_or_none()
        return None if row is None else StoredFile(media_id, row.kind, row.mime, row.size)

    async def remove(self, media_ids: Collection[str]) -> None:
        """Remove files that nobody refers to any more. Unknown ones are passed over."""
        ids = sorted(media_ids)
        for start in range(0, len(ids), BATCH):
            async with self._database.writing() as session:
                gone = await session.execute(
                    delete(MediaRow).where(MediaRow.id.in_(ids[start : start + BATCH])).returning(MediaRow.id)
                )
                removed = list(gone.scalars())
                await session.commit()
            await self._files.remove(removed)

    async def clean_up(self) -> int:
        """Remove files that a crash has left behind: unfinished, or without a row. Returns how many."""
        found = await self._files.older_than(GRACE)
        async with self._database.reading() as session:
            known = set((await session.execute(select(MediaRow.id))).scalars()) if found else set()
        left = [name for name in found if name not in known]
        await self._files.remove(left)
        return len(left)
