# SPDX-License-Identifier: EUPL-1.2
"""One mapping from what went wrong to what the person reads."""

import secrets

import structlog
from aiogram import Bot, Router
from aiogram.enums import ChatType
from aiogram.exceptions import TelegramAPIError, TelegramForbiddenError
from aiogram.types import ErrorEvent, Update

from bot.domain.errors import DomainError
from bot.i18n import Texts

log = structlog.get_logger(__name__)
router = Router(name="errors")

REFERENCE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Letters and digits that are not mistaken for one another when read aloud."""


@router.error()
async def tell(event: ErrorEvent, bot: Bot, texts: Texts | None = None) -> bool:
    """Tell the person in their language; what was no mistake of theirs goes to the log with a number."""
    error = event.exception
    if isinstance(error, TelegramForbiddenError):
        log.info("person.blocked_the_bot")
        return True
    if isinstance(error, DomainError):
        log.info("rule.not_met", rule=type(error).__name__)
        if texts is not None:
            await _say(event.update, bot, texts(error.key, **error.details))
        return True
    reference = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(6))
    log.error("update.failed", reference=reference, update_id=event.update.update_id, exc_info=error)
    if texts is not None:
        await _say(event.update, bot, texts("errors.unexpected", reference=reference))
    return True


async def _say(update: Update, bot: Bot, text: str) -> None:
    """Say it in a private chat; a group is not bothered with what went wrong."""
    query = update.callback_query
    message = query.message if query is not None else update.message
    try:
        if message is not None and message.chat.type == ChatType.PRIVATE:
            await bot.send_message(message.chat.id, text)
    except TelegramAPIError as error:
        log.warning("error.not_told", kind=type(error).__name__)
