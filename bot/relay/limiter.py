# SPDX-License-Identifier: EUPL-1.2
"""The gate as python-telegram-bot's rate limiter."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any

from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter
from telegram.ext import BaseRateLimiter
from typing_extensions import override

from bot.relay.gate import Gate
from bot.relay.outcomes import retry_after
from bot.relay.request import leaving
from bot.relay.senders import Begin


@dataclass(frozen=True, slots=True)
class Turn:
    """How a call waits: its priority, what is called shortly before it leaves, how many messages it is."""

    priority: int
    begin: Begin
    messages: int = 1


class GateLimiter(BaseRateLimiter[Turn]):
    """Lets each message to a chat wait at the gate. `rate_limit_args` is its `Turn`.

    Edits and deletions count like messages: how Telegram counts them is not published. A 429 is noted and
    raised again: the worker puts the message back into the queue with the time that Telegram asked for,
    instead of keeping a task waiting for it.
    """

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    @override
    async def initialize(self) -> None:
        """Nothing to open."""

    @override
    async def shutdown(self) -> None:
        """Nothing to close."""

    @override
    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, bool | dict[str, Any] | list[dict[str, Any]]]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Turn | None,
    ) -> bool | dict[str, Any] | list[dict[str, Any]]:
        """Wait for the turn, then send. Raises HeldBackError and what `begin` raises."""
        chat_id = data.get("chat_id")
        if not isinstance(chat_id, int) or rate_limit_args is None:
            return await callback(*args, **kwargs)
        turn = rate_limit_args
        started = await self._gate.wait(chat_id, turn.priority, turn.begin, turn.messages)
        leaving.set(partial(self._gate.left, started))
        try:
            answer = await callback(*args, **kwargs)
        except RetryAfter as error:
            self._gate.hold_back(chat_id, retry_after(error).total_seconds())
            raise
        except ChatMigrated as error:
            self._gate.accepted()
            self._gate.moved(chat_id, error.new_chat_id)
            raise
        except (BadRequest, Forbidden):
            # Refused for its own sake: the bot as a whole is not held back.
            self._gate.accepted()
            raise
        self._gate.accepted()
        return answer
