# SPDX-License-Identifier: EUPL-1.2
"""Parts of messages, checked as the Bot API checks them: text with its marks, and keyboards."""

from collections.abc import Sequence
from typing import Any, Final

from aiogram import Bot
from aiogram.client.default import Default
from aiogram.types import (
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MessageEntity,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from bot.channels.base import Capabilities
from bot.channels.markup import Marked, MarkupError, parse_html, utf16_length
from bot.channels.web.store import Json

_SHOWN_SCHEMES: Final = ("https://", "http://", "tel:", "mailto:")
_MAX_BUTTONS: Final = 100
_MAX_DATA_BYTES: Final = 64


class RefusedError(Exception):
    """The web chat can't do this. It becomes a TelegramBadRequest, worded as Telegram words it."""


def text_part(
    bot: Bot,
    text: str,
    parse_mode: str | Default | None,
    entities: Sequence[MessageEntity] | None,
    can: Capabilities,
) -> Json:
    """Return `text` and `entities` of a message. Raises RefusedError."""
    marked, raw = _marked(bot, text, parse_mode, entities)
    if not marked.text:
        raise RefusedError("message text is empty")
    if utf16_length(marked.text) > can.text_length:
        raise RefusedError("message is too long")
    return {"text": marked.text, **({"entities": raw} if raw else {})}


def caption_part(
    bot: Bot,
    caption: str | None,
    parse_mode: str | Default | None,
    entities: Sequence[MessageEntity] | None,
    can: Capabilities,
) -> Json:
    """Return `caption` and `caption_entities` of a message, or nothing. Raises RefusedError."""
    marked, raw = _marked(bot, caption or "", parse_mode, entities)
    if utf16_length(marked.text) > can.caption_length:
        raise RefusedError("message caption is too long")
    if not marked.text:
        return {}
    return {"caption": marked.text, **({"caption_entities": raw} if raw else {})}


def _marked(
    bot: Bot, text: str, parse_mode: str | Default | None, entities: Sequence[MessageEntity] | None
) -> tuple[Marked, list[Json]]:
    if entities:
        return Marked(text), [entity.model_dump(mode="json", exclude_none=True) for entity in entities]
    mode = bot.default[parse_mode.name] if isinstance(parse_mode, Default) else parse_mode
    if not mode:
        return Marked(text.strip()), []
    if str(mode).upper() != "HTML":
        raise RefusedError("unsupported parse_mode: the web chat knows HTML")
    try:
        marked = parse_html(text)
    except MarkupError as error:
        raise RefusedError(str(error)) from error
    return marked, [
        {
            "type": entity.type,
            "offset": entity.offset,
            "length": entity.length,
            **({"url": entity.url} if entity.url else {}),
        }
        for entity in marked.entities
    ]


def inline_part(markup: Any) -> Json:
    """Return `reply_markup` of a message if it is an inline keyboard, else nothing. Raises RefusedError."""
    if not isinstance(markup, InlineKeyboardMarkup):
        return {}
    rows = [[_button(button) for button in row] for row in markup.inline_keyboard if row]
    if sum(map(len, rows)) > _MAX_BUTTONS:
        raise RefusedError("reply markup is too long")
    return {"reply_markup": {"inline_keyboard": rows}} if rows else {}


def _button(button: InlineKeyboardButton) -> Json:
    if not button.text.strip():
        raise RefusedError("text buttons are unallowed to be empty")
    shown: Json = {"text": button.text}
    if button.style:
        shown["style"] = button.style
    if button.url is not None:
        if not button.url.startswith(_SHOWN_SCHEMES):
            raise RefusedError(f"inline keyboard button URL '{button.url}' is invalid: wrong scheme")
        return {**shown, "url": button.url}
    if button.copy_text is not None:
        return {**shown, "copy_text": {"text": button.copy_text.text}}
    if button.callback_data is None:
        raise RefusedError("BUTTON_TYPE_INVALID")
    if not 1 <= len(button.callback_data.encode()) <= _MAX_DATA_BYTES:
        raise RefusedError("BUTTON_DATA_INVALID")
    return {**shown, "callback_data": button.callback_data}


def keyboard_part(markup: Any) -> Json | None:
    """Return what becomes of the reply keyboard: a new one, `{}` for none, None for no change.

    Raises RefusedError for a button that the web chat doesn't know.
    """
    if isinstance(markup, ReplyKeyboardRemove):
        return {}
    if isinstance(markup, ForceReply):
        return {"placeholder": markup.input_field_placeholder} if markup.input_field_placeholder else None
    if not isinstance(markup, ReplyKeyboardMarkup):
        return None
    rows = []
    for row in markup.keyboard:
        if any(
            b.request_contact or b.request_poll or b.request_users or b.request_chat or b.web_app for b in row
        ):
            raise RefusedError("the web chat has no such keyboard button")
        rows.append([{"text": b.text, **({"location": True} if b.request_location else {})} for b in row])
    return {
        "rows": rows,
        "once": bool(markup.one_time_keyboard),
        "placeholder": markup.input_field_placeholder or "",
    }
