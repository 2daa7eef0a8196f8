# SPDX-License-Identifier: EUPL-1.2
"""The whole app on the strict Bot API server, with a clock that the test puts forward."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from botapi.people import Group, Person
from botapi.server import BotApi

from bot import app as composition
from bot import broadcasting
from bot.app import App, running
from bot.domain.person import Role
from bot.settings import Settings
from handlers.middlewares import flood

BEGIN = {"nl": "Berichten krijgen", "ar": "استلام الرسائل", "ti": "መልእኽትታት ተቐበሉ", "en": "Get updates"}
"""The button that begins updates, in each language."""


@dataclass
class ShiftedClock:
    """The time of the machine, and what the test adds to it."""

    ahead: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


class NoAnswers:
    """In these conversations nobody asks anything: the engine is left out."""

    def __init__(self, *_: object) -> None:
        """Needs nothing."""

    def danger(self, *_: object) -> None:
        """Find no danger."""


@dataclass
class Chats:
    """The app, the Bot API server, and the clock."""

    app: App
    server: BotApi
    clock: ShiftedClock

    async def somebody(self, language: str, role: Role | None = None) -> Person:
        person = self.server.person(language)
        token = "" if role is None else await self.app.people.invite(role, None)
        await person.opens(token)
        await person.forges(f"language:{language}")
        return person

    async def manager(self) -> Person:
        return await self.somebody("nl", Role.AREA_MANAGER)

    async def subscriber(self, language: str) -> Person:
        person = await self.somebody(language)
        await person.says("/updates")
        await person.presses(BEGIN[language])
        return person

    async def group(self, manager: Person, title: str, **how) -> Group:
        """Add the bot to a group, and let the gebiedsmanager approve it."""
        group = self.server.group(title, **how)
        await group.adds_bot(manager, "administrator" if how.get("kind") == "channel" else "member")
        await manager.waits_for(title)
        await manager.presses("Goedkeuren")
        return group

    def passes(self, **how: float) -> None:
        self.clock.ahead += timedelta(**how)


@asynccontextmanager
async def conversations(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[Chats]:
    """Run the app for a test."""
    monkeypatch.setattr(composition, "load_library", lambda *_: None)
    monkeypatch.setattr(composition, "AskingService", NoAnswers)
    monkeypatch.setattr("gc.freeze", lambda: None)
    monkeypatch.setattr(broadcasting, "REPORT_SECONDS", 0.3)
    monkeypatch.setattr(flood, "BURST", 10_000)  # scripted people press faster than people
    clock = ShiftedClock()
    async with BotApi() as server:
        settings = Settings(
            _env_file=None,
            telegram_token=server.token,
            telegram_api_url=server.url,
            data_dir=tmp_path,
            port=0,
        )
        async with running(settings, clock) as app:
            yield Chats(app, server, clock)


async def begin_draft(manager: Person, text: str, topic: str = "Werkzaamheden") -> None:
    """Let a gebiedsmanager write a new message."""
    await manager.says("/bericht")
    await manager.presses("Nieuw bericht")
    await manager.presses(topic)
    await manager.says(text)


async def send_now(manager: Person, button: str = "Nu versturen") -> None:
    """Let a gebiedsmanager send what is open."""
    await manager.presses("Versturen of plannen")
    await manager.presses(button)
    await manager.waits_for("📨 Bericht")  # the report, which shows what becomes of it


async def type_language(manager: Person, name: str, text: str) -> None:
    """Let a gebiedsmanager type the text of another language of the draft that is open."""
    await manager.presses("🌍 Talen")
    await manager.presses(f"▫️ {name}")
    await manager.presses("Tekst typen")
    await manager.says(text)
    await manager.presses("openen")
