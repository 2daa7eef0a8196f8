# SPDX-License-Identifier: EUPL-1.2
"""Files that the bot sends: new ones are kept, known ones go again by their id."""

import asyncio
from typing import Final

from aiogram import Bot
from aiogram.types import InputFile, URLInputFile

from bot.channels.web.bodies import RefusedError
from bot.channels.web.files import FileRefusedError, measure, sniff
from bot.channels.web.store import Contents, File, Files
from bot.services.ports import Clock

MAX_FILE_BYTES: Final = 20 * 1024 * 1024
"""What the bot may send: as much as Telegram lets a bot fetch."""

_MIMES: Final = {"voice": "audio/ogg", "audio": "audio/mpeg"}


class OutgoingFiles:
    """Keeps what the bot sends."""

    def __init__(self, store: Files, contents: Contents, clock: Clock) -> None:
        self._store = store
        self._contents = contents
        self._clock = clock

    async def keep(self, bot: Bot, given: InputFile | str, kind: str, duration: int) -> File:
        """Return a file that was sent before, by its id, or keep a new one. Raises RefusedError."""
        if isinstance(given, str):
            known = await self._store.file(given)
            if known is None:
                raise RefusedError("wrong file identifier/HTTP URL specified")
            return known
        if isinstance(given, URLInputFile):
            raise RefusedError("the web chat fetches nothing from elsewhere")
        content = bytearray()
        async for chunk in given.read(bot):
            content += chunk
            if len(content) > MAX_FILE_BYTES:
                raise RefusedError("file is too big")
        if not content:
            raise RefusedError("file must be non-empty")
        whole = bytes(content)
        known_mark = sniff(whole)
        mime, width, height = (
            known_mark[1] if known_mark else _MIMES.get(kind, "application/octet-stream"),
            0,
            0,
        )
        if kind == "photo":
            try:
                picture = await asyncio.to_thread(measure, whole)
            except FileRefusedError as error:
                raise RefusedError("IMAGE_PROCESS_FAILED") from error
            mime, width, height = picture.mime, picture.width, picture.height
        return await self._store.add_file(
            digest=await self._contents.store(whole),
            kind=kind,
            mime=mime,
            size=len(whole),
            name=(given.filename or "")[:255],
            width=width,
            height=height,
            duration=duration,
            uploader=None,
            now=self._clock.now(),
        )
