# SPDX-License-Identifier: EUPL-1.2
"""What goes wrong on demand."""

import asyncio
import math
import time
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Any

from botapi.kinds import RefusedError


class DroppedError(Exception):
    """The connection is cut without an answer."""


@dataclass(slots=True, eq=False)
class Fault:
    """What goes wrong, and with which calls: those to `method` and `chat_id`, the next `times`."""

    code: int = 0
    """Answer with this status: 400, 403, 429, 500 …; 0 for none."""
    description: str = ""
    retry_after: int = 1
    seconds: float = 0
    """Answer so much later."""
    drop: str = ""
    """Cut the connection `before` or `after` the call was carried out."""
    after: bool = False
    """Carry the call out and answer with the error all the same."""
    method: str | None = None
    chat_id: int | None = None
    times: float = math.inf
    happened: int = 0

    def concerns(self, method: str, params: dict[str, Any]) -> bool:
        """Whether this call goes wrong. Calls for updates do so only when named."""
        if self.happened >= self.times:
            return False
        if self.method is None and method in {"getUpdates", "deleteWebhook", "setWebhook", "getMe"}:
            return False
        if self.method is not None and self.method != method:
            return False
        return self.chat_id is None or self.chat_id == params.get("chat_id")

    async def before(self) -> None:
        """Happen before the call is carried out."""
        self.happened += 1
        if self.seconds:
            await asyncio.sleep(self.seconds)
        if self.drop == "before":
            raise DroppedError
        if self.code and not self.after:
            raise self.refusal()

    def finish(self) -> None:
        """Happen after the call was carried out."""
        if self.drop == "after":
            raise DroppedError
        if self.code and self.after:
            raise self.refusal()

    def refusal(self) -> RefusedError:
        """Return the answer."""
        if self.code == 429:
            words = f"Too Many Requests: retry after {self.retry_after}"
            return RefusedError(words, 429, retry_after=self.retry_after)
        return RefusedError(self.description or f"Error {self.code}", self.code)


class Limits:
    """Telegram's limits on sending, where a test wants them: so many messages in any second or minute."""

    def __init__(self, per_second: int | None, per_chat: int | None, per_group_minute: int | None) -> None:
        self._all = (per_second, 1.0)
        self._private = (per_chat, 1.0)
        self._group = (per_group_minute, 60.0)
        self._seen: dict[int, deque[float]] = defaultdict(deque)

    def check(self, chat_id: object) -> None:
        """Count a message. Raises RefusedError with 429."""
        now = time.monotonic()
        chat = chat_id if isinstance(chat_id, int) else 0
        rules = [(0, *self._all), (chat, *(self._group if chat < 0 else self._private))]
        for key, most, window in rules:
            seen = self._seen[key]
            while seen and seen[0] <= now - window:
                seen.popleft()
            if most is not None and len(seen) >= most:
                after = max(1, math.ceil(seen[0] + window - now))
                raise RefusedError(f"Too Many Requests: retry after {after}", 429, retry_after=after)
        for key, _most, _window in rules:
            self._seen[key].append(now)
