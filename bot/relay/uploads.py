# SPDX-License-Identifier: EUPL-1.2
"""Files are uploaded once, then named by the id that Telegram gave them."""

import asyncio
from collections import OrderedDict

Key = tuple[str, str]
"""Kind and media id: a picture's id at Telegram cannot be sent as a document."""
REMEMBERED = 1_000
REFUSED = ("wrong file identifier", "wrong remote file", "file reference", "file_id")
"""What the Bot API says of an id that it no longer knows."""


class Uploads:
    """The ids that Telegram gave to files, for one token."""

    def __init__(self) -> None:
        self._ids: OrderedDict[Key, str] = OrderedDict()
        self._first: dict[tuple[Key, ...], asyncio.Lock] = {}

    def known(self, key: Key) -> str | None:
        """Return the id if the file was uploaded before."""
        return self._ids.get(key)

    def first(self, *keys: Key) -> asyncio.Lock:
        """Return the lock of those who would upload these files: one does, the others wait for the ids."""
        return self._first.setdefault(keys, asyncio.Lock())

    def keep(self, key: Key, file_id: str) -> None:
        """Remember an id."""
        if not file_id:
            return
        self._ids[key] = file_id
        if len(self._ids) > REMEMBERED:
            self._ids.popitem(last=False)
            self._first = {keys: lock for keys, lock in self._first.items() if lock.locked()}

    def forget(self, *keys: Key) -> bool:
        """Forget ids that Telegram refused. Returns whether any was known."""
        known = [key for key in keys if key in self._ids]
        for key in known:
            del self._ids[key]
        return bool(known)
