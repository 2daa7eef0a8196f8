# SPDX-License-Identifier: EUPL-1.2
"""A small town: gebiedsmanagers, key figures, subscribers and groups, on a database, with a clock we set."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conversations import Chats, conversations

from bot.broadcasting import Broadcasting
from bot.content.municipality import load_municipality
from bot.domain.broadcast import Broadcast
from bot.domain.group import Membership
from bot.domain.outgoing import Delivery, DeliveryState, Outcome
from bot.domain.person import Address, Person, Role
from bot.domain.subscription import SubscriptionState, Topic
from bot.i18n import load_languages
from storage.database import Database
from storage.deliveries import SqlDeliveries
from storage.encryption import Cipher
from storage.unit_of_work import SqlUnitOfWork

ROOT = Path(__file__).parents[2]
START = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
"""A Monday, 11:00 in Montfoort."""
HOLD = timedelta(minutes=1)


@dataclass
class SetClock:
    """The time, as the test sets it."""

    moment: datetime = START

    def now(self) -> datetime:
        return self.moment

    def passes(self, **how: float) -> None:
        self.moment += timedelta(**how)


@dataclass
class Town:
    """Everybody, and what has arrived where."""

    bot: Broadcasting
    work: Callable[[], SqlUnitOfWork]
    deliveries: SqlDeliveries
    clock: SetClock
    arrived: list[Delivery] = field(default_factory=list)
    _users: int = 100

    async def person(self, language: str, *roles: Role) -> Person:
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

    async def manager(self) -> Person:
        return await self.person("nl", Role.AREA_MANAGER)

    async def subscriber(self, language: str) -> Person:
        person = await self.person(language)
        await self.bot.subscriptions.set_state(person, SubscriptionState.ACTIVE)
        return person

    async def group(self, by: Person, chat_id: int, *languages: str, together: bool = False):
        await self.bot.groups.stands(
            Address("telegram", chat_id), "supergroup", f"Group {chat_id}", Membership.MEMBER
        )
        group = await self.bot.groups.at("telegram", chat_id)
        group = await self.bot.groups.approve(by, group.id, group.version)
        for language in {"nl", *languages} - {"nl"} if "nl" in languages else {*languages}:
            group = await self.bot.groups.toggle_language(by, group.id, group.version, language)
        if "nl" not in languages:
            group = await self.bot.groups.toggle_language(by, group.id, group.version, "nl")
        if together:
            group = await self.bot.groups.toggle_together(by, group.id, group.version)
        return group

    async def draft(self, by: Person, *languages: str) -> Broadcast:
        broadcast = await self.bot.broadcasts.begin(by, Topic.WORKS)
        for language in languages or ("nl",):
            broadcast = await self.bot.broadcasts.write(by, broadcast.id, language, f"text in {language}")
        return broadcast

    async def send(self, by: Person, broadcast: Broadcast, *without: str):
        found = await self.bot.broadcasts.confirm(by, broadcast.id)
        return await self.bot.broadcasts.send(by, broadcast.id, found.token, without=frozenset(without))

    async def deliver(
        self, outcome: Callable[[Delivery], DeliveryState] = lambda _: DeliveryState.SENT
    ) -> list[Delivery]:
        """Do what a worker does with all that is due now; returns what it sent."""
        done: list[Delivery] = []
        while leased := list(await self.deliveries.lease("worker", 500, self.clock.now(), HOLD)):
            await self.deliveries.start("worker", [each.id for each in leased], self.clock.now())
            await self.deliveries.settle(
                "worker",
                [(each.id, Outcome(outcome(each), sent_message_id=5000 + each.id)) for each in leased],
                self.clock.now(),
            )
            done += leased
        self.arrived += done
        return done

    async def deliver_broadcasts(self, **how) -> list[Delivery]:
        return [each for each in await self.deliver(**how) if each.outgoing.reason.startswith("broadcast:")]


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def town(database: Database, cipher: Cipher, clock: SetClock) -> Town:
    return _town(database, cipher, clock)


@pytest.fixture
def quick_town(sqlite_database: Database, cipher: Cipher, clock: SetClock) -> Town:
    """On SQLite alone, for rules that do not touch on what differs between databases."""
    return _town(sqlite_database, cipher, clock)


def _town(database: Database, cipher: Cipher, clock: SetClock) -> Town:
    def work() -> SqlUnitOfWork:
        return SqlUnitOfWork(database, cipher)

    content = ROOT / "content" / "montfoort"
    bot = Broadcasting(work, clock, load_municipality(content), load_languages(ROOT / "locales"), content)
    return Town(bot, work, SqlDeliveries(database, cipher), clock)


@pytest.fixture
async def chats(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[Chats]:
    """The whole app, and people who chat with it."""
    async with conversations(monkeypatch, tmp_path) as world:
        yield world
