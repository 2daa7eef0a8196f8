# SPDX-License-Identifier: EUPL-1.2
"""Sending on Telegram with python-telegram-bot, honest about what is known of the end."""

from dataclasses import replace
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto, LinkPreviewOptions, Message
from telegram.constants import ParseMode
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.domain.outgoing import Action, Delivery, DeliveryState, Outcome, Outgoing, Priority
from bot.relay.gate import Gate
from bot.relay.limiter import GateLimiter, Turn
from bot.relay.outcomes import outcome_of
from bot.relay.request import AiohttpRequest
from bot.relay.senders import Begin, HeldBackError
from bot.relay.uploads import REFUSED, Key, Uploads
from bot.services.ports import Clock, Media


class TelegramSender:
    """One token's sender.

    `paid`: broadcasts may go faster than the free limit, for a fee in Stars for each message
    (Bot API, `allow_paid_broadcast`). Nothing but broadcasts is ever paid for.
    """

    def __init__(
        self, token: str, api_url: str, gate: Gate, media: Media, clock: Clock, *, paid: bool = False
    ) -> None:
        self._request = AiohttpRequest()
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
        self._paid = paid
        self._uploads = Uploads()

    async def send(self, delivery: Delivery, begin: Begin) -> Outcome:
        """Send, edit or delete one copy and say how it ended."""
        turn = Turn(int(delivery.outgoing.priority), begin)
        await self._request.initialize()
        try:
            message_id = await self._do(delivery, turn)
        except TelegramError as error:
            return self._ended(delivery, error)
        return Outcome(
            DeliveryState.SENT,
            sent_message_id=message_id,
            details=await self._place(delivery, turn),
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._request.shutdown()

    def _ended(self, delivery: Delivery, error: TelegramError) -> Outcome:
        now = self._clock.now()
        outcome = outcome_of(error, delivery.attempts + 1, now, delivery.outgoing.priority)
        if outcome.moved_to is not None and delivery.recipient.edits is not None:
            # The message to be changed stayed behind in the old chat.
            return replace(outcome, state=DeliveryState.FAILED, retry_at=None)
        if outcome.state is DeliveryState.FAILED and any(each in outcome.error.lower() for each in REFUSED):
            keys = _keys(delivery.outgoing)
            if self._uploads.forget(*keys):
                return Outcome(DeliveryState.QUEUED, error=outcome.error, retry_at=now)
        return outcome

    def _pays(self, outgoing: Outgoing) -> bool | None:
        return True if self._paid and outgoing.priority is Priority.BULK else None

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
        return await self._bot.send_message(
            address.chat_id,
            outgoing.text,
            parse_mode=ParseMode.HTML,
            message_thread_id=address.thread_id,
            reply_markup=_keyboard(outgoing),
            disable_notification=outgoing.silent,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            allow_paid_broadcast=self._pays(outgoing),
            rate_limit_args=turn,
        )

    async def _place(self, delivery: Delivery, turn: Turn) -> dict[str, str]:
        """Send the place after the words, and say what kept it from arriving.

        The words have arrived: they are never sent again for the sake of the place.
        """
        outgoing = delivery.outgoing
        if outgoing.location is None or outgoing.action is not Action.SEND:
            return {}
        address = delivery.recipient.address
        try:
            await self._bot.send_location(
                address.chat_id,
                *outgoing.location,
                message_thread_id=address.thread_id,
                disable_notification=True,
                allow_paid_broadcast=self._pays(outgoing),
                rate_limit_args=turn,
            )
        except (TelegramError, HeldBackError) as error:
            return {"place": str(error)}
        return {}

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
        (key,) = _keys(delivery.outgoing)
        if self._uploads.known(key) is None:
            async with self._uploads.first(key):
                if self._uploads.known(key) is None:
                    message = await self._send_file(delivery, await self._media.load(key[1]), turn)
                    self._uploads.keep(key, _file_id(message))
                    return message.message_id
        return (await self._send_file(delivery, self._uploads.known(key) or "", turn)).message_id

    async def _send_file(self, delivery: Delivery, content: bytes | str, turn: Turn) -> Message:
        outgoing = delivery.outgoing
        address = delivery.recipient.address
        shared: dict[str, Any] = {
            "caption": outgoing.text or None,
            "parse_mode": ParseMode.HTML,
            "message_thread_id": address.thread_id,
            "reply_markup": _keyboard(outgoing),
            "disable_notification": outgoing.silent,
            "allow_paid_broadcast": self._pays(outgoing),
            "rate_limit_args": turn,
        }
        if outgoing.media_kind == "photo":
            return await self._bot.send_photo(address.chat_id, content, **shared)
        if outgoing.media_kind == "voice":
            return await self._bot.send_voice(address.chat_id, content, **shared)
        return await self._bot.send_document(address.chat_id, content, **shared)

    async def _album(self, delivery: Delivery, turn: Turn) -> int:
        """Send several pictures together; the text is the first one's caption. Buttons cannot go with it."""
        keys = _keys(delivery.outgoing)
        if not all(map(self._uploads.known, keys)):
            async with self._uploads.first(*keys):
                if not all(map(self._uploads.known, keys)):
                    return await self._send_album(delivery, turn)
        return await self._send_album(delivery, turn)

    async def _send_album(self, delivery: Delivery, turn: Turn) -> int:
        outgoing = delivery.outgoing
        address = delivery.recipient.address
        keys = _keys(outgoing)
        pictures = [
            InputMediaPhoto(
                self._uploads.known(key) or await self._media.load(key[1]),
                caption=outgoing.text if index == 0 else None,
                parse_mode=ParseMode.HTML,
            )
            for index, key in enumerate(keys)
        ]
        messages = await self._bot.send_media_group(
            address.chat_id,
            pictures,
            message_thread_id=address.thread_id,
            disable_notification=outgoing.silent,
            allow_paid_broadcast=self._pays(outgoing),
            rate_limit_args=replace(turn, messages=len(pictures)),
        )
        for key, message in zip(keys, messages, strict=False):
            self._uploads.keep(key, _file_id(message))
        return messages[0].message_id


def _keys(outgoing: Outgoing) -> tuple[Key, ...]:
    kind = "photo" if len(outgoing.media) > 1 else outgoing.media_kind
    return tuple((kind, media_id) for media_id in outgoing.media)


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
