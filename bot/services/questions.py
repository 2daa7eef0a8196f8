# SPDX-License-Identifier: EUPL-1.2
"""Questions to a person: handed over, answered, and told back in the chat."""

from collections.abc import Sequence

from bot.domain.errors import NotFoundError, StaleError, TooLongError
from bot.domain.municipality import Municipality
from bot.domain.outgoing import Outgoing, Recipient
from bot.domain.person import Person, Role
from bot.domain.question import Author, Line, Question, QuestionState, change
from bot.services.notices import QuestionNotices
from bot.services.ports import Clock, UnitOfWork, Work

LONGEST = 2000
"""Characters of a question or an answer: it must fit into one message with what is around it."""


class QuestionService:
    """The round trip between a resident and the gebiedsmanager."""

    def __init__(
        self, work: Work, clock: Clock, municipality: Municipality, notices: QuestionNotices
    ) -> None:
        self._work = work
        self._clock = clock
        self._municipality = municipality
        self._notices = notices

    async def hand_over(self, person: Person, text: str, language: str) -> Question:
        """Give a question to the gebiedsmanagers, who hear of it at once.

        The same text that is still open is not kept twice. Raises TooLongError.
        """
        text = checked(text)
        now = self._clock.now()
        async with self._work() as unit:
            for asked in await unit.questions.of_person(person.id):
                if asked.state is QuestionState.OPEN and asked.lines[0].text == text:
                    return asked
            question = await unit.questions.add(
                person.id, language, text, now, self._municipality.answer_due(now)
            )
            for manager in await unit.people.with_role(Role.AREA_MANAGER):
                await self._tell(unit, manager, self._notices.arrived(question, manager.language or "nl"))
            await unit.commit()
        return question

    async def write_on(self, person: Person, question_id: int, text: str) -> Question:
        """Add to one's own question, which opens it again. Raises NotFoundError, TooLongError."""
        text = checked(text)
        async with self._work() as unit:
            question = await unit.questions.get(question_id)
            if question is None or question.person_id != person.id:
                raise NotFoundError
            now = self._clock.now()
            await unit.questions.add_line(question_id, Line(Author.RESIDENT, person.id, text, now))
            if question.state in {QuestionState.ANSWERED, QuestionState.CLOSED}:
                await self._change(unit, question, QuestionState.OPEN, None)
            question = await self._found(unit, question_id)
            for manager in await self._responsible(unit, question):
                await self._tell(unit, manager, self._notices.written_on(question, manager.language or "nl"))
            await unit.commit()
        return question

    async def answer(self, by: Person, question_id: int, text: str, seen_lines: int) -> Question:
        """Answer as gebiedsmanager; the resident gets it through the outbox.

        `seen_lines` is how many lines the writer had read: where the conversation went on meanwhile, or a
        colleague answered, StaleError is raised and nothing is sent. Raises NotAllowedError,
        NotFoundError, TooLongError.
        """
        by.require(Role.AREA_MANAGER)
        text = checked(text)
        async with self._work() as unit:
            question = await self._found(unit, question_id)
            if len(question.lines) != seen_lines:
                raise StaleError
            now = self._clock.now()
            await self._change(unit, question, QuestionState.ANSWERED, by.id)
            await unit.questions.add_line(question_id, Line(Author.MUNICIPALITY, by.id, text, now))
            question = await self._found(unit, question_id)
            asker = await unit.people.get(question.person_id)
            if asker is None:
                raise NotFoundError
            await self._tell(
                unit, asker, self._notices.answered(question, asker.language or question.language)
            )
            await unit.commit()
        return question

    async def take(self, by: Person, question_id: int) -> Question:
        """Say 'I will answer this one', so that colleagues see it. Raises NotAllowedError, StaleError."""
        by.require(Role.AREA_MANAGER)
        return await self._set(question_id, QuestionState.TAKEN, by.id)

    async def close(self, by: Person, question_id: int) -> Question:
        """Close a question: the gebiedsmanager any, a resident one's own. Raises NotFoundError."""
        async with self._work() as unit:
            question = await self._found(unit, question_id)
        if question.person_id != by.id and not by.has(Role.AREA_MANAGER):
            raise NotFoundError
        return await self._set(question_id, QuestionState.CLOSED, by.id)

    async def get(self, by: Person, question_id: int) -> Question:
        """Return a question: the gebiedsmanager any, a resident one's own. Raises NotFoundError."""
        async with self._work() as unit:
            question = await self._found(unit, question_id)
        if question.person_id != by.id and not by.has(Role.AREA_MANAGER):
            raise NotFoundError
        return question

    async def of_person(self, person: Person) -> Sequence[Question]:
        """Return a resident's own questions, the newest first."""
        async with self._work() as unit:
            return await unit.questions.of_person(person.id)

    async def waiting(self, by: Person) -> Sequence[Question]:
        """Return what waits for an answer, the oldest first. Raises NotAllowedError."""
        by.require(Role.AREA_MANAGER)
        async with self._work() as unit:
            return await unit.questions.in_states({QuestionState.OPEN, QuestionState.TAKEN})

    async def _set(self, question_id: int, wanted: QuestionState, by: int) -> Question:
        async with self._work() as unit:
            question = await self._found(unit, question_id)
            await self._change(unit, question, wanted, by)
            question = await self._found(unit, question_id)
            await unit.commit()
        return question

    async def _change(
        self, unit: UnitOfWork, question: Question, wanted: QuestionState, by: int | None
    ) -> None:
        change(question.state, wanted)
        if not await unit.questions.set_state(question.id, question.state, wanted, by, self._clock.now()):
            raise StaleError

    async def _responsible(self, unit: UnitOfWork, question: Question) -> Sequence[Person]:
        managers = await unit.people.with_role(Role.AREA_MANAGER)
        return [each for each in managers if each.id == question.taken_by] or managers

    async def _tell(self, unit: UnitOfWork, person: Person, outgoing: Outgoing) -> None:
        addresses = (await unit.people.addresses([person.id])).get(person.id, [])
        if addresses:
            await unit.outbox.add(outgoing, [Recipient(addresses[0], person.id)], self._clock.now())

    @staticmethod
    async def _found(unit: UnitOfWork, question_id: int) -> Question:
        question = await unit.questions.get(question_id)
        if question is None:
            raise NotFoundError
        return question


def checked(text: str) -> str:
    """Return a question or an answer as it is kept. Raises TooLongError when it does not fit."""
    text = text.strip()
    if len(text) > LONGEST:
        raise TooLongError(length=len(text), limit=LONGEST)
    return text
