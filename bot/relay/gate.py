# SPDX-License-Identifier: EUPL-1.2
"""When a message to Telegram may start: one gate for everything that leaves for one token.

Telegram allows about 30 messages a second over all, about one a second in a private chat and 20 a minute in
a group (Bots FAQ, 'My bot is hitting limits'). The gate lets starts through evenly paced, never more than the
limit in any window, the most urgent first. Replies of a conversation pass the same gate before everything
else, so that what a broadcast leaves free is theirs at once.
"""

import asyncio
import heapq
import itertools
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

REPLY = -1
"""The priority of a direct reply: before everything that comes out of the outbox."""

WINDOW = 1.0
"""Seconds over which the overall limit holds."""
MARGIN = 0.002
"""Seconds added to the window: a start is measured here and counted there."""
PRIVATE_INTERVAL = 1.0
"""Seconds between two relayed messages to one private chat."""
GROUP_LIMIT = 20
GROUP_WINDOW = 60.0
"""So many messages to one group in so many seconds."""
GROUP_MARGIN = 0.5
REMEMBERED_CHATS = 50_000
REFUSED_CHATS_MEAN_ALL = 3
"""So many chats refused by 429 within a second mean that the whole bot is held back, not these alone."""
CATCH_UP = 0.05
"""Seconds by which a late timer is made up for: the pace holds over time, and the window's limit always."""


@dataclass(order=True, slots=True)
class _Waiting:
    priority: int
    order: int
    ready: "asyncio.Future[None]" = field(compare=False)


@dataclass(slots=True)
class _Chat:
    """The last starts to one chat, and until when Telegram holds it back.

    `turn` is held from looking at the starts until the next one has happened: two messages to one chat
    must not both find it free.
    """

    starts: deque[float] = field(default_factory=lambda: deque(maxlen=GROUP_LIMIT))
    paused_until: float = 0.0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Gate:
    """Lets starts through. One for each token and process; `share` is this process's part of the limit."""

    def __init__(
        self,
        rate: float,
        *,
        clock: Callable[[], float] | None = None,
        share: float = 1.0,
    ) -> None:
        self._clock = clock or asyncio.get_running_loop().time
        self._rate = rate
        self._queue: list[_Waiting] = []
        self._order = itertools.count()
        self._starts: deque[float] = deque()
        self._next_slot = 0.0
        self._paused_until = 0.0
        self._chats: OrderedDict[int, _Chat] = OrderedDict()
        self._refused: dict[int, float] = {}
        self._pump: asyncio.Task[None] | None = None
        self.set_share(share)

    def set_share(self, share: float) -> None:
        """Take this part (0 to 1) of the limit: several processes of one bot share it."""
        self._limit = max(1, int(self._rate * share))
        self._interval = WINDOW / (self._rate * share)

    async def wait(self, chat_id: int, priority: int) -> None:
        """Wait until a message to this chat may start. It counts as started when this returns."""
        chat = self._chat(chat_id)
        if priority == REPLY and chat_id > 0:
            # Short bursts in a conversation are tolerated: a reply never waits for a relay to the same chat.
            await self._pass(priority)
            chat.starts.append(self._clock())
            return
        async with chat.turn:
            # The pause may have grown meanwhile, by a 429: look again after it.
            while (pause := self._chat_pause(chat, chat_id)) > 0:  # noqa: ASYNC110 - time passes, no event
                await asyncio.sleep(pause)
            await self._pass(priority)
            chat.starts.append(self._clock())

    async def reply(self, chat_id: int) -> None:
        """Wait until a direct reply to this chat may start: before everything else."""
        await self.wait(chat_id, REPLY)

    async def _pass(self, priority: int) -> None:
        item = _Waiting(priority, next(self._order), asyncio.get_running_loop().create_future())
        heapq.heappush(self._queue, item)
        if self._pump is None:
            self._pump = asyncio.create_task(self._let_through(), name="gate")
        await item.ready

    def hold_back(self, chat_id: int, seconds: float) -> None:
        """Take note of a 429: this chat waits; when several chats were refused, everything waits."""
        now = self._clock()
        until = now + seconds
        chat = self._chat(chat_id)
        chat.paused_until = max(chat.paused_until, until)
        self._refused = {each: when for each, when in self._refused.items() if when > now} | {
            chat_id: now + WINDOW
        }
        if len(self._refused) >= REFUSED_CHATS_MEAN_ALL:
            self._paused_until = max(self._paused_until, until)

    async def _let_through(self) -> None:
        try:
            while self._queue:
                pause = self._pause()
                if pause > 0:
                    await asyncio.sleep(pause)
                    continue
                item = heapq.heappop(self._queue)
                if item.ready.done():  # its sender was cancelled
                    continue
                now = self._clock()
                self._next_slot = max(self._next_slot, now - CATCH_UP) + self._interval
                self._starts.append(now)
                if len(self._starts) > self._limit:
                    self._starts.popleft()
                item.ready.set_result(None)
        finally:
            self._pump = None

    def _pause(self) -> float:
        """Return the seconds until the next start may happen."""
        now = self._clock()
        earliest = max(self._next_slot, self._paused_until)
        if len(self._starts) >= self._limit:
            earliest = max(earliest, self._starts[0] + WINDOW + MARGIN)
        return earliest - now

    def _chat_pause(self, chat: _Chat, chat_id: int) -> float:
        earliest = chat.paused_until
        if chat_id < 0:
            if len(chat.starts) == GROUP_LIMIT:
                earliest = max(earliest, chat.starts[0] + GROUP_WINDOW + GROUP_MARGIN)
        elif chat.starts:
            earliest = max(earliest, chat.starts[-1] + PRIVATE_INTERVAL)
        return earliest - self._clock()

    def _chat(self, chat_id: int) -> _Chat:
        chat = self._chats.get(chat_id)
        if chat is None:
            chat = self._chats[chat_id] = _Chat()
            if len(self._chats) > REMEMBERED_CHATS:
                self._chats.popitem(last=False)
        else:
            self._chats.move_to_end(chat_id)
        return chat
