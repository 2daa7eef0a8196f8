# SPDX-License-Identifier: EUPL-1.2
"""Questions to a person, line by line."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.domain.question import Author, Line, Question, QuestionState
from storage.encryption import Cipher
from storage.tables.questions import LineRow, QuestionChangeRow, QuestionRow
from storage.upsert import affected

FORGOTTEN = 0
"""Stands for the author of a line who has been forgotten since."""


class SqlQuestions:
    """Questions, inside a unit of work. Those of forgotten people only count and are not found here."""

    def __init__(self, session: AsyncSession, cipher: Cipher) -> None:
        self._session = session
        self._cipher = cipher

    async def add(
        self, person_id: int, language: str, text: str, now: datetime, due_at: datetime
    ) -> Question:
        """Keep a new question with its first line."""
        question_id = (
            await self._session.execute(
                insert(QuestionRow)
                .values(
                    person_id=person_id,
                    language=language,
                    state=QuestionState.OPEN.value,
                    asked_at=now,
                    due_at=due_at,
                )
                .returning(QuestionRow.id)
            )
        ).scalar_one()
        line = Line(Author.RESIDENT, person_id, text, now)
        await self.add_line(question_id, line)
        return Question(
            question_id, person_id, language, QuestionState.OPEN, now, due_at, taken_by=None, lines=(line,)
        )

    async def get(self, question_id: int) -> Question | None:
        """Return the question with all its lines."""
        found = await self._find(QuestionRow.id == question_id)
        return found[0] if found else None

    async def of_person(self, person_id: int) -> Sequence[Question]:
        """Return what this person asked, the newest first."""
        return (await self._find(QuestionRow.person_id == person_id))[::-1]

    async def in_states(self, states: Collection[QuestionState], limit: int = 50) -> Sequence[Question]:
        """Return questions in these states, the oldest first."""
        return await self._find(QuestionRow.state.in_([state.value for state in states]), limit)

    async def add_line(self, question_id: int, line: Line) -> None:
        """Add something that was said."""
        await self._session.execute(
            insert(LineRow).values(
                question_id=question_id,
                author=line.author.value,
                person_id=line.person_id,
                text=self._cipher.encrypt(line.text),
                at=line.at,
            )
        )

    async def set_state(
        self, question_id: int, present: QuestionState, wanted: QuestionState, by: int | None, now: datetime
    ) -> bool:
        """Change the state if it is still `present`, and keep who did it. False: somebody was first.

        Who takes or answers it becomes `taken_by`; opening it again clears that.
        """
        values: dict[str, object] = {"state": wanted.value}
        if wanted in {QuestionState.TAKEN, QuestionState.ANSWERED}:
            values["taken_by"] = by
        elif wanted is QuestionState.OPEN:
            values["taken_by"] = None
        result = await self._session.execute(
            update(QuestionRow)
            .where(
                QuestionRow.id == question_id,
                QuestionRow.state == present.value,
                QuestionRow.person_id.is_not(None),
            )
            .values(values)
        )
        if affected(result) == 0:
            return False
        await self._session.execute(
            insert(QuestionChangeRow).values(
                question_id=question_id, before=present.value, after=wanted.value, by=by, at=now
            )
        )
        return True

    async def _find(self, condition: ColumnElement[bool], limit: int | None = None) -> list[Question]:
        """Return what meets the condition, the oldest first."""
        rows = (
            await self._session.execute(
                select(QuestionRow.__table__)
                .where(condition, QuestionRow.person_id.is_not(None))
                .order_by(QuestionRow.asked_at, QuestionRow.id)
                .limit(limit)
            )
        ).all()
        if not rows:
            return []
        lines = await self._lines([row.id for row in rows])
        return [
            Question(
                id=row.id,
                person_id=row.person_id,
                language=row.language,
                state=QuestionState(row.state),
                asked_at=row.asked_at,
                due_at=row.due_at,
                taken_by=row.taken_by,
                lines=tuple(lines[row.id]),
            )
            for row in rows
        ]

    async def _lines(self, question_ids: list[int]) -> dict[int, list[Line]]:
        result = await self._session.execute(
            select(LineRow.__table__)
            .where(LineRow.question_id.in_(question_ids))
            .order_by(LineRow.at, LineRow.id)
        )
        lines: defaultdict[int, list[Line]] = defaultdict(list)
        for row in result:
            text = "" if row.text is None else self._cipher.decrypt(row.text)
            person_id = FORGOTTEN if row.person_id is None else row.person_id
            lines[row.question_id].append(Line(Author(row.author), person_id, text, row.at))
        return lines
