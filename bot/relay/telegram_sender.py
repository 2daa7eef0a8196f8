# SPDX-License-Identifier: EUPL-1.2
"""Sending on Telegram with python-telegram-bot, honest about what is known of the end."""

import asyncio
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto, LinkPreviewOptions, Message
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.domain.outgoing import Action, Delivery, DeliveryState, Outcome, Outgoing
from bot.relay.gate import Gate
from bot.relay.limiter import GateLimiter, Turn
from bot.relay.outcomes import outcome_of
from bot.relay.request import AiohttpRequest
from bot.relay.senders import Begin
from bot.services.ports import Clock, Media

IN_FLIGHT = 100
"""Connections to the Bot API server at once."""


class TelegramSender:
    """One token's sender."""

    def __init__(self, token: str, api_url: str, gate: Gate, media: Media, clock: Clock) -> None:
        self._request = AiohttpRequest(IN_FLIGHT)
        self._bot = ExtBot(
            token,
            base_url=f"{api_url}/bot",
            base_file_url=f"{api_url}/file/bot",
            request=self._request,
            get_updates_request=self._request,
            rate_limiter=GateLimiter(gate),
        )
        self._media = media
        self._clock = clock
        self._uploaded: dict[str, str] = {}
        self._uploading: dict[str, asyncio.Lock] = {}

    async def send(self, delivery: Delivery, begin: Begin) -> Outcome:
        """Send, edit or delete one copy and say how it ended."""
        turn = Turn(int(delivery.outgoing.priority), begin)
        await self._request.initialize()
        try:
            message_id = await self._do(delivery, turn)
        except TelegramError as error:
            return outcome_of(error, delivery.attempts, self._clock.now())
        return Outcome(DeliveryState.SENT, sent_message_id=message_id)

    async def close(self) -> None:
        """Close the connections."""
        await self._request.shutdown()

    async def _do(self, delivery: Delivery, turn: Turn) -> int | None:
        outgoing = delivery.outgoing
        chat_id = delivery.recipient.address.chat_id
        if outgoing.action is Action.DELETE:
            await self._bot.delete_message(chat_id, delivery.recipient.edits or 0, rate_limit_args=turn)
            return None
        if outgoing.action is Action.EDIT:
            return await self._edit(delivery, turn)
        if not outgoing.media:
            return (await self._text(delivery, turn)).message_id
        if len(outgoing.media) == 1:
            return await self._file(delivery, turn)
        return await self._album(delivery, turn)

    async def _text(self, delivery: Delivery, turn: Turn) -> Message:
        outgoing = delivery.outgoing
        address = delivery.recipient.address
        if outgoing.location is not None:
            await self._bot.send_location(
                address.chat_id,
                *outgoing.location,
                message_thread_id=address.thread_id,
                disable_notification=True,
                rate_limit_args=turn,
            )
        return await self._bot.send_message(
            address.chat_id,
            outgoing.text,
            parse_mode=ParseMode.HTML,
            message_thread_id=address.thread_id,
            reply_markup=_keyboard(outgoing),
            disable_notification=outgoing.silent,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            rate_limit_args=turn,
        )

    async def _edit(self, delivery: Delivery, turn: Turn) -> int:
        outgoing = delivery.outgoing
        chat_id, message_id = delivery.recipient.address.chat_id, delivery.recipient.edits or 0
        if outgoing.media:
            await self._bot.edit_message_caption(
                chat_id,
                message_id,
                caption=outgoing.text,
                parse_mode=ParseMode.HTML,
                reply_markup=_keyboard(outgoing),
                rate_limit_args=turn,
            )
        else:
            await self._bot.edit_message_text(
                outgoing.text,
                chat_id,
                message_id,
                parse_mode=ParseMode.HTML,
                reply_markup=_keyboard(outgoing),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                rate_limit_args=turn,
            )
        return message_id

    async def _file(self, delivery: Delivery, turn: Turn) -> int:
        """Send one file: uploaded once, then named by the id that Telegram gave it."""
        outgoing = delivery.outgoing
        media_id = outgoing.media[0]
        lock = self._uploading.setdefault(media_id, asyncio.Lock())
        async with lock:
            if media_id not in self._uploaded:
                message = await self._send_file(delivery, await self._media.load(media_id), turn)
                self._uploaded[media_id] = _file_id(message)
                return message.message_id
        return (await self._send_file(delivery, self._uploaded[media_id], turn)).message_id

    async def _send_file(self, delivery: Delivery, content: bytes | str, turn: Turn) -> Message:
        outgoing = delivery.outgoing
        address = delivery.recipient.address
        shared: dict[str, Any] = {
            "caption": outgoing.text or None,
            "parse_mode": ParseMode.HTML,
            "message_thread_id": address.thread_id,
            "reply_markup": _keyboard(outgoing),
            "disable_notification": outgoing.silent,
            "rate_limit_args": turn,
        }
        if outgoing.media_kind == "photo":
            return await self._bot.send_photo(address.chat_id, content, **shared)
        if outgoing.media_kind == "voice":
            return await self._bot.send_voice(address.chat_id, content, **shared)
        return await self._bot.send_document(address.chat_id, content, **shared)

    async def _album(self, delivery: Delivery, turn: Turn) -> int:
        """Send several pictures together; the text is the first one's caption. Buttons cannot go with it."""
        outgoing = delivery.outgoing
        address = delivery.recipient.address
        pictures = [
            InputMediaPhoto(
                self._uploaded.get(each) or await self._media.load(each),
                caption=outgoing.text if index == 0 else None,
                parse_mode=ParseMode.HTML,
            )
            for index, each in enumerate(outgoing.media)
        ]
        messages = await self._bot.send_media_group(
            address.chat_id,
            pictures,
            message_thread_id=address.thread_id,
            disable_notification=outgoing.silent,
            rate_limit_args=turn,
        )
        for media_id, message in zip(outgoing.media, messages, strict=False):
            self._uploaded[media_id] = _file_id(message)
        return messages[0].message_id


def _file_id(message: Message) -> str:
    if message.photo:
        return message.photo[-1].file_id
    kept = message.voice or message.document or message.animation
    return kept.file_id if kept is not None else ""


def _keyboard(outgoing: Outgoing) -> InlineKeyboardMarkup | None:
    if not outgoing.buttons:
        return None
    return InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton(each.label, callback_data=each.data or None, url=each.url or None)
                for each in row
            ]
            for row in outgoing.buttons
        ]
    )
