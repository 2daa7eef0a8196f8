# SPDX-License-Identifier: EUPL-1.2
"""Publishing the command menu to a channel, in every language."""

from collections.abc import Collection

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat

from bot.domain.person import Role
from bot.i18n import Languages, Texts
from handlers.menu import commands

log = structlog.get_logger(__name__)


async def publish(bot: Bot, texts: Texts, roles: Collection[Role] = (), chat_id: int | None = None) -> None:
    """Set the commands without a language (in Dutch) and then for each language.

    With `chat_id` for one person, who has `roles`; else for everybody.

    A server may refuse a language's code (Bot API, setMyCommands: two-letter ISO 639-1): the menu without a
    language is there all the same.
    """
    scope = BotCommandScopeAllPrivateChats() if chat_id is None else BotCommandScopeChat(chat_id=chat_id)
    languages: Languages = texts.languages
    for code in (None, *languages.codes):
        described = texts.other(code)
        menu = [
            BotCommand(command=item.command, description=described.label(f"command.{item.command}"))
            for item in commands(roles)
        ]
        try:
            await bot.set_my_commands(menu, scope=scope, language_code=code)
        except TelegramAPIError as error:
            log.warning("menu.refused", language=code, kind=type(error).__name__)
