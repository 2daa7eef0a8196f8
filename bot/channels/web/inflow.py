# SPDX-License-Identifier: EUPL-1.2
"""Handing what visitors did to the handlers, in order, until it was handled, crashes included."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Final

import structlog
from aiogram import Bot
from aiogram.types import Update

from bot.channels.base import Feed
from bot.channels.web.store import Incoming, Pending
from bot.services.ports import Clock

HOLD: Final = timedelta(seconds=30)
"""How long a claim lasts. It is renewed while the update is being handled."""

_RENEW_SECONDS: Final = 10.0
_LOOK_AGAIN_SECONDS: Final = 5.0
_AT_ONCE: Final = 32
_PAUSES: Final = (timedelta(seconds=1), timedelta(seconds=10))
"""Before the second and the third try. After that the update is given up."""

_FINISH_SECONDS: Final = 20.0
log = structlog.get_logger(__name__)


class Inflow:
    """Claims updates and feeds them: one at a time for each visitor, many visitors at once."""

    def __init__(
        self, incoming: Incoming, bot: Bot, clock: Clock, after: Callable[[int], Awaitable[None]]
    ) -> None:
        """`after` is called with the visitor's id when an update of theirs was fed."""
        self._incoming = incoming
        self._bot = bot
        self._clock = clock
        self._after = after
        self._owner = secrets.token_hex(8)
        self._wanted = asyncio.Event()
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self, feed: Feed) -> None:
        """Begin, with what an earlier process left."""
        await self._incoming.release_claims()
        self._wanted.set()
        self._tasks = [
            asyncio.create_task(self._run(feed), name="web chat: feed"),
            asyncio.create_task(self._renew(), name="web chat: renew claims"),
        ]

    def wake(self) -> None:
        """Look now: there is something new."""
        self._wanted.set()

    async def stop(self) -> None:
        """Claim nothing more, and give what is being handled some time to finish."""
        if not self._tasks:
            return
        run, renew = self._tasks
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)
        if self._under_way:
            _, late = await asyncio.wait(self._under_way.values(), timeout=_FINISH_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        renew.cancel()
        await asyncio.gather(renew, return_exceptions=True)
        self._tasks = []

    async def _run(self, feed: Feed) -> None:
        while True:
            with suppress(TimeoutError):
                # Not wait_for: in Python 3.11 that can lose a cancellation.
                async with asyncio.timeout(_LOOK_AGAIN_SECONDS):
                    await self._wanted.wait()
            self._wanted.clear()
            room = _AT_ONCE - len(self._under_way)
            if room <= 0:
                continue
            try:
                claimed = await self._incoming.claim(self._owner, room, self._clock.now(), HOLD)
            except Exception:  # the database may be away for a while; nothing is lost
                log.exception("web.claim_failed")
                continue
            for pending in claimed:
                task = asyncio.create_task(self._handle(feed, pending))
                self._under_way[pending.update_id] = task
                task.add_done_callback(partial(self._done, pending.update_id))

    def _done(self, update_id: int, task: asyncio.Task[None]) -> None:
        del self._under_way[update_id]
        self._wanted.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            # What was done can't be noted now. The claim ends by itself; the handlers know what they did.
            log.error("web.settle_failed", update_id=update_id, exc_info=error)

    async def _handle(self, feed: Feed, pending: Pending) -> None:
        try:
            update = Update.model_validate(pending.body, context={"bot": self._bot})
            await feed(self._bot, update)
        except Exception:
            log.exception("web.update_failed", update_id=pending.update_id, attempt=pending.attempts + 1)
            if pending.attempts < len(_PAUSES):
                pause = _PAUSES[pending.attempts]
                await self._incoming.put_back(pending.update_id, self._clock.now() + pause)
                asyncio.get_running_loop().call_later(pause.total_seconds(), self._wanted.set)
            else:
                await self._incoming.settle(pending.update_id, handled=False)
        else:
            await self._incoming.settle(pending.update_id, handled=True)
        await self._after(pending.visitor_id)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(_RENEW_SECONDS)
            if not self._under_way:
                continue
            try:
                await self._incoming.renew(self._owner, list(self._under_way), self._clock.now() + HOLD)
            except Exception:  # tried again soon; a claim lasts three times as long
                log.exception("web.renew_failed")
