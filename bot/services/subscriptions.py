# SPDX-License-Identifier: EUPL-1.2
"""Subscriptions: choosing, pausing, stopping, and the digests."""

from dataclasses import replace

from bot.domain.entry import BASE_LANGUAGE
from bot.domain.errors import NotFoundError
from bot.domain.municipality import Municipality
from bot.domain.outgoing import Priority, Recipient
from bot.domain.person import Person
from bot.domain.subscription import Frequency, Subscription, SubscriptionState, Topic, next_digest
from bot.services.broadcast_notices import BroadcastNotices
from bot.services.ports import Clock, Work

PORTION = 200
"""How many digests are written in one transaction."""


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
        """Return the person's wishes; who never chose has none yet, and gets nothing."""
        async with self._work() as unit:
            return await unit.subscriptions.of(person.id) or Subscription(person.id)

    async def toggle_area(self, person: Person, area: str) -> Subscription:
        """Follow an area, or no longer. Raises NotFoundError for one that does not exist."""
        if area not in self._municipality.areas:
            raise NotFoundError
        present = await self.of(person)
        return await self._keep(replace(present, areas=present.areas ^ {area}))

    async def toggle_topic(self, person: Person, topic: Topic) -> Subscription:
        """Follow a topic, or no longer."""
        present = await self.of(person)
        return await self._keep(replace(present, topics=present.topics ^ {topic}))

    async def set_frequency(self, person: Person, frequency: Frequency) -> Subscription:
        """Hear at once, or one digest a day or week."""
        return await self._keep(replace(await self.of(person), frequency=frequency))

    async def set_state(self, person: Person, state: SubscriptionState) -> Subscription:
        """Begin, pause or stop. Works at once: what still waits in the outbox is not sent any more."""
        return await self._keep(replace(await self.of(person), state=state))

    async def digest(self) -> int:
        """Write the digests that are due; returns how many people got one."""
        now = self._clock.now()
        written = 0
        async with self._work() as unit:
            due = await unit.subscriptions.due(now, PORTION)
            addresses = await unit.people.addresses([subscription.person_id for subscription, _ in due])
            for subscription, language in due:
                reader = language or BASE_LANGUAGE
                since = subscription.digest_since or subscription.digest_due or now
                updates = [
                    broadcast
                    for broadcast in await unit.broadcasts.sent_since(since)
                    if broadcast.audience.subscribers
                    and subscription.wants(broadcast.topic, broadcast.audience.areas)
                    and broadcast.ready(reader)
                    and not (broadcast.expires and broadcast.expires < now.astimezone(self._zone).date())
                ]
                places = addresses[subscription.person_id]
                if updates and places:
                    message = self._notices.digest(updates, subscription.frequency, reader)
                    message = replace(message, priority=Priority.BULK, reason="digest", language=reader)
                    await unit.outbox.add(message, [Recipient(places[0], subscription.person_id)], now)
                    written += 1
                following = next_digest(subscription.frequency, now, self._zone)
                await unit.subscriptions.save(
                    replace(subscription, digest_since=now, digest_due=following), now
                )
            await unit.commit()
        return written

    async def _keep(self, wanted: Subscription) -> Subscription:
        now = self._clock.now()
        if wanted.state is SubscriptionState.ACTIVE:
            due = next_digest(wanted.frequency, now, self._zone)
            since = None if due is None else wanted.digest_since or now
        else:
            due = since = None
        kept = replace(wanted, digest_due=due, digest_since=since)
        async with self._work() as unit:
            await unit.subscriptions.save(kept, now)
            if kept.state is not SubscriptionState.ACTIVE:
                await unit.told.cancel_for(kept.person_id, ("broadcast:", "digest"))
            await unit.commit()
        return kept
