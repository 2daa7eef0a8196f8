# SPDX-License-Identifier: EUPL-1.2
"""After a broadcast left: the live report, trying again, correcting, withdrawing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from bot.domain.broadcast import (
    Broadcast,
    BroadcastState,
    ColleagueFirstError,
    Copies,
    HistoryLine,
    Run,
    Text,
    TextState,
    change,
)
from bot.domain.entry import BASE_LANGUAGE
from bot.domain.errors import NotFoundError, TooLongError
from bot.domain.group import Group
from bot.domain.outgoing import Action, DeliveryState, Priority
from bot.domain.person import Person, Role
from bot.domain.schedule import PlanState
from bot.services.broadcast_notices import BroadcastNotices, Reader
from bot.services.broadcast_ports import Sent
from bot.services.correcting import Correcting, mark
from bot.services.ports import Clock, UnitOfWork, Work
from bot.services.releasing import found_broadcast
from bot.services.withdrawing import Withdrawing

UNDER_WAY = frozenset({DeliveryState.QUEUED.value, DeliveryState.LEASED.value})
ARRIVED = frozenset({DeliveryState.SENT.value})


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one run. `groups` has each group with language and state."""

    broadcast: Broadcast
    run: Run
    counts: Sequence[Copies]
    groups: Sequence[tuple[Group, str, str]]


class AftercareService:
    """What happens with a broadcast after 'send'."""

    def __init__(self, work: Work, clock: Clock, notices: BroadcastNotices) -> None:
        self._work = work
        self._clock = clock
        self._notices = notices
        self._correcting = Correcting(clock, notices)
        self._withdrawing = Withdrawing(clock, notices)

    async def runs(self, by: Person, broadcast_id: int) -> Sequence[Run]:
        """Return when it was released, the newest first. Raises NotAllowedError, NotFoundError."""
        async with self._work() as unit:
            await found_broadcast(unit, by, broadcast_id)
            return await unit.plans.runs(broadcast_id)

    async def report(self, by: Person, run_id: int) -> Report:
        """Return the report of a run. Raises NotAllowedError, NotFoundError."""
        by.require(Role.AREA_MANAGER)
        async with self._work() as unit:
            return await self._report(unit, await self._run(unit, run_id))

    async def retry(self, by: Person, run_id: int) -> int:
        """Try again what failed; returns how many. A second press finds nothing to do.

        It leaves with the text as it is now. Raises ColleagueFirstError for what was withdrawn.
        """
        by.require(Role.AREA_MANAGER)
        now = self._clock.now()
        async with self._work() as unit:
            run = await self._run(unit, run_id)
            broadcast = await found_broadcast(unit, by, run.broadcast_id)
            if broadcast.state is BroadcastState.WITHDRAWN:
                raise ColleagueFirstError
            number = await unit.told.retry(run.reason, now) + await unit.told.retry(run.voices, now)
            if number:
                await self._correcting.catch_up(unit, broadcast, run)
                await unit.plans.shown(run_id, "", done=False)
                await unit.broadcasts.note(run.broadcast_id, HistoryLine("retried", by.id, now, str(number)))
            await unit.commit()
        return number

    async def correct(
        self, by: Person, broadcast_id: int, version: int, language: str, text: str
    ) -> Broadcast:
        """Put a better text in the place of what was sent, for exactly those who got it.

        What still waits leaves with the new text. Where the old one can't be changed, the correction
        follows as a new message (see `tick`). Raises TooLongError, ColleagueFirstError.
        """
        now = self._clock.now()
        async with self._work() as unit:
            broadcast = await found_broadcast(unit, by, broadcast_id)
            runs = await unit.plans.runs(broadcast_id)
            if broadcast.version != version or not runs or broadcast.state is BroadcastState.WITHDRAWN:
                raise ColleagueFirstError
            broadcast = await self._put(unit, broadcast, by, language, text.strip())
            newest = await unit.told.newest()
            line = HistoryLine("corrected", by.id, now, mark(language, newest))
            await unit.broadcasts.note(broadcast_id, line)
            for run in runs:
                await self._correcting.catch_up(unit, broadcast, run)
                await unit.plans.shown(run.id, "", done=False)
            await unit.commit()
        return broadcast

    async def withdraw_token(self, by: Person, broadcast_id: int, fresh: str) -> str:
        """Return the token of the screen that asks whether to withdraw."""
        async with self._work() as unit:
            broadcast = await found_broadcast(unit, by, broadcast_id)
            change(broadcast.state, BroadcastState.WITHDRAWN)
            token = await unit.broadcasts.confirm_token(broadcast_id, broadcast.version, fresh)
            await unit.commit(repeatable=True)
        if token is None:
            raise ColleagueFirstError
        return token

    async def withdraw(self, by: Person, broadcast_id: int, token: str) -> Broadcast:
        """Take back what waits, delete what can be deleted, tell the rest. Raises ColleagueFirstError."""
        by.require(Role.AREA_MANAGER)
        now = self._clock.now()
        async with self._work() as unit:
            if not await unit.broadcasts.use_token(broadcast_id, token):
                raise ColleagueFirstError
            broadcast = await found_broadcast(unit, by, broadcast_id)
            state = change(broadcast.state, BroadcastState.WITHDRAWN)
            plan = await unit.plans.of(broadcast_id)
            if plan is not None:
                await unit.plans.set_plan_state(plan.id, PlanState.ENDED)
            if not await unit.broadcasts.save(replace(broadcast, state=state), now):
                raise ColleagueFirstError
            await unit.broadcasts.note(broadcast_id, HistoryLine("withdrawn", by.id, now))
            for run in await unit.plans.runs(broadcast_id):
                await self._withdrawing.catch_up(unit, broadcast, run)
                await unit.plans.shown(run.id, "", done=False)
            await unit.commit()
        return replace(broadcast, state=state, version=broadcast.version + 1)

    async def tick(self) -> None:
        """Renew the live reports, and tell those whose message could not be changed or deleted.

        Called every few seconds by one leader: a report is never changed more often than that, and never
        while its last change still waits.
        """
        async with self._work() as unit:
            live = await unit.plans.reporting()
        for run, shown in live:
            async with self._work() as unit:
                # Counted first: what settles meanwhile is caught up with in the next turn.
                waiting = await self._waiting(unit, run)
                if not waiting:
                    waiting = await self._catch_up(unit, run) > 0
                await self._renew(unit, run, shown, waiting=waiting)
                await unit.commit()

    async def _catch_up(self, unit: UnitOfWork, run: Run) -> int:
        """Reach those whose copy was on its way during a correction or a withdrawal; returns how many."""
        broadcast = await unit.broadcasts.get(run.broadcast_id)
        if broadcast is None:
            return 0
        if broadcast.state is BroadcastState.WITHDRAWN:
            return await self._withdrawing.catch_up(unit, broadcast, run)
        return await self._correcting.catch_up(unit, broadcast, run)

    @staticmethod
    async def _waiting(unit: UnitOfWork, run: Run) -> bool:
        reasons = (run.reason, run.correction, run.corrected_anew, run.withdrawal, run.withdrawn_anew)
        for reason in reasons:
            if any(each.state in UNDER_WAY for each in await unit.told.counts(reason)):
                return True
        return False

    async def _renew(self, unit: UnitOfWork, run: Run, shown: str, *, waiting: bool) -> None:
        changes = await unit.told.counts(f"report-change:{run.id}")
        if any(each.state in UNDER_WAY for each in changes):
            return
        report = await self._report(unit, run)
        summary = sha256(repr((report.counts, report.broadcast.state)).encode()).hexdigest()
        if summary != shown:
            for copy in await unit.told.copies(run.report, ARRIVED):
                await self._change_report(unit, report, copy)
        pending = await unit.told.copies(run.report, UNDER_WAY)
        # The report itself may not have arrived yet: then what it shows counts as old.
        await unit.plans.shown(run.id, "" if pending else summary, done=not waiting and not pending)

    async def _change_report(self, unit: UnitOfWork, report: Report, copy: Sent) -> None:
        outgoing = self._notices.report(
            report.broadcast, report.run, report.counts, report.groups, copy.language
        )
        await unit.outbox.add(
            replace(
                outgoing,
                action=Action.EDIT,
                priority=Priority.NORMAL,
                reason=f"report-change:{report.run.id}",
                language=copy.language,
            ),
            [replace(copy.recipient, edits=copy.sent_message_id)],
            self._clock.now(),
        )

    async def _put(
        self, unit: UnitOfWork, broadcast: Broadcast, by: Person, language: str, text: str
    ) -> Broadcast:
        revision = broadcast.revision + (language == BASE_LANGUAGE and text != broadcast.original)
        written = Text(language, text, TextState.APPROVED, revision, approved_by=by.id)
        changed = replace(broadcast, revision=revision, texts={**broadcast.texts, language: written})
        length, limit = self._notices.length(self._notices.message(changed, [language], Reader.GROUP))
        if length > limit:
            raise TooLongError(length=length, limit=limit)
        await unit.broadcasts.put_text(broadcast.id, written)
        if not await unit.broadcasts.save(changed, self._clock.now()):
            raise ColleagueFirstError
        return replace(changed, version=broadcast.version + 1)

    async def _report(self, unit: UnitOfWork, run: Run) -> Report:
        broadcast = await unit.broadcasts.get(run.broadcast_id)
        if broadcast is None:
            raise NotFoundError
        groups = []
        for address, language, state in await unit.told.groups(run.reason):
            group = await unit.groups.at(address.channel, address.chat_id)
            if group is not None:
                groups.append((group, language, state))
        return Report(broadcast, run, await unit.told.counts(run.reason), groups)

    @staticmethod
    async def _run(unit: UnitOfWork, run_id: int) -> Run:
        run = await unit.plans.run(run_id)
        if run is None:
            raise NotFoundError
        return run
