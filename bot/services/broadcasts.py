# SPDX-License-Identifier: EUPL-1.2
"""Composing a broadcast, rehearsing it, and sending it now."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.domain.broadcast import (
    Audience,
    Broadcast,
    BroadcastState,
    ColleagueFirstError,
    HistoryLine,
    Run,
    Text,
    TextState,
    UndoTooLateError,
    change,
)
from bot.domain.entry import BASE_LANGUAGE
from bot.domain.errors import NotFoundError, TooLongError
from bot.domain.group import Group
from bot.domain.municipality import Municipality
from bot.domain.outgoing import Priority, Recipient
from bot.domain.person import Person, Role
from bot.domain.schedule import OccurrenceState, PlanState, Rule
from bot.domain.subscription import Topic
from bot.services.audience import Reach, reach
from bot.services.broadcast_notices import BroadcastNotices, Reader
from bot.services.ports import Clock, UnitOfWork, Work
from bot.services.releasing import found_broadcast, release

UNDO = timedelta(minutes=1)
"""How long sending now can be undone: nothing leaves before."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What is shown before 'send'. `token` belongs to this version, and works once."""

    broadcast: Broadcast
    reach: Reach
    token: str


class BroadcastService:
    """The gebiedsmanager's drafts. Every method raises NotAllowedError for others, NotFoundError."""

    def __init__(
        self, work: Work, clock: Clock, municipality: Municipality, notices: BroadcastNotices
    ) -> None:
        self._work = work
        self._clock = clock
        self._municipality = municipality
        self._notices = notices

    async def begin(self, by: Person, topic: Topic) -> Broadcast:
        """Begin a draft. It is kept until it is sent or thrown away."""
        by.require(Role.AREA_MANAGER)
        now = self._clock.now()
        draft = Broadcast(0, by.id, BroadcastState.DRAFT, topic, 0, 1, now, now)
        async with self._work() as unit:
            number = await unit.broadcasts.add(draft)
            await unit.broadcasts.note(number, HistoryLine("begun", by.id, now))
            await unit.commit()
        return replace(draft, id=number)

    async def get(self, by: Person, broadcast_id: int) -> Broadcast:
        """Return a broadcast."""
        async with self._work() as unit:
            return await found_broadcast(unit, by, broadcast_id)

    async def listed(self, by: Person, *states: BroadcastState) -> Sequence[Broadcast]:
        """Return broadcasts in these states, the one changed last first."""
        by.require(Role.AREA_MANAGER)
        async with self._work() as unit:
            return await unit.broadcasts.in_states(states)

    async def history(self, by: Person, broadcast_id: int) -> Sequence[HistoryLine]:
        """Return who did what with it."""
        async with self._work() as unit:
            await found_broadcast(unit, by, broadcast_id)
            return await unit.broadcasts.history(broadcast_id)

    async def write(self, by: Person, broadcast_id: int, language: str, text: str) -> Broadcast:
        """Keep the text of one language as the gebiedsmanager typed it: that is its approval too.

        A changed original marks its translations outdated. Raises TooLongError.
        """
        return await self._change_text(by, broadcast_id, language, text.strip())

    async def approve(self, by: Person, broadcast_id: int, language: str) -> Broadcast:
        """Approve a translation that a key figure offered, or one that is still right after a change."""
        async with self._work() as unit:
            broadcast = await self._open(unit, by, broadcast_id)
            text = broadcast.texts.get(language)
            if text is None or not text.text:
                raise NotFoundError
            approved = replace(text, state=TextState.APPROVED, approved_by=by.id, revision=broadcast.revision)
            await unit.broadcasts.put_text(broadcast_id, approved)
            broadcast = await self._keep(unit, broadcast, by, "approved", language)
            await unit.commit()
        return broadcast

    async def attach(self, by: Person, broadcast_id: int, media: tuple[str, ...], kind: str) -> Broadcast:
        """Send these files along, in the place of others or of a place. Raises TooLongError."""
        return await self._set(by, broadcast_id, "media", media=media, media_kind=kind, location=None)

    async def place(self, by: Person, broadcast_id: int, location: tuple[float, float] | None) -> Broadcast:
        """Send a place along (latitude, longitude), or none; in the place of files."""
        return await self._set(by, broadcast_id, "location", location=location, media=())

    async def link(self, by: Person, broadcast_id: int, link: str) -> Broadcast:
        """Send a link along, or none."""
        return await self._set(by, broadcast_id, "link", link=link)

    async def expire(self, by: Person, broadcast_id: int, expires: date | None) -> Broadcast:
        """Say until which day it holds."""
        return await self._set(by, broadcast_id, "expires", expires=expires)

    async def about(self, by: Person, broadcast_id: int, topic: Topic) -> Broadcast:
        """Say what it is about."""
        return await self._set(by, broadcast_id, "topic", topic=topic)

    async def aim(self, by: Person, broadcast_id: int, audience: Audience) -> Broadcast:
        """Say who gets it."""
        return await self._set(by, broadcast_id, "audience", audience=audience)

    async def discard(self, by: Person, broadcast_id: int, version: int) -> None:
        """Throw a draft away."""
        async with self._work() as unit:
            broadcast = await found_broadcast(unit, by, broadcast_id)
            if broadcast.version != version:
                raise ColleagueFirstError
            await self._keep(unit, self._to(broadcast, BroadcastState.DISCARDED), by, "discarded")
            await unit.commit()

    async def reach(self, by: Person, broadcast_id: int) -> tuple[Broadcast, Reach]:
        """Return who would get it now, and who not."""
        async with self._work() as unit:
            broadcast = await found_broadcast(unit, by, broadcast_id)
            return broadcast, await reach(unit, broadcast)

    async def groups(self, by: Person) -> Sequence[Group]:
        """Return all groups, to choose among."""
        by.require(Role.AREA_MANAGER)
        async with self._work() as unit:
            return await unit.groups.all()

    async def rehearse(self, by: Person, broadcast_id: int) -> int:
        """Send each finished language to the gebiedsmanager alone; returns how many.

        Where the audience has groups that get languages together, that message too.
        """
        now = self._clock.now()
        async with self._work() as unit:
            broadcast = await found_broadcast(unit, by, broadcast_id)
            addresses = (await unit.people.addresses([by.id])).get(by.id, [])
            if not addresses:
                raise NotFoundError
            recipient = [Recipient(addresses[0], by.id)]
            found = await reach(unit, broadcast)
            wanted: set[tuple[str, ...]] = {
                (language,) for language in broadcast.texts if broadcast.ready(language)
            }
            wanted |= {parcel.languages for parcel in found.parcels}
            order = list(self._municipality.languages)
            for languages in sorted(wanted, key=lambda key: (len(key), order.index(key[0]))):
                heading = self._notices.rehearsal(broadcast, languages[0], by.language or BASE_LANGUAGE)
                message = self._notices.message(broadcast, languages, Reader.SUBSCRIBER)
                for part in (heading, replace(message, buttons=())):
                    await unit.outbox.add(
                        replace(part, priority=Priority.URGENT, reason=f"rehearsal:{broadcast.id}"),
                        recipient,
                        now,
                    )
            await unit.broadcasts.note(broadcast.id, HistoryLine("rehearsed", by.id, now))
            await unit.commit()
        return len(wanted)

    async def confirm(self, by: Person, broadcast_id: int) -> Confirmation:
        """Return what is shown before 'send', with the token that sending needs."""
        async with self._work() as unit:
            broadcast = await found_broadcast(unit, by, broadcast_id)
            token = await unit.broadcasts.confirm_token(broadcast_id, broadcast.version, secrets.token_hex(4))
            if token is None:
                raise ColleagueFirstError
            found = await reach(unit, broadcast)
            await unit.commit(repeatable=True)
        return Confirmation(broadcast, found, token)

    async def send(self, by: Person, broadcast_id: int, token: str, *, without_missing: bool) -> Run:
        """Send now, with a minute to undo it.

        `without_missing` leaves out, on purpose, the languages that are not ready. Raises NotReadyError,
        NobodyError, and ColleagueFirstError when it was sent or changed meanwhile.
        """
        by.require(Role.AREA_MANAGER)
        now = self._clock.now()
        async with self._work() as unit:
            if not await unit.broadcasts.use_token(broadcast_id, token):
                raise ColleagueFirstError
            broadcast = await found_broadcast(unit, by, broadcast_id)
            sent = self._to(broadcast, BroadcastState.SENT)
            without = (
                frozenset(self._municipality.languages) - {BASE_LANGUAGE} if without_missing else frozenset()
            )
            local = now.astimezone(self._municipality.zone)
            plan_id = await unit.plans.add(
                broadcast_id, Rule(local.date(), local.time().replace(microsecond=0)), without, by.id
            )
            await unit.plans.set_plan_state(plan_id, PlanState.ENDED)
            occurrence_id = await unit.plans.add_occurrence(
                plan_id, local.date(), f"{local:%H:%M:%S}", now, OccurrenceState.PLANNED
            )
            occurrence = await unit.plans.occurrence(occurrence_id or 0)
            if occurrence is None:
                raise ColleagueFirstError
            run = await release(
                unit,
                self._notices,
                broadcast,
                occurrence,
                without=without,
                by=by.id,
                now=now,
                starts_at=now + UNDO,
            )
            await self._keep(unit, sent, by, "sent")
            await unit.commit()
        return run

    async def undo(self, by: Person, run_id: int) -> Broadcast:
        """Take back what was sent a moment ago: it is a draft again. Raises UndoTooLateError."""
        by.require(Role.AREA_MANAGER)
        async with self._work() as unit:
            run = await unit.plans.run(run_id)
            if run is None:
                raise NotFoundError
            broadcast = await found_broadcast(unit, by, run.broadcast_id)
            if self._clock.now() >= run.starts_at:
                raise UndoTooLateError
            if not await unit.plans.undo(run_id):
                raise ColleagueFirstError
            if not await unit.told.cancel(run.reason, all_or_none=True):
                raise UndoTooLateError
            await unit.told.cancel(f"ask:{run.id}", all_or_none=False)
            broadcast = await self._keep(unit, self._to(broadcast, BroadcastState.DRAFT), by, "undone")
            await unit.commit()
        return broadcast

    async def _set(self, by: Person, broadcast_id: int, what: str, **values: object) -> Broadcast:
        async with self._work() as unit:
            broadcast = await self._open(unit, by, broadcast_id)
            changed = replace(broadcast, **values)  # type: ignore[arg-type]
            self._check_length(changed)
            broadcast = await self._keep(unit, changed, by, what)
            await unit.commit()
        return broadcast

    async def _change_text(self, by: Person, broadcast_id: int, language: str, text: str) -> Broadcast:
        async with self._work() as unit:
            broadcast = await self._open(unit, by, broadcast_id)
            original = language == BASE_LANGUAGE
            revision = broadcast.revision + (1 if original and text != broadcast.original else 0)
            written = Text(language, text, TextState.APPROVED, revision, approved_by=by.id)
            changed = replace(broadcast, revision=revision, texts={**broadcast.texts, language: written})
            self._check_length(changed)
            await unit.broadcasts.put_text(broadcast_id, written)
            broadcast = await self._keep(unit, changed, by, "written", language)
            await unit.commit()
        return broadcast

    async def _open(self, unit: UnitOfWork, by: Person, broadcast_id: int) -> Broadcast:
        """Return a broadcast that may still be changed."""
        broadcast = await found_broadcast(unit, by, broadcast_id)
        if broadcast.state not in {BroadcastState.DRAFT, BroadcastState.PLANNED}:
            raise ColleagueFirstError
        return broadcast

    async def _keep(
        self, unit: UnitOfWork, broadcast: Broadcast, by: Person, what: str, details: str = ""
    ) -> Broadcast:
        now = self._clock.now()
        if not await unit.broadcasts.save(broadcast, now):
            raise ColleagueFirstError
        await unit.broadcasts.note(broadcast.id, HistoryLine(what, by.id, now, details))
        kept = await unit.broadcasts.get(broadcast.id)
        if kept is None:
            raise NotFoundError
        return kept

    def _check_length(self, broadcast: Broadcast) -> None:
        """Raise TooLongError where any language would not fit, with everything that goes around it."""
        for language, text in broadcast.texts.items():
            if text.text:
                length, limit = self._notices.length(
                    self._notices.message(broadcast, [language], Reader.GROUP)
                )
                if length > limit:
                    raise TooLongError(length=length, limit=limit)

    @staticmethod
    def _to(broadcast: Broadcast, state: BroadcastState) -> Broadcast:
        return replace(broadcast, state=change(broadcast.state, state))
