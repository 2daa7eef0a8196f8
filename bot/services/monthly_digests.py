# SPDX-License-Identifier: EUPL-1.2
"""The monthly digest: what was done, one to one for each key figure, once the gebiedsmanager approves it."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.domain.broadcast import ColleagueFirstError
from bot.domain.entry import BASE_LANGUAGE
from bot.domain.errors import NotFoundError
from bot.domain.municipality import Municipality
from bot.domain.outgoing import Outgoing, Recipient
from bot.domain.person import Person, Role
from bot.domain.subscription import Topic
from bot.services.broadcast_notices import BroadcastNotices
from bot.services.broadcast_ports import Monthly
from bot.services.ports import Clock, Work
from bot.services.telling import Wording, tell_all


class MonthlyDigestService:
    """Writes the digests, and sends what was approved."""

    def __init__(
        self, work: Work, clock: Clock, municipality: Municipality, notices: BroadcastNotices
    ) -> None:
        self._work = work
        self._clock = clock
        self._municipality = municipality
        self._notices = notices

    async def prepare(self) -> int:
        """Write last month's digest for each key figure; the gebiedsmanagers approve each.

        Made from what was really released, results first. Run daily; each month is written once. Who stopped
        or paused gets none.
        """
        now = self._clock.now()
        month, since, until = self._last_month(now)
        written = 0
        async with self._work() as unit:
            released = await unit.broadcasts.released(since, until)
            sent = sorted((each for each, _ in released), key=lambda each: each.topic is not Topic.RESULT)
            quiet = await unit.subscriptions.quiet()
            for person in await unit.people.with_role(Role.KEY_FIGURE):
                if person.id in quiet:
                    continue
                passed, heard = await unit.key_figures.share_of(person.id, since, until)
                done = {"sent": len(sent), "passed": passed, "heard": heard}

                def text_in(language: str, done: dict[str, int] = done) -> str:
                    results = [each for each in sent if each.ready(language)]
                    return self._notices.monthly_text(month, results, done, language)

                reader = person.language or BASE_LANGUAGE
                if not passed and not heard and not any(each.ready(reader) for each in sent):
                    continue
                text = text_in(reader)
                digest_id = await unit.key_figures.add_monthly(person.id, month, text)
                if digest_id is None:
                    continue
                written += 1
                texts = (text,) if reader == BASE_LANGUAGE else (text_in(BASE_LANGUAGE), text)
                await tell_all(unit, Role.AREA_MANAGER, self._approval(digest_id, person.id, texts), now)
            await unit.commit()
        return written

    async def decide(self, by: Person, digest_id: int, *, send: bool) -> Monthly:
        """Send a digest to its key figure, or drop it. Raises ColleagueFirstError when that was decided."""
        by.require(Role.AREA_MANAGER)
        async with self._work() as unit:
            digest = await unit.key_figures.monthly(digest_id)
            if digest is None:
                raise NotFoundError
            if not await unit.key_figures.decide_monthly(digest_id, "sent" if send else "dropped", by.id):
                raise ColleagueFirstError
            addresses = (await unit.people.addresses([digest.person_id])).get(digest.person_id, [])
            if send and addresses and digest.person_id not in await unit.subscriptions.quiet():
                await unit.outbox.add(
                    Outgoing(digest.text, reason="monthly"),
                    [Recipient(addresses[0], digest.person_id)],
                    self._clock.now(),
                )
            await unit.commit()
        return replace(digest, state="sent" if send else "dropped")

    def _approval(self, digest_id: int, person_id: int, texts: tuple[str, ...]) -> Wording:
        return lambda reader: self._notices.monthly(digest_id, person_id, texts, reader)

    def _last_month(self, now: datetime) -> tuple[date, datetime, datetime]:
        """Return the first day of last month, its first moment, and its last."""
        zone = self._municipality.zone
        first = now.astimezone(zone).date().replace(day=1)
        month = (first - timedelta(days=1)).replace(day=1)
        end = datetime.combine(first, time(), zone) - timedelta(microseconds=1)
        return month, datetime.combine(month, time(), zone), end
