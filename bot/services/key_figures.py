# SPDX-License-Identifier: EUPL-1.2
"""Key figures: passing updates on, telling what people say, and their monthly digest."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.domain.broadcast import Broadcast, ColleagueFirstError, HistoryLine, Share
from bot.domain.entry import BASE_LANGUAGE
from bot.domain.errors import NotFoundError, TooLongError
from bot.domain.municipality import Municipality
from bot.domain.outgoing import Outgoing, Recipient
from bot.domain.person import Person, Role
from bot.domain.subscription import Topic
from bot.services.broadcast_notices import BroadcastNotices
from bot.services.broadcast_ports import Monthly
from bot.services.ports import Clock, Work
from bot.services.telling import Wording, tell_all

NEWEST = timedelta(days=60)
"""How old an update may be to be offered for passing on."""
MOST = 10
LONGEST = 1500
PLACES = ("whatsapp", "group", "talk", "meeting", "other")
"""Where something is passed on: other apps, a group, in person, a meeting."""
ABOUT = (5, 20, 50, 100)
"""To about how many people: a guess is enough."""


@dataclass(frozen=True, slots=True)
class Update:
    """An update in one language, made to be passed on."""

    broadcast: Broadcast
    language: str
    share: Share


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
        person.require(Role.KEY_FIGURE, Role.AREA_MANAGER)
        async with self._work() as unit:
            found = await unit.broadcasts.sent_since(self._clock.now() - NEWEST)
        today = self._clock.now().astimezone(self._municipality.zone).date()
        return [each for each in found if each.expires is None or each.expires >= today][:MOST]

    async def update(self, person: Person, broadcast_id: int, language: str) -> Update:
        """Return one update with its share link. Raises NotFoundError for a language it is not in."""
        broadcast = next((each for each in await self.newest(person) if each.id == broadcast_id), None)
        if broadcast is None or not broadcast.ready(language):
            raise NotFoundError
        async with self._work() as unit:
            share = await unit.key_figures.share(broadcast_id, language, secrets.token_urlsafe(8))
            await unit.commit(repeatable=True)
        return Update(broadcast, language, share)

    async def visit(self, code: str) -> tuple[Broadcast, str] | None:
        """Count a visit of a share link, and return what it shows. Nothing is kept about who came."""
        async with self._work() as unit:
            share = await unit.key_figures.visit(code)
            if share is None:
                return None
            broadcast = await unit.broadcasts.get(share.broadcast_id)
            await unit.commit(repeatable=True)
        today = self._clock.now().astimezone(self._municipality.zone).date()
        if broadcast is None or (broadcast.expires is not None and broadcast.expires < today):
            return None
        shown = broadcast.ready(share.language) and broadcast.state.value in {"sent", "planned"}
        return (broadcast, share.language) if shown else None

    async def passed_on(self, person: Person, broadcast_id: int, place: str, about: int) -> None:
        """Keep that it was passed on. Doing so twice for one place counts once."""
        person.require(Role.KEY_FIGURE, Role.AREA_MANAGER)
        if place not in PLACES or about not in ABOUT:
            raise NotFoundError
        async with self._work() as unit:
            if await unit.broadcasts.get(broadcast_id) is None:
                raise NotFoundError
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
        person.require(Role.KEY_FIGURE)
        text = text.strip()
        if len(text) > LONGEST:
            raise TooLongError(length=len(text), limit=LONGEST)
        now = self._clock.now()
        async with self._work() as unit:
            broadcast = await unit.broadcasts.get(broadcast_id)
            if broadcast is None:
                raise NotFoundError
            await unit.key_figures.heard(broadcast_id, person.id, text, now)
            await unit.broadcasts.note(broadcast_id, HistoryLine("heard", None, now))
            await tell_all(
                unit, Role.AREA_MANAGER, lambda reader: self._notices.heard(broadcast, text, reader), now
            )
            await unit.commit()

    async def prepare_monthly(self) -> int:
        """Write last month's digest for each key figure; the gebiedsmanagers approve each.

        Made from what was really released, results first. Run daily; each month is written once.
        """
        now = self._clock.now()
        month, since, until = self._last_month(now)
        written = 0
        async with self._work() as unit:
            sent = [
                each
                for each in await unit.broadcasts.sent_since(since)
                if any(since <= run.starts_at < until for run in await unit.plans.runs(each.id))
            ]
            sent.sort(key=lambda each: each.topic is not Topic.RESULT)
            for person in await unit.people.with_role(Role.KEY_FIGURE):
                reader = person.language or BASE_LANGUAGE
                passed, heard = await unit.key_figures.share_of(person.id, since, until)
                results = [each for each in sent if each.ready(reader)]
                if not results and not passed and not heard:
                    continue
                text = self._notices.monthly_text(
                    month, results, {"sent": len(sent), "passed": passed, "heard": heard}, reader
                )
                digest_id = await unit.key_figures.add_monthly(person.id, month, text)
                if digest_id is None:
                    continue
                written += 1
                await tell_all(unit, Role.AREA_MANAGER, self._approval(digest_id, person.id, text), now)
            await unit.commit()
        return written

    def _approval(self, digest_id: int, person_id: int, text: str) -> Wording:
        return lambda reader: self._notices.monthly(digest_id, person_id, text, reader)

    async def decide_monthly(self, by: Person, digest_id: int, *, send: bool) -> Monthly:
        """Send a digest to its key figure, or drop it. Raises ColleagueFirstError when that was decided."""
        by.require(Role.AREA_MANAGER)
        async with self._work() as unit:
            digest = await unit.key_figures.monthly(digest_id)
            if digest is None:
                raise NotFoundError
            if not await unit.key_figures.decide_monthly(digest_id, "sent" if send else "dropped", by.id):
                raise ColleagueFirstError
            addresses = (await unit.people.addresses([digest.person_id])).get(digest.person_id, [])
            if send and addresses:
                await unit.outbox.add(
                    Outgoing(digest.text, reason="monthly"),
                    [Recipient(addresses[0], digest.person_id)],
                    self._clock.now(),
                )
            await unit.commit()
        return replace(digest, state="sent" if send else "dropped")

    def _last_month(self, now: datetime) -> tuple[date, datetime, datetime]:
        first = now.astimezone(self._municipality.zone).date().replace(day=1)
        month = (first - timedelta(days=1)).replace(day=1)
        zone = self._municipality.zone
        return month, datetime.combine(month, time(), zone), datetime.combine(first, time(), zone)
