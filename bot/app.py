# SPDX-License-Identifier: EUPL-1.2
"""The composition root: the only module that knows everything and puts it together."""

import asyncio
import gc
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import structlog
from aiogram import Bot, Dispatcher
from aiogram.fsm.storage.base import BaseEventIsolation, BaseStorage
from aiogram.fsm.storage.memory import SimpleEventIsolation
from aiogram.types import Update
from aiohttp import web

from bot import health
from bot.broadcasting import Broadcasting
from bot.channels.base import Channel
from bot.channels.telegram import TelegramChannel
from bot.channels.web.channel import WebChannel
from bot.clock import Job, LeaderClock, SystemClock
from bot.content.index import load_or_build, stored
from bot.content.lexicon import load_lexicon
from bot.content.loader import load_knowledge
from bot.content.municipality import load_municipality
from bot.domain.municipality import Municipality
from bot.domain.person import Role
from bot.i18n import Languages, Texts, load_languages
from bot.metrics import Metrics
from bot.refresh import EVERY_SECONDS, Refresh
from bot.relay.gate import Gate
from bot.relay.senders import Sender
from bot.relay.sharing import Sharing
from bot.relay.telegram_sender import TelegramSender
from bot.relay.web_sender import WebSender
from bot.relay.worker import RelayWorker, places_for
from bot.report_wiring import put_together
from bot.services.asking import AskingService
from bot.services.library import Library
from bot.services.people import PeopleService
from bot.services.ports import Clock
from bot.services.questions import QuestionService
from bot.settings import LOCALES, Settings, TelegramMode
from handlers import build_router
from handlers.links import InvitationLinks
from handlers.menu_publishing import publish
from handlers.middlewares.buttons import ButtonsMiddleware
from handlers.middlewares.flood import FloodMiddleware
from handlers.middlewares.inbox import InboxMiddleware
from handlers.middlewares.person import PersonMiddleware
from handlers.notices import ChatQuestionNotices
from storage.database import Database
from storage.deliveries import SqlDeliveries
from storage.encryption import Cipher
from storage.fsm import SqlStorage
from storage.inbox import SqlInbox
from storage.leases import SqlLeases
from storage.media import FileMedia
from storage.redis_fsm import event_isolation, fsm_storage
from storage.retention import clean
from storage.schema import current, upgrade
from storage.sealed_files import media_files, web_files
from storage.unit_of_work import SqlUnitOfWork
from storage.web import WebStorage
from storage.workers import SqlWorkers

log = structlog.get_logger(__name__)

FREE_RATE = 30
"""Messages a second that Telegram lets a bot send without a fee."""
SHUTDOWN_SECONDS = 20.0
"""How long what is under way may take to finish at shutdown."""


@dataclass
class App:
    """A whole bot, put together and ready to start. Made by `build`."""

    settings: Settings
    database: Database
    languages: Languages
    municipality: Municipality
    people: PeopleService
    library: Library
    dispatcher: Dispatcher
    channels: tuple[Channel, ...]
    web: web.Application
    clock: LeaderClock
    relay: RelayWorker
    metrics: Metrics
    links: InvitationLinks
    _closing: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def start(self) -> None:
        """Bring the database up to date and open every way in."""
        await upgrade(self.database)
        await self.dispatcher.emit_startup(**self.dispatcher.workflow_data)
        runner = web.AppRunner(self.web, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        await runner.setup()
        self._closing.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, self.settings.host, self.settings.port).start()
        texts = Texts(self.languages, None, self.municipality.zone)
        for channel in self.channels:
            await channel.start(self.feed)
            self._closing.push_async_callback(channel.stop)
            await publish(channel.bot, texts)
        await self.relay.start()
        self._closing.push_async_callback(self.relay.stop)
        await self.clock.start()
        self._closing.push_async_callback(self.clock.stop)
        # What was loaded stays for good: the collector need not look at it again.
        gc.freeze()

    async def stop(self) -> None:
        """Take in nothing more, finish what is under way, close everything."""
        await self._closing.aclose()
        await self.dispatcher.emit_shutdown(**self.dispatcher.workflow_data)
        await self.dispatcher.storage.close()
        await self.database.close()

    async def feed(self, bot: Bot, update: Update) -> None:
        """Handle one update whole, and count it."""
        name = next(channel.name for channel in self.channels if channel.bot is bot)
        began = time.perf_counter()
        self.metrics.under_way.inc()
        try:
            await self.dispatcher.feed_update(bot, update)
        except Exception:
            self.metrics.updates.labels(name, "failed").inc()
            raise
        else:
            self.metrics.updates.labels(name, "handled").inc()
        finally:
            self.metrics.under_way.dec()
            self.metrics.seconds.labels(name).observe(time.perf_counter() - began)


async def build(settings: Settings, clock: Clock | None = None, library: Library | None = None) -> App:
    """Put a bot together from its settings. Opens no port and sends nothing yet.

    `library` is for those who have read the content already. Raises ContentError, CatalogueError or OSError
    when the content, a language or a folder cannot be read.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    time_of_day = clock or SystemClock()
    municipality = load_municipality(settings.content)
    languages = load_languages(LOCALES, only=municipality.languages)
    if library is None:
        library = await asyncio.to_thread(load_library, settings.content, settings.data_dir)
    keys = settings.keys()
    database = Database(settings.database)
    cipher = Cipher(keys)

    def work() -> SqlUnitOfWork:
        return SqlUnitOfWork(database, cipher, queued=relay.wake)  # made below

    def reading() -> SqlUnitOfWork:
        return SqlUnitOfWork(database, cipher, reading=True)

    people = PeopleService(work, time_of_day, languages, reading)
    notices = ChatQuestionNotices(languages, municipality.zone)
    gate = Gate(settings.send_rate)
    media = FileMedia(media_files(settings.data_dir, keys), database)

    async def language_of(user_id: int) -> str | None:
        return await people.language_of(WebChannel.name, user_id)

    web_channel = WebChannel(
        WebStorage(database, cipher),
        web_files(settings.data_dir, keys),
        keys=keys,
        public_url=settings.address,
        municipality=municipality.name,
        languages=languages,
        locales=LOCALES,
        clock=time_of_day,
        frame_ancestors=settings.frame_ancestors.split(),
        trusted_proxies=settings.trusted_proxies,
        language_of=language_of,
    )
    telegram = _telegram(settings, keys[0], gate)
    senders: dict[str, Sender] = {web_channel.name: WebSender(web_channel.bot, media, time_of_day)}
    if telegram is not None:
        senders[telegram.name] = TelegramSender(
            telegram.bot.token,
            settings.telegram_api_url,
            gate,
            media,
            time_of_day,
            paid=settings.send_rate > FREE_RATE,
        )
    deliveries = SqlDeliveries(database, cipher)
    sharing = Sharing(SqlWorkers(database), deliveries, gate, TelegramChannel.name, time_of_day)
    relay = RelayWorker(deliveries, senders, time_of_day, places_for(settings.send_rate), sharing)
    channels: tuple[Channel, ...] = (web_channel, *([telegram] if telegram else []))
    links = InvitationLinks(settings.address, tuple([telegram.bot] if telegram else []))
    broadcasting = Broadcasting(
        work,
        time_of_day,
        municipality,
        languages,
        settings.content,
        rate=settings.send_rate,
        overdue_after=timedelta(minutes=settings.overdue_minutes),
    )
    storage, isolation = _conversations(settings, database, cipher)
    dispatcher = Dispatcher(
        storage=storage,
        events_isolation=isolation,
        people=people,
        asking=AskingService(work, reading, time_of_day, library, municipality),
        questions=QuestionService(work, time_of_day, municipality, notices),
        library=library,
        municipality=municipality,
        links=links,
        bots={each.name: each.bot for each in channels},
        clock=time_of_day,
        media=media,
        **broadcasting.injected(),
    )
    reporting = put_together(
        work,
        time_of_day,
        settings,
        municipality,
        languages,
        LOCALES,
        media,
        database,
        cipher,
        broadcasting.broadcasts,
    )
    dispatcher.workflow_data.update(reporting.services())
    _around_every_update(dispatcher, channels, people, languages, municipality, database)
    dispatcher.include_router(build_router())
    metrics = Metrics()
    application = web.Application()
    application.add_routes(web_channel.routes())
    application.add_routes(broadcasting.routes())
    if telegram is not None:
        application.add_routes(telegram.routes())
    application.add_routes(health.routes(_checks(database, telegram), metrics))
    leader = LeaderClock(SqlLeases(database), municipality.zone, SystemClock())
    leader.add(Job("retention", lambda: clean(database, time_of_day.now()), daily_at=(3, 15)))
    leader.add(Job("web chat retention", web_channel.sweep, daily_at=(3, 30)))
    leader.add(Job("files left behind", media.clean_up, daily_at=(4, 0)))
    refresh = Refresh(
        library,
        (settings.content, LOCALES),
        lambda: load_library(settings.content, settings.data_dir),
        learn_command(settings.content, settings.data_dir),
    )
    leader.add(Job("content", refresh.run, every_seconds=EVERY_SECONDS, everywhere=True))
    for job in broadcasting.jobs():
        leader.add(job)
    for job in reporting.jobs():
        leader.add(job)
    return App(
        settings=settings,
        database=database,
        languages=languages,
        municipality=municipality,
        people=people,
        library=library,
        dispatcher=dispatcher,
        channels=channels,
        web=application,
        clock=leader,
        relay=relay,
        metrics=metrics,
        links=links,
    )


@asynccontextmanager
async def running(
    settings: Settings, clock: Clock | None = None, library: Library | None = None
) -> AsyncIterator[App]:
    """Run a bot for the length of a block."""
    app = await build(settings, clock, library)
    try:
        await app.start()
        yield app
    finally:
        await app.stop()


async def run_until_stopped(settings: Settings) -> None:
    """Run until SIGINT or SIGTERM, then finish what is under way."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows has no signal handlers in a loop
            loop.add_signal_handler(number, stop.set)
    async with running(settings) as app:
        await announce(app)
        await stop.wait()
        log.info("app.stopping")


async def announce(app: App) -> None:
    """Print where the chat is, whether Telegram is connected, and at first an invitation."""
    lines = [f"Buurtbrug for {app.municipality.name} is running.", f"  Web chat:  {app.settings.address}/"]
    telegram = next((each for each in app.channels if each.name == "telegram"), None)
    if telegram is None:
        lines.append("  Telegram:  not connected (set BUURTBRUG_TELEGRAM_TOKEN to connect it)")
    else:
        lines.append(f"  Telegram:  @{(await telegram.bot.me()).username}")
    if not await app.people.anybody_has(Role.AREA_MANAGER):
        token = await app.people.invite(Role.AREA_MANAGER, None)
        lines.append("  First gebiedsmanager: open this link once, within 7 days:")
        lines += [f"    {name}: {link}" for name, link in (await app.links.all(token)).items()]
    print("\n".join(lines), flush=True)  # noqa: T201 - this is what the command is for


def learn_command(content: Path, data_dir: Path) -> tuple[str, ...]:
    """Return what Python is to run, so that the index of this content lies in `data_dir`."""
    return ("-m", "bot.learn", str(content), str(data_dir))


def load_library(content: Path, data_dir: Path) -> Library:
    """Read the content and make, or read back, the index of its questions.

    What is not learnt yet is learnt in a process of its own, with which the memory that it takes is gone.
    """
    knowledge = load_knowledge(content)
    lexicon = load_lexicon(LOCALES)
    engine = stored(knowledge, lexicon, data_dir)
    if engine is None:
        learn = [sys.executable, *learn_command(content, data_dir)]
        # Where that fails it says why, and the learning is done here.
        subprocess.run(learn, check=False)  # noqa: S603  this very program
        engine = load_or_build(knowledge, lexicon, data_dir)
    return Library(knowledge, engine, lexicon)


def _conversations(
    settings: Settings, database: Database, cipher: Cipher
) -> tuple[BaseStorage, BaseEventIsolation]:
    """Return where half-written forms are kept, and what keeps one person's updates in order.

    Redis where there are several replicas: they must not handle one person's updates side by side.
    """
    if not settings.redis_url:
        return SqlStorage(database, cipher), SimpleEventIsolation()
    storage = fsm_storage(settings.redis_url, cipher)
    return storage, event_isolation(storage)


def _around_every_update(
    dispatcher: Dispatcher,
    channels: tuple[Channel, ...],
    people: PeopleService,
    languages: Languages,
    municipality: Municipality,
    database: Database,
) -> None:
    """Put in place what happens around every update, the outermost first."""
    outer = dispatcher.update.outer_middleware
    buttons = ButtonsMiddleware()
    for channel in channels:
        buttons.watch(channel.bot)
    outer(buttons)
    outer(
        PersonMiddleware(people, languages, municipality.zone, {each.bot.id: each.name for each in channels})
    )
    outer(FloodMiddleware())
    outer(InboxMiddleware(SqlInbox(database)))


def _telegram(settings: Settings, secret: bytes, gate: Gate) -> TelegramChannel | None:
    if settings.telegram_token is None:
        return None
    webhook = settings.public_url if settings.telegram_mode is TelegramMode.WEBHOOK else None
    return TelegramChannel(
        settings.telegram_token.get_secret_value(),
        settings.telegram_api_url,
        webhook_url=webhook,
        secret=secret,
        turns=gate,
    )


def _checks(database: Database, telegram: TelegramChannel | None) -> dict[str, health.Check]:
    async def database_works() -> bool:
        return await current(database) is not None

    async def telegram_connected() -> bool:
        return telegram is not None and telegram.connected

    checks: dict[str, health.Check] = {"database": database_works}
    if telegram is not None:
        checks["telegram"] = telegram_connected
    return checks
