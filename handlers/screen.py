# SPDX-License-Identifier: EUPL-1.2
"""One screen of a conversation: a text and the buttons below it, sent or put in the place of another."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from aiogram.exceptions import TelegramBadRequest, TelegramNetworkError
from aiogram.filters.callback_data import CallbackData
from aiogram.types import (
    CallbackQuery,
    InaccessibleMessage,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
)

from bot.domain.outgoing import Button

Rows = Sequence[Sequence[Button]]
"""Buttons, row by row."""

PAUSES = (0.2, 1.0, 3.0)
"""Seconds to wait before saying again what must arrive."""
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True, slots=True)
class Screen:
    """What a person sees: Telegram's HTML and rows of buttons."""

    text: str
    rows: Rows = ()

    @property
    def keyboard(self) -> InlineKeyboardMarkup | None:
        """The rows as the Bot API wants them."""
        return keyboard(self.rows)


def keyboard(rows: Rows) -> InlineKeyboardMarkup | None:
    """Return the rows as the Bot API wants them, or None where there are none."""
    if not rows:
        return None
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [
                InlineKeyboardButton(text=each.label, callback_data=each.data or None, url=each.url or None)
                for each in row
            ]
            for row in rows
        ]
    )


def button(label: str, action: CallbackData) -> Button:
    """Return a button that does `action`. Raises ValueError when it packs to more than 64 bytes."""
    return Button(label, action.pack())


async def show(message: Message, screen: Screen) -> Message:
    """Send a screen as a new message."""
    return await message.answer(screen.text, reply_markup=screen.keyboard, link_preview_options=NO_PREVIEW)


async def replace(query: CallbackQuery, screen: Screen) -> None:
    """Put a screen in the place of the one whose button was pressed; a new message where that fails.

    A message that is too old cannot be changed, and one that already reads so needs no change.
    """
    message = query.message
    if message is None:
        return
    if isinstance(message, InaccessibleMessage) or message.text is None:
        await message.answer(screen.text, reply_markup=screen.keyboard, link_preview_options=NO_PREVIEW)
        return
    try:
        await message.edit_text(screen.text, reply_markup=screen.keyboard, link_preview_options=NO_PREVIEW)
    except TelegramBadRequest as error:
        if "message is not modified" not in error.message:
            await message.answer(screen.text, reply_markup=screen.keyboard, link_preview_options=NO_PREVIEW)


async def replace_surely(query: CallbackQuery, screen: Screen) -> None:
    """Put a screen in the place of another one, again where the connection is lost: what it says must arrive.

    Raises TelegramNetworkError when it is lost each time.
    """
    for pause in PAUSES:
        try:
            await replace(query, screen)
        except TelegramNetworkError:
            await asyncio.sleep(pause)
        else:
            return
    await replace(query, screen)


async def follow(query: CallbackQuery, screen: Screen) -> None:
    """Send a screen below the one whose button was pressed, which stays as it is."""
    if query.message is not None:
        await query.message.answer(screen.text, reply_markup=screen.keyboard, link_preview_options=NO_PREVIEW)


async def without_buttons(query: CallbackQuery) -> None:
    """Take the buttons off the message whose button was pressed, so that it is not pressed again."""
    message = query.message
    if message is None or isinstance(message, InaccessibleMessage) or message.reply_markup is None:
        return
    try:
        await message.edit_reply_markup(reply_markup=None)
    except TelegramBadRequest as error:
        if "message is not modified" not in error.message and "can't be edited" not in error.message:
            raise
