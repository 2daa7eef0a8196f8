# SPDX-License-Identifier: EUPL-1.2
"""A web chat on loopback, with a few small handlers of its own."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiogram import Bot, Dispatcher, F
from aiogram.filters import Command, CommandStart
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
)
from aiohttp import web

from bot.channels.web import Limits, Rate, WebChannel
from bot.i18n import load_languages
from storage.database import Database
from storage.encryption import Cipher
from storage.sealed_files import web_files
from storage.tables.base import Base
from storage.web import WebStorage

ROOT = Path(__file__).resolve().parents[2]
KEY = b"a secret that only the tests know"
WIDE = Limits(
    messages=Rate(1000, 1000),
    taps=Rate(1000, 1000),
    uploads=Rate(1000, 1000),
    reads=Rate(1000, 1000),
    address_requests=Rate(10000, 10000),
    address_visitors=Rate(1000, 1000),
)
FIRST_WORDS = (
    "<b>Welkom bij Buurtbrug.</b> Ik ben een computerprogramma van de gemeente. Ik geef antwoord op vragen "
    "over wonen.\n\n"
    "<b>أهلاً بك في \u2068Buurtbrug\u2069.</b> أنا برنامج حاسوب تابع للبلدية. أجيب عن أسئلة السكن.\n\n"
    "<b>ናብ \u2068Buurtbrug\u2069 እንቋዕ ብደሓን መጻእኩም።</b> ኣነ ናይ ምምሕዳር ከተማ ኮምፒተር ፕሮግራም እየ። "
    "ብዛዕባ መንበሪ ገዛ ዝምልከት ሕቶታት እምልስ።\n\n"
    "<b>Welcome to Buurtbrug.</b> I am a computer program of the municipality. I answer questions about "
    "housing."
)
LANGUAGES = (("nl", "Nederlands"), ("ar", "العربية"), ("ti", "ትግርኛ"), ("en", "English"))


class Clock:
    """The real time, moved by `ahead`."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def keyboard(*rows: list[tuple[str, str]]) -> InlineKeyboardMarkup:
    """Buttons: rows of (label, callback data)."""
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=label, callback_data=data) for label, data in row] for row in rows
        ]
    )


@dataclass
class Chat:
    """A running chat, and what its handlers saw."""

    channel: WebChannel
    store: WebStorage
    database: Database
    clock: Clock
    url: str
    languages: dict[int, str]
    updates: list[Update] = field(default_factory=list)
    fail: list[Exception] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    seen: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def feed(self, bot: Bot, update: Update) -> None:
        """Handle an update with the small handlers."""
        await self.gate.wait()
        self.updates.append(update)
        async with self.seen:
            self.seen.notify_all()
        if self.fail:
            raise self.fail.pop()
        await self.dispatcher.feed_update(bot, update)

    async def wait_for_updates(self, count: int) -> list[Update]:
        """Wait until so many updates were fed."""
        async with asyncio.timeout(10), self.seen:
            await self.seen.wait_for(lambda: len(self.updates) >= count)
        return self.updates

    def __post_init__(self) -> None:
        self.dispatcher = handlers(self.languages)
        self.gate.set()


def handlers(languages: dict[int, str]) -> Dispatcher:
    """Small handlers that use everything a conversation uses."""
    dispatcher = Dispatcher()

    @dispatcher.message(CommandStart())
    async def start(message: Message) -> None:
        await message.answer(
            FIRST_WORDS, reply_markup=keyboard(*([(name, f"language:{code}")] for code, name in LANGUAGES))
        )

    @dispatcher.callback_query(F.data.startswith("language:"))
    async def choose(query: CallbackQuery) -> None:
        languages[query.from_user.id] = str(query.data).split(":")[1]
        await query.answer()
        assert isinstance(query.message, Message)
        await query.message.edit_reply_markup(reply_markup=None)

    @dispatcher.message(Command("buttons"))
    async def buttons(message: Message) -> None:
        await message.answer("Kies", reply_markup=keyboard([("Een", "one"), ("Twee", "two")]))

    @dispatcher.callback_query(F.data == "one")
    async def one(query: CallbackQuery) -> None:
        assert isinstance(query.message, Message)
        await query.message.edit_text("Nu drie", reply_markup=keyboard([("Drie", "three")]))
        await query.answer("Gelukt")

    @dispatcher.callback_query()
    async def other(query: CallbackQuery) -> None:
        await query.answer("Lees dit eerst.", show_alert=True)

    @dispatcher.message(Command("keyboard"))
    async def reply_keyboard(message: Message) -> None:
        await message.answer(
            "Waar is het?",
            reply_markup=ReplyKeyboardMarkup(
                keyboard=[
                    [KeyboardButton(text="Hier", request_location=True)],
                    [KeyboardButton(text="Thuis")],
                ],
                one_time_keyboard=True,
            ),
        )

    @dispatcher.message(F.photo)
    async def photo(message: Message, bot: Bot) -> None:
        assert message.photo is not None
        content = await bot.download(message.photo[-1])
        assert content is not None
        await message.answer_photo(
            BufferedInputFile(content.read(), "back.jpg"), caption=f"Terug: {message.caption or ''}"
        )

    @dispatcher.message(F.location)
    async def location(message: Message) -> None:
        assert message.location is not None
        await message.answer_venue(
            message.location.latitude,
            message.location.longitude,
            "Doelenplein",
            "Montfoort",
            reply_markup=ReplyKeyboardRemove(),
        )

    @dispatcher.message(F.voice | F.document)
    async def file(message: Message) -> None:
        await message.answer("Ontvangen")

    @dispatcher.message()
    async def echo(message: Message) -> None:
        await message.answer(f"<b>Echo:</b> {message.html_text}")

    return dispatcher


@asynccontextmanager
async def running_chat(
    folder: Path,
    *,
    limits: Limits = WIDE,
    frame_ancestors: tuple[str, ...] = (),
    gate: asyncio.Event | None = None,
    port: int = 0,
    prepare: Callable[[WebChannel], Awaitable[Any]] | None = None,
) -> AsyncIterator[Chat]:
    """Run a chat with its database in a folder; a second one there finds what the first one left."""
    database = Database(f"sqlite+aiosqlite:///{folder / 'chat.sqlite3'}")
    async with database.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    listening = socket.create_server(("127.0.0.1", port))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    clock = Clock()
    languages: dict[int, str] = {}

    async def language_of(user_id: int) -> str | None:
        return languages.get(user_id)

    store = WebStorage(database, Cipher([KEY]))
    channel = WebChannel(
        store,
        web_files(folder, [KEY]),
        keys=[KEY],
        public_url=url,
        municipality="Gemeente Montfoort",
        languages=load_languages(ROOT / "locales"),
        locales=ROOT / "locales",
        clock=clock,
        frame_ancestors=frame_ancestors,
        language_of=language_of,
        limits=limits,
    )
    chat = Chat(channel, store, database, clock, url, languages)
    if gate is not None:
        chat.gate = gate
    app = web.Application()
    app.add_routes(channel.routes())
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.SockSite(runner, listening).start()
    await channel.bot.set_my_commands(
        [
            BotCommand(command="vraag", description="Stel een vraag"),
            BotCommand(command="melding", description="Meld iets in de buurt"),
            BotCommand(command="taal", description="Kies een andere taal"),
            BotCommand(command="contact", description="Vraag een mens"),
        ]
    )
    if prepare is not None:
        await prepare(channel)
    await channel.start(chat.feed)
    try:
        yield chat
    finally:
        await channel.stop()
        await runner.cleanup()
        await database.close()
