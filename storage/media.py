# SPDX-License-Identifier: EUPL-1.2
"""Pictures, voices and documents: files in a folder, known to the database.

A file is named after the SHA-256 of its content, so the same content is one file. It is written under
another name, brought to the disk (fsync) and only then renamed: it is there whole or not at all.
"""

import asyncio
import contextlib
import errno
import hashlib
import os
import tempfile
import time
from collections.abc import Collection
from datetime import timedelta
from pathlib import Path

from sqlalchemy import delete, select

from bot.domain.errors import NotFoundError
from bot.services.ports import StoredFile
from storage.accounts import BATCH
from storage.database import Database
from storage.moments import Now, utc_now
from storage.tables.media import MediaRow
from storage.upsert import insert_into

UNFINISHED = ".part"
"""How the name of a file ends while it is being written."""

GRACE = timedelta(hours=1)
"""How old a file without a row must be before it counts as left behind: a younger one may be on its way."""


class DiskFullError(OSError):
    """There is no room for the file. Nothing of it was kept."""


class FileMedia:
    """The media store. Calls are transactions of their own: never inside a unit of work."""

    def __init__(self, folder: Path, database: Database, now: Now = utc_now) -> None:
        self._folder = folder
        self._database = database
        self._now = now

    async def store(self, content: bytes, kind: str, mime: str) -> StoredFile:
        """Keep a file; the same content twice is one file, with the kind and type it was first kept with.

        Raises DiskFullError when there is no room for it.
        """
        media_id = await asyncio.to_thread(lambda: hashlib.sha256(content).hexdigest())
        path = self._path(media_id)
        await asyncio.to_thread(_write, path, content)
        async with self._database.writing() as session:
            await session.execute(
                insert_into(session, MediaRow)
                .values(id=media_id, kind=kind, mime=mime, size=len(content), created_at=self._now())
                .on_conflict_do_nothing()
            )
            await session.commit()
        # Somebody may have removed the same content just before the row was there.
        await asyncio.to_thread(_write, path, content)
        stored = await self.describe(media_id)
        return stored or StoredFile(media_id, kind, mime, len(content))

    async def load(self, media_id: str) -> bytes:
        """Return the content. Raises NotFoundError."""
        if await self.describe(media_id) is None:
            raise NotFoundError
        try:
            return await asyncio.to_thread(self._path(media_id).read_bytes)
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
                removed = [self._path(media_id) for media_id in gone.scalars()]
                await session.commit()
            await asyncio.to_thread(_unlink, removed)

    async def clean_up(self) -> int:
        """Remove files that a crash has left behind: unfinished, or without a row. Returns how many."""
        found = await asyncio.to_thread(self._old_files)
        async with self._database.reading() as session:
            known = set((await session.execute(select(MediaRow.id))).scalars()) if found else set()
        left = [path for path in found if path.name not in known]
        await asyncio.to_thread(_unlink, left)
        return len(left)

    def _path(self, media_id: str) -> Path:
        """Return where a file lies: 256 folders, so that none gets too full."""
        return self._folder / media_id[:2] / media_id

    def _old_files(self) -> list[Path]:
        newest = time.time() - GRACE.total_seconds()
        return [path for path in self._folder.glob("??/*") if path.stat().st_mtime < newest]


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, unless it is there."""
    if path.exists():
        return
    temporary: Path | None = None
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=UNFINISHED, delete=False) as file:
            temporary = Path(file.name)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(path)
        _sync_folder(path.parent)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise DiskFullError(
                error.errno, f"no room on the disk for a file of {len(content)} bytes", str(path.parent)
            ) from error
        raise


def _sync_folder(folder: Path) -> None:
    """Bring the new name itself to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unlink(paths: Collection[Path]) -> None:
    for path in paths:
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
