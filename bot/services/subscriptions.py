# SPDX-License-Identifier: EUPL-1.2
"""Subscriptions: choosing, pausing, stopping, and the digests."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.broadcast import Broadcast
from bot.domain.entry import BASE_LANGUAGE
from bot.domain.errors import NotFoundError
from bot.domain.municipality import Municipality
from bot.domain.outgoing import Priority, Recipient
from bot.domain.person import Person, Role
from bot.domain.subscription import Frequency, Subscription, SubscriptionState, Topic, next_digest
from bot.services.broadcast_notices import BroadcastNotices
from bot.services.ports import Clock, UnitOfWork, Work

PORTION = 200
"""How many digests are written in one transaction."""
READABLE = timedelta(days=60)
"""How long the whole text of an update can be opened from a digest."""
DIGEST = "digest:"
"""What the outbox calls digests, before the numbers of the updates in them."""
LONGEST_REASON = 64
BY_ITSELF = (
    *("broadcast:", "voice:", DIGEST, "ask:", "translation:", "monthly"),
    *("corrected-anew:", "withdrawn-anew:"),
)
"""What the bot tells without being asked: all of it ends with `/stop`. Answers to what somebody asked or
reported are not among it."""


class SubscriptionService:
    """What somebody wants to hear without asking. Stopping never blocks asking."""

    def __init__(
        self, work: Work, clock: Clock, municipality: Municipality, notices: BroadcastNotices
    ) -> None:
        self._work = work
        self._clock = clock
        self._municipality = municipality
        self._zone = municipality.zone
        self._notices = notices

    async def of(self, person: Person) -> Subscription:
        """Return the person's wishes. Who never chose has none yet; a key figure gets everything then."""
        async with self._work() as unit:
            return await self._present(unit, person)

    async def toggle_area(self, person: Person, area: str) -> Subscription:
        """Follow an area, or no longer. Raises NotFoundError for one that does not exist."""
        if area not in self._municipality.areas:
            raise NotFoundError
        return await self._change(person, lambda present: replace(present, areas=present.areas ^ {area}))

    async def toggle_topic(self, person: Person, topic: Topic) -> Subscription:
        """Follow a topic, or no longer."""
        return await self._change(person, lambda present: replace(present, topics=present.topics ^ {topic}))

    async def set_frequency(self, person: Person, frequency: Frequency) -> Subscription:
        """Hear at once, or one digest a day or week."""
        return await self._change(person, lambda present: replace(present, frequency=frequency))

    async def set_state(self, person: Person, state: SubscriptionState) -> Subscription:
        """Begin, pause or stop. Works at once: what still waits in the outbox is not sent any more.

        Beginning again after having kept nothing but warnings brings all topics back.
        """

        def change(present: Subscription) -> Subscription:
            everything = state is SubscriptionState.ACTIVE and present.warnings_only
            return replace(present, state=state, topics=frozenset() if everything else present.topics)

        return await self._change(person, change)

    async def keep_warnings(self, person: Person) -> Subscription:
        """Hear of nothing but warnings: for who stopped, and chooses to keep those."""
        return await self._change(
            person,
            lambda present: replace(
                present, state=SubscriptionState.ACTIVE, topics=frozenset({Topic.WARNING})
            ),
        )

    async def read(self, person: Person, broadcast_id: int) -> tuple[Broadcast, str]:
        """Return an update of a digest whole, and the language to show. Raises NotFoundError."""
        now = self._clock.now()
        language = person.language or BASE_LANGUAGE
        async with self._work() as unit:
            found = await unit.broadcasts.released(now - READABLE, now, broadcast_id)
        for broadcast, _ in found:
            if self._shown(broadcast, person.has(Role.KEY_FIGURE), language, now):
                return broadcast, language
        raise NotFoundError

    async def digest(self) -> int:
        """Write the digests that are due; returns how many people got one."""
        now = self._clock.now()
        written = 0
        async with self._work() as unit:
            due = await unit.subscriptions.due(now, PORTION)
            addresses = await unit.people.addresses([subscription.person_id for subscription, _ in due])
            helpers = {person.id for person in await unit.people.with_role(Role.KEY_FIGURE)}
            for subscription, language in due:
                reader = language or BASE_LANGUAGE
                since = subscription.digest_since or subscription.digest_due or now
                updates = [
                    broadcast
                    for broadcast, _ in await unit.broadcasts.released(since, now)
                    if subscription.wants(broadcast.topic, broadcast.audience.areas)
                    and not subscription.at_once(broadcast.topic)
                    and self._shown(broadcast, subscription.person_id in helpers, reader, now)
                ]
                places = addresses[subscription.person_id]
                if updates and places:
                    recipient = Recipient(places[0], subscription.person_id)
                    await self._write(unit, updates, subscription.frequency, reader, recipient)
                    written += 1
                following = next_digest(subscription.frequency, now, self._zone)
                await unit.subscriptions.save(
                    replace(subscription, digest_since=now, digest_due=following), now
                )
            await unit.commit()
        return written

    async def _write(
        self,
        unit: UnitOfWork,
        updates: Sequence[Broadcast],
        frequency: Frequency,
        reader: str,
        recipient: Recipient,
    ) -> None:
        for message, numbers in self._notices.digest(updates, frequency, reader):
            reason = DIGEST + ",".join(map(str, numbers))
            if len(reason) > LONGEST_REASON:
                reason = reason[:LONGEST_REASON].rpartition(",")[0]
            await unit.outbox.add(
                replace(message, priority=Priority.BULK, reason=reason, language=reader),
                [recipient],
                self._clock.now(),
            )

    def _shown(self, broadcast: Broadcast, helper: bool, language: str, now: datetime) -> bool:
        """Whether it is for this person, in this language, and still holds."""
        audience = broadcast.audience
        meant = audience.subscribers or (helper and audience.key_figures)
        return (
            meant and broadcast.ready(language) and not broadcast.expired(now.astimezone(self._zone).date())
        )

    async def _change(self, person: Person, change: Callable[[Subscription], Subscription]) -> Subscription:
        now = self._clock.now()
        async with self._work() as unit:
            wanted = change(await self._present(unit, person))
            due = since = None
            if wanted.state is SubscriptionState.ACTIVE:
                due = next_digest(wanted.frequency, now, self._zone)
                since = None if due is None else wanted.digest_since or now
            kept = replace(wanted, digest_due=due, digest_since=since)
            await unit.subscriptions.save(kept, now)
            if kept.state is not SubscriptionState.ACTIVE:
                await unit.told.cancel_for(kept.person_id, BY_ITSELF)
            await unit.commit()
        return kept

    @staticmethod
    async def _present(unit: UnitOfWork, person: Person) -> Subscription:
        kept = await unit.subscriptions.of(person.id)
        present = kept or Subscription(person.id)
        if not person.has(Role.KEY_FIGURE) or present.state is SubscriptionState.ACTIVE:
            return present
        # A key figure is told everything, until they say otherwise themselves.
        quiet = kept is not None and person.id in await unit.subscriptions.quiet()
        return present if quiet else replace(present, state=SubscriptionState.ACTIVE)
