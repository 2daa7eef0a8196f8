# SPDX-License-Identifier: EUPL-1.2
"""Plans: broadcasts that go out at a time or again and again, and the clock that lets them go."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from bot.domain.broadcast import (
    Broadcast,
    BroadcastState,
    ColleagueFirstError,
    HistoryLine,
    NobodyError,
    NotReadyError,
    PastError,
    Run,
    change,
)
from bot.domain.entry import BASE_LANGUAGE
from bot.domain.errors import NotFoundError
from bot.domain.municipality import Municipality
from bot.domain.person import Person, Role
from bot.domain.schedule import (
    OPEN,
    OVERDUE_AFTER,
    Occurrence,
    OccurrenceState,
    Plan,
    PlanState,
    Repeat,
    Rule,
    moment,
    next_day,
)
from bot.domain.schedule import change as change_occurrence
from bot.services.audience import reach
from bot.services.broadcast_notices import BroadcastNotices
from bot.services.ports import Clock, UnitOfWork, Work
from bot.services.releasing import found_broadcast, release
from bot.services.telling import tell_all

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan with what it sends and what is still open."""

    plan: Plan
    broadcast: Broadcast
    open: tuple[Occurrence, ...]

    @property
    def next(self) -> Occurrence | None:
        """The next occurrence, or None."""
        return next(iter(self.open), None)


class PlanningService:
    """What goes out when. Methods for people raise NotAllowedError and NotFoundError."""

    def __init__(
        self, work: Work, clock: Clock, municipality: Municipality, notices: BroadcastNotices
    ) -> None:
        self._work = work
        self._clock = clock
        self._municipality = municipality
        self._notices = notices

    def first_moment(self, rule: Rule) -> datetime:
        """Return when a rule first goes out. Raises PastError where it never does."""
        now = self._clock.now()
        day = next_day(rule, now, self._municipality.zone, self._municipality.is_holiday)
        if day is None:
            raise PastError
        return moment(day, rule.at, self._municipality.zone)

    async def plan(
        self, by: Person, broadcast_id: int, token: str, rule: Rule, *, without_missing: bool
    ) -> Planned:
        """Plan a draft. A language that is still missing when the moment comes stops it then.

        Raises PastError, and ColleagueFirstError when it was sent or changed meanwhile.
        """
        by.require(Role.AREA_MANAGER)
        self.first_moment(rule)
        async with self._work() as unit:
            if not await unit.broadcasts.use_token(broadcast_id, token):
                raise ColleagueFirstError
            broadcast = await found_broadcast(unit, by, broadcast_id)
            planned = replace(broadcast, state=change(broadcast.state, BroadcastState.PLANNED))
            missing = (await reach(unit, broadcast)).missing if without_missing else frozenset()
            plan_id = await unit.plans.add(broadcast_id, rule, missing, by.id)
            await self._add_next(unit, plan_id, rule, None)
            await self._save(unit, planned, by.id, "planned")
            result = await self._planned(unit, plan_id)
            await unit.commit()
        return result

    async def listed(self, by: Person) -> Sequence[Planned]:
        """Return what is planned, the next first."""
        by.require(Role.AREA_MANAGER)
        async with self._work() as unit:
            found = [await self._planned(unit, plan.id) for plan in await unit.plans.running()]
        return sorted(
            found, key=lambda each: (each.next is None, each.next and each.next.due_at, each.plan.id)
        )

    async def get(self, by: Person, plan_id: int) -> Planned:
        """Return one plan."""
        by.require(Role.AREA_MANAGER)
        async with self._work() as unit:
            return await self._planned(unit, plan_id)

    async def replan(self, by: Person, plan_id: int, version: int, rule: Rule) -> Planned:
        """Change when it goes out. Raises PastError, ColleagueFirstError."""
        self.first_moment(rule)
        async with self._work() as unit:
            plan = await self._present(unit, by, plan_id, version)
            await self._cancel_open(unit, plan.id)
            await self._keep(unit, replace(plan, rule=rule), by, "replanned")
            await self._add_next(unit, plan.id, rule, None)
            result = await self._planned(unit, plan.id)
            await unit.commit()
        return result

    async def pause(self, by: Person, plan_id: int, version: int) -> Planned:
        """Send nothing until it goes on."""
        async with self._work() as unit:
            plan = await self._present(unit, by, plan_id, version)
            await self._keep(unit, replace(plan, state=PlanState.PAUSED), by, "paused")
            result = await self._planned(unit, plan.id)
            await unit.commit()
        return result

    async def resume(self, by: Person, plan_id: int, version: int) -> Planned:
        """Go on. What fell into the pause is not made up for; a single one asks for a new time."""
        now = self._clock.now()
        async with self._work() as unit:
            plan = await self._present(unit, by, plan_id, version)
            passed = [each for each in await self._open(unit, plan.id) if each.due_at < now]
            if passed and plan.rule.repeat is Repeat.ONCE:
                raise PastError
            for occurrence in passed:
                await self._set(unit, occurrence, OccurrenceState.SKIPPED)
            await self._keep(unit, replace(plan, state=PlanState.ACTIVE), by, "resumed")
            if passed:
                await self._add_next(unit, plan.id, plan.rule, passed[-1])
            result = await self._planned(unit, plan.id)
            await unit.commit()
        return result

    async def cancel(self, by: Person, plan_id: int, version: int) -> Broadcast:
        """End the plan; the broadcast is a draft again, or stays sent where it went out before."""
        async with self._work() as unit:
            plan = await self._present(unit, by, plan_id, version)
            await self._cancel_open(unit, plan.id)
            await self._keep(unit, replace(plan, state=PlanState.ENDED), by, "plan-cancelled")
            broadcast = await found_broadcast(unit, by, plan.broadcast_id)
            sent = bool(await unit.plans.runs(broadcast.id))
            wanted = BroadcastState.SENT if sent else BroadcastState.DRAFT
            await self._save(unit, replace(broadcast, state=change(broadcast.state, wanted)), by.id, "")
            await unit.commit()
        return broadcast

    async def skip(self, by: Person, occurrence_id: int) -> Planned:
        """Leave one out; the next one stays planned."""
        async with self._work() as unit:
            occurrence = await self._occurrence(unit, by, occurrence_id)
            await self._set(unit, occurrence, OccurrenceState.SKIPPED)
            plan = await self._plan(unit, occurrence.plan_id)
            await self._go_on(unit, plan, occurrence, sent=False)
            await unit.broadcasts.note(
                plan.broadcast_id, HistoryLine("skipped", by.id, self._clock.now(), str(occurrence.day))
            )
            result = await self._planned(unit, plan.id)
            await unit.commit()
        return result

    async def broadcast_of(self, by: Person, occurrence_id: int) -> int:
        """Return which broadcast an open occurrence sends. Raises ColleagueFirstError when it is done."""
        async with self._work() as unit:
            return (await self._occurrence(unit, by, occurrence_id)).broadcast_id

    async def send_now(self, by: Person, occurrence_id: int) -> Run:
        """Let one go at once: before its time, or although it was late or stopped.

        Raises NotReadyError, NobodyError, ColleagueFirstError.
        """
        async with self._work() as unit:
            occurrence = await self._occurrence(unit, by, occurrence_id)
            run = await self._release(unit, occurrence, by.id)
            await unit.commit()
        return run

    async def tick(self) -> int:
        """Let go what is due; called every half second by one leader. Returns how many went out."""
        now = self._clock.now()
        async with self._work() as unit:
            due = await unit.plans.due(now)
        return sum([await self._let_go(occurrence, now) for occurrence in due])

    async def _let_go(self, occurrence: Occurrence, now: datetime) -> bool:
        if now - occurrence.due_at > OVERDUE_AFTER:
            await self._park(occurrence, OccurrenceState.OVERDUE, frozenset())
            return False
        try:
            async with self._work() as unit:
                await self._release(unit, occurrence, None)
                await unit.commit()
        except NotReadyError as error:
            missing = frozenset(str(error.details["languages"]).split(", "))
            await self._park(occurrence, OccurrenceState.STOPPED, missing)
        except NobodyError:
            await self._park(occurrence, OccurrenceState.STOPPED, frozenset())
        except ColleagueFirstError:
            log.info("plan.decided_elsewhere", occurrence=occurrence.id)
        else:
            log.info("plan.released", occurrence=occurrence.id)
            return True
        return False

    async def _release(self, unit: UnitOfWork, occurrence: Occurrence, by: int | None) -> Run:
        now = self._clock.now()
        plan = await self._plan(unit, occurrence.plan_id)
        broadcast = await unit.broadcasts.get(plan.broadcast_id)
        if broadcast is None or broadcast.state is not BroadcastState.PLANNED:
            raise ColleagueFirstError
        run = await release(
            unit,
            self._notices,
            broadcast,
            occurrence,
            without=plan.without - {BASE_LANGUAGE},
            by=by or plan.planned_by,
            now=now,
            starts_at=now,
        )
        await self._go_on(unit, plan, occurrence, sent=True)
        return run

    async def _park(self, occurrence: Occurrence, state: OccurrenceState, missing: frozenset[str]) -> None:
        """Keep it from going out by itself, ask the gebiedsmanagers, and plan the one after it."""
        now = self._clock.now()
        async with self._work() as unit:
            if not await unit.plans.set_state(occurrence, state):
                return
            plan = await self._plan(unit, occurrence.plan_id)
            broadcast = await unit.broadcasts.get(plan.broadcast_id)
            if broadcast is None:
                return
            if plan.rule.repeat is not Repeat.ONCE:
                await self._add_next(unit, plan.id, plan.rule, occurrence)
            kept = replace(occurrence, state=state)
            if state is OccurrenceState.OVERDUE:
                await tell_all(
                    unit,
                    Role.AREA_MANAGER,
                    lambda reader: self._notices.overdue(broadcast, kept, reader),
                    now,
                )
            else:
                await tell_all(
                    unit,
                    Role.AREA_MANAGER,
                    lambda reader: self._notices.stopped(broadcast, kept, missing, reader),
                    now,
                )
            await unit.broadcasts.note(broadcast.id, HistoryLine(state.value, None, now))
            await unit.commit()

    async def _go_on(self, unit: UnitOfWork, plan: Plan, done: Occurrence, *, sent: bool) -> None:
        """Plan the next occurrence; where there is none, and nothing is open, the plan has ended."""
        following = None
        if plan.rule.repeat is not Repeat.ONCE:
            following = await self._add_next(unit, plan.id, plan.rule, done)
        if following is not None or await self._open(unit, plan.id):
            return
        await unit.plans.set_plan_state(plan.id, PlanState.ENDED)
        broadcast = await unit.broadcasts.get(plan.broadcast_id)
        if broadcast is not None and broadcast.state is BroadcastState.PLANNED:
            was_sent = sent or bool(await unit.plans.runs(broadcast.id))
            state = BroadcastState.SENT if was_sent else BroadcastState.DRAFT
            await self._save(unit, replace(broadcast, state=state), plan.planned_by, "plan-ended")

    async def _add_next(
        self, unit: UnitOfWork, plan_id: int, rule: Rule, done: Occurrence | None
    ) -> int | None:
        zone = self._municipality.zone
        now = self._clock.now()
        day = next_day(rule, now, zone, self._municipality.is_holiday, None if done is None else done.day)
        if day is None:
            return None
        slot = f"{rule.at:%H:%M}"
        due_at = moment(day, rule.at, zone)
        added = await unit.plans.add_occurrence(plan_id, day, slot, due_at, OccurrenceState.PLANNED)
        if added is None:
            # Planned again for a day and time that was cancelled before: that row comes back to life.
            for known in await unit.plans.occurrences(plan_id):
                if (known.day, known.slot, known.state) == (day, slot, OccurrenceState.CANCELLED):
                    await unit.plans.set_state(known, OccurrenceState.PLANNED)
                    return known.id
        return added

    async def _cancel_open(self, unit: UnitOfWork, plan_id: int) -> None:
        for occurrence in await self._open(unit, plan_id):
            await self._set(unit, occurrence, OccurrenceState.CANCELLED)

    @staticmethod
    async def _set(unit: UnitOfWork, occurrence: Occurrence, wanted: OccurrenceState) -> None:
        change_occurrence(occurrence.state, wanted)
        if not await unit.plans.set_state(occurrence, wanted):
            raise ColleagueFirstError

    @staticmethod
    async def _open(unit: UnitOfWork, plan_id: int) -> list[Occurrence]:
        return [each for each in await unit.plans.occurrences(plan_id) if each.state in OPEN]

    async def _planned(self, unit: UnitOfWork, plan_id: int) -> Planned:
        plan = await self._plan(unit, plan_id)
        broadcast = await unit.broadcasts.get(plan.broadcast_id)
        if broadcast is None:
            raise NotFoundError
        return Planned(plan, broadcast, tuple(await self._open(unit, plan_id)))

    async def _present(self, unit: UnitOfWork, by: Person, plan_id: int, version: int) -> Plan:
        by.require(Role.AREA_MANAGER)
        plan = await self._plan(unit, plan_id)
        if plan.version != version or plan.state is PlanState.ENDED:
            raise ColleagueFirstError
        return plan

    @staticmethod
    async def _plan(unit: UnitOfWork, plan_id: int) -> Plan:
        plan = await unit.plans.get(plan_id)
        if plan is None:
            raise NotFoundError
        return plan

    @staticmethod
    async def _occurrence(unit: UnitOfWork, by: Person, occurrence_id: int) -> Occurrence:
        by.require(Role.AREA_MANAGER)
        occurrence = await unit.plans.occurrence(occurrence_id)
        if occurrence is None:
            raise NotFoundError
        if occurrence.state not in OPEN:
            raise ColleagueFirstError
        return occurrence

    async def _keep(self, unit: UnitOfWork, plan: Plan, by: Person, what: str) -> None:
        if not await unit.plans.save(plan):
            raise ColleagueFirstError
        await unit.broadcasts.note(plan.broadcast_id, HistoryLine(what, by.id, self._clock.now()))

    async def _save(self, unit: UnitOfWork, broadcast: Broadcast, by: int | None, what: str) -> None:
        now = self._clock.now()
        if not await unit.broadcasts.save(broadcast, now):
            raise ColleagueFirstError
        if what:
            await unit.broadcasts.note(broadcast.id, HistoryLine(what, by, now))
