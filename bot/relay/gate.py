# SPDX-License-Identifier: EUPL-1.2
"""When a message to Telegram may start: one gate for everything that leaves for one token.

Telegram allows about 30 messages a second over all, about one a second in a private chat and 20 a minute in
a group (Bots FAQ, 'My bot is hitting limits'). The gate lets starts through evenly paced, never more than the
limit in any window, the most urgent first. Replies of a conversation pass the same gate before everything
else, so that what a broadcast leaves free is theirs at once.

A message waits in three places: for its chat, to be prepared (written down as being sent), and for its start.
Only as many are prepared as will start within a moment: whoever dies leaves little in doubt, and what is
written down between the pace and the wire never disturbs the pace.
"""

import asyncio
import heapq
import itertools
import math
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress

from bot.relay.chats import GROUP_LIMIT, Chat, Start, Turn
from bot.relay.senders import HeldBackError

REPLY = -1
"""The priority of a direct reply: before everything that comes out of the outbox."""
URGENT = 0
"""Up to this priority a message need not wait for others to be prepared."""

WINDOW = 1.0
"""Seconds over which the overall limit holds."""
MARGIN = 0.005
"""Seconds added to the window: a start is measured here and counted there."""
UNNOTICED = 0.002
"""Seconds by which a message may leave late without being looked at again."""
CATCH_UP = 0.05
"""Seconds by which a late timer is made up for: the pace holds over time, and the window's limit always."""
PREPARE_AHEAD = 0.15
"""Seconds of sending that are prepared beforehand."""
PATIENCE = 5.0
"""A relayed message that would wait longer for its chat, or for a pause, goes back to the outbox."""
REFUSED_CHATS_MEAN_ALL = 3
"""So many chats refused in a row, and none accepted between, mean that the whole bot is held back."""


class Gate:
    """Lets starts through. One for each token and process, used from one event loop.

    `rate` is what the bot as a whole may send in a second; `share` this process's part of the limits, where
    several processes serve one bot. Times are those of the event loop, in seconds.
    """

    def __init__(self, rate: float, *, share: float = 1.0) -> None:
        self._rate = rate
        self._order = itertools.count()
        self._chats: OrderedDict[int, Chat] = OrderedDict()
        self._turns: set[Turn] = set()
        self._to_prepare: list[Turn] = []
        self._preparing = 0
        self._to_start: list[Turn] = []
        self._chats_later: list[tuple[float, int, Chat]] = []
        self._starts: deque[Start] = deque(maxlen=max(1, math.ceil(rate)))
        self._next_slot = 0.0
        self._paused_until = 0.0
        self._refused: set[int] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._share = self._group_share = share
        self._set_rate(share)

    def set_share(self, share: float, group_share: float | None = None) -> None:
        """Take this part (0 to 1) of the limits; with 0 nothing starts.

        `group_share` is the part of each group's limit, where it differs.
        """
        self._share = share
        self._group_share = share if group_share is None else group_share
        self._set_rate(share)
        for chat in self._chats.values():
            if chat.waiting:
                self._offer(chat)
        self._advance()

    async def wait(
        self,
        chat_id: int,
        priority: int,
        prepare: Callable[[], Awaitable[None]] | None = None,
        messages: int = 1,
    ) -> Turn:
        """Wait until a message to this chat may start. It counts as started when this returns: see `left`.

        `prepare` is awaited shortly before the start; what it raises ends the waiting. An album counts as
        that many `messages`. Raises HeldBackError when a relayed message would wait longer than PATIENCE for
        its chat or for a pause.
        """
        chat = self._chat(chat_id)
        turn = Turn(priority, next(self._order), chat, patient=priority == REPLY, messages=messages)
        self._refuse_long_waits(turn)
        self._turns.add(turn)
        chat.turns += 1
        try:
            await self._queue(turn, chat.waiting)
            if prepare is not None:
                await self._queue(turn, self._to_prepare)
                await prepare()
                self._refuse_long_waits(turn)
            await self._queue(turn, self._to_start)
        finally:
            self._turns.discard(turn)
            chat.turns -= 1
            if not turn.starts:  # cancelled, or held back: others go in its place
                self._release(turn)
                self._advance()

        return turn

    def left(self, turn: Turn) -> None:
        """Take note that this one leaves only now: there was no connection, or the loop was busy.

        The windows are those of the wire: what left late must not be followed too early.
        """
        now = self._now()
        if now - turn.starts[0].at < UNNOTICED:
            return
        for start in turn.starts:
            start.at = now
            for starts in (self._starts, turn.chat.starts):
                with suppress(ValueError):  # so late that it is no longer among them
                    starts.remove(start)
                    starts.append(start)

    async def reply(self, chat_id: int) -> None:
        """Wait until a direct reply to this chat may start: before everything else."""
        await self.wait(chat_id, REPLY)

    async def rest(self) -> None:
        """Wait until all that has started so far has left the window. Replies may still go meanwhile."""
        if self._starts:
            await asyncio.sleep(max(0.0, self._starts[-1].at + WINDOW + MARGIN - self._now()))

    def accepted(self) -> None:
        """Take note that Telegram took a message: the bot as a whole is not held back."""
        self._refused.clear()

    def hold_back(self, chat_id: int, seconds: float) -> None:
        """Take note of a 429: this chat waits; when several chats in a row were refused, everything waits.

        Telegram does not say whether it means the chat or the bot.
        """
        until = self._now() + seconds
        chat = self._chat(chat_id)
        chat.paused_until = max(chat.paused_until, until)
        self._refused.add(chat_id)
        everything = len(self._refused) >= REFUSED_CHATS_MEAN_ALL
        if everything:
            self._refused.clear()
            self._paused_until = max(self._paused_until, until)
        if seconds > PATIENCE:
            for turn in self._turns:
                if everything or turn.chat is chat:
                    _give_up(turn, seconds)
        self._advance()

    def moved(self, chat_id: int, new_chat_id: int) -> None:
        """Take note that a group has a new id: what went to it counts on."""
        self.remember(new_chat_id, [start.at for start in self._chat(chat_id).starts])

    def remember(self, chat_id: int, times: Iterable[float]) -> None:
        """Count starts (in the loop's time) to a chat that happened elsewhere or before."""
        chat = self._chat(chat_id)
        starts = sorted([*chat.starts, *map(Start, times)], key=lambda start: start.at)
        chat.starts = deque(starts, maxlen=chat.starts.maxlen)

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    def _set_rate(self, share: float) -> None:
        rate = self._rate * share
        self._limit = max(1, int(rate)) if rate > 0 else 0
        self._interval = (WINDOW + MARGIN) / rate if rate > 0 else math.inf
        self._ahead = max(2, math.ceil(rate * PREPARE_AHEAD)) if rate > 0 else 0

    async def _queue(self, turn: Turn, queue: list[Turn]) -> None:
        turn.go = asyncio.get_running_loop().create_future()
        heapq.heappush(queue, turn)
        if queue is turn.chat.waiting:
            self._offer(turn.chat)
        self._advance()
        try:
            await turn.go
        finally:
            turn.go = None

    def _refuse_long_waits(self, turn: Turn) -> None:
        if turn.patient:
            return
        now = self._now()
        chat = turn.chat
        pause = max(self._paused_until, chat.expected(now, self._part(chat), turn.messages)) - now
        if chat.taken is turn:
            pause = max(self._paused_until, chat.paused_until) - now
        if pause > PATIENCE:
            raise HeldBackError(pause)

    def _part(self, chat: Chat) -> float:
        """Return our part of this chat's limit."""
        return self._group_share if chat.is_group else self._share

    def _free_at(self, turn: Turn) -> float:
        """Return when the turn's chat has room for it."""
        chat = turn.chat
        most = max(1, int(GROUP_LIMIT * self._group_share))
        return chat.free_at(self._part(chat), min(turn.messages, most) - 1 if chat.is_group else 0)

    def _offer(self, chat: Chat) -> None:
        """Give the chat to who is first in it, or look again when it is free."""
        now = self._now()
        while turn := _first(chat.waiting):
            # Short bursts in a conversation are tolerated: a reply never waits for a relay to the same chat.
            beside = turn.priority == REPLY and not chat.is_group
            if chat.taken is not None and not beside:
                return
            at = chat.paused_until if beside else self._free_at(turn)
            if at > now:
                if at < chat.looked_at_again and at < math.inf:
                    chat.looked_at_again = at
                    heapq.heappush(self._chats_later, (at, next(self._order), chat))
                return
            heapq.heappop(chat.waiting)
            if not beside:
                chat.taken = turn
            _let_go(turn)

    def _advance(self) -> None:
        """Let through all that may go now, and come back when the next may."""
        now = self._now()
        while self._chats_later and self._chats_later[0][0] <= now:
            chat = heapq.heappop(self._chats_later)[2]
            chat.looked_at_again = math.inf
            self._offer(chat)
        while turn := _first(self._to_prepare):
            if self._preparing >= self._ahead and turn.priority > URGENT:
                break
            heapq.heappop(self._to_prepare)
            self._preparing += 1
            turn.prepared = True
            _let_go(turn)
        while (turn := _first(self._to_start)) and self._starts_at(turn) <= now:
            heapq.heappop(self._to_start)
            self._start(turn, now)
        self._set_timer()

    def _start(self, turn: Turn, now: float) -> None:
        chat = turn.chat
        # While this one was being prepared, the chat may have been refused, or a reply may have gone there.
        at = chat.paused_until if turn.patient or chat.is_group else self._free_at(turn)
        if at > now:
            if turn.patient or at - now <= PATIENCE:
                asyncio.get_running_loop().call_at(at, self._again, turn)
            else:
                _give_up(turn, at - now)
            return
        self._next_slot = max(self._next_slot, now - CATCH_UP) + self._interval * turn.messages
        turn.starts = [Start(now) for _ in range(turn.messages)]
        self._starts.extend(turn.starts)
        chat.starts.extend(turn.starts)
        self._release(turn)
        _let_go(turn)

    def _again(self, turn: Turn) -> None:
        heapq.heappush(self._to_start, turn)
        self._advance()

    def _release(self, turn: Turn) -> None:
        """Give back what the turn holds: its chat, and its place among what is prepared."""
        if turn.prepared:
            turn.prepared = False
            self._preparing -= 1
        if turn.chat.taken is turn:
            turn.chat.taken = None
        if turn.chat.waiting:
            self._offer(turn.chat)

    def _starts_at(self, turn: Turn) -> float:
        """Return when the turn that is first may start."""
        if self._limit == 0:
            return math.inf
        at = max(self._next_slot, self._paused_until)
        # The start that must have left the window, counted from the last one.
        behind = max(1, self._limit - turn.messages + 1)
        if len(self._starts) >= behind:
            at = max(at, self._starts[-behind].at + WINDOW + MARGIN)
        return at

    def _set_timer(self) -> None:
        at = self._chats_later[0][0] if self._chats_later else math.inf
        if turn := _first(self._to_start):
            at = min(at, self._starts_at(turn))
        if self._timer is not None:
            if self._timer.when() == at:
                return
            self._timer.cancel()
            self._timer = None
        if at < math.inf:
            self._timer = asyncio.get_running_loop().call_at(at, self._wake)

    def _wake(self) -> None:
        self._timer = None
        # A timer may fire a hair early: then this sets it anew.
        self._advance()

    def _chat(self, chat_id: int) -> Chat:
        chat = self._chats.get(chat_id)
        if chat is None:
            chat = self._chats[chat_id] = Chat(chat_id)
            self._forget_idle_chats()
        else:
            self._chats.move_to_end(chat_id)
        return chat

    def _forget_idle_chats(self) -> None:
        """Look at the two that were used longest ago, and keep those that still count.

        Two for each new one: so there are never many more than those that count.
        """
        now = self._now()
        for _ in range(min(2, len(self._chats) - 1)):
            chat_id, chat = self._chats.popitem(last=False)
            if not chat.idle(now, self._part(chat)):
                self._chats[chat_id] = chat


def _first(queue: list[Turn]) -> Turn | None:
    """Return who is first in a queue, without those who no longer wait."""
    while queue:
        turn = queue[0]
        if turn.go is not None and not turn.go.done():
            return turn
        heapq.heappop(queue)
    return None


def _let_go(turn: Turn) -> None:
    if turn.go is not None and not turn.go.done():
        turn.go.set_result(None)


def _give_up(turn: Turn, seconds: float) -> None:
    if not turn.patient and turn.go is not None and not turn.go.done():
        turn.go.set_exception(HeldBackError(seconds))
