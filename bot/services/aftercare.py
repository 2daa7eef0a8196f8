# SPDX-License-Identifier: EUPL-1.2
"""After a broadcast left: the live report, trying again, correcting, withdrawing."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

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
from bot.domain.outgoing import Action, DeliveryState, Outgoing, Priority
from bot.domain.person import Person, Role
from bot.domain.schedule import PlanState
from bot.services.broadcast_notices import BroadcastNotices, Reader
from bot.services.broadcast_ports import Sent
from bot.services.ports import Clock, UnitOfWork, Work
from bot.services.releasing import BETWEEN, bulk, found_broadcast, languages_of

DELETABLE = timedelta(hours=47)
"""How long Telegram lets a bot delete its messages (48 hours), with an hour to spare."""
UNDER_WAY = frozenset({DeliveryState.QUEUED.value, DeliveryState.LEASED.value})
ARRIVED = frozenset({DeliveryState.SENT.value})
REFUSED = frozenset({DeliveryState.FAILED.value})
_PERHAPS = frozenset({DeliveryState.UNKNOWN.value})


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
        """Try again what failed; returns how many. A second press finds nothing to do."""
        by.require(Role.AREA_MANAGER)
        now = self._clock.now()
        async with self._work() as unit:
            run = await self._run(unit, run_id)
            number = await unit.told.retry(run.reason, now)
            if number:
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
            for run in runs:
                await self._correct_run(unit, broadcast, run, language)
                await unit.plans.shown(run.id, "", done=False)
            await unit.broadcasts.note(broadcast_id, HistoryLine("corrected", by.id, now, language))
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
            for run in await unit.plans.runs(broadcast_id):
                await unit.told.cancel(run.reason, all_or_none=False)
                await unit.told.cancel(f"ask:{run.id}", all_or_none=False)
                await self._withdraw_run(unit, broadcast, run)
                await unit.plans.shown(run.id, "", done=False)
            if not await unit.broadcasts.save(replace(broadcast, state=state), now):
                raise ColleagueFirstError
            await unit.broadcasts.note(broadcast_id, HistoryLine("withdrawn", by.id, now))
            await unit.commit()
        return replace(broadcast, state=state)

    async def tick(self) -> None:
        """Renew the live reports, and tell those whose message could not be changed or deleted.

        Called every few seconds by one leader: a report is never changed more often than that, and never
        while its last change still waits.
        """
        async with self._work() as unit:
            live = await unit.plans.reporting()
        for run, shown in live:
            async with self._work() as unit:
                await self._follow_up(unit, run)
                await self._renew(unit, run, shown)
                await unit.commit()

    async def _renew(self, unit: UnitOfWork, run: Run, shown: str) -> None:
        reasons = (run.reason, _correction(run), _withdrawal(run), _told_anew(run))
        waiting = [
            each.state
            for reason in reasons
            for each in await unit.told.counts(reason)
            if each.state in UNDER_WAY
        ]
        changes = await unit.told.counts(f"report-change:{run.id}")
        if any(each.state in UNDER_WAY for each in changes):
            return
        report = await self._report(unit, run)
        summary = "|".join(f"{each.language}{each.state[0:2]}{each.number}" for each in report.counts)[-64:]
        first = await unit.told.copies(run.report, ARRIVED)
        if summary != shown:
            for copy in first:
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

    async def _follow_up(self, unit: UnitOfWork, run: Run) -> None:
        """Send as a new message what could not be changed or deleted."""
        broadcast = await unit.broadcasts.get(run.broadcast_id)
        if broadcast is None:
            return
        known = {copy.recipient.address for copy in await self._all(unit, _told_anew(run))}
        withdrawn = broadcast.state is BroadcastState.WITHDRAWN
        reason = _withdrawal(run) if withdrawn else _correction(run)
        failed = [
            copy for copy in await unit.told.copies(reason, REFUSED) if copy.recipient.address not in known
        ]
        await self._tell_anew(unit, broadcast, run, failed, withdrawn=withdrawn)

    async def _correct_run(self, unit: UnitOfWork, broadcast: Broadcast, run: Run, language: str) -> None:
        now = self._clock.now()
        waiting = [
            copy
            for copy in await unit.told.copies(run.reason, {DeliveryState.QUEUED.value})
            if language in languages_of(copy.language)
        ]
        for message_id in {copy.message_id for copy in waiting}:
            await unit.outbox.cancel(message_id)
        for (languages, reader), copies in _by_message(waiting).items():
            message = self._notices.message(broadcast, languages, reader)
            # A cancelled copy keeps its row: the new text is a new message for the same people.
            await unit.outbox.add(
                bulk(message, run.reason, languages, run.starts_at),
                [copy.recipient for copy in copies],
                now,
            )
        arrived = [
            copy
            for copy in await unit.told.copies(run.reason, ARRIVED)
            if language in languages_of(copy.language) and copy.sent_message_id is not None
        ]
        for (languages, reader), copies in _by_message(arrived).items():
            message = bulk(
                self._notices.message(broadcast, languages, reader), _correction(run), languages, None
            )
            await unit.outbox.add(
                replace(message, action=Action.EDIT, priority=Priority.NORMAL),
                [replace(copy.recipient, edits=copy.sent_message_id) for copy in copies],
                now,
            )

    async def _withdraw_run(self, unit: UnitOfWork, broadcast: Broadcast, run: Run) -> None:
        now = self._clock.now()
        arrived = await unit.told.copies(run.reason, ARRIVED)
        recent = now - run.starts_at < DELETABLE
        deletable = [copy for copy in arrived if recent and copy.sent_message_id is not None]
        for (languages, _), copies in _by_message(deletable).items():
            outgoing = Outgoing("", Priority.NORMAL, _withdrawal(run), BETWEEN.join(languages))
            await unit.outbox.add(
                replace(outgoing, action=Action.DELETE),
                [replace(copy.recipient, edits=copy.sent_message_id) for copy in copies],
                now,
            )
        rest = [copy for copy in arrived if copy not in deletable]
        rest += await unit.told.copies(run.reason, _PERHAPS)
        await self._tell_anew(unit, broadcast, run, rest, withdrawn=True)

    async def _tell_anew(
        self, unit: UnitOfWork, broadcast: Broadcast, run: Run, copies: Sequence[Sent], *, withdrawn: bool
    ) -> None:
        for (languages, _), group in _by_message(copies).items():
            wording = self._notices.withdrawn if withdrawn else self._notices.correction
            message = bulk(wording(broadcast, languages), _told_anew(run), languages, None)
            await unit.outbox.add(
                replace(message, priority=Priority.NORMAL),
                [replace(copy.recipient, edits=None) for copy in group],
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
    async def _all(unit: UnitOfWork, reason: str) -> Sequence[Sent]:
        return await unit.told.copies(reason, [state.value for state in DeliveryState])

    @staticmethod
    async def _run(unit: UnitOfWork, run_id: int) -> Run:
        run = await unit.plans.run(run_id)
        if run is None:
            raise NotFoundError
        return run


def _by_message(copies: Sequence[Sent]) -> dict[tuple[tuple[str, ...], Reader], list[Sent]]:
    """Put copies that get the same message together."""
    found: defaultdict[tuple[tuple[str, ...], Reader], list[Sent]] = defaultdict(list)
    for copy in copies:
        reader = Reader.GROUP if copy.recipient.person_id is None else Reader.SUBSCRIBER
        found[languages_of(copy.language), reader].append(copy)
    return found


def _correction(run: Run) -> str:
    return f"correction:{run.id}"


def _withdrawal(run: Run) -> str:
    return f"withdrawal:{run.id}"


def _told_anew(run: Run) -> str:
    return f"told-anew:{run.id}"
