# SPDX-License-Identifier: EUPL-1.2
"""Sending in the web chat: through its own bot, whose session stores the message for the visitor."""

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramForbiddenError
from aiogram.types import (
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    LinkPreviewOptions,
    MediaUnion,
    Message,
)

from bot.domain.errors import NotFoundError
from bot.domain.outgoing import Action, Delivery, DeliveryState, Outcome, Outgoing
from bot.relay.outcomes import ALREADY_SO, GONE, again_later
from bot.relay.senders import Begin
from bot.services.ports import Clock, Media

log = structlog.get_logger(__name__)


class WebSender:
    """Stores what is sent where the visitor finds it, now or when they come back."""

    def __init__(self, bot: Bot, media: Media, clock: Clock) -> None:
        self._bot = bot
        self._media = media
        self._clock = clock

    async def send(self, delivery: Delivery, begin: Begin) -> Outcome:
        """Send one copy and say how it ended: it is stored or it is not, nothing is unknown here."""
        await begin()
        try:
            message_id = await self._do(delivery)
        except TelegramForbiddenError as error:
            return Outcome(DeliveryState.BLOCKED, error=error.message)
        except TelegramAPIError as error:
            return Outcome(_refused(error.message), error=error.message)
        except NotFoundError:
            return Outcome(DeliveryState.FAILED, error="the file is no longer there")
        except Exception as error:
            # The database may be away for a moment: nothing was stored.
            log.exception("relay.not_stored", delivery=delivery.id)
            now, priority = self._clock.now(), delivery.outgoing.priority
            return again_later(type(error).__name__, delivery.attempts + 1, now, priority)
        return Outcome(DeliveryState.SENT, sent_message_id=message_id)

    async def close(self) -> None:
        """Nothing to close: the channel owns the bot."""

    async def _do(self, delivery: Delivery) -> int | None:
        outgoing = delivery.outgoing
        chat_id, edits = delivery.recipient.address.chat_id, delivery.recipient.edits or 0
        if outgoing.action is Action.DELETE:
            await self._bot.delete_message(chat_id, edits)
            return None
        if outgoing.action is Action.EDIT:
            if outgoing.media:
                await self._bot.edit_message_caption(
                    chat_id=chat_id, message_id=edits, caption=outgoing.text, reply_markup=_keyboard(outgoing)
                )
            else:
                await self._bot.edit_message_text(
                    outgoing.text, chat_id=chat_id, message_id=edits, reply_markup=_keyboard(outgoing)
                )
            return edits
        return (await self._send(chat_id, outgoing)).message_id

    async def _send(self, chat_id: int, outgoing: Outgoing) -> Message:
        if len(outgoing.media) > 1:
            pictures: list[MediaUnion] = [
                InputMediaPhoto(media=await self._file(each), caption=outgoing.text if index == 0 else None)
                for index, each in enumerate(outgoing.media)
            ]
            return (await self._bot.send_media_group(chat_id, pictures))[0]
        keyboard = _keyboard(outgoing)
        if outgoing.media:
            file = await self._file(outgoing.media[0])
            if outgoing.media_kind == "photo":
                return await self._bot.send_photo(chat_id, file, caption=outgoing.text, reply_markup=keyboard)
            if outgoing.media_kind == "voice":
                return await self._bot.send_voice(chat_id, file, caption=outgoing.text, reply_markup=keyboard)
            return await self._bot.send_document(chat_id, file, caption=outgoing.text, reply_markup=keyboard)
        message = await self._bot.send_message(
            chat_id,
            outgoing.text,
            reply_markup=keyboard,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )
        if outgoing.location is not None:
            try:
                await self._bot.send_location(chat_id, *outgoing.location)
            except Exception:
                # The words are there: they are never stored again for the sake of the place.
                log.exception("relay.place_not_stored")
        return message

    async def _file(self, media_id: str) -> BufferedInputFile:
        described = await self._media.describe(media_id)
        extension = described.mime.split("/")[-1] if described else "bin"
        return BufferedInputFile(await self._media.load(media_id), filename=f"file.{extension}")


def _refused(message: str) -> DeliveryState:
    said = message.lower()
    if any(each in said for each in GONE):
        return DeliveryState.GONE
    if any(each in said for each in ALREADY_SO):
        return DeliveryState.SENT
    return DeliveryState.FAILED


def _keyboard(outgoing: Outgoing) -> InlineKeyboardMarkup | None:
    if not outgoing.buttons:
        return None
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [
                InlineKeyboardButton(text=each.label, callback_data=each.data or None, url=each.url or None)
                for each in row
            ]
            for row in outgoing.buttons
        ]
    )
