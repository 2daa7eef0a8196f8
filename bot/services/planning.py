# SPDX-License-Identifier: EUPL-1.2
"""Plans: what the gebiedsmanager decides about when a broadcast goes out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.broadcast import (
    Broadcast,
    BroadcastState,
    ColleagueFirstError,
    ExpiredError,
    HistoryLine,
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
    Occurrence,
    OccurrenceState,
    Plan,
    PlanState,
    Repeat,
    Rule,
    moment,
    next_day,
)
from bot.services.audience import Reach, reach
from bot.services.broadcast_notices import BroadcastNotices
from bot.services.plan_course import PlanCourse
from bot.services.ports import Clock, UnitOfWork, Work
from bot.services.releasing import found_broadcast


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
        self._course = PlanCourse(clock, municipality, notices)

    def first_moment(self, rule: Rule) -> datetime:
        """Return when a rule first goes out. Raises PastError where it never does."""
        now = self._clock.now()
        day = next_day(rule, now, self._municipality.zone, self._municipality.is_holiday)
        if day is None:
            raise PastError
        return moment(day, rule.at, self._municipality.zone)

    def on_holiday(self, moment: datetime) -> bool:
        """Whether a moment falls on a public holiday."""
        return self._municipality.is_holiday(self._course.day(moment))

    async def plan(
        self, by: Person, broadcast_id: int, token: str, rule: Rule, *, without: frozenset[str]
    ) -> Planned:
        """Plan a draft. A language that is still missing when the moment comes stops it then.

        `without` are languages that may be left out then, chosen on purpose. Raises PastError, ExpiredError,
        and ColleagueFirstError when it was sent or changed meanwhile.
        """
        by.require(Role.AREA_MANAGER)
        first = self.first_moment(rule)
        async with self._work() as unit:
            if not await unit.broadcasts.use_token(broadcast_id, token):
                raise ColleagueFirstError
            broadcast = await found_broadcast(unit, by, broadcast_id)
            planned = replace(broadcast, state=change(broadcast.state, BroadcastState.PLANNED))
            if broadcast.expired(self._course.day(first)):
                raise ExpiredError
            plan_id = await unit.plans.add(broadcast_id, rule, without - {BASE_LANGUAGE}, by.id)
            await self._course.add_next(unit, plan_id, rule, None)
            await self._course.save(unit, planned, by.id, "planned")
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
            for occurrence in await self._course.open(unit, plan.id):
                await self._course.set_state(unit, occurrence, OccurrenceState.CANCELLED)
            await self._keep(unit, replace(plan, rule=rule), by, "replanned")
            await self._course.add_next(unit, plan.id, rule, None)
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
            passed = [each for each in await self._course.open(unit, plan.id) if each.due_at < now]
            if passed and plan.rule.repeat is Repeat.ONCE:
                raise PastError
            for occurrence in passed:
                await self._course.set_state(unit, occurrence, OccurrenceState.SKIPPED)
            await self._keep(unit, replace(plan, state=PlanState.ACTIVE), by, "resumed")
            if passed:
                await self._course.add_next(unit, plan.id, plan.rule, passed[-1])
            result = await self._planned(unit, plan.id)
            await unit.commit()
        return result

    async def cancel(self, by: Person, plan_id: int, version: int) -> Broadcast:
        """End the plan; the broadcast is a draft again, or stays sent where it went out before."""
        async with self._work() as unit:
            plan = await self._present(unit, by, plan_id, version)
            for occurrence in await self._course.open(unit, plan.id):
                await self._course.set_state(unit, occurrence, OccurrenceState.CANCELLED)
            await self._keep(unit, replace(plan, state=PlanState.ENDED), by, "plan-cancelled")
            broadcast = await found_broadcast(unit, by, plan.broadcast_id)
            sent = bool(await unit.plans.runs(broadcast.id))
            wanted = BroadcastState.SENT if sent else BroadcastState.DRAFT
            if not await unit.broadcasts.save(
                replace(broadcast, state=change(broadcast.state, wanted)), self._clock.now()
            ):
                raise ColleagueFirstError
            await unit.commit()
        return broadcast

    async def skip(self, by: Person, occurrence_id: int) -> Planned:
        """Leave one out; the next one stays planned."""
        async with self._work() as unit:
            occurrence = await self._occurrence(unit, by, occurrence_id)
            await self._course.set_state(unit, occurrence, OccurrenceState.SKIPPED)
            plan = await self._course.plan(unit, occurrence.plan_id)
            await self._course.go_on(unit, plan, occurrence, sent=False)
            await unit.broadcasts.note(
                plan.broadcast_id, HistoryLine("skipped", by.id, self._clock.now(), str(occurrence.day))
            )
            result = await self._planned(unit, plan.id)
            await unit.commit()
        return result

    async def before_sending(self, by: Person, occurrence_id: int) -> tuple[Broadcast, Reach]:
        """Return what an open occurrence sends, and who would get it now. Raises ColleagueFirstError.

        Languages that the plan leaves out anyway are not among the missing ones.
        """
        async with self._work() as unit:
            occurrence = await self._occurrence(unit, by, occurrence_id)
            plan = await self._course.plan(unit, occurrence.plan_id)
            broadcast = await found_broadcast(unit, by, occurrence.broadcast_id)
            found = await reach(unit, broadcast)
        return broadcast, replace(found, missing=found.missing - plan.without)

    async def send_now(self, by: Person, occurrence_id: int, without: frozenset[str] = frozenset()) -> Run:
        """Let one go at once: before its time, or although it was late or stopped.

        `without` are languages left out on purpose. Raises NotReadyError, ExpiredError, NobodyError,
        ColleagueFirstError.
        """
        async with self._work() as unit:
            occurrence = await self._occurrence(unit, by, occurrence_id)
            run = await self._course.let_go(unit, occurrence, by.id, without)
            await unit.commit()
        return run

    async def _planned(self, unit: UnitOfWork, plan_id: int) -> Planned:
        plan = await self._course.plan(unit, plan_id)
        broadcast = await unit.broadcasts.get(plan.broadcast_id)
        if broadcast is None:
            raise NotFoundError
        return Planned(plan, broadcast, tuple(await self._course.open(unit, plan_id)))

    async def _present(self, unit: UnitOfWork, by: Person, plan_id: int, version: int) -> Plan:
        by.require(Role.AREA_MANAGER)
        plan = await self._course.plan(unit, plan_id)
        if plan.version != version or plan.state is PlanState.ENDED:
            raise ColleagueFirstError
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
