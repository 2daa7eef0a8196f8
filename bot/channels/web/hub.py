# SPDX-License-Identifier: EUPL-1.2
"""Which browsers are connected to this process, and how they learn that something changed."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

import structlog

from bot.channels.web.store import Json, Visits

LOOK_AGAIN_SECONDS: Final = 2.0
"""How soon a browser learns of what another process wrote."""

_FRAMES_KEPT: Final = 50
_AT_ONCE: Final = 500
log = structlog.get_logger(__name__)


class Connection:
    """One browser tab that listens. `cursor` is the number of the last event that it got."""

    def __init__(self, visitor_id: int, cursor: int) -> None:
        self.visitor_id = visitor_id
        self.cursor = cursor
        self.closing = False
        self._changed = asyncio.Event()
        self._frames: deque[Json] = deque(maxlen=_FRAMES_KEPT)

    def wake(self) -> None:
        """Make the tab look into the log of events."""
        self._changed.set()

    def close(self) -> None:
        """Say goodbye: the server stops, and the browser connects to another process."""
        self.closing = True
        self._changed.set()

    def tell(self, frame: Json) -> None:
        """Pass on something that is not kept, such as 'typing'."""
        self._frames.append(frame)
        self._changed.set()

    def take_frames(self) -> list[Json]:
        """Return what was told since the last time."""
        frames = list(self._frames)
        self._frames.clear()
        return frames

    async def changed(self, timeout: float) -> bool:  # noqa: ASYNC109
        """Wait until something may have changed; False when nothing did for so many seconds."""
        with suppress(TimeoutError):
            # Not wait_for: in Python 3.11 that can lose a cancellation.
            async with asyncio.timeout(timeout):
                await self._changed.wait()
        was_set = self._changed.is_set()
        self._changed.clear()
        return was_set


class Hub:
    """All connections of this process."""

    def __init__(self, visits: Visits) -> None:
        self._visits = visits
        self._connections: dict[int, set[Connection]] = defaultdict(set)
        self._watcher: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look for what other processes wrote."""
        self._watcher = asyncio.create_task(self._watch(), name="web chat: watch for events")

    async def stop(self) -> None:
        """Say goodbye to every browser."""
        if self._watcher is not None:
            self._watcher.cancel()
            await asyncio.gather(self._watcher, return_exceptions=True)
            self._watcher = None
        for connection in list(self._all()):
            connection.close()

    @contextmanager
    def connected(self, visitor_id: int, cursor: int) -> Iterator[Connection]:
        """Listen, until the block is left."""
        connection = Connection(visitor_id, cursor)
        self._connections[visitor_id].add(connection)
        try:
            yield connection
        finally:
            others = self._connections[visitor_id]
            others.discard(connection)
            if not others:
                del self._connections[visitor_id]

    def count(self, visitor_id: int) -> int:
        """Return how many tabs of this visitor listen."""
        return len(self._connections.get(visitor_id, ()))

    def wake(self, visitor_id: int) -> None:
        """Tell this visitor's tabs to look into the log."""
        for connection in self._connections.get(visitor_id, ()):
            connection.wake()

    def tell(self, visitor_id: int, frame: Json) -> None:
        """Pass on something that is not kept."""
        for connection in self._connections.get(visitor_id, ()):
            connection.tell(frame)

    def _all(self) -> Iterator[Connection]:
        for connections in self._connections.values():
            yield from connections

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
            ids = list(self._connections)
            try:
                for begin in range(0, len(ids), _AT_ONCE):
                    known = await self._visits.sequences(ids[begin : begin + _AT_ONCE])
                    for visitor_id, sequence in known.items():
                        for connection in self._connections.get(visitor_id, ()):
                            if connection.cursor != sequence:
                                connection.wake()
            except Exception:  # the database may be away for a while; the next look may succeed
                log.exception("web.watch_failed")
