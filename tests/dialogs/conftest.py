# SPDX-License-Identifier: EUPL-1.2
"""The whole bot on the strict Bot API server, with Montfoort's content: one of each for all dialogs.

Everybody who takes part is somebody new, so that dialogs do not meet.
"""

import shutil
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from botapi import markup
from botapi.people import Person
from botapi.server import BotApi

from bot.answers.engine import Engine
from bot.answers.lexicon import Lexicon
from bot.app import App, running
from bot.domain.decision import Decision, DecisionKind
from bot.domain.entry import Knowledge
from bot.domain.person import Role
from bot.i18n import Texts
from bot.services.library import Library
from bot.settings import ROOT, Settings

CODES = ("nl", "ar", "ti", "en")
START = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
"""A Monday, 11:00 in Montfoort."""


class MovedClock:
    """The time from a moment on; `passes` moves it."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self.moment = START

    def now(self) -> datetime:
        return self.moment + timedelta(seconds=time.monotonic() - self._began)

    def stands_at(self, moment: datetime) -> None:
        self._began, self.moment = time.monotonic(), moment


def asked_in(engine: Engine, text: str) -> str | None:
    """Return the language in which a text is clearly written."""
    spoken = engine.identify(text)
    return spoken.language if spoken.sure else None


@dataclass
class Town:
    """The bot, the server, and what a test needs to know about them."""

    app: App
    server: BotApi
    clock: MovedClock
    _answered: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def knowledge(self) -> Knowledge:
        return self.app.library.knowledge

    def texts(self, code: str) -> Texts:
        return Texts(self.app.languages, code, self.app.municipality.zone)

    def shown(self, code: str, key: str, **values: object) -> str:
        """Return a text as it is read."""
        return markup.parse(self.texts(code)(key, **values))[0]

    def decide(self, text: str, code: str) -> Decision:
        return self.app.library.engine.decide(text, language=code)

    def find(self, code: str, true: Callable[[Decision], bool]) -> tuple[str, Decision]:
        """Return a question of the content, or a piece of one, about which the engine decides so."""
        entries = (*self.knowledge.entries.values(), *self.knowledge.elsewhere.values())
        questions = [each for entry in entries for each in entry.translations[code].questions]
        pieces = [piece for each in questions for piece in each.split() if len(piece) > 3]
        foreign = (ROOT / "locales" / code / "out-of-scope.txt").read_text(encoding="utf-8").splitlines()
        for text in (*questions[::5], *pieces[::11], *foreign, *questions):
            decision = self.decide(text, code)
            if true(decision):
                return text, decision
        raise AssertionError(f"no question in {code} is like that")

    def answered(self, code: str) -> tuple[str, str]:
        """Return a question clearly in its language that has one answer, and the entry."""
        if code not in self._answered:
            engine = self.app.library.engine
            entries = [each for each in self.knowledge.entries.values() if len(each.related) > 2]
            self._answered[code] = next(
                (text, entry.id)
                for entry in entries
                for text in entry.translations[code].questions
                for decision in [self.decide(text, code)]
                if (decision.kind, decision.entry, decision.also) == (DecisionKind.ANSWER, entry.id, None)
                and asked_in(engine, text) == code
                and self.app.dispatcher["recogniser"].recognise(text, decision) is None
            )
        return self._answered[code]

    def unknown(self, code: str) -> str:
        """Return a text that the bot does not know what to do with."""
        return self.find(code, lambda found: found.kind is DecisionKind.UNKNOWN and found.elsewhere is None)[
            0
        ]

    async def resident(self, code: str) -> Person:
        """Return somebody who has chosen a language."""
        person = self.server.person(code)
        await person.opens()
        await person.presses(self.app.languages.get(code).name)
        return person

    async def manager(self, code: str = "nl") -> Person:
        """Return a gebiedsmanager."""
        person = await self.resident(code)
        await person.opens(await self.app.people.invite(Role.AREA_MANAGER, None))
        return person


@pytest.fixture(scope="session")
def library(engine: Engine, knowledge: Knowledge, lexicon: Lexicon) -> Library:
    """What the bot knows, read once."""
    return Library(knowledge, engine, lexicon)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def _bot(
    library: Library, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Town]:
    folder = tmp_path_factory.mktemp("dialogs")
    shutil.copy(sqlite_template, folder / "buurtbrug.sqlite3")
    clock = MovedClock()
    async with BotApi() as server:
        settings = Settings(
            _env_file=None,
            telegram_token=server.token,
            telegram_api_url=server.url,
            data_dir=folder,
            port=0,
            send_rate=10_000,
        )
        async with running(settings, clock, library) as app:
            yield Town(app, server, clock)


@pytest_asyncio.fixture(loop_scope="session")
async def town(_bot: Town) -> AsyncIterator[Town]:
    """The bot and the server. Whatever the server refuses, or the bot fails at, fails the test."""
    _bot.clock.stands_at(START)
    refused = len(_bot.server.refused)
    yield _bot
    assert [(name, str(why)) for name, _params, why in _bot.server.refused[refused:]] == []


@pytest.fixture(params=CODES)
def code(request: pytest.FixtureRequest) -> str:
    """Each language."""
    return str(request.param)
