# SPDX-License-Identifier: EUPL-1.2
"""Who is writing, and in which language they read."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from aiogram import BaseMiddleware, Bot
from aiogram.enums import ChatType
from aiogram.types import Chat, TelegramObject, User

from bot.i18n import Languages, Texts
from bot.services.people import PeopleService

log = structlog.get_logger(__name__)


class PersonMiddleware(BaseMiddleware):
    """Gives handlers `person` and `texts`. In groups nobody is remembered: there `person` is None.

    What comes to the bot alone from nobody, or from another bot, goes no further: there is nobody to answer.
    """

    def __init__(
        self, people: PeopleService, languages: Languages, zone: ZoneInfo, channels: Mapping[int, str]
    ) -> None:
        self._people = people
        self._languages = languages
        self._zone = zone
        self._channels = channels

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        """Find or make the person, then go on."""
        bot: Bot = data["bot"]
        user: User | None = data.get("event_from_user")
        chat: Chat | None = data.get("event_chat")
        channel = self._channels[bot.id]
        data["channel"] = channel
        data["person"] = None
        language = None
        # An inline query has a user and no chat: it comes from a person too.
        private = chat is None or chat.type == ChatType.PRIVATE
        if user is not None and not user.is_bot and private:
            person = await self._people.arrive(channel, user.id, user.id, user.language_code)
            data["person"] = person
            language = person.language
        elif private:
            log.info("update.from_nobody")
            return None
        data["texts"] = Texts(self._languages, language, self._zone)
        return await handler(event, data)
