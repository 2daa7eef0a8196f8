# SPDX-License-Identifier: EUPL-1.2
"""Fetching a picture that somebody sent, and showing one."""

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.filters import Filter
from aiogram.types import BufferedInputFile, InputMediaPhoto, Message

from bot.services.report_errors import NotAPictureError, PictureTooBigError
from handlers.screen import Screen

LARGEST_BYTES = 20 * 1024 * 1024
"""What the Bot API hands out at most (getFile)."""


class HasFile(Filter):
    """Lets through a photo, or a file that may be one: which of the two is seen from its content."""

    async def __call__(self, message: Message) -> bool:
        """Whether there is something to fetch."""
        return bool(message.photo or message.document)


async def fetch(message: Message, bot: Bot) -> bytes:
    """Return the content of the photo or file. Raises PictureTooBigError, NotAPictureError."""
    source = message.photo[-1] if message.photo else message.document
    if source is None:
        raise NotAPictureError
    if (source.file_size or 0) > LARGEST_BYTES:
        raise PictureTooBigError
    try:
        content = await bot.download(source)
    except TelegramBadRequest as error:
        if "too big" in error.message:
            raise PictureTooBigError from error
        raise
    if content is None:
        raise NotAPictureError
    return content.read()


async def show_pictures(message: Message, pictures: list[bytes]) -> None:
    """Send pictures: one alone, more as an album."""
    files = [BufferedInputFile(content, f"{index}.jpg") for index, content in enumerate(pictures, 1)]
    if len(files) == 1:
        await message.answer_photo(files[0])
    elif files:
        await message.answer_media_group([InputMediaPhoto(media=each) for each in files])


async def show_card(message: Message, picture: bytes, screen: Screen) -> None:
    """Send a screen with a picture above it."""
    await message.answer_photo(
        BufferedInputFile(picture, "picture.jpg"), caption=screen.text, reply_markup=screen.keyboard
    )
