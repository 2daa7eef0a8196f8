# SPDX-License-Identifier: EUPL-1.2
"""Bringing updates to the bot: by long polling or by webhook, again until they are acknowledged."""

import asyncio
import contextlib
from typing import Any

import aiohttp

from botapi.kinds import RefusedError

Json = dict[str, Any]
KNOWN = frozenset(
    {
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "inline_query",
        "chosen_inline_result",
        "callback_query",
        "my_chat_member",
        "chat_member",
        "chat_join_request",
        "poll",
        "poll_answer",
        "message_reaction",
    }
)
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction"})
CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


class Updates:
    """The queue of updates of one bot."""

    def __init__(self) -> None:
        self.waiting: dict[int, tuple[Json, asyncio.Future[None]]] = {}
        """Updates that are not acknowledged, in their order."""
        self.allowed: frozenset[str] = KNOWN - NOT_BY_DEFAULT
        self.webhook = ""
        self.secret = ""
        self.max_connections = 40
        self.last_error = ""
        self.deliveries = 0
        """How many times an update was brought by webhook."""
        self._next = 1000
        self._arrived = asyncio.Event()
        self._poll: asyncio.Future[None] | None = None
        self._session: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(self.max_connections)
        self._first_pause = 0.05

    def add(self, kind: str, content: Json) -> asyncio.Future[None]:
        """Put an update in the queue; the future is done when it is acknowledged."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if kind not in self.allowed:
            done.set_result(None)
            return done
        self._next += 1
        update = {"update_id": self._next, kind: content}
        self.waiting[self._next] = (update, done)
        if self.webhook:
            self._start(self._next)
        else:
            self._arrived.set()
        return done

    def repeat(self, update: Json) -> asyncio.Future[None]:
        """Bring an update once more, with the number that it had."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.waiting[update["update_id"]] = (update, done)
        if self.webhook:
            self._start(update["update_id"])
        else:
            self._arrived.set()
        return done

    async def quiet(self, seconds: float = 10) -> None:
        """Wait until every update is acknowledged."""
        async with asyncio.timeout(seconds):
            while self.waiting:
                await asyncio.wait([done for _update, done in self.waiting.values()])

    def allow(self, names: list[str] | None) -> None:
        """Take over `allowed_updates`: left out keeps the previous setting, empty means the usual ones."""
        if names is None:
            return
        if unknown := set(names) - KNOWN:
            raise RefusedError(f"Bad Request: unknown allowed_updates {sorted(unknown)}")
        self.allowed = frozenset(names) or KNOWN - NOT_BY_DEFAULT

    async def get(self, params: Json) -> list[Json]:
        """Long polling. Acknowledges what is older than `offset`."""
        if self.webhook:
            raise RefusedError(
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first", 409
            )
        self.allow(params.get("allowed_updates"))
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(RefusedError(CONFLICT, 409))
        mine = self._poll = asyncio.get_running_loop().create_future()
        offset = params.get("offset", 0)
        if offset < 0:
            offset = ([0, *sorted(self.waiting)])[max(offset, -len(self.waiting))]
        for number in [each for each in self.waiting if each < offset]:
            self.acknowledge(number)
        try:
            if not self.waiting:
                await self._until_arrived(mine, params.get("timeout", 0))
        finally:
            if mine.done():
                mine.exception()
            else:
                mine.cancel()
        numbers = sorted(self.waiting)[: params.get("limit", 100)]
        return [self.waiting[number][0] for number in numbers]

    async def _until_arrived(self, mine: asyncio.Future[None], seconds: float) -> None:
        self._arrived.clear()
        arrived = asyncio.ensure_future(self._arrived.wait())
        try:
            await asyncio.wait({arrived, mine}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if mine.done():
                mine.result()
        finally:
            arrived.cancel()

    def acknowledge(self, number: int) -> None:
        """Take an update out of the queue."""
        _update, done = self.waiting.pop(number)
        if not done.done():
            done.set_result(None)

    def set_webhook(self, params: Json) -> None:
        """Bring updates to an address from now on."""
        self.allow(params.get("allowed_updates"))
        if params.get("drop_pending_updates"):
            self.drop()
        self.webhook = params["url"]
        self.secret = params.get("secret_token", "")
        self.max_connections = params.get("max_connections", 40)
        self._slots = asyncio.Semaphore(self.max_connections)
        if self.webhook:
            for number in sorted(self.waiting):
                self._start(number)

    def drop(self) -> None:
        """Forget what waits."""
        for number in list(self.waiting):
            self.acknowledge(number)

    def _start(self, number: int) -> None:
        task = asyncio.get_running_loop().create_task(self._deliver(number, self.webhook))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, number: int, url: str) -> None:
        pause = self._first_pause
        while number in self.waiting and self.webhook == url:
            async with self._slots:
                if await self._post(url, self.waiting[number][0]):
                    if number in self.waiting:
                        self.acknowledge(number)
                    return
            await asyncio.sleep(pause)
            pause = min(pause * 2, 1.0)

    async def _post(self, url: str, update: Json) -> bool:
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.secret} if self.secret else {}
        self.deliveries += 1
        try:
            async with self._session.post(url, json=update, headers=headers) as response:
                await response.read()
                if 200 <= response.status < 300:
                    return True
                self.last_error = f"Wrong response from the webhook: {response.status}"
        except (aiohttp.ClientError, OSError) as error:
            self.last_error = f"Connection failed: {type(error).__name__}"
        return False

    async def close(self) -> None:
        """Bring nothing more."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._poll is not None and not self._poll.done():
            self._poll.cancel()
        if self._session is not None:
            with contextlib.suppress(OSError):
                await self._session.close()
