# SPDX-License-Identifier: EUPL-1.2
"""Handling an update once, however often it arrives."""

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aiogram import BaseMiddleware, Bot
from aiogram.types import TelegramObject, Update

from bot.domain.errors import AlreadyHandledError
from bot.services.ports import Inbox

log = structlog.get_logger(__name__)


class InboxMiddleware(BaseMiddleware):
    """Skips an update that was handled, and marks one together with what it caused."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        """Handle the update unless it was handled before."""
        bot: Bot = data["bot"]
        if not isinstance(event, Update) or await self._inbox.seen(bot.id, event.update_id):
            log.info("update.seen_before")
            return None
        try:
            async with self._inbox.handling(bot.id, event.update_id):
                return await handler(event, data)
        except AlreadyHandledError:
            log.info("update.handled_elsewhere")
            return None
