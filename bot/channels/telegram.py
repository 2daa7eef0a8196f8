# SPDX-License-Identifier: EUPL-1.2
"""Telegram: updates in by long polling or by webhook, each acknowledged only after it was handled."""

import asyncio
import hmac
from collections import defaultdict
from collections.abc import Awaitable, Mapping, Sequence
from hashlib import sha256
from typing import Any, Protocol, cast

import structlog
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode, UpdateType
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramRetryAfter
from aiogram.methods import AnswerCallbackQuery, Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import Message, Update
from aiogram.types.update import UpdateTypeLookupError
from aiohttp import web
from pydantic import ValidationError

from bot.channels.base import Capabilities, Feed

log = structlog.get_logger(__name__)

ALLOWED_UPDATES = [
    UpdateType.MESSAGE,
    UpdateType.CALLBACK_QUERY,
    UpdateType.INLINE_QUERY,
    UpdateType.MY_CHAT_MEMBER,
]
"""Named one by one: leaving the list out would keep the previous setting (Bot API, getUpdates)."""

POLL_SECONDS = 25
PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds to wait after the first, second … failure in a row."""
COUNTED = ("send", "edit", "copy", "forward")
"""Methods that begin like this count as messages."""
REFUSALS = 2
"""So many 429 in a row a reply outlasts."""
LONGEST_PAUSE = 30
"""A reply that would have to wait longer, in seconds, is given up."""
REMEMBERED = (Response[Message], Response[Message | bool], Response[bool])
"""Held only so that they stay: pydantic forgets a generic model that nobody holds, and makes it anew, in some
ten milliseconds, for the next answer of the server."""
WEBHOOK_PATH = "/telegram/webhook"
WEBHOOK_HEADER = "X-Telegram-Bot-Api-Secret-Token"


class Turns(Protocol):
    """Lets a reply wait for its turn, so that replies and relays together stay within Telegram's limits."""

    async def reply(self, chat_id: int) -> None:
        """Wait until a reply to this chat may start."""
        ...

    def accepted(self) -> None:
        """Take note that Telegram took one."""
        ...

    def hold_back(self, chat_id: int, seconds: float) -> None:
        """Take note that Telegram refused one, and for how long."""
        ...


class _WaitForTurn(BaseRequestMiddleware):
    """Counts each message of a conversation in the same budget as what is relayed."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType] | TelegramType:
        """Wait where the method sends or changes a message, then make the request."""
        chat_id = getattr(method, "chat_id", None)
        name = method.__api_method__
        if not (isinstance(chat_id, int) and name.startswith(COUNTED) and name != "sendChatAction"):
            return await make_request(bot, method)
        for _ in range(REFUSALS):
            await self._turns.reply(chat_id)
            try:
                answer = await make_request(bot, method)
            except TelegramRetryAfter as error:
                # It was not taken: the next turn comes when the pause is over.
                self._turns.hold_back(chat_id, error.retry_after)
                if error.retry_after > LONGEST_PAUSE:
                    raise
            else:
                self._turns.accepted()
                return answer
        await self._turns.reply(chat_id)
        return await make_request(bot, method)


class _LateAnswers(BaseRequestMiddleware):
    """Passes over that a pressed button can no longer be answered: what it asked for is done all the same.

    It is so when the bot was away while it was pressed. Telegram then only stops the button from turning.
    """

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType] | TelegramType:
        """Make the request."""
        try:
            return await make_request(bot, method)
        except TelegramBadRequest as error:
            if not isinstance(method, AnswerCallbackQuery) or "query is too old" not in error.message:
                raise
            log.info("telegram.answer_came_late")
            return cast(TelegramType, True)


class _GetUpdates(TelegramMethod[list[dict[str, Any]]]):
    """getUpdates, each update as it came: aiogram's own method fails as a whole when it does not know one."""

    __returning__ = list[dict[str, Any]]
    __api_method__ = "getUpdates"

    offset: int | None = None
    timeout: int | None = None
    allowed_updates: list[str] | None = None


class TelegramChannel:
    """The bot on Telegram. The address of the Bot API server is a setting."""

    name = "telegram"
    capabilities = Capabilities(groups=True, inline=True, replies=True)

    def __init__(
        self, token: str, api_url: str, *, webhook_url: str | None, secret: bytes, turns: Turns
    ) -> None:
        self.bot = Bot(
            token,
            session=AiohttpSession(api=TelegramAPIServer.from_base(api_url)),
            default=DefaultBotProperties(parse_mode=ParseMode.HTML),
        )
        self.bot.session.middleware(_LateAnswers())
        self.bot.session.middleware(_WaitForTurn(turns))
        self._webhook_url = webhook_url
        self._secret = hmac.new(secret, b"telegram webhook", sha256).hexdigest()
        self._feed: Feed | None = None
        self._poller: asyncio.Task[None] | None = None
        self._under_way: set[asyncio.Task[None]] = set()
        self.connected = False
        """Whether the last call to Telegram for updates succeeded."""

    def routes(self) -> list[web.RouteDef]:
        """Return the webhook's route; none with long polling."""
        return [web.post(WEBHOOK_PATH, self._receive)] if self._webhook_url else []

    async def start(self, feed: Feed) -> None:
        """Begin to take in updates."""
        self._feed = feed
        if self._webhook_url:
            await self.bot.set_webhook(
                f"{self._webhook_url}{WEBHOOK_PATH}",
                secret_token=self._secret,
                allowed_updates=[each.value for each in ALLOWED_UPDATES],
            )
            self.connected = True
        else:
            self._poller = asyncio.create_task(self._poll(feed), name="telegram polling")

    async def stop(self) -> None:
        """Take in nothing more, and finish what is under way."""
        if self._poller is not None:
            self._poller.cancel()
            await asyncio.gather(self._poller, return_exceptions=True)
        if self._under_way:
            await asyncio.gather(*self._under_way, return_exceptions=True)
        await self.bot.session.close()

    async def _receive(self, request: web.Request) -> web.Response:
        """Handle an update that Telegram brings; only a 200 tells it not to bring it again."""
        given = request.headers.get(WEBHOOK_HEADER, "")
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            return web.Response(status=401)
        if self._feed is None:
            return web.Response(status=503)
        update = self._read(await request.read())
        if update is None:
            return web.Response(status=200)
        # A connection that Telegram gives up must not cut off what is half done.
        await asyncio.shield(self._track(self._feed(self.bot, update)))
        return web.Response(status=200)

    async def _poll(self, feed: Feed) -> None:
        offset: int | None = None
        failures = 0
        webhook_removed = False
        while True:
            try:
                if not webhook_removed:
                    await self.bot.delete_webhook()
                    webhook_removed = True
                brought = await self.bot(
                    _GetUpdates(
                        offset=offset,
                        timeout=POLL_SECONDS,
                        allowed_updates=[each.value for each in ALLOWED_UPDATES],
                    ),
                    request_timeout=POLL_SECONDS + 10,
                )
            except TelegramRetryAfter as error:
                await asyncio.sleep(error.retry_after)
                continue
            except (TelegramAPIError, OSError, TimeoutError) as error:
                self.connected = False
                pause = PAUSES[min(failures, len(PAUSES) - 1)]
                failures += 1
                log.warning("telegram.unreachable", kind=type(error).__name__, pause=pause)
                await asyncio.sleep(pause)
                continue
            self.connected = True
            failures = 0
            if brought:
                # The next call's offset acknowledges these: so they are handled first, whatever happens.
                understood = [update for each in brought if (update := self._read(each)) is not None]
                await asyncio.shield(self._track(self._handle(feed, understood)))
                offset = int(brought[-1]["update_id"]) + 1

    def _read(self, update: bytes | Mapping[str, Any]) -> Update | None:
        """Return an update, or None for one that cannot be understood: it is not to hold up the others."""
        context = {"bot": self.bot}
        try:
            if isinstance(update, bytes):
                understood = Update.model_validate_json(update, context=context)
            else:
                understood = Update.model_validate(update, context=context)
            _ = understood.event_type  # raises for a kind that this version does not know
        except (ValidationError, UpdateTypeLookupError):
            log.warning("telegram.update_not_understood")
            return None
        return understood

    async def _handle(self, feed: Feed, updates: Sequence[Update]) -> None:
        """Handle a batch: people side by side, each person's updates in their order."""
        by_chat: dict[int, list[Update]] = defaultdict(list)
        for update in updates:
            by_chat[_chat_of(update)].append(update)
        await asyncio.gather(*(self._in_order(feed, each) for each in by_chat.values()))

    async def _in_order(self, feed: Feed, updates: Sequence[Update]) -> None:
        for update in updates:
            await feed(self.bot, update)

    def _track(self, work: Awaitable[None]) -> asyncio.Task[None]:
        async def run() -> None:
            await work

        task = asyncio.create_task(run())
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task


def _chat_of(update: Update) -> int:
    """Return what orders an update: its chat, or its sender where it has none."""
    event = update.event
    message = getattr(event, "message", None)
    chat = getattr(event, "chat", None) or getattr(message, "chat", None)
    if chat is not None:
        return int(chat.id)
    sender = getattr(event, "from_user", None)
    return int(sender.id) if sender is not None else 0
