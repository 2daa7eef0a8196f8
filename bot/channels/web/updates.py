# SPDX-License-Identifier: EUPL-1.2
"""What a visitor does, as Bot API JSON."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.channels.markup import detect
from bot.channels.web.store import File, Json

BOT_ID: Final = 900001
TOKEN: Final = f"{BOT_ID}:web"
_UNWANTED: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Content:
    """What somebody says: one of text, place and file (with the text as its caption).

    `group` binds the pictures of one album together. `accuracy` is in metres, `duration` in seconds.
    """

    text: str = ""
    place: tuple[float, float] | None = None
    accuracy: float | None = None
    file: File | None = None
    group: str = ""


def cleaned(text: str) -> str:
    """Return the text without control characters, half characters, and space around it."""
    return _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def user(visitor_id: int, language_code: str) -> Json:
    """Return the visitor as a user. The web chat knows no names."""
    found: Json = {"id": visitor_id, "is_bot": False, "first_name": "Web"}
    if language_code:
        found["language_code"] = language_code
    return found


def chat(visitor_id: int) -> Json:
    """Return the visitor's private chat."""
    return {"id": visitor_id, "type": "private", "first_name": "Web"}


def bot_user() -> Json:
    """Return the bot as a user."""
    return {"id": BOT_ID, "is_bot": True, "first_name": "Buurtbrug", "username": "web_chat"}


def message(visitor_id: int, language_code: str, message_id: int, date: int, content: Content) -> Json:
    """Return what a visitor said. `date` in seconds since 1970."""
    body: Json = {
        "message_id": message_id,
        "date": date,
        "chat": chat(visitor_id),
        "from": user(visitor_id, language_code),
    }
    entities = [
        {"type": entity.type, "offset": entity.offset, "length": entity.length}
        for entity in detect(content.text)
    ]
    if content.place is not None:
        latitude, longitude = content.place
        body["location"] = {"latitude": latitude, "longitude": longitude}
        if content.accuracy is not None:
            body["location"]["horizontal_accuracy"] = content.accuracy
    elif content.file is not None:
        body.update(media(content.file))
        if content.text:
            body["caption"] = content.text
            body.update({"caption_entities": entities} if entities else {})
        if content.group:
            body["media_group_id"] = content.group
    else:
        body["text"] = content.text
        body.update({"entities": entities} if entities else {})
    return body


def media(file: File) -> Json:
    """Return the part of a message that holds a file."""
    known: dict[str, Any] = {
        "file_id": file.id,
        "file_unique_id": file.digest[:32],
        "file_size": file.size,
    }
    if file.kind == "photo":
        return {"photo": [{**known, "width": file.width, "height": file.height}]}
    if file.kind == "voice":
        return {"voice": {**known, "duration": file.duration, "mime_type": file.mime}}
    if file.kind == "audio":
        return {"audio": {**known, "duration": file.duration, "mime_type": file.mime, "file_name": file.name}}
    return {"document": {**known, "mime_type": file.mime, "file_name": file.name}}


def message_update(update_id: int, body: Json) -> Json:
    """Return the update for something that was said."""
    return {"update_id": update_id, "message": body}


def callback_update(update_id: int, visitor_id: int, language_code: str, body: Json, data: str) -> Json:
    """Return the update for a button that was pressed. The query's id is the update's."""
    return {
        "update_id": update_id,
        "callback_query": {
            "id": str(update_id),
            "from": user(visitor_id, language_code),
            "chat_instance": str(visitor_id),
            "message": body,
            "data": data,
        },
    }


def scopes(visitor_id: int) -> Sequence[str]:
    """Return where a visitor's command menu may be set, the most particular first."""
    return (f"chat:{visitor_id}", "all_private_chats", "default")
