# SPDX-License-Identifier: EUPL-1.2
"""Whatever arrives: no unhandled exception, every button answered, nothing that Telegram would refuse.

Some hundreds of updates in each run; BUURTBRUG_TEST_EXAMPLES=10000 for so many.
"""

import asyncio
import itertools
import os
import shutil
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest_asyncio
from aiogram import Bot
from aiogram.types import Update
from botapi.chats import Callback, Chat
from botapi.server import BotApi
from hypothesis import HealthCheck, Phase, given, settings
from made_updates import FILE, Json, updates
from structlog.testing import capture_logs

from bot.answers.engine import Engine
from bot.answers.lexicon import Lexicon
from bot.app import App, build
from bot.domain.entry import Knowledge
from bot.domain.person import Role
from bot.services.library import Library
from bot.settings import Settings
from handlers.middlewares import flood
from storage.schema import upgrade

EXAMPLES = int(os.environ.get("BUURTBRUG_TEST_EXAMPLES", "300"))
EXPECTED = (
    "query is too old",  # a callback without a real query behind it
    "message to edit not found",
    "message can't be edited",
    "there is no text in the message to edit",
    "message is not modified",  # the same button twice: that screen is there already
)
"""What a server answers about made-up messages, and to who presses twice: no fault of a call."""


@dataclass
class Bottom:
    """The bot without its channels' loops, and the server."""

    app: App
    server: BotApi
    bot: Bot
    loop: asyncio.AbstractEventLoop
    numbers: itertools.count

    async def bring(self, update: Json) -> None:
        """Feed one update, as Telegram's channel does, and look at what came of it."""
        number = next(self.numbers)
        query = update.get("callback_query") or update.get("inline_query")
        callback = None
        if query is not None:
            query["id"] = f"q{number}"
        if "callback_query" in update:
            callback = Callback(query["from"]["id"], query["from"]["id"], time.monotonic())
            self.server.state.callbacks[query["id"]] = callback
        if "inline_query" in update:
            self.server.state.inline[query["id"]] = None
        self._open_chat(update)
        refused = len(self.server.refused)
        with capture_logs() as logged:
            await self.app.feed(
                self.bot, Update.model_validate({"update_id": number, **update}, context={"bot": self.bot})
            )
        failed = [each for each in logged if each["event"] == "update.failed"]
        assert failed == []
        assert callback is None or callback.answers == 1
        wrong = [
            (name, str(why), params)
            for name, params, why in self.server.refused[refused:]
            if not any(known in str(why) for known in EXPECTED) and why.code != 403
        ]
        assert wrong == []

    def _open_chat(self, update: Json) -> None:
        """Let the server know the chat from which it comes."""
        event = next(iter(update.values()))
        about = (event.get("message") or event).get("chat", {})
        if about:
            self.server.state.chats.setdefault(about["id"], Chat(about["id"], about["type"], about))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bottom(
    engine: Engine, knowledge: Knowledge, lexicon: Lexicon, sqlite_template: Path, tmp_path_factory
) -> AsyncIterator[Bottom]:
    folder = tmp_path_factory.mktemp("properties")
    shutil.copy(sqlite_template, folder / "buurtbrug.sqlite3")
    burst, flood.BURST = flood.BURST, 10**9
    async with BotApi(open_chats=True, record=False) as server:
        server.state.files[FILE] = ("photos/made-up.jpg", b"no picture")
        set_up = Settings(
            _env_file=None,
            telegram_token=server.token,
            telegram_api_url=server.url,
            data_dir=folder,
            send_rate=1e9,
        )
        app = await build(set_up, library=Library(knowledge, engine, lexicon))
        await upgrade(app.database)
        bot = next(each.bot for each in app.channels if each.name == "telegram")
        made = Bottom(app, server, bot, asyncio.get_running_loop(), itertools.count(1))
        for user in range(1000, 1003):  # a gebiedsmanager, a key figure and an administrator among them
            person = await app.people.arrive("telegram", user, user, "nl")
            role = (Role.AREA_MANAGER, Role.KEY_FIGURE, Role.ADMINISTRATOR)[user - 1000]
            await app.people.accept(person, await app.people.invite(role, None))
        yield made
        flood.BURST = burst
        await app.database.close()
        for channel in app.channels:
            await channel.bot.session.close()


def test_whatever_arrives(bottom: Bottom, knowledge: Knowledge) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    @given(update=updates(knowledge))
    def bring(update: Json) -> None:
        bottom.loop.run_until_complete(bottom.bring(update))

    bring()
