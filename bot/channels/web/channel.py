# SPDX-License-Identifier: EUPL-1.2
"""The web chat as a channel: everything put together."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

import structlog
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiohttp import web

from bot.channels.base import Capabilities, Feed
from bot.channels.web.cookies import Tickets
from bot.channels.web.gate import Gate
from bot.channels.web.hub import Hub
from bot.channels.web.inflow import Inflow
from bot.channels.web.limits import Limits
from bot.channels.web.page import Assets, Page
from bot.channels.web.reading import Reading
from bot.channels.web.server import Server
from bot.channels.web.session import CAPABILITIES, WebSession
from bot.channels.web.store import Contents, WebStore
from bot.channels.web.updates import TOKEN
from bot.channels.web.wording import Wording
from bot.channels.web.writing import Writing
from bot.i18n import Languages
from bot.services.ports import Clock

LanguageOf = Callable[[int], Awaitable[str | None]]
"""Returns the language of the person who writes as this user, or None."""

TEXT_KEPT: Final = timedelta(days=28)
VISITOR_KEPT: Final = timedelta(days=180)
"""How long a visitor who stays away can still be written to: as long as the cookie lives."""

log = structlog.get_logger(__name__)


class WebChannel:
    """The chat at `/`.

    `contents` holds the files. `keys` are the secret keys, the newest first. `language_of` lets the page
    follow the person's language. `trusted_proxies` is how many proxies of our own stand before the server.
    """

    name = "web"
    capabilities: Capabilities = CAPABILITIES

    def __init__(
        self,
        store: WebStore,
        contents: Contents,
        *,
        keys: Sequence[bytes],
        public_url: str,
        municipality: str,
        languages: Languages,
        locales: Path,
        clock: Clock,
        frame_ancestors: Sequence[str] = (),
        language_of: LanguageOf | None = None,
        limits: Limits | None = None,
        trusted_proxies: int = 0,
        defaults: DefaultBotProperties | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._language_of = language_of
        self._contents = contents
        self._hub = Hub(store)
        session = WebSession(store, self._contents, self._hub, clock)
        self.bot = Bot(TOKEN, session=session, default=defaults or DefaultBotProperties(parse_mode="HTML"))
        self._inflow = Inflow(store, self.bot, clock, self._follow_language)
        wording = Wording(languages, locales)
        gate = Gate(Tickets(keys), limits or Limits(), public_url, trusted_proxies)
        assets = Assets()
        page = Page(wording, assets, municipality, public_url, frame_ancestors)
        reading = Reading(store, self._contents, self._hub, gate, wording, clock)
        writing = Writing(store, self._contents, self._hub, gate, self._inflow, clock)
        self._server = Server(store, gate, page, assets, reading, writing)

    def routes(self) -> list[web.RouteDef]:
        """Return the chat's addresses for the web server."""
        return self._server.routes()

    async def start(self, feed: Feed) -> None:
        """Feed what was left unhandled, and then what comes."""
        self._hub.start()
        await self._inflow.start(feed)

    async def stop(self) -> None:
        """Send the browsers away, and finish what is being handled."""
        await self._inflow.stop()
        await self._hub.stop()

    async def sweep(self) -> None:
        """Remove texts after 28 days, visitors who stayed away for 180, and files nobody refers to."""
        now = self._clock.now()
        gone = await self._store.erase(now - TEXT_KEPT, now - VISITOR_KEPT)
        await self._contents.remove(gone)
        log.info("web.swept", files=len(gone))

    async def _follow_language(self, visitor_id: int) -> None:
        if self._language_of is None:
            return
        language = await self._language_of(visitor_id)
        if language is not None and await self._store.set_language(visitor_id, language, self._clock.now()):
            self._hub.wake(visitor_id)
