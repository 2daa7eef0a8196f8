# SPDX-License-Identifier: EUPL-1.2
"""Key figures: passing updates on, and telling what people say."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.broadcast import Broadcast, HistoryLine, Share
from bot.domain.errors import NotFoundError, TooLongError
from bot.domain.municipality import Municipality
from bot.domain.person import Person, Role
from bot.services.broadcast_notices import BroadcastNotices
from bot.services.ports import Clock, Work
from bot.services.telling import tell_all

NEWEST = timedelta(days=60)
"""How old an update may be to be offered for passing on."""
SHARED = timedelta(days=366)
"""How long a share link shows an update that has no last day."""
MOST = 10
LONGEST = 1500
PLACES = ("whatsapp", "group", "talk", "meeting", "other")
"""Where something is passed on: other apps, a group, in person, a meeting."""
SOMEWHERE = "somewhere"
"""Passed on, and nobody said where yet."""
ABOUT = (5, 20, 50, 100)
"""To about how many people: a guess is enough."""


@dataclass(frozen=True, slots=True)
class Update:
    """An update in one language, made to be passed on. `day` is when it went out."""

    broadcast: Broadcast
    language: str
    share: Share
    day: date


class KeyFigureService:
    """What key figures do. Methods raise NotAllowedError for others."""

    def __init__(
        self, work: Work, clock: Clock, municipality: Municipality, notices: BroadcastNotices
    ) -> None:
        self._work = work
        self._clock = clock
        self._municipality = municipality
        self._notices = notices

    async def newest(self, person: Person) -> Sequence[Broadcast]:
        """Return the newest updates that still hold, the newest first."""
        return [broadcast for broadcast, _ in (await self._holding(person))[:MOST]]

    async def update(self, person: Person, broadcast_id: int, language: str) -> Update:
        """Return one update with its share link. Raises NotFoundError for a language it is not in."""
        found = await self._holding(person, broadcast_id)
        if not found or not found[0][0].ready(language):
            raise NotFoundError
        broadcast, moment = found[0]
        async with self._work() as unit:
            share = await unit.key_figures.share(broadcast_id, language, secrets.token_urlsafe(8))
            await unit.commit(repeatable=True)
        return Update(broadcast, language, share, self._day(moment))

    async def all_languages(self, person: Person) -> Sequence[Update]:
        """Return the newest updates in every language they are in, each with its share link."""
        found = (await self._holding(person))[:MOST]
        async with self._work() as unit:
            updates = [
                Update(
                    broadcast,
                    language,
                    await unit.key_figures.share(broadcast.id, language, secrets.token_urlsafe(8)),
                    self._day(moment),
                )
                for broadcast, moment in found
                for language in self._municipality.languages
                if broadcast.ready(language)
            ]
            await unit.commit(repeatable=True)
        return updates

    async def visit(self, code: str, *, counted: bool) -> tuple[Broadcast, str] | None:
        """Return what a share link shows, or None; a visit is `counted` where it is one of a person.

        Nothing is kept about who came.
        """
        now = self._clock.now()
        async with self._work() as unit:
            share = await unit.key_figures.visit(code, counted=counted)
            if share is None:
                return None
            found = await unit.broadcasts.released(now - SHARED, now, share.broadcast_id)
            await unit.commit(repeatable=True)
        for broadcast, _ in found:
            if broadcast.ready(share.language) and not broadcast.expired(self._day(now)):
                return broadcast, share.language
        return None

    async def passed_on(
        self, person: Person, broadcast_id: int, place: str = SOMEWHERE, about: int = 0
    ) -> None:
        """Keep that it was passed on. Where and to about how many (0: not said) may follow.

        Doing so twice for one place counts once.
        """
        if place not in (*PLACES, SOMEWHERE) or about not in (*ABOUT, 0):
            raise NotFoundError
        if not await self._holding(person, broadcast_id):
            raise NotFoundError
        async with self._work() as unit:
            await unit.key_figures.passed_on(broadcast_id, person.id, place, about, self._clock.now())
            await unit.commit()

    async def reach(self, by: Person, broadcast_id: int) -> tuple[int, int, int]:
        """Return how often it was passed on, to about how many, and the visits of its links."""
        by.require(Role.AREA_MANAGER)
        async with self._work() as unit:
            times, people = await unit.key_figures.reach(broadcast_id)
            visits = sum(share.visits for share in await unit.key_figures.shares(broadcast_id))
        return times, people, visits

    async def heard(self, person: Person, broadcast_id: int, text: str) -> None:
        """Pass on what people say; it reaches the gebiedsmanagers without the key figure's name."""
        person.require(Role.KEY_FIGURE, Role.AREA_MANAGER)
        text = text.strip()
        if not text:
            raise NotFoundError
        if len(text) > LONGEST:
            raise TooLongError(length=len(text), limit=LONGEST)
        now = self._clock.now()
        async with self._work() as unit:
            broadcast = await unit.broadcasts.get(broadcast_id)
            if broadcast is None or not await unit.plans.runs(broadcast_id):
                raise NotFoundError
            await unit.key_figures.heard(broadcast_id, person.id, text, now)
            await unit.broadcasts.note(broadcast_id, HistoryLine("heard", None, now))
            await tell_all(
                unit, Role.AREA_MANAGER, lambda reader: self._notices.heard(broadcast, text, reader), now
            )
            await unit.commit()

    async def _holding(
        self, person: Person, broadcast_id: int | None = None
    ) -> Sequence[tuple[Broadcast, datetime]]:
        """Return updates that went out and still hold, each with when it went out. Raises NotAllowedError."""
        person.require(Role.KEY_FIGURE, Role.AREA_MANAGER)
        now = self._clock.now()
        async with self._work() as unit:
            found = await unit.broadcasts.released(now - NEWEST, now, broadcast_id)
        return [(each, moment) for each, moment in found if not each.expired(self._day(now))]

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self._municipality.zone).date()
