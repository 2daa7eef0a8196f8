# SPDX-License-Identifier: EUPL-1.2
"""The course of a plan: its next day, letting one go, and its end."""

from dataclasses import replace
from datetime import date, datetime

from bot.domain.broadcast import (
    Broadcast,
    BroadcastState,
    ColleagueFirstError,
    HistoryLine,
    Run,
)
from bot.domain.entry import BASE_LANGUAGE
from bot.domain.errors import NotFoundError
from bot.domain.municipality import Municipality
from bot.domain.schedule import (
    OPEN,
    Occurrence,
    OccurrenceState,
    Plan,
    PlanState,
    Repeat,
    Rule,
    change,
    moment,
    next_day,
)
from bot.services.broadcast_notices import BroadcastNotices
from bot.services.ports import Clock, UnitOfWork
from bot.services.releasing import release


class PlanCourse:
    """Steps of a plan inside a transaction; the caller commits."""

    def __init__(self, clock: Clock, municipality: Municipality, notices: BroadcastNotices) -> None:
        self._clock = clock
        self._municipality = municipality
        self._notices = notices

    def day(self, at: datetime) -> date:
        """Return the local day of a moment."""
        return at.astimezone(self._municipality.zone).date()

    async def plan(self, unit: UnitOfWork, plan_id: int) -> Plan:
        """Return a plan. Raises NotFoundError."""
        plan = await unit.plans.get(plan_id)
        if plan is None:
            raise NotFoundError
        return plan

    async def open(self, unit: UnitOfWork, plan_id: int) -> list[Occurrence]:
        """Return what can still go out, by day."""
        return [each for each in await unit.plans.occurrences(plan_id) if each.state in OPEN]

    async def set_state(self, unit: UnitOfWork, occurrence: Occurrence, wanted: OccurrenceState) -> None:
        """Change what becomes of one day. Raises ColleagueFirstError when that was decided meanwhile."""
        change(occurrence.state, wanted)
        if not await unit.plans.set_state(occurrence, wanted):
            raise ColleagueFirstError

    async def add_next(
        self, unit: UnitOfWork, plan_id: int, rule: Rule, done: Occurrence | None
    ) -> int | None:
        """Plan the day after the one that is `done`, or the first; None where there is no other day.

        A day whose row exists already went out, or was left out: the next one is taken. One that was
        cancelled comes back to life, and so does one that was skipped when the plan is made anew.
        """
        zone = self._municipality.zone
        now = self._clock.now()
        again = {OccurrenceState.CANCELLED} | ({OccurrenceState.SKIPPED} if done is None else set())
        known = {(each.day, each.slot): each for each in await unit.plans.occurrences(plan_id)}
        slot = f"{rule.at:%H:%M}"
        last = None if done is None else done.day
        while (day := next_day(rule, now, zone, self._municipality.is_holiday, last)) is not None:
            there = known.get((day, slot))
            if there is None:
                due_at = moment(day, rule.at, zone)
                return await unit.plans.add_occurrence(plan_id, day, slot, due_at, OccurrenceState.PLANNED)
            if there.state in again and await unit.plans.set_state(there, OccurrenceState.PLANNED):
                return there.id
            last = day
        return None

    async def let_go(
        self, unit: UnitOfWork, occurrence: Occurrence, by: int | None, without: frozenset[str] = frozenset()
    ) -> Run:
        """Release one day, and plan the next. `without` are languages left out beside those of the plan.

        What the clock releases (`by` is None) leaves at its minute, though it is written down before; what a
        person releases leaves at once.

        Raises NotReadyError, ExpiredError, NobodyError, ColleagueFirstError.
        """
        now = self._clock.now()
        starts_at = max(now, occurrence.due_at) if by is None else now
        plan = await self.plan(unit, occurrence.plan_id)
        broadcast = await unit.broadcasts.get(plan.broadcast_id)
        if broadcast is None or broadcast.state is not BroadcastState.PLANNED:
            raise ColleagueFirstError
        run = await release(
            unit,
            self._notices,
            broadcast,
            occurrence,
            without=(plan.without | without) - {BASE_LANGUAGE},
            by=by or plan.planned_by,
            now=now,
            starts_at=starts_at,
            today=self.day(starts_at),
        )
        await self.go_on(unit, plan, occurrence, sent=True)
        return run

    async def go_on(self, unit: UnitOfWork, plan: Plan, done: Occurrence, *, sent: bool) -> None:
        """Plan the next day; where there is none, and nothing is open, the plan has ended."""
        following = None
        if plan.rule.repeat is not Repeat.ONCE:
            following = await self.add_next(unit, plan.id, plan.rule, done)
        if following is not None or await self.open(unit, plan.id):
            return
        await unit.plans.set_plan_state(plan.id, PlanState.ENDED)
        broadcast = await unit.broadcasts.get(plan.broadcast_id)
        if broadcast is not None and broadcast.state is BroadcastState.PLANNED:
            was_sent = sent or bool(await unit.plans.runs(broadcast.id))
            state = BroadcastState.SENT if was_sent else BroadcastState.DRAFT
            await self.save(unit, replace(broadcast, state=state), plan.planned_by, "plan-ended")

    async def save(self, unit: UnitOfWork, broadcast: Broadcast, by: int | None, what: str) -> None:
        """Keep a broadcast in its new state, and what was done. Raises ColleagueFirstError."""
        now = self._clock.now()
        if not await unit.broadcasts.save(broadcast, now):
            raise ColleagueFirstError
        await unit.broadcasts.note(broadcast.id, HistoryLine(what, by, now))
