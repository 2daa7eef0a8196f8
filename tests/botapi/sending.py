# SPDX-License-Identifier: EUPL-1.2
"""Carrying out the calls that write, change and take away messages."""

from collections.abc import Mapping
from typing import Any

from botapi import markup
from botapi.chats import LARGEST_FILE, LARGEST_PHOTO, Chat, Json, State
from botapi.kinds import RefusedError, Upload, units

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
SUFFIXES = {"photo": ".jpg", "voice": ".oga", "audio": ".mp3", "document": ".bin", "video": ".mp4"}


class Sending:
    """Writes into the chats of a state. `check_html=False` leaves out entity parsing, for load tests."""

    def __init__(self, state: State, *, check_html: bool = True) -> None:
        self._state = state
        self._check_html = check_html

    def text(self, params: Json) -> Json:
        """sendMessage."""
        chat = self._state.to_write(params["chat_id"], params.get("message_thread_id"))
        return self._write(chat, params, self._said(params, "text", LONGEST_TEXT))

    def file(self, kind: str, params: Json) -> Json:
        """sendPhoto, sendVoice, sendDocument, sendAudio."""
        chat = self._state.to_write(params["chat_id"], params.get("message_thread_id"))
        content = self._said(params, "caption", LONGEST_CAPTION)
        return self._write(chat, params, {kind: self._media(kind, params[kind], params), **content})

    def album(self, params: Json) -> list[Json]:
        """sendMediaGroup."""
        chat = self._state.to_write(params["chat_id"], params.get("message_thread_id"))
        parts = [
            {
                each["type"]: self._media(each["type"], each["media"], params),
                **self._said(each, "caption", LONGEST_CAPTION),
            }
            for each in params["media"]
        ]
        group = f"album-{next(self._state.numbers)}"
        return [self._write(chat, params, {**part, "media_group_id": group}) for part in parts]

    def location(self, params: Json) -> Json:
        """sendLocation."""
        chat = self._state.to_write(params["chat_id"], params.get("message_thread_id"))
        place = {"latitude": params["latitude"], "longitude": params["longitude"]}
        return self._write(chat, params, {"location": place})

    def copy(self, params: Json) -> Json:
        """copyMessage and forwardMessage."""
        chat = self._state.to_write(params["chat_id"], params.get("message_thread_id"))
        source = self._state.chats.get(params["from_chat_id"])
        message = source.messages.get(params["message_id"]) if source else None
        if message is None:
            raise RefusedError("Bad Request: message to copy not found")
        left_out = {"message_id", "date", "chat", "from", "reply_markup", "reply_to_message"}
        return self._write(chat, params, {key: message[key] for key in message if key not in left_out})

    def edit_text(self, params: Json) -> Json:
        """editMessageText."""
        chat, message = self._own(params)
        if "text" not in message:
            raise RefusedError("Bad Request: there is no text in the message to edit")
        return self._change(chat, message, params, self._said(params, "text", LONGEST_TEXT), "entities")

    def edit_caption(self, params: Json) -> Json:
        """editMessageCaption."""
        chat, message = self._own(params)
        if not any(kind in message for kind in SUFFIXES):
            raise RefusedError("Bad Request: there is no caption in the message to edit")
        said = self._said(params, "caption", LONGEST_CAPTION)
        return self._change(chat, message, params, {"caption": "", **said}, "caption_entities")

    def edit_media(self, params: Json) -> Json:
        """editMessageMedia."""
        chat, message = self._own(params)
        media = params["media"]
        content = {
            media["type"]: self._media(media["type"], media["media"], params),
            **self._said(media, "caption", LONGEST_CAPTION),
        }
        for key in (*SUFFIXES, "text", "caption"):
            message.pop(key, None)
        return self._change(chat, message, params, content, "caption_entities")

    def edit_markup(self, params: Json) -> Json:
        """editMessageReplyMarkup."""
        chat, message = self._own(params)
        return self._change(chat, message, params, {}, "")

    def delete(self, params: Json) -> bool:
        """deleteMessage."""
        chat, message = self._state.own(params["chat_id"], params["message_id"], what="delete")
        if message["message_id"] not in chat.written and chat.kind == "private":
            raise RefusedError("Bad Request: message can't be deleted for everyone")
        del chat.messages[message["message_id"]]
        chat.tell()
        return True

    def _own(self, params: Json) -> tuple[Chat, Json]:
        if "chat_id" not in params or "message_id" not in params:
            raise RefusedError("Bad Request: message identifier is not specified")
        return self._state.own(params["chat_id"], params["message_id"], what="edit")

    def _said(self, params: Mapping[str, Any], key: str, longest: int) -> Json:
        """Return the visible text and its entities. Raises RefusedError."""
        given = params.get(key)
        if given is None:
            return {}
        text, entities = given, list(params.get("entities") or params.get("caption_entities") or ())
        if params.get("parse_mode") == "HTML" and self._check_html:
            text, entities = markup.parse(given)
        text = text.rstrip()
        if not text.strip() and key == "text":
            raise RefusedError("Bad Request: message text is empty")
        if units(text) > longest:
            raise RefusedError(
                f"Bad Request: {'message is' if key == 'text' else 'message caption is'} too long"
            )
        said: Json = {key: text}
        if entities:
            said["entities" if key == "text" else "caption_entities"] = entities
        return said

    def _media(self, kind: str, given: Any, params: Json) -> Any:
        """Return a file as it stands in a message; an upload is kept. Raises RefusedError."""
        if isinstance(given, str) and given.startswith("attach://"):
            given = params["files"].get(given.removeprefix("attach://"), given)
        if isinstance(given, Upload):
            if not given.content:
                raise RefusedError("Bad Request: file must be non-empty")
            if len(given.content) > (LARGEST_PHOTO if kind == "photo" else LARGEST_FILE):
                raise RefusedError("Request Entity Too Large", 413)
            file_id = self._state.keep_file(f"{kind}s", given.content, SUFFIXES[kind])
            name = given.filename
        elif given in self._state.files:
            file_id, name = given, "file"
        else:
            raise RefusedError("Bad Request: wrong file identifier/HTTP URL specified")
        size = len(self._state.files[file_id][1])
        shared = {"file_id": file_id, "file_unique_id": f"U{file_id}", "file_size": size}
        if kind == "photo":
            return [{**shared, "width": 800, "height": 600}]
        if kind == "document":
            return {**shared, "file_name": name}
        return {**shared, "duration": 1, **({"width": 1, "height": 1} if kind == "video" else {})}

    def _write(self, chat: Chat, params: Json, content: Json) -> Json:
        message = self._state.message(chat, self._state.bot, **content)
        if (keyboard := params.get("reply_markup")) and "inline_keyboard" in keyboard:
            message["reply_markup"] = keyboard
        if (thread := params.get("message_thread_id")) is not None:
            message["message_thread_id"] = thread
            message["is_topic_message"] = True
        if reply := params.get("reply_parameters"):
            answered = chat.messages.get(reply["message_id"])
            if answered is not None:
                message["reply_to_message"] = answered
            elif not reply.get("allow_sending_without_reply"):
                raise RefusedError("Bad Request: message to be replied not found")
        chat.written.add(message["message_id"])
        chat.tell()
        return message

    def _change(self, chat: Chat, message: Json, params: Json, content: Json, entities: str) -> Json:
        changed = {**message, **content}
        if entities and entities not in content:
            changed.pop(entities, None)
        changed.pop("reply_markup", None)
        keyboard = params.get("reply_markup")
        if keyboard and keyboard["inline_keyboard"]:
            changed["reply_markup"] = keyboard
        if changed == message:
            raise RefusedError(
                "Bad Request: message is not modified: specified new message content and reply markup are "
                "exactly the same as a current content and reply markup of the message"
            )
        changed["edit_date"] = int(self._state.now())
        changed.pop("edited", None)
        message.clear()
        message.update(changed)
        chat.tell()
        return message
