# SPDX-License-Identifier: EUPL-1.2
"""The Bot API, answered by the web chat: an aiogram session that stores instead of calling Telegram."""

import json
import secrets
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, cast

from aiogram import Bot, methods
from aiogram.client.session.base import BaseSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import (
    InputMediaAudio,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
)

from bot.channels.base import Capabilities
from bot.channels.web import updates
from bot.channels.web.bodies import RefusedError, caption_part, inline_part, keyboard_part, text_part
from bot.channels.web.hub import Hub
from bot.channels.web.outgoing_files import OutgoingFiles
from bot.channels.web.store import Contents, File, Json, Message, WebStore
from bot.services.ports import Clock

_SERVER: Final = TelegramAPIServer(base="web:{token}/{method}", file="web:{path}")
_CHANGED: Final = (
    "text",
    "entities",
    "caption",
    "caption_entities",
    "reply_markup",
    "photo",
    "voice",
    "audio",
    "document",
)
_NO_EFFECT: Final = (
    methods.SetMyName,
    methods.SetMyDescription,
    methods.SetMyShortDescription,
    methods.SetChatMenuButton,
    methods.SetMyDefaultAdministratorRights,
    methods.SetWebhook,
    methods.DeleteWebhook,
)
"""About the bot in Telegram: accepted, and without meaning here."""

CAPABILITIES: Final = Capabilities()

_SHOWN_AS: Final[Mapping[type[Any], str]] = {
    InputMediaPhoto: "photo",
    InputMediaDocument: "document",
    InputMediaAudio: "audio",
    InputMediaVideo: "document",
}
_GIFTS: Final = (
    "unlimited_gifts",
    "limited_gifts",
    "unique_gifts",
    "premium_subscription",
    "gifts_from_channels",
)


class WebSession(BaseSession):
    """Answers the methods that the handlers use. Any other raises TelegramBadRequest."""

    def __init__(self, store: WebStore, contents: Contents, hub: Hub, clock: Clock) -> None:
        super().__init__(api=_SERVER)
        self._store = store
        self._contents = contents
        self._files = OutgoingFiles(store, contents, clock)
        self._hub = hub
        self._clock = clock
        self._answers: dict[type[Any], Callable[[Bot, Any], Awaitable[Any]]] = {
            methods.GetMe: self._get_me,
            methods.SendMessage: self._send_message,
            methods.SendPhoto: self._send_file("photo"),
            methods.SendVoice: self._send_file("voice"),
            methods.SendAudio: self._send_file("audio"),
            methods.SendDocument: self._send_file("document"),
            methods.SendVideo: self._send_file("document", field="video"),
            methods.SendMediaGroup: self._send_media_group,
            methods.SendLocation: self._send_location,
            methods.SendVenue: self._send_location,
            methods.EditMessageText: self._edit_text,
            methods.EditMessageCaption: self._edit_caption,
            methods.EditMessageReplyMarkup: self._edit_reply_markup,
            methods.EditMessageMedia: self._edit_media,
            methods.DeleteMessage: self._delete_message,
            methods.DeleteMessages: self._delete_messages,
            methods.AnswerCallbackQuery: self._answer_callback_query,
            methods.SendChatAction: self._send_chat_action,
            methods.SetMyCommands: self._set_my_commands,
            methods.DeleteMyCommands: self._delete_my_commands,
            methods.GetMyCommands: self._get_my_commands,
            methods.GetFile: self._get_file,
            methods.GetChat: self._get_chat,
            **dict.fromkeys(_NO_EFFECT, self._accept),
        }

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ARG002, ASYNC109
    ) -> TelegramType:
        """Carry out a method. Raises TelegramBadRequest for what is wrong or not supported."""
        try:
            status, content = 200, {"ok": True, "result": await self._answer(bot, method)}
        except RefusedError as error:
            status = 400
            content = {"ok": False, "error_code": status, "description": f"Bad Request: {error}"}
        response = self.check_response(bot, method, status, json.dumps(content))
        return cast("TelegramType", response.result)

    async def _answer(self, bot: Bot, method: TelegramMethod[TelegramType]) -> Any:
        answer = self._answers.get(type(method))
        if answer is None:
            raise RefusedError(f"the web chat does not support {method.__api_method__}")
        if getattr(method, "business_connection_id", None) or getattr(method, "inline_message_id", None):
            raise RefusedError("the web chat has neither business nor inline messages")
        return await answer(bot, method)

    async def stream_content(
        self,
        url: str,
        headers: dict[str, Any] | None = None,  # noqa: ARG002
        timeout: int = 30,  # noqa: ARG002, ASYNC109
        chunk_size: int = 65536,
        raise_for_status: bool = True,  # noqa: ARG002
    ) -> AsyncGenerator[bytes, None]:
        """Yield a file's content. Raises FileNotFoundError."""
        content = await self._contents.load(url.removeprefix("web:"))
        for begin in range(0, len(content), chunk_size):
            yield content[begin : begin + chunk_size]

    async def close(self) -> None:
        """Nothing is open."""

    # Sending

    async def _send_message(self, bot: Bot, method: methods.SendMessage) -> Json:
        part = text_part(bot, method.text, method.parse_mode, method.entities, CAPABILITIES)
        return await self._send(method.chat_id, part, method.reply_markup)

    def _send_file(self, kind: str, field: str = "") -> Callable[[Bot, Any], Awaitable[Json]]:
        async def send(bot: Bot, method: Any) -> Json:
            caption = caption_part(
                bot, method.caption, method.parse_mode, method.caption_entities, CAPABILITIES
            )
            await self._known(method.chat_id)
            duration = getattr(method, "duration", None) or 0
            file = await self._files.keep(bot, getattr(method, field or kind), kind, duration)
            return await self._send(
                method.chat_id, {**updates.media(file), **caption}, method.reply_markup, file.id
            )

        return send

    async def _send_media_group(self, bot: Bot, method: methods.SendMediaGroup) -> Sequence[Json]:
        if not 2 <= len(method.media) <= 10:
            raise RefusedError("wrong number of items in the album: 2 to 10")
        visitor_id = await self._known(method.chat_id)
        group = secrets.token_hex(8)
        bodies, files = [], []
        for item in method.media:
            part, file = await self._media_part(bot, item)
            bodies.append(self._body(visitor_id, {**part, "media_group_id": group}))
            files.append(file.id)
        return await self._store_messages(visitor_id, bodies, files, None)

    async def _send_location(self, _bot: Bot, method: methods.SendLocation | methods.SendVenue) -> Json:
        if not (-90 <= method.latitude <= 90 and -180 <= method.longitude <= 180):
            raise RefusedError("wrong location specified")
        place = {"latitude": method.latitude, "longitude": method.longitude}
        part: Json = {"location": place}
        if isinstance(method, methods.SendVenue):
            part["venue"] = {"location": place, "title": method.title, "address": method.address}
        return await self._send(method.chat_id, part, method.reply_markup)

    async def _send(self, chat_id: int | str, part: Json, markup: Any, *files: str) -> Json:
        visitor_id = await self._known(chat_id)
        body = self._body(visitor_id, {**part, **inline_part(markup)})
        return (await self._store_messages(visitor_id, [body], files, keyboard_part(markup)))[0]

    async def _store_messages(
        self, visitor_id: int, bodies: Sequence[Json], files: Sequence[str], keyboard: Json | None
    ) -> Sequence[Json]:
        sent = await self._store.send(visitor_id, bodies, files, keyboard, self._clock.now())
        if sent is None:
            raise RefusedError("chat not found")
        self._hub.wake(visitor_id)
        return sent

    def _body(self, visitor_id: int, part: Json) -> Json:
        return {
            "message_id": 0,
            "date": int(self._clock.now().timestamp()),
            "chat": updates.chat(visitor_id),
            "from": updates.bot_user(),
            **part,
        }

    async def _media_part(self, bot: Bot, item: Any) -> tuple[Json, File]:
        kind = _SHOWN_AS.get(type(item))
        if kind is None:
            raise RefusedError(f"the web chat does not show media of type {item.type}")
        caption = caption_part(bot, item.caption, item.parse_mode, item.caption_entities, CAPABILITIES)
        file = await self._files.keep(bot, item.media, kind, getattr(item, "duration", None) or 0)
        return {**updates.media(file), **caption}, file

    # Changing

    async def _edit_text(self, bot: Bot, method: methods.EditMessageText) -> Json:
        if method.text is None:
            raise RefusedError("the web chat has no rich messages")
        part = text_part(bot, method.text, method.parse_mode, method.entities, CAPABILITIES)
        part |= inline_part(method.reply_markup)
        return await self._edit(method, part, ("text", "entities", "reply_markup"), needs="text")

    async def _edit_caption(self, bot: Bot, method: methods.EditMessageCaption) -> Json:
        part = caption_part(bot, method.caption, method.parse_mode, method.caption_entities, CAPABILITIES)
        part |= inline_part(method.reply_markup)
        return await self._edit(method, part, ("caption", "caption_entities", "reply_markup"))

    async def _edit_reply_markup(self, _bot: Bot, method: methods.EditMessageReplyMarkup) -> Json:
        return await self._edit(method, inline_part(method.reply_markup), ("reply_markup",))

    async def _edit_media(self, bot: Bot, method: methods.EditMessageMedia) -> Json:
        part, file = await self._media_part(bot, method.media)
        return await self._edit(
            method, {**part, **inline_part(method.reply_markup)}, _CHANGED, files=(file.id,)
        )

    async def _edit(
        self, method: Any, part: Json, fields: Sequence[str], *, needs: str = "", files: Sequence[str] = ()
    ) -> Json:
        if method.chat_id is None or method.message_id is None:
            raise RefusedError("message identifier is not specified")
        visitor_id = await self._known(method.chat_id)
        now = self._clock.now()

        def change(message: Message) -> Json:
            if message.from_visitor:
                raise RefusedError("message can't be edited")
            if needs and needs not in message.body:
                raise RefusedError("there is no text in the message to edit")
            if {key: message.body[key] for key in fields if key in message.body} == part:
                raise RefusedError("message is not modified")
            kept = {key: value for key, value in message.body.items() if key not in fields}
            # A change of the buttons alone does not make a message 'edited' for its reader.
            seen = {} if fields == ("reply_markup",) else {"edit_date": int(now.timestamp())}
            return {**kept, **part, **seen}

        changed = await self._store.change(visitor_id, method.message_id, change, files, now)
        if changed is None:
            raise RefusedError("message to edit not found")
        self._hub.wake(visitor_id)
        return changed

    async def _delete_message(self, _bot: Bot, method: methods.DeleteMessage) -> bool:
        if not await self._delete(method.chat_id, [method.message_id]):
            raise RefusedError("message to delete not found")
        return True

    async def _delete_messages(self, _bot: Bot, method: methods.DeleteMessages) -> bool:
        if not 1 <= len(method.message_ids) <= 100:
            raise RefusedError("wrong number of messages: 1 to 100")
        await self._delete(method.chat_id, method.message_ids)
        return True

    async def _delete(self, chat_id: int | str, message_ids: Sequence[int]) -> int:
        visitor_id = await self._known(chat_id)
        deleted = await self._store.delete(visitor_id, message_ids, self._clock.now())
        self._hub.wake(visitor_id)
        return deleted

    # The rest

    async def _get_me(self, _bot: Bot, _method: methods.GetMe) -> Json:
        return {**updates.bot_user(), "can_join_groups": False, "supports_inline_queries": False}

    async def _get_chat(self, _bot: Bot, method: methods.GetChat) -> Json:
        visitor_id = await self._known(method.chat_id)
        return {
            **updates.chat(visitor_id),
            "accent_color_id": 0,
            "max_reaction_count": 0,
            "accepted_gift_types": dict.fromkeys(_GIFTS, False),
        }

    async def _answer_callback_query(self, _bot: Bot, method: methods.AnswerCallbackQuery) -> bool:
        text = method.text or ""
        if len(text) > 200:
            raise RefusedError("MESSAGE_TOO_LONG")
        number = method.callback_query_id
        visitor_id = await self._store.visitor_of(int(number)) if number.isdecimal() else None
        if visitor_id is None:
            raise RefusedError("query is too old and response timeout expired or query ID is invalid")
        frame = {"type": "answered", "query": number, "text": text, "alert": bool(method.show_alert)}
        self._hub.tell(visitor_id, frame)
        return True

    async def _send_chat_action(self, _bot: Bot, method: methods.SendChatAction) -> bool:
        visitor_id = await self._known(method.chat_id)
        self._hub.tell(visitor_id, {"type": "typing"})
        return True

    async def _set_my_commands(self, _bot: Bot, method: methods.SetMyCommands) -> bool:
        commands = [{"command": c.command, "description": c.description} for c in method.commands]
        await self._store.set_commands(_scope(method.scope), method.language_code or "", commands)
        return True

    async def _delete_my_commands(self, _bot: Bot, method: methods.DeleteMyCommands) -> bool:
        await self._store.set_commands(_scope(method.scope), method.language_code or "", None)
        return True

    async def _get_my_commands(self, _bot: Bot, method: methods.GetMyCommands) -> Sequence[Json]:
        return await self._store.commands([_scope(method.scope)], [method.language_code or ""])

    async def _get_file(self, _bot: Bot, method: methods.GetFile) -> Json:
        file = await self._store.file(method.file_id)
        if file is None:
            raise RefusedError("wrong file_id or the file is temporarily unavailable")
        return {
            "file_id": file.id,
            "file_unique_id": file.digest[:32],
            "file_size": file.size,
            "file_path": file.digest,
        }

    async def _accept(self, _bot: Bot, _method: TelegramMethod[bool]) -> bool:
        return True

    async def _known(self, chat_id: int | str) -> int:
        """Return the visitor's id. Raises RefusedError for one who is not there."""
        try:
            visitor_id = int(chat_id)
        except ValueError:
            raise RefusedError("chat not found") from None
        if await self._store.visitor(visitor_id) is None:
            raise RefusedError("chat not found")
        return visitor_id


def _scope(scope: Any) -> str:
    """Return the name of a command menu's scope, as the browser's menu looks for it."""
    if scope is None:
        return "default"
    chat_id = getattr(scope, "chat_id", None)
    return f"chat:{chat_id}" if chat_id is not None else str(scope.type.value)
