# SPDX-License-Identifier: EUPL-1.2
"""The server: `async with BotApi() as server:` and then `server.url` and `server.token`."""

import json
import time
from collections.abc import Callable
from typing import Any, Self

from aiohttp import web

from botapi.chats import LARGEST_DOWNLOAD, Call, Callback, Chat, Json, State
from botapi.faults import DroppedError, Fault, Limits
from botapi.kinds import Method, RefusedError
from botapi.methods import METHODS
from botapi.people import Group, Person
from botapi.reading import read
from botapi.sending import Sending
from botapi.updates import Updates

TOKEN = "424242:tests-only-AAF0bot0api0token00000000"
LARGEST_BODY = 64 * 1024 * 1024
NOT_RECORDED = frozenset({"getUpdates"})
COUNTED = ("send", "copy", "forward")


class BotApi:
    """A Bot API server on loopback. `calls` holds every accepted call, `refused` every refused one.

    For load tests: `check_html=False` leaves out entity parsing, `record=False` keeps no calls, and
    `open_chats=True` lets the bot write to any private chat.
    """

    def __init__(
        self,
        token: str = TOKEN,
        *,
        check_html: bool = True,
        record: bool = True,
        open_chats: bool = False,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.token = token
        self.bot: Json = {
            "id": int(token.split(":", maxsplit=1)[0]),
            "is_bot": True,
            "first_name": "Buurtbrug",
            "username": "buurtbrug_test_bot",
        }
        self.state = State(self.bot, now)
        self.updates = Updates()
        self.calls: list[Call] = []
        self.refused: list[tuple[str, Json, RefusedError]] = []
        self.faults: list[Fault] = []
        self.limits: Limits | None = None
        self.refused_languages: set[str] = set()
        """Codes that setMyCommands refuses."""
        self.callback_seconds = 60.0
        """How long a pressed button may be answered."""
        self.url = ""
        self._record = record
        self._open_chats = open_chats
        self._sending = Sending(self.state, check_html=check_html)
        self._prefix = f"/bot{token}/"
        self._files = f"/file/bot{token}/"
        self._runner: web.ServerRunner | None = None
        self._people = 0
        self._methods = self._carry_out()

    async def __aenter__(self) -> Self:
        """Listen on a free port of loopback."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close."""
        await self.stop()

    async def start(self, port: int = 0) -> None:
        """Listen on loopback; port 0 takes a free one."""
        server = web.Server(self._handle, request_factory=_request, access_log=None)
        self._runner = web.ServerRunner(server, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Take nothing more."""
        await self.updates.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def person(self, language_code: str | None = "nl", name: str = "", user_id: int | None = None) -> Person:
        """Return somebody new who can chat with the bot."""
        self._people += 1
        number = user_id or 1000 + self._people
        about: Json = {"id": number, "is_bot": False, "first_name": name or f"Person {self._people}"}
        if language_code is not None:
            about["language_code"] = language_code
        self.state.people[number] = about
        self.state.private(number).started = False
        return Person(self, about)

    def group(self, title: str = "Group", *, forum: bool = False, kind: str = "supergroup") -> Group:
        """Return a new group, without the bot."""
        return Group(self, title, kind=kind, forum=forum)

    def goes_wrong(self, **how: Any) -> Fault:
        """Let calls go wrong: see Fault. The one added last comes first."""
        fault = Fault(**how)
        self.faults.insert(0, fault)
        return fault

    def limit(
        self, per_second: int | None = 30, per_chat: int | None = None, per_group_minute: int | None = 20
    ) -> None:
        """Refuse with 429 what exceeds Telegram's limits."""
        self.limits = Limits(per_second, per_chat, per_group_minute)

    def sent(self, chat_id: int | None = None, method: str | None = None) -> list[Call]:
        """Return the accepted calls, of one chat or method where given."""
        return [
            call
            for call in self.calls
            if (chat_id is None or call.params.get("chat_id") == chat_id)
            and (method is None or call.method == method)
        ]

    async def quiet(self, seconds: float = 10) -> None:
        """Wait until the bot has acknowledged every update."""
        await self.updates.quiet(seconds)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.path
        if not path.startswith(self._prefix):
            return self._download(path)
        name = path[len(self._prefix) :]
        params: Json = {}
        try:
            params = await read(request, _method(name))
            fault = next((each for each in self.faults if each.concerns(name, params)), None)
            if fault is not None:
                await fault.before()
            result = await self._do(name, params)
            if fault is not None:
                fault.finish()
        except RefusedError as refusal:
            self.refused.append((name, params, refusal))
            return _refusal(refusal)
        except DroppedError:
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=500)
        return web.Response(
            body=json.dumps({"ok": True, "result": result}, ensure_ascii=False).encode(),
            content_type="application/json",
        )

    async def _do(self, name: str, params: Json) -> Any:
        if name == "getUpdates":
            return await self.updates.get(params)
        if name.startswith(COUNTED) and name != "sendChatAction":
            if self._open_chats and params["chat_id"] > 0:
                self.state.private(params["chat_id"])
            if self.limits is not None:
                self.limits.check(params["chat_id"])
        result = self._methods[name](params)
        if self._record:
            self.calls.append(Call(name, params, time.monotonic(), result))
        return result

    def _carry_out(self) -> dict[str, Callable[[Json], Any]]:
        sending, state = self._sending, self.state
        return {
            "getMe": lambda _: {
                **self.bot,
                "can_join_groups": True,
                "can_read_all_group_messages": False,
                "supports_inline_queries": True,
            },
            "logOut": lambda _: True,
            "close": lambda _: True,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": lambda _: {
                "url": self.updates.webhook,
                "has_custom_certificate": False,
                "pending_update_count": len(self.updates.waiting),
            },
            "sendMessage": sending.text,
            "sendPhoto": lambda params: sending.file("photo", params),
            "sendDocument": lambda params: sending.file("document", params),
            "sendVoice": lambda params: sending.file("voice", params),
            "sendAudio": lambda params: sending.file("audio", params),
            "sendMediaGroup": sending.album,
            "sendLocation": sending.location,
            "copyMessage": lambda params: {"message_id": sending.copy(params)["message_id"]},
            "forwardMessage": sending.copy,
            "editMessageText": sending.edit_text,
            "editMessageCaption": sending.edit_caption,
            "editMessageMedia": sending.edit_media,
            "editMessageReplyMarkup": sending.edit_markup,
            "deleteMessage": sending.delete,
            "deleteMessages": self._delete_messages,
            "answerCallbackQuery": self._answer_callback,
            "answerInlineQuery": self._answer_inline,
            "sendChatAction": lambda params: bool(state.to_write(params["chat_id"])),
            "getChat": lambda params: {
                **state.to_write(params["chat_id"]).about,
                "accent_color_id": 0,
                "max_reaction_count": 11,
                "accepted_gift_types": {
                    "unlimited_gifts": True,
                    "limited_gifts": True,
                    "unique_gifts": True,
                    "premium_subscription": True,
                    "gifts_from_channels": True,
                },
            },
            "getChatMember": self._member,
            "getChatAdministrators": self._administrators,
            "getChatMemberCount": lambda params: len(state.to_write(params["chat_id"]).members),
            "leaveChat": self._leave,
            "pinChatMessage": self._pin,
            "unpinChatMessage": lambda params: bool(state.to_write(params["chat_id"]).pinned.clear() or 1),
            "setMyCommands": self._set_commands,
            "getMyCommands": lambda params: state.commands.get(_scope(params), []),
            "deleteMyCommands": lambda params: state.commands.pop(_scope(params), None) is None or True,
            "setMyDescription": lambda _: True,
            "setMyShortDescription": lambda _: True,
            "getFile": self._get_file,
        }

    def _set_webhook(self, params: Json) -> bool:
        self.updates.set_webhook(params)
        return True

    def _delete_webhook(self, params: Json) -> bool:
        self.updates.webhook = ""
        if params.get("drop_pending_updates"):
            self.updates.drop()
        return True

    def _delete_messages(self, params: Json) -> bool:
        for number in params["message_ids"]:
            self._sending.delete({"chat_id": params["chat_id"], "message_id": number})
        return True

    def _answer_callback(self, params: Json) -> bool:
        callback: Callback | None = self.state.callbacks.get(params["callback_query_id"])
        late = callback is not None and time.monotonic() - callback.at > self.callback_seconds
        if callback is None or callback.answers or late:
            raise RefusedError(
                "Bad Request: query is too old and response timeout expired or query ID is invalid"
            )
        callback.answers += 1
        callback.answer = params
        if chat := self.state.chats.get(callback.chat_id):
            chat.tell()
        return True

    def _answer_inline(self, params: Json) -> bool:
        query_id = params["inline_query_id"]
        if self.state.inline.get(query_id, params) is not None:
            raise RefusedError(
                "Bad Request: query is too old and response timeout expired or query ID is invalid"
            )
        ids = [each["id"] for each in params["results"]]
        if len(set(ids)) != len(ids):
            raise RefusedError("Bad Request: RESULT_ID_DUPLICATE")
        self.state.inline[query_id] = params
        return True

    def _member(self, params: Json) -> Json:
        chat = self.state.to_write(params["chat_id"])
        status = chat.members.get(params["user_id"])
        if status is None:
            raise RefusedError("Bad Request: PARTICIPANT_ID_INVALID")
        user = self.bot if params["user_id"] == self.bot["id"] else self.state.people[params["user_id"]]
        return {"status": status, "user": user, **({"is_anonymous": False} if status == "creator" else {})}

    def _administrators(self, params: Json) -> list[Json]:
        chat = self.state.to_write(params["chat_id"])
        return [
            self._member({"chat_id": chat.id, "user_id": user})
            for user, status in chat.members.items()
            if status == "creator"
        ]

    def _leave(self, params: Json) -> bool:
        chat = self._group(params)
        chat.blocked = f"bot is not a member of the {chat.kind} chat"
        chat.members[self.bot["id"]] = "left"
        chat.tell()
        return True

    def _group(self, params: Json) -> Chat:
        chat = self.state.to_write(params["chat_id"])
        if chat.kind == "private":
            raise RefusedError("Bad Request: method is available for groups only")
        return chat

    def _pin(self, params: Json) -> bool:
        chat = self.state.to_write(params["chat_id"])
        if params["message_id"] not in chat.messages:
            raise RefusedError("Bad Request: message to pin not found")
        chat.pinned.append(params["message_id"])
        return True

    def _set_commands(self, params: Json) -> bool:
        code = params.get("language_code", "")
        if code in self.refused_languages:
            raise RefusedError("Bad Request: invalid language code specified")
        scope = params.get("scope", {})
        if "chat_id" in scope:
            self.state.to_write(scope["chat_id"])
        self.state.commands[_scope(params)] = params["commands"]
        return True

    def _get_file(self, params: Json) -> Json:
        kept = self.state.files.get(params["file_id"])
        if kept is None:
            raise RefusedError("Bad Request: wrong file_id or the file is temporarily unavailable")
        if len(kept[1]) > LARGEST_DOWNLOAD:
            raise RefusedError("Bad Request: file is too big")
        return {
            "file_id": params["file_id"],
            "file_unique_id": f"U{params['file_id']}",
            "file_size": len(kept[1]),
            "file_path": kept[0],
        }

    def _download(self, path: str) -> web.Response:
        if path.startswith(self._files):
            wanted = path[len(self._files) :]
            for name, content in self.state.files.values():
                if name == wanted:
                    return web.Response(body=content, content_type="application/octet-stream")
            return _refusal(RefusedError("Not Found", 404))
        return _refusal(RefusedError("Unauthorized", 401))


def _method(name: str) -> Method:
    method = METHODS.get(name)
    if method is None:
        raise RefusedError("Not Found: method not found", 404)
    return method


def _scope(params: Json) -> tuple[str, int, int, str]:
    scope = params.get("scope", {"type": "default"})
    code = params.get("language_code", "")
    return scope["type"], scope.get("chat_id", 0), scope.get("user_id", 0), code


def _refusal(refusal: RefusedError) -> web.Response:
    body: Json = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.extra:
        body["parameters"] = refusal.extra
    return web.json_response(body, status=refusal.code)


def _request(*parts: Any) -> web.BaseRequest:
    message, payload, protocol, writer, task = parts
    return web.BaseRequest(
        message, payload, protocol, writer, task, protocol._loop, client_max_size=LARGEST_BODY
    )
