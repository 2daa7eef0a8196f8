# SPDX-License-Identifier: EUPL-1.2
"""Answering residents' questions."""

import secrets
from dataclasses import asdict, dataclass

from aiogram import Router
from aiogram.filters import Command, StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from bot.domain.errors import StaleError
from bot.domain.person import Person, Role
from bot.i18n import Texts
from bot.services.questions import QuestionService, checked
from handlers.area_manager import question_views as views
from handlers.area_manager.callbacks import (
    AnswerQuestion,
    CloseQuestion,
    OpenQuestion,
    RewordAnswer,
    SendAnswer,
    TakeQuestion,
    WaitingQuestions,
)
from handlers.filters import HasRole, PlainText, Private
from handlers.screen import follow, replace, show

router = Router(name="area_manager.questions")
for observer in (router.message, router.callback_query):
    observer.filter(Private(), HasRole(Role.AREA_MANAGER))


class AnswerForm(StatesGroup):
    """The steps of an answer."""

    text = State()
    confirm = State()


@dataclass(frozen=True, slots=True)
class AnswerDraft:
    """What is being written. `seen_lines` is how much of the conversation the writer had read."""

    question: int = 0
    seen_lines: int = 0
    text: str = ""
    token: str = ""

    @classmethod
    async def read(cls, state: FSMContext) -> "AnswerDraft":
        """Return what was kept."""
        return cls(**(await state.get_data()).get("answer_draft", {}))

    async def keep(self, state: FSMContext, step: State) -> None:
        """Keep it and go to a step."""
        await state.update_data(answer_draft=asdict(self))
        await state.set_state(step)


@router.message(Command("vragen"))
async def waiting(message: Message, person: Person, texts: Texts, questions: QuestionService) -> None:
    """List what waits for an answer."""
    await show(message, views.waiting(await questions.waiting(person), texts))


@router.callback_query(WaitingQuestions.filter())
async def waiting_by_button(
    query: CallbackQuery, person: Person, texts: Texts, questions: QuestionService
) -> None:
    """List what waits for an answer."""
    await query.answer()
    await replace(query, views.waiting(await questions.waiting(person), texts))


@router.callback_query(OpenQuestion.filter())
async def open_question(
    query: CallbackQuery,
    callback_data: OpenQuestion,
    person: Person,
    texts: Texts,
    questions: QuestionService,
) -> None:
    """Show one question with all that was said."""
    await query.answer()
    await follow(query, views.card(await questions.get(person, callback_data.question), texts))


@router.callback_query(TakeQuestion.filter())
async def take(
    query: CallbackQuery,
    callback_data: TakeQuestion,
    person: Person,
    texts: Texts,
    questions: QuestionService,
) -> None:
    """Say that one will answer it."""
    question = await questions.take(person, callback_data.question)
    await query.answer(texts.label("desk.taken"))
    await replace(query, views.card(question, texts))


@router.callback_query(CloseQuestion.filter())
async def close(
    query: CallbackQuery,
    callback_data: CloseQuestion,
    person: Person,
    texts: Texts,
    questions: QuestionService,
) -> None:
    """Close it, once sure."""
    await query.answer()
    if callback_data.sure:
        question = await questions.close(person, callback_data.question)
        await replace(query, views.card(question, texts))
    else:
        question = await questions.get(person, callback_data.question)
        await replace(query, views.close_sure(question, texts))


@router.callback_query(AnswerQuestion.filter())
async def write(
    query: CallbackQuery,
    callback_data: AnswerQuestion,
    state: FSMContext,
    person: Person,
    texts: Texts,
    questions: QuestionService,
) -> None:
    """Invite to write the answer, and say in which language the resident reads."""
    question = await questions.get(person, callback_data.question)
    await query.answer()
    await AnswerDraft(question.id, len(question.lines)).keep(state, AnswerForm.text)
    await follow(query, views.write(question, texts))


@router.message(PlainText(), StateFilter(AnswerForm.text, AnswerForm.confirm))
async def written(message: Message, state: FSMContext, texts: Texts) -> None:
    """Show the answer once more before it is sent."""
    text = checked(message.text or "")
    present = await AnswerDraft.read(state)
    draft = AnswerDraft(present.question, present.seen_lines, text, secrets.token_hex(4))
    await draft.keep(state, AnswerForm.confirm)
    await show(message, views.confirm(draft.question, draft.text, draft.token, texts))


@router.callback_query(RewordAnswer.filter())
async def reword(query: CallbackQuery, callback_data: RewordAnswer, state: FSMContext, texts: Texts) -> None:
    """Let the answer be written in other words."""
    draft = await AnswerDraft.read(state)
    if draft.token != callback_data.token:
        raise StaleError
    await query.answer()
    await draft.keep(state, AnswerForm.text)
    await replace(query, views.reword(draft.question, texts))


@router.callback_query(SendAnswer.filter())
async def send(
    query: CallbackQuery,
    callback_data: SendAnswer,
    state: FSMContext,
    person: Person,
    texts: Texts,
    questions: QuestionService,
) -> None:
    """Send the answer that was just read through."""
    draft = await AnswerDraft.read(state)
    if draft.token != callback_data.token:
        raise StaleError
    question = await questions.answer(person, draft.question, draft.text, draft.seen_lines)
    await state.clear()
    await query.answer()
    await replace(query, views.sent(question, texts))
