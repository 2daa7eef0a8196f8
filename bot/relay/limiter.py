# SPDX-License-Identifier: EUPL-1.2
"""The gate as python-telegram-bot's rate limiter."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bot.relay.gate import Gate
from bot.relay.senders import Begin

MESSAGES = ("send", "copy", "forward", "edit")
"""Methods that begin like this count as messages; deleting and asking who we are do not."""


@dataclass(frozen=True, slots=True)
class Turn:
    """How a message waits: its priority, and what is called when its turn has come."""

    priority: int
    begin: Begin


class GateLimiter(BaseRateLimiter[Turn]):
    """Lets each message wait at the gate. `rate_limit_args` is its `Turn`.

    A 429 is noted and raised again: the worker puts the message back into the queue with the time that
    Telegram asked for, instead of keeping a task waiting for it.
    """

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, bool | dict[str, Any] | list[dict[str, Any]]]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Turn | None,
    ) -> bool | dict[str, Any] | list[dict[str, Any]]:
        """Wait for the turn, then send."""
        chat_id = data.get("chat_id")
        if not isinstance(chat_id, int) or rate_limit_args is None:
            return await callback(*args, **kwargs)
        if endpoint.startswith(MESSAGES):
            await self._gate.wait(chat_id, rate_limit_args.priority)
        await rate_limit_args.begin()
        try:
            return await callback(*args, **kwargs)
        except RetryAfter as error:
            self._gate.hold_back(chat_id, _seconds(error))
            raise


def _seconds(error: RetryAfter) -> float:
    after = error.retry_after
    return float(after) if isinstance(after, int | float) else after.total_seconds()
