# SPDX-License-Identifier: EUPL-1.2
"""Plans of broadcasts, their occurrences, and what was released."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.broadcast import Run
from bot.domain.schedule import Occurrence, OccurrenceState, Plan, PlanState, Repeat, Rule
from storage.tables.broadcasts import OccurrenceRow, PlanRow, RunRow
from storage.upsert import affected, insert_into

_OCCURRENCES: Select[Any] = select(OccurrenceRow.__table__, PlanRow.broadcast_id).join(
    PlanRow, PlanRow.id == OccurrenceRow.plan_id
)


@dataclass(frozen=True, slots=True)
class SqlPlans:
    """Plans, inside a unit of work."""

    session: AsyncSession

    async def add(
        self, broadcast_id: int, rule: Rule, without: frozenset[str], planned_by: int | None
    ) -> int:
        """Keep a new plan."""
        result = await self.session.execute(
            insert(PlanRow)
            .values(
                broadcast_id=broadcast_id,
                state=PlanState.ACTIVE.value,
                without=sorted(without),
                planned_by=planned_by,
                version=1,
                **_rule(rule),
            )
            .returning(PlanRow.id)
        )
        return int(result.scalar_one())

    async def get(self, plan_id: int) -> Plan | None:
        """Return a plan."""
        return next(iter(await self._plans(PlanRow.id == plan_id)), None)

    async def of(self, broadcast_id: int) -> Plan | None:
        """Return the plan of a broadcast that has not ended."""
        found = await self._plans(
            (PlanRow.broadcast_id == broadcast_id) & (PlanRow.state != PlanState.ENDED.value)
        )
        return found[-1] if found else None

    async def running(self) -> Sequence[Plan]:
        """Return all plans that have not ended."""
        return await self._plans(PlanRow.state != PlanState.ENDED.value)

    async def save(self, plan: Plan) -> bool:
        """Keep the changed plan if its version is still that of `plan`, and raise the version."""
        result = await self.session.execute(
            update(PlanRow)
            .where(PlanRow.id == plan.id, PlanRow.version == plan.version)
            .values(
                state=plan.state.value,
                without=sorted(plan.without),
                version=plan.version + 1,
                **_rule(plan.rule),
            )
        )
        return affected(result) == 1

    async def add_occurrence(
        self, plan_id: int, day: date, slot: str, due_at: datetime, state: OccurrenceState
    ) -> int | None:
        """Keep an occurrence; None when that day and slot exist already."""
        result = await self.session.execute(
            insert_into(self.session, OccurrenceRow)
            .values(plan_id=plan_id, day=day, slot=slot, due_at=due_at, state=state.value)
            .on_conflict_do_nothing()
            .returning(OccurrenceRow.id)
        )
        return result.scalar_one_or_none()

    async def occurrence(self, occurrence_id: int) -> Occurrence | None:
        """Return an occurrence."""
        row = (
            await self.session.execute(_OCCURRENCES.where(OccurrenceRow.id == occurrence_id))
        ).one_or_none()
        return None if row is None else _occurrence(row)

    async def occurrences(self, plan_id: int) -> Sequence[Occurrence]:
        """Return all occurrences of a plan, by day."""
        rows = await self.session.execute(
            _OCCURRENCES.where(OccurrenceRow.plan_id == plan_id).order_by(OccurrenceRow.due_at)
        )
        return [_occurrence(row) for row in rows]

    async def due(self, now: datetime) -> Sequence[Occurrence]:
        """Return planned occurrences of active plans whose moment has come."""
        rows = await self.session.execute(
            _OCCURRENCES.where(
                OccurrenceRow.state == OccurrenceState.PLANNED.value,
                OccurrenceRow.due_at <= now,
                PlanRow.state == PlanState.ACTIVE.value,
            ).order_by(OccurrenceRow.due_at, OccurrenceRow.id)
        )
        return [_occurrence(row) for row in rows]

    async def set_state(self, occurrence: Occurrence, wanted: OccurrenceState) -> bool:
        """Change an occurrence's state if it is still that of `occurrence`."""
        result = await self.session.execute(
            update(OccurrenceRow)
            .where(OccurrenceRow.id == occurrence.id, OccurrenceRow.state == occurrence.state.value)
            .values(state=wanted.value)
        )
        return affected(result) == 1

    async def set_plan_state(self, plan_id: int, wanted: PlanState) -> None:
        """Change a plan's state whatever it was."""
        await self.session.execute(
            update(PlanRow)
            .where(PlanRow.id == plan_id)
            .values(state=wanted.value, version=PlanRow.version + 1)
        )

    async def add_run(self, run: Run) -> int:
        """Keep that an occurrence was released. The unique key refuses a second time."""
        result = await self.session.execute(
            insert(RunRow)
            .values(
                broadcast_id=run.broadcast_id,
                occurrence_id=run.occurrence_id,
                released_at=run.released_at,
                starts_at=run.starts_at,
                by=run.by,
                left_out=sorted(run.left_out),
                done=False,
                undone=False,
                shown="",
            )
            .returning(RunRow.id)
        )
        return int(result.scalar_one())

    async def run(self, run_id: int) -> Run | None:
        """Return a run."""
        row = (await self.session.execute(select(RunRow.__table__).where(RunRow.id == run_id))).one_or_none()
        return None if row is None else _run(row)

    async def runs(self, broadcast_id: int) -> Sequence[Run]:
        """Return the runs of a broadcast that were not undone, the newest first."""
        rows = await self.session.execute(
            select(RunRow.__table__)
            .where(RunRow.broadcast_id == broadcast_id, RunRow.undone.is_(False))
            .order_by(RunRow.id.desc())
        )
        return [_run(row) for row in rows]

    async def reporting(self) -> Sequence[tuple[Run, str]]:
        """Return the runs whose report is still live, each with what it showed last."""
        rows = await self.session.execute(
            select(RunRow.__table__)
            .where(RunRow.done.is_(False), RunRow.undone.is_(False))
            .order_by(RunRow.id)
        )
        return [(_run(row), row.shown) for row in rows]

    async def shown(self, run_id: int, summary: str, *, done: bool) -> None:
        """Keep what the report shows now, and whether it is final."""
        await self.session.execute(update(RunRow).where(RunRow.id == run_id).values(shown=summary, done=done))

    async def undo(self, run_id: int) -> bool:
        """Mark a run as undone. False when it was already."""
        result = await self.session.execute(
            update(RunRow).where(RunRow.id == run_id, RunRow.undone.is_(False)).values(undone=True, done=True)
        )
        return affected(result) == 1

    async def _plans(self, condition: ColumnElement[bool]) -> list[Plan]:
        rows = await self.session.execute(select(PlanRow.__table__).where(condition).order_by(PlanRow.id))
        return [
            Plan(
                row.id,
                row.broadcast_id,
                Rule(row.first, row.at, Repeat(row.repeat), row.until, row.skip_holidays),
                PlanState(row.state),
                frozenset(row.without),
                row.planned_by,
                row.version,
            )
            for row in rows
        ]


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "repeat": rule.repeat.value,
        "first": rule.first,
        "at": rule.at,
        "until": rule.until,
        "skip_holidays": rule.skip_holidays,
    }


def _occurrence(row: Row[Any]) -> Occurrence:
    return Occurrence(
        row.id, row.plan_id, row.broadcast_id, row.day, row.slot, row.due_at, OccurrenceState(row.state)
    )


def _run(row: Row[Any]) -> Run:
    return Run(
        row.id,
        row.broadcast_id,
        row.occurrence_id,
        row.released_at,
        row.starts_at,
        row.by,
        frozenset(row.left_out),
        row.done,
    )
