# SPDX-License-Identifier: EUPL-1.2
"""The methods of the Bot API that the project uses, with every parameter each of them takes.

Source: core.telegram.org/bots/api. Limits that hold after entity parsing are checked in `markup`.
"""

import re
from collections.abc import Mapping
from typing import Any

from botapi.kinds import Bool, ChatId, Choice, File, Float, Int, Kind, List, Method, Obj, OneOf, Str, Typed

TEXT, NUMBER, YES, CHAT, FILE = Str(), Int(), Bool(), ChatId(), File()
URL = Str(1, 2048, test=lambda value: value.startswith(("http://", "https://", "tg://")))

ENTITY = Obj(
    {"type": TEXT, "offset": NUMBER, "length": NUMBER},
    {"url": TEXT, "user": Obj(), "language": TEXT, "custom_emoji_id": TEXT},
)
ENTITIES = List(ENTITY, 0, 100)
PARSE = Choice(frozenset({"HTML"}))

_ACTIONS = {
    "url": URL,
    "callback_data": Str(1, 64, in_bytes=True),
    "web_app": Obj({"url": URL}),
    "login_url": Obj({"url": URL}),
    "switch_inline_query": Str(0, 256),
    "switch_inline_query_current_chat": Str(0, 256),
    "copy_text": Obj({"text": Str(1, 256)}),
    "pay": YES,
}


def _one_action(button: Mapping[str, Any]) -> str | None:
    if sum(key in button for key in _ACTIONS) == 1:
        return None
    return "text buttons are unallowed in the inline keyboard"


BUTTON = Obj(
    {"text": Str(1, 512)},
    {**_ACTIONS, "style": TEXT, "icon_custom_emoji_id": TEXT},
    _one_action,
)
INLINE = Obj({"inline_keyboard": List(List(BUTTON, 0, 8), 0, 100)})
KEY = Obj({"text": Str(1, 512)}, {"request_location": YES, "request_contact": YES})
KEYBOARD = OneOf(
    {
        "inline_keyboard": INLINE,
        "keyboard": Obj(
            {"keyboard": List(List(KEY, 1, 12), 1, 100)},
            {
                "is_persistent": YES,
                "resize_keyboard": YES,
                "one_time_keyboard": YES,
                "input_field_placeholder": Str(1, 64),
                "selective": YES,
            },
        ),
        "remove_keyboard": Obj({"remove_keyboard": YES}, {"selective": YES}),
        "force_reply": Obj({"force_reply": YES}, {"input_field_placeholder": Str(1, 64), "selective": YES}),
    }
)
PREVIEW = Obj(
    {},
    {
        "is_disabled": YES,
        "url": TEXT,
        "prefer_small_media": YES,
        "prefer_large_media": YES,
        "show_above_text": YES,
    },
)
REPLY = Obj(
    {"message_id": NUMBER},
    {"chat_id": CHAT, "allow_sending_without_reply": YES, "quote": Str(0, 1024)},
)
SENT: dict[str, Kind] = {
    "business_connection_id": TEXT,
    "message_thread_id": NUMBER,
    "disable_notification": YES,
    "protect_content": YES,
    "allow_paid_broadcast": YES,
    "message_effect_id": TEXT,
    "reply_parameters": REPLY,
}
CAPTION: dict[str, Kind] = {"caption": TEXT, "parse_mode": PARSE, "caption_entities": ENTITIES}
CAPTIONED = {**SENT, **CAPTION, "reply_markup": KEYBOARD}
SECONDS = {"duration": Int(0), "performer": TEXT, "title": TEXT}
INPUT_PHOTO = Obj(
    {"type": TEXT, "media": FILE}, {**CAPTION, "has_spoiler": YES, "show_caption_above_media": YES}
)
INPUT_DOCUMENT = Obj(
    {"type": TEXT, "media": FILE}, {**CAPTION, "thumbnail": FILE, "disable_content_type_detection": YES}
)
INPUT_VIDEO = Obj(
    {"type": TEXT, "media": FILE},
    {**CAPTION, "width": NUMBER, "height": NUMBER, "duration": NUMBER, "supports_streaming": YES},
)
MEDIA = Typed({"photo": INPUT_PHOTO, "document": INPUT_DOCUMENT, "video": INPUT_VIDEO})
LATITUDE, LONGITUDE = Float(-90, 90), Float(-180, 180)
COMMAND = Obj(
    {
        "command": Str(1, 32, test=lambda value: re.fullmatch("[a-z0-9_]+", value) is not None),
        "description": Str(1, 256),
    }
)
SCOPE = Typed(
    {
        **{
            kind: Obj({"type": TEXT})
            for kind in ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
        },
        "chat": Obj({"type": TEXT, "chat_id": CHAT}),
        "chat_administrators": Obj({"type": TEXT, "chat_id": CHAT}),
        "chat_member": Obj({"type": TEXT, "chat_id": CHAT, "user_id": NUMBER}),
    }
)
LANGUAGE = Str(0, 2, test=lambda value: re.fullmatch("([a-z]{2})?", value) is not None)
CONTENT = Obj(
    {"message_text": Str(1, 16384)},
    {"parse_mode": PARSE, "entities": ENTITIES, "link_preview_options": PREVIEW},
)
RESULT = Typed(
    {
        "article": Obj(
            {
                "type": TEXT,
                "id": Str(1, 64, in_bytes=True),
                "title": Str(1),
                "input_message_content": CONTENT,
            },
            {
                "reply_markup": INLINE,
                "url": URL,
                "description": TEXT,
                "thumbnail_url": URL,
                "thumbnail_width": NUMBER,
                "thumbnail_height": NUMBER,
            },
        )
    }
)
UPDATES = List(TEXT)
WHICH = {"chat_id": CHAT, "message_id": NUMBER, "inline_message_id": TEXT, "business_connection_id": TEXT}
FROM = {"chat_id": CHAT, "from_chat_id": CHAT, "message_id": NUMBER}

METHODS: dict[str, Method] = {
    "getMe": Method({}, {}),
    "logOut": Method({}, {}),
    "close": Method({}, {}),
    "getUpdates": Method(
        {},
        {"offset": NUMBER, "limit": Int(1, 100), "timeout": Int(0, 50), "allowed_updates": UPDATES},
    ),
    "setWebhook": Method(
        {"url": TEXT},
        {
            "certificate": FILE,
            "ip_address": TEXT,
            "max_connections": Int(1, 100),
            "allowed_updates": UPDATES,
            "drop_pending_updates": YES,
            "secret_token": Str(1, 256, test=lambda value: re.fullmatch("[A-Za-z0-9_-]+", value) is not None),
        },
    ),
    "deleteWebhook": Method({}, {"drop_pending_updates": YES}),
    "getWebhookInfo": Method({}, {}),
    "sendMessage": Method(
        {"chat_id": CHAT, "text": TEXT},
        {
            **SENT,
            "parse_mode": PARSE,
            "entities": ENTITIES,
            "link_preview_options": PREVIEW,
            "reply_markup": KEYBOARD,
        },
    ),
    "sendPhoto": Method(
        {"chat_id": CHAT, "photo": FILE},
        {**CAPTIONED, "has_spoiler": YES, "show_caption_above_media": YES},
    ),
    "sendDocument": Method(
        {"chat_id": CHAT, "document": FILE},
        {**CAPTIONED, "thumbnail": FILE, "disable_content_type_detection": YES},
    ),
    "sendVoice": Method({"chat_id": CHAT, "voice": FILE}, {**CAPTIONED, **SECONDS}),
    "sendAudio": Method({"chat_id": CHAT, "audio": FILE}, {**CAPTIONED, **SECONDS, "thumbnail": FILE}),
    "sendMediaGroup": Method({"chat_id": CHAT, "media": List(MEDIA, 2, 10)}, SENT),
    "sendLocation": Method(
        {"chat_id": CHAT, "latitude": LATITUDE, "longitude": LONGITUDE},
        {
            **SENT,
            "reply_markup": KEYBOARD,
            "horizontal_accuracy": Float(0, 1500),
            "live_period": NUMBER,
            "heading": NUMBER,
            "proximity_alert_radius": NUMBER,
        },
    ),
    "copyMessage": Method(FROM, CAPTIONED),
    "forwardMessage": Method(
        FROM, {"message_thread_id": NUMBER, "disable_notification": YES, "protect_content": YES}
    ),
    "editMessageText": Method(
        {"text": TEXT},
        {
            **WHICH,
            "parse_mode": PARSE,
            "entities": ENTITIES,
            "link_preview_options": PREVIEW,
            "reply_markup": INLINE,
        },
    ),
    "editMessageCaption": Method(
        {}, {**WHICH, **CAPTION, "show_caption_above_media": YES, "reply_markup": INLINE}
    ),
    "editMessageMedia": Method({"media": MEDIA}, {**WHICH, "reply_markup": INLINE}),
    "editMessageReplyMarkup": Method({}, {**WHICH, "reply_markup": INLINE}),
    "deleteMessage": Method({"chat_id": CHAT, "message_id": NUMBER}, {}),
    "deleteMessages": Method({"chat_id": CHAT, "message_ids": List(NUMBER, 1, 100)}, {}),
    "answerCallbackQuery": Method(
        {"callback_query_id": Str(1)},
        {"text": Str(0, 200), "show_alert": YES, "url": TEXT, "cache_time": Int(0)},
    ),
    "answerInlineQuery": Method(
        {"inline_query_id": Str(1), "results": List(RESULT, 0, 50)},
        {
            "cache_time": Int(0),
            "is_personal": YES,
            "next_offset": Str(0, 64, in_bytes=True),
            "button": Obj({"text": Str(1)}, {"start_parameter": Str(1, 64), "web_app": Obj({"url": URL})}),
        },
    ),
    "sendChatAction": Method(
        {
            "chat_id": CHAT,
            "action": Choice(
                frozenset({"typing", "upload_photo", "upload_document", "upload_voice", "find_location"})
            ),
        },
        {"message_thread_id": NUMBER, "business_connection_id": TEXT},
    ),
    "getChat": Method({"chat_id": CHAT}, {}),
    "getChatMember": Method({"chat_id": CHAT, "user_id": NUMBER}, {}),
    "getChatAdministrators": Method({"chat_id": CHAT}, {"return_bots": YES}),
    "getChatMemberCount": Method({"chat_id": CHAT}, {}),
    "leaveChat": Method({"chat_id": CHAT}, {}),
    "pinChatMessage": Method(
        {"chat_id": CHAT, "message_id": NUMBER}, {"disable_notification": YES, "business_connection_id": TEXT}
    ),
    "unpinChatMessage": Method({"chat_id": CHAT}, {"message_id": NUMBER, "business_connection_id": TEXT}),
    "setMyCommands": Method({"commands": List(COMMAND, 0, 100)}, {"scope": SCOPE, "language_code": LANGUAGE}),
    "getMyCommands": Method({}, {"scope": SCOPE, "language_code": LANGUAGE}),
    "deleteMyCommands": Method({}, {"scope": SCOPE, "language_code": LANGUAGE}),
    "setMyDescription": Method({}, {"description": Str(0, 512), "language_code": LANGUAGE}),
    "setMyShortDescription": Method({}, {"short_description": Str(0, 120), "language_code": LANGUAGE}),
    "getFile": Method({"file_id": Str(1)}, {}),
}
