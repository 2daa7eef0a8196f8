# SPDX-License-Identifier: EUPL-1.2
"""The clock of the plans: lets go what is due, once; what is late or unfinished waits and asks."""

from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.domain.broadcast import (
    ColleagueFirstError,
    ExpiredError,
    HistoryLine,
    NobodyError,
    NotReadyError,
)
from bot.domain.errors import DomainError
from bot.domain.municipality import Municipality
from bot.domain.person import Role
from bot.domain.schedule import OVERDUE_AFTER, Occurrence, OccurrenceState, Repeat
from bot.services.broadcast_notices import BroadcastNotices
from bot.services.plan_course import PlanCourse
from bot.services.ports import Clock, Work
from bot.services.telling import tell_all

log = structlog.get_logger(__name__)

AHEAD = timedelta(seconds=5)
"""So long before its minute a broadcast is written into the outbox, from where it leaves at its minute: for
thousands of recipients that takes a while. Until then it can be undone like every other."""


class PlanClock:
    """Run by one leader, every half second. Two at once release nothing twice: each day is one row."""

    def __init__(
        self,
        work: Work,
        clock: Clock,
        municipality: Municipality,
        notices: BroadcastNotices,
        overdue_after: timedelta = OVERDUE_AFTER,
    ) -> None:
        """Take what is later than `overdue_after`, after an outage, for something to ask about."""
        self._work = work
        self._clock = clock
        self._notices = notices
        self._course = PlanCourse(clock, municipality, notices)
        self._overdue_after = overdue_after

    async def tick(self) -> int:
        """Let go what is due, or will be in a moment. Returns how many."""
        now = self._clock.now()
        async with self._work() as unit:
            due = await unit.plans.due(now + AHEAD)
        released = 0
        for occurrence in due:
            try:
                released += await self._let_go(occurrence, now)
            except Exception:
                # One that fails must not keep the others from their minute; the next turn tries it again.
                log.exception("plan.failed", occurrence=occurrence.id)
        return released

    async def _let_go(self, occurrence: Occurrence, now: datetime) -> bool:
        if now - occurrence.due_at > self._overdue_after:
            await self._park(occurrence, OccurrenceState.OVERDUE, None)
            return False
        try:
            async with self._work() as unit:
                await self._course.let_go(unit, occurrence, None)
                await unit.commit()
        except (NotReadyError, NobodyError, ExpiredError) as why:
            await self._park(occurrence, OccurrenceState.STOPPED, why)
        except ColleagueFirstError:
            log.info("plan.decided_elsewhere", occurrence=occurrence.id)
        else:
            log.info("plan.released", occurrence=occurrence.id)
            return True
        return False

    async def _park(self, occurrence: Occurrence, state: OccurrenceState, why: DomainError | None) -> None:
        """Keep it from going out by itself, ask the gebiedsmanagers, and plan the one after it."""
        now = self._clock.now()
        async with self._work() as unit:
            if not await unit.plans.set_state(occurrence, state):
                return
            plan = await self._course.plan(unit, occurrence.plan_id)
            broadcast = await unit.broadcasts.get(plan.broadcast_id)
            if broadcast is None:
                return
            if plan.rule.repeat is not Repeat.ONCE:
                await self._course.add_next(unit, plan.id, plan.rule, occurrence)
            kept = replace(occurrence, state=state)
            await tell_all(
                unit,
                Role.AREA_MANAGER,
                lambda reader: (
                    self._notices.overdue(broadcast, kept, reader)
                    if why is None
                    else self._notices.stopped(broadcast, kept, why, reader)
                ),
                now,
            )
            await unit.broadcasts.note(broadcast.id, HistoryLine(state.value, None, now))
            await unit.commit()
