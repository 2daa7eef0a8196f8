# SPDX-License-Identifier: EUPL-1.2
"""Composing a broadcast, rehearsing it, and sending it now."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.domain import readability
from bot.domain.broadcast import (
    OPEN,
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
from bot.domain.outgoing import Outgoing, Priority, Recipient
from bot.domain.person import Person, Role
from bot.domain.schedule import OccurrenceState, PlanState, Rule
from bot.domain.subscription import Topic
from bot.services.audience import Reach, reach
from bot.services.broadcast_notices import BroadcastNotices, Reader
from bot.services.ports import Clock, UnitOfWork, Work
from bot.services.releasing import fitting, found_broadcast, release
from bot.services.telling import tell

UNDO = timedelta(minutes=1)
"""How long sending now can be undone: nothing leaves before."""
DOUBLE_TAP = timedelta(seconds=10)
"""A rehearsal of the same version so soon after the last one is the same press twice."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What is shown before 'send'. `token` belongs to this version, and works once.

    `seconds` is how long sending takes, a lower bound. `expired` tells that it no longer holds, `blanks` what
    a template left to be filled in.
    """

    broadcast: Broadcast
    reach: Reach
    token: str
    seconds: int = 0
    expired: bool = False
    blanks: tuple[str, ...] = ()


class BroadcastService:
    """The gebiedsmanager's drafts. Every method raises NotAllowedError for others, NotFoundError."""

    def __init__(
        self,
        work: Work,
        clock: Clock,
        municipality: Municipality,
        notices: BroadcastNotices,
        rate: float,
    ) -> None:
        """`rate` is how many messages leave in a second."""
        self._work = work
        self._clock = clock
        self._municipality = municipality
        self._notices = notices
        self._rate = rate

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

    async def listed(
        self, by: Person, *states: BroadcastState, most: int, offset: int = 0
    ) -> Sequence[Broadcast]:
        """Return broadcasts in these states, the one changed last first: `most` of them from `offset` on."""
        by.require(Role.AREA_MANAGER)
        async with self._work() as unit:
            return await unit.broadcasts.in_states(states, most, offset)

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

    async def approve(self, by: Person, broadcast_id: int, language: str, version: int) -> Broadcast:
        """Approve a translation that a key figure offered, or one that is still right after a change.

        What was sent can only be found still right: its words are changed by a correction.
        """
        async with self._work() as unit:
            broadcast = await found_broadcast(unit, by, broadcast_id)
            text = broadcast.texts.get(language)
            if text is None or not text.text:
                raise NotFoundError
            still_right = broadcast.state is BroadcastState.SENT and text.state is TextState.APPROVED
            if broadcast.version != version or not (broadcast.state in OPEN or still_right):
                raise ColleagueFirstError
            approved = replace(text, state=TextState.APPROVED, approved_by=by.id, revision=broadcast.revision)
            await unit.broadcasts.put_text(broadcast_id, approved)
            broadcast = await self._keep(unit, broadcast, by, "approved", language)
            await unit.commit()
        return broadcast

    async def without_recording(
        self, by: Person, broadcast_id: int, language: str, version: int
    ) -> Broadcast:
        """Leave the spoken text of one language out."""
        async with self._work() as unit:
            broadcast = await self._open(unit, by, broadcast_id, version)
            text = broadcast.texts.get(language)
            if text is None:
                raise NotFoundError
            await unit.broadcasts.put_text(broadcast_id, replace(text, voice=""))
            broadcast = await self._keep(unit, broadcast, by, "written", language)
            await unit.commit()
        return broadcast

    async def listen(self, by: Person, broadcast_id: int, language: str) -> None:
        """Send the spoken text of one language to the gebiedsmanager alone."""
        async with self._work() as unit:
            broadcast = await found_broadcast(unit, by, broadcast_id)
            text = broadcast.texts.get(language)
            if text is None or not text.voice:
                raise NotFoundError
            recording = replace(self._notices.recording(broadcast, language), priority=Priority.URGENT)
            await tell(unit, by, lambda _: recording, self._clock.now())
            await unit.commit()

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

    async def detach(self, by: Person, broadcast_id: int) -> Broadcast:
        """Take everything off that goes along."""
        return await self._set(by, broadcast_id, "media", media=(), location=None, link="")

    async def aim(self, by: Person, broadcast_id: int, audience: Audience, version: int) -> Broadcast:
        """Say who gets it. Raises ColleagueFirstError when it is not as it was when that was chosen."""
        return await self._set(by, broadcast_id, "audience", version, audience=audience)

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
        """Send each finished language to the gebiedsmanager alone, as it will arrive; returns how many.

        Where the audience has groups that get languages together, that message too. A double tap brings it
        once.
        """
        now = self._clock.now()
        async with self._work() as unit:
            broadcast = await found_broadcast(unit, by, broadcast_id)
            addresses = (await unit.people.addresses([by.id])).get(by.id, [])
            if not addresses:
                raise NotFoundError
            recipient = [Recipient(addresses[0], by.id)]
            wanted = await self._wordings(unit, broadcast)
            last = (await unit.broadcasts.history(broadcast_id))[-1]
            if (last.what, last.by) == ("rehearsed", by.id) and now - last.at < DOUBLE_TAP:
                return len(wanted)
            language_read = by.language or BASE_LANGUAGE
            parts: list[Outgoing] = []
            for languages, reader in wanted:
                parts.append(self._notices.rehearsal(broadcast, languages, language_read))
                parts.append(self._notices.message(broadcast, languages, reader))
                parts += [
                    self._notices.recording(broadcast, language)
                    for language in languages
                    if broadcast.texts[language].voice and len(languages) == 1
                ]
            if wanted:
                parts.append(self._notices.after_rehearsal(broadcast, language_read))
            for part in parts:
                await unit.outbox.add(
                    replace(part, priority=Priority.URGENT, reason=f"rehearsal:{broadcast.id}"),
                    recipient,
                    now,
                )
            if wanted:
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
        today = self._clock.now().astimezone(self._municipality.zone).date()
        blanks = tuple(blank for text in broadcast.texts.values() for blank in readability.blanks(text.text))
        return Confirmation(
            broadcast, found, token, found.seconds(self._rate), broadcast.expired(today), blanks
        )

    async def send(self, by: Person, broadcast_id: int, token: str, *, without: frozenset[str]) -> Run:
        """Send now, with a minute to undo it.

        `without` are the languages that are left out on purpose, as the screen before 'send' named them.
        Raises NotReadyError when another one is missing too, ExpiredError, NobodyError, and
        ColleagueFirstError when it was sent or changed meanwhile.
        """
        by.require(Role.AREA_MANAGER)
        now = self._clock.now()
        async with self._work() as unit:
            if not await unit.broadcasts.use_token(broadcast_id, token):
                raise ColleagueFirstError
            broadcast = await found_broadcast(unit, by, broadcast_id)
            sent = self._to(broadcast, BroadcastState.SENT)
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
                without=without - {BASE_LANGUAGE},
                by=by.id,
                now=now,
                starts_at=now + UNDO,
                today=local.date(),
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
            for reason in (run.voices, run.question):
                await unit.told.cancel(reason, all_or_none=False)
            broadcast = await self._keep(unit, self._to(broadcast, BroadcastState.DRAFT), by, "undone")
            await unit.commit()
        return broadcast

    async def _wordings(self, unit: UnitOfWork, broadcast: Broadcast) -> list[tuple[tuple[str, ...], Reader]]:
        """Return everything that will arrive somewhere: each language alone, and those that go together."""
        found = await reach(unit, broadcast)
        order = list(self._municipality.languages)
        alone = {(language,) for language in broadcast.texts if broadcast.ready(language)}
        together = {
            languages
            for parcel in found.parcels
            for languages in fitting(self._notices, broadcast, parcel.languages, parcel.reader)
            if len(languages) > 1
        }
        wanted: list[tuple[tuple[str, ...], Reader]] = [(each, Reader.SUBSCRIBER) for each in alone]
        wanted += [(each, Reader.GROUP) for each in together]
        return sorted(wanted, key=lambda each: (len(each[0]), order.index(each[0][0]), each))

    async def _set(
        self, by: Person, broadcast_id: int, what: str, version: int | None = None, **values: object
    ) -> Broadcast:
        async with self._work() as unit:
            broadcast = await self._open(unit, by, broadcast_id, version)
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

    async def _open(
        self, unit: UnitOfWork, by: Person, broadcast_id: int, version: int | None = None
    ) -> Broadcast:
        """Return a broadcast that may still be changed, and is in this version where one is given."""
        broadcast = await found_broadcast(unit, by, broadcast_id)
        if broadcast.state not in OPEN or version not in {None, broadcast.version}:
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
