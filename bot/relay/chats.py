# SPDX-License-Identifier: EUPL-1.2
"""What the gate knows of one chat: its last starts, and who waits for it."""

import asyncio
import math
from collections import deque

PRIVATE_INTERVAL = 1.0
"""Seconds between two relayed messages to one private chat."""
GROUP_LIMIT = 20
GROUP_WINDOW = 60.0
"""So many messages to one group in so many seconds."""
GROUP_MARGIN = 0.5
"""Seconds added to that window: it is measured here and counted there."""


class Start:
    """When one message started; put right when it left later."""

    __slots__ = ("at",)

    def __init__(self, at: float) -> None:
        self.at = at


class Turn:
    """One call that waits. `go` is what it waits for at present.

    `messages` is as how many messages it counts: an album is one call and several messages.
    """

    __slots__ = ("chat", "go", "messages", "order", "patient", "prepared", "priority", "starts")

    def __init__(self, priority: int, order: int, chat: "Chat", *, patient: bool, messages: int = 1) -> None:
        self.priority = priority
        self.order = order
        self.chat = chat
        self.patient = patient
        self.messages = messages
        self.go: asyncio.Future[None] | None = None
        self.prepared = False
        """Whether it takes a place among those that are prepared."""
        self.starts: list[Start] = []
        """One for each message, once it has started."""

    def __lt__(self, other: "Turn") -> bool:
        return (self.priority, self.order) < (other.priority, other.order)


class Chat:
    """One chat. It is `taken` from the moment that somebody's turn has come until that message starts."""

    __slots__ = ("is_group", "looked_at_again", "paused_until", "starts", "taken", "turns", "waiting")

    def __init__(self, chat_id: int) -> None:
        self.is_group = chat_id < 0
        """Groups, supergroups and channels have negative ids."""
        self.starts: deque[Start] = deque(maxlen=GROUP_LIMIT if self.is_group else 1)
        self.paused_until = 0.0
        """Until when Telegram holds it back."""
        self.waiting: list[Turn] = []
        self.taken: Turn | None = None
        self.turns = 0
        """How many are under way to it, here or further on."""
        self.looked_at_again = math.inf

    def free_at(self, share: float, ahead: int = 0) -> float:
        """Return when the next message may start; `share` is our part of the limit, `ahead` go before it.

        In a group, as long as fewer go before it than the limit allows in one window. So with `ahead` one
        less than the messages of an album, this is when the whole album may start.
        """
        at = self.paused_until
        if self.is_group:
            limit = int(GROUP_LIMIT * share)
            if limit == 0:
                return math.inf
            # The start that must have left the window, counted from the last one.
            behind = limit - ahead % limit
            if len(self.starts) >= behind:
                at = max(at, self.starts[-behind].at + GROUP_WINDOW + GROUP_MARGIN)
        elif self.starts:
            at = max(at, self.starts[-1].at + PRIVATE_INTERVAL / share if share > 0 else math.inf)
        return at

    def idle(self, now: float, share: float) -> bool:
        """Whether nothing of it matters any more: it may be forgotten."""
        if self.turns or self.paused_until > now:
            return False
        if not self.starts:
            return True
        if self.is_group:
            return self.starts[-1].at + GROUP_WINDOW + GROUP_MARGIN <= now
        return self.free_at(share) <= now

    def expected(self, now: float, share: float, messages: int = 1) -> float:
        """Return when a call that comes now may be expected to start, as far as the chat goes."""
        ahead = len(self.waiting) + (self.taken is not None)
        if not self.is_group:
            return max(now, self.free_at(share)) + ahead * PRIVATE_INTERVAL / share if share > 0 else now
        limit = int(GROUP_LIMIT * share)
        if limit == 0:
            return now + GROUP_WINDOW
        ahead += min(messages, limit) - 1
        return max(now + GROUP_WINDOW * (ahead // limit), self.free_at(share, ahead))
