# SPDX-License-Identifier: EUPL-1.2
"""Taking over content that was changed while the bot runs, without stopping it."""

import asyncio
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import structlog

from bot.content.loader import ContentError
from bot.services.library import Library

log = structlog.get_logger(__name__)

EVERY_SECONDS = 60


class Refresh:
    """Looks for changed files, and exchanges the library when they can be read.

    Learning runs in a process of its own, so that nobody who asks meanwhile waits for it. Content that cannot
    be read is reported once, and the bot goes on with what it has.
    """

    def __init__(
        self, library: Library, folders: Iterable[Path], load: Callable[[], Library], learn: Iterable[str]
    ) -> None:
        """`load` reads the content again, `learn` is the command that makes its index beforehand."""
        self._library = library
        self._folders = tuple(folders)
        self._load = load
        self._learn = tuple(learn)
        self._seen = self._stamp()

    async def run(self) -> bool:
        """Take over what has changed; return whether anything was exchanged."""
        stamp = await asyncio.to_thread(self._stamp)
        if stamp == self._seen:
            return False
        self._seen = stamp
        process = await asyncio.create_subprocess_exec(sys.executable, *self._learn)
        try:
            ended = await process.wait()
        except asyncio.CancelledError:
            process.kill()
            raise
        if ended != 0:
            log.error("content.not_learnt", mend="buurtbrug content check says what is wrong")
            return False
        try:
            fresh = await asyncio.to_thread(self._load)
        except ContentError:
            log.exception("content.not_read")
            return False
        self._library.exchange(fresh)
        log.info("content.exchanged", index=fresh.engine.fingerprint)
        return True

    def _stamp(self) -> frozenset[tuple[str, int, int]]:
        """Return name, time and size of each file."""
        files = (path for folder in self._folders for path in folder.rglob("*") if path.is_file())
        return frozenset(
            (str(path), status.st_mtime_ns, status.st_size) for path in files for status in (path.stat(),)
        )
