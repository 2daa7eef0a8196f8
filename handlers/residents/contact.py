# SPDX-License-Identifier: EUPL-1.2
"""Asking a person: the question is shown once more, then it goes to the gebiedsmanager."""

import secrets
from dataclasses import asdict, dataclass

from aiogram import Router
from aiogram.filters import Command, StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from bot.domain.errors import StaleError
from bot.domain.person import Person
from bot.i18n import Texts
from bot.services.asking import AskingService
from bot.services.questions import QuestionService, checked
from handlers.filters import PlainText, Private
from handlers.residents import contact_views as views
from handlers.residents.callbacks import AskPerson, MyQuestions, RewordQuestion, SendQuestion, Solved, WriteOn
from handlers.screen import follow, replace, show, without_buttons

router = Router(name="contact")
router.message.filter(Private())
router.callback_query.filter(Private())


class QuestionForm(StatesGroup):
    """The steps of a question to a person."""

    text = State()
    confirm = State()


@dataclass(frozen=True, slots=True)
class QuestionDraft:
    """What is being written. `question` is the one that is written on, 0 for a new one."""

    text: str = ""
    question: int = 0
    token: str = ""

    @classmethod
    async def read(cls, state: FSMContext) -> "QuestionDraft":
        """Return what was kept."""
        return cls(**(await state.get_data()).get("question_draft", {}))

    async def keep(self, state: FSMContext, step: State) -> None:
        """Keep it and go to a step. The data goes first: a step without its data asks the wrong thing."""
        await state.update_data(question_draft=asdict(self))
        await state.set_state(step)


@router.message(Command("contact"))
async def begin(message: Message, state: FSMContext, texts: Texts) -> None:
    """Invite to write a question."""
    await QuestionDraft().keep(state, QuestionForm.text)
    await show(message, views.write(texts))


@router.callback_query(AskPerson.filter())
async def begin_by_button(
    query: CallbackQuery,
    callback_data: AskPerson,
    state: FSMContext,
    person: Person,
    texts: Texts,
    asking: AskingService,
) -> None:
    """Invite to write a question, or take the one that was asked just before."""
    await query.answer()
    exchange = await asking.exchange(person, callback_data.exchange) if callback_data.exchange else None
    if exchange is None or not exchange.text:
        await QuestionDraft().keep(state, QuestionForm.text)
        await follow(query, views.write(texts))
        return
    draft = QuestionDraft(text=checked(exchange.text), token=secrets.token_hex(4))
    await draft.keep(state, QuestionForm.confirm)
    await follow(query, views.confirm(draft.text, draft.token, texts))


@router.message(PlainText(), StateFilter(QuestionForm.text, QuestionForm.confirm))
async def written(message: Message, state: FSMContext, texts: Texts) -> None:
    """Show what was written once more before it is sent."""
    text = checked(message.text or "")
    present = await QuestionDraft.read(state)
    draft = QuestionDraft(text, present.question, secrets.token_hex(4))
    await draft.keep(state, QuestionForm.confirm)
    await show(message, views.confirm(draft.text, draft.token, texts))


@router.callback_query(RewordQuestion.filter())
async def reword(
    query: CallbackQuery, callback_data: RewordQuestion, state: FSMContext, texts: Texts
) -> None:
    """Let the person write it in other words."""
    draft = await QuestionDraft.read(state)
    if draft.token != callback_data.token:
        raise StaleError
    await query.answer()
    await draft.keep(state, QuestionForm.text)
    await replace(query, views.write(texts))


@router.callback_query(SendQuestion.filter())
async def send(
    query: CallbackQuery,
    callback_data: SendQuestion,
    state: FSMContext,
    person: Person,
    texts: Texts,
    questions: QuestionService,
) -> None:
    """Send the question that the person has just read through."""
    draft = await QuestionDraft.read(state)
    if draft.token != callback_data.token:
        raise StaleError
    if draft.question:
        question = await questions.write_on(person, draft.question, draft.text)
    else:
        question = await questions.hand_over(person, draft.text, texts.code)
    await state.clear()
    await query.answer()
    await replace(query, views.sent(question, texts))


@router.callback_query(WriteOn.filter())
async def write_on(
    query: CallbackQuery,
    callback_data: WriteOn,
    state: FSMContext,
    person: Person,
    texts: Texts,
    questions: QuestionService,
) -> None:
    """Let the person add to a question that was sent before."""
    question = await questions.get(person, callback_data.question)
    await query.answer()
    await QuestionDraft(question=question.id).keep(state, QuestionForm.text)
    await follow(query, views.write_on(question, texts))


@router.callback_query(Solved.filter())
async def solved(
    query: CallbackQuery, callback_data: Solved, person: Person, texts: Texts, questions: QuestionService
) -> None:
    """Close one's own question."""
    await questions.close(person, callback_data.question)
    await query.answer(texts.label("answer.glad"))
    await without_buttons(query)


@router.callback_query(MyQuestions.filter())
async def my_questions(
    query: CallbackQuery, person: Person, texts: Texts, questions: QuestionService
) -> None:
    """List one's own questions and where they stand."""
    await query.answer()
    await replace(query, views.my_questions(await questions.of_person(person), texts))
