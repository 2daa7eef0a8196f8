# SPDX-License-Identifier: EUPL-1.2
"""Holding back somebody, or some program, that writes faster than anybody can read."""

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import Message, TelegramObject, Update

from bot.domain.person import Person
from bot.i18n import Texts

BURST = 20
"""So many messages may come at once …"""
PER_SECOND = 1.0
"""… and so many a second after that."""
REMEMBERED = 10_000
"""How many people are kept track of; the one quiet for longest is forgotten first."""


class FloodMiddleware(BaseMiddleware):
    """A token bucket for each person. The first message held back is answered, the others are not."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: OrderedDict[int, tuple[float, float, bool]] = OrderedDict()

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        """Go on, or hold the update back."""
        person: Person | None = data.get("person")
        if person is None:
            return await handler(event, data)
        now = self._clock()
        left, since, warned = self._buckets.pop(person.id, (float(BURST), now, False))
        left = min(float(BURST), left + (now - since) * PER_SECOND)
        allowed = left >= 1
        self._buckets[person.id] = (left - 1 if allowed else left, now, not allowed)
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        if allowed:
            return await handler(event, data)
        texts: Texts = data["texts"]
        if not warned and isinstance(event, Update):
            await _slow_down(event, texts)
        return None


async def _slow_down(update: Update, texts: Texts) -> None:
    if update.callback_query is not None:
        await update.callback_query.answer(texts.label("errors.too-fast"), show_alert=True)
    elif isinstance(update.message, Message):
        await update.message.answer(texts("errors.too-fast"))
