# SPDX-License-Identifier: EUPL-1.2
"""A street with residents and gebiedsmanagers: at the services with a clock that is set, and in chats."""

import io
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from botapi.people import Person as Somebody
from botapi.server import BotApi
from PIL import Image

from bot import app as composition
from bot.answers.lexicon import Lexicon
from bot.app import App, running
from bot.broadcasting import Broadcasting
from bot.content.loader import load_knowledge
from bot.content.municipality import load_municipality
from bot.domain.decision import Decision, DecisionKind
from bot.domain.entry import Knowledge
from bot.domain.outgoing import Delivery, DeliveryState, Outcome
from bot.domain.person import Person, Role
from bot.domain.report import Report
from bot.i18n import Languages, load_languages
from bot.report_wiring import ReportingParts, put_together
from bot.services.library import Library
from bot.settings import Settings
from storage.database import Database
from storage.deliveries import SqlDeliveries
from storage.encryption import Cipher
from storage.media import FileMedia
from storage.sealed_files import media_files
from storage.unit_of_work import SqlUnitOfWork

ROOT = Path(__file__).resolve().parents[2]
CONTENT = ROOT / "content" / "montfoort"
KEY = b"a secret key of the tests, 32 by"
START = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
"""A Monday, 11:00 in Montfoort."""


@cache
def languages() -> Languages:
    return load_languages(ROOT / "locales")


@cache
def knowledge() -> Knowledge:
    return load_knowledge(CONTENT)


def picture(colour: str = "green", size: tuple[int, int] = (320, 240), **how: object) -> bytes:
    """A photo of one colour."""
    output = io.BytesIO()
    Image.new("RGB", size, colour).save(output, "JPEG", **how)
    return output.getvalue()


@dataclass
class SetClock:
    """The time, as the test sets it."""

    moment: datetime = START

    def now(self) -> datetime:
        return self.moment

    def passes(self, **how: float) -> None:
        self.moment += timedelta(**how)


@dataclass
class Street:
    """Everybody, and what has arrived where."""

    parts: ReportingParts
    bot: Broadcasting
    work: Callable[[], SqlUnitOfWork]
    deliveries: SqlDeliveries
    clock: SetClock
    database: Database
    _users: int = 100

    async def person(self, language: str = "nl", *roles: Role) -> Person:
        self._users += 1
        async with self.work() as unit:
            person = await unit.people.add("telegram", self._users, self._users, self.clock.now())
            await unit.people.set_language(person.id, language, chosen=True)
            for role in roles:
                await unit.people.grant(person.id, role, None, self.clock.now())
            await unit.commit()
        async with self.work() as unit:
            found = await unit.people.get(person.id)
        assert found is not None
        return found

    async def manager(self, language: str = "nl") -> Person:
        return await self.person(language, Role.AREA_MANAGER)

    async def reports(
        self,
        person: Person,
        kind: str = "waste",
        place: str = "doelenplein",
        text: str = "",
        *,
        photos: tuple[bytes, ...] = (),
        point: tuple[float, float] | None = None,
        anonymous: bool = False,
    ) -> Report:
        """Make and send a report."""
        draft = await self.parts.drafting.begin(
            person, person.language or "nl", kind=kind, place=place, text=text
        )
        for each in photos:
            await self.parts.drafting.add_photo(person, each)
        if point is not None:
            await self.parts.drafting.set_location(person, *point)
        return (await self.parts.reports.send(person, draft.token, anonymous=anonymous)).report

    async def get(self, report_id: int) -> Report:
        async with self.work() as unit:
            found = await unit.reports.get(report_id)
        assert found is not None
        return found

    async def deliver(self) -> list[Delivery]:
        """Do what a worker does with all that is due now; returns what it sent."""
        done: list[Delivery] = []
        while leased := list(
            await self.deliveries.lease("worker", 500, self.clock.now(), timedelta(minutes=1))
        ):
            ids = [each.id for each in leased]
            await self.deliveries.start("worker", ids, self.clock.now())
            sent = [(each, Outcome(DeliveryState.SENT, sent_message_id=5000 + each)) for each in ids]
            await self.deliveries.settle("worker", sent, self.clock.now())
            done += leased
        return done


def make_street(
    database: Database, cipher: Cipher, clock: SetClock, folder: Path, **settings: object
) -> Street:
    def work() -> SqlUnitOfWork:
        return SqlUnitOfWork(database, cipher)

    municipality = load_municipality(CONTENT)
    bot = Broadcasting(work, clock, municipality, languages(), CONTENT)
    parts = put_together(
        work,
        clock,
        Settings(_env_file=None, data_dir=folder, **settings),
        municipality,
        languages(),
        ROOT / "locales",
        FileMedia(media_files(folder, [KEY]), database, clock.now),
        database,
        cipher,
        bot.broadcasts,
    )
    return Street(parts, bot, work, SqlDeliveries(database, cipher), clock, database)


@dataclass
class ShiftedClock:
    """The time of the machine, and what the test adds to it."""

    ahead: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass(frozen=True)
class NoIdea:
    """An engine that knows no answer: reports are recognised without one."""

    @dataclass(frozen=True)
    class Spoken:
        language: str = "nl"
        sure: bool = False

    def decide(self, text: str, **_: object) -> Decision:
        return Decision(DecisionKind.UNKNOWN, "nl")

    def identify(self, text: str) -> "NoIdea.Spoken":
        return NoIdea.Spoken()


@dataclass
class Chats:
    """The app, the Bot API server, and the clock."""

    app: App
    server: BotApi
    clock: ShiftedClock
    folder: Path

    async def somebody(self, language: str = "nl", role: Role | None = None) -> Somebody:
        person = self.server.person(language)
        token = "" if role is None else await self.app.people.invite(role, None)
        await person.opens(token)
        await person.forges(f"language:{language}")
        return person

    async def manager(self, language: str = "nl") -> Somebody:
        return await self.somebody(language, Role.AREA_MANAGER)

    async def all_reports(self) -> list[Report]:
        """Every report there is."""
        desk = self.app.dispatcher.workflow_data["desk"]
        by = Person(0, "nl", True, frozenset({Role.AREA_MANAGER}), START)
        return [report async for report in desk.all(by)]


@asynccontextmanager
async def open_chats(
    monkeypatch: pytest.MonkeyPatch, folder: Path, server: BotApi | None = None, **settings: object
) -> AsyncIterator[Chats]:
    """Run the bot; with a server that is there already it goes on with what an earlier run left."""
    monkeypatch.setattr(
        composition,
        "load_library",
        lambda *_: Library(knowledge(), NoIdea(), Lexicon({})),  # type: ignore[arg-type]
    )
    monkeypatch.setattr("gc.freeze", lambda: None)
    # Scripted people are faster than people.
    monkeypatch.setattr("handlers.middlewares.flood.BURST", 10_000)
    clock = ShiftedClock()
    own = server or BotApi()
    if server is None:
        await own.start()
    try:
        chosen = Settings(
            _env_file=None,
            telegram_token=own.token,
            telegram_api_url=own.url,
            data_dir=folder,
            **{"port": 0, **settings},
        )
        async with running(chosen, clock) as app:
            yield Chats(app, own, clock, folder)
    finally:
        if server is None:
            await own.stop()
