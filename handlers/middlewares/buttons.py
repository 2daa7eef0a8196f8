# SPDX-License-Identifier: EUPL-1.2
"""No button keeps turning: what no handler has answered is answered here."""

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aiogram import BaseMiddleware, Bot
from aiogram.client.session.middlewares.base import NextRequestMiddlewareType
from aiogram.exceptions import TelegramAPIError
from aiogram.methods import AnswerCallbackQuery, Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import TelegramObject, Update

log = structlog.get_logger(__name__)


class ButtonsMiddleware(BaseMiddleware):
    """Around everything else: after whatever happened, an error too, a pressed button has its answer, once.

    It sees by the calls of the bots that it watches whether a handler has given one.
    """

    def __init__(self) -> None:
        self._turning: set[tuple[int, str]] = set()

    def watch(self, bot: Bot) -> None:
        """Take note of the answers that this bot gives."""
        bot.session.middleware(self._notice)

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        """Go on; then answer what was not answered."""
        query = event.callback_query if isinstance(event, Update) else None
        if query is None:
            return await handler(event, data)
        bot: Bot = data["bot"]
        self._turning.add((bot.id, query.id))
        try:
            return await handler(event, data)
        finally:
            if (bot.id, query.id) in self._turning:
                self._turning.discard((bot.id, query.id))
                await self._stop(bot, query.id)

    async def _stop(self, bot: Bot, query_id: str) -> None:
        try:
            await bot.answer_callback_query(query_id)
        except TelegramAPIError as error:
            log.warning("button.not_answered", kind=type(error).__name__)

    async def _notice(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType] | TelegramType:
        result = await make_request(bot, method)
        if isinstance(method, AnswerCallbackQuery):
            self._turning.discard((bot.id, method.callback_query_id))
        return result
