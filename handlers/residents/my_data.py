# SPDX-License-Identifier: EUPL-1.2
"""Seeing and removing what is kept about oneself (AVG articles 15 and 17)."""

import json

from aiogram import Router
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.types import BufferedInputFile, CallbackQuery, Message

from bot.domain.person import Person
from bot.i18n import Texts
from bot.services.people import PeopleService
from handlers.filters import Private
from handlers.residents import my_data_views as views
from handlers.residents.callbacks import ForgetMe, MyData
from handlers.screen import replace, show

router = Router(name="my_data")
router.message.filter(Private())
router.callback_query.filter(Private())


@router.message(Command("mijngegevens"))
async def my_data(message: Message, person: Person, texts: Texts, people: PeopleService) -> None:
    """Show what is kept, in words and as a file."""
    kept = await people.everything_about(person)
    await show(message, views.my_data(person, kept, texts))
    await message.answer_document(_file(kept), caption=texts("my-data.file"))


@router.callback_query(MyData.filter())
async def my_data_by_button(
    query: CallbackQuery, person: Person, texts: Texts, people: PeopleService
) -> None:
    """Show what is kept, in words and as a file."""
    await query.answer()
    kept = await people.everything_about(person)
    await replace(query, views.my_data(person, kept, texts))
    if query.message is not None:
        await query.message.answer_document(_file(kept), caption=texts("my-data.file"))


@router.message(Command("vergeetmij"))
async def forget_me(message: Message, texts: Texts) -> None:
    """Ask once more before everything is removed."""
    await show(message, views.forget_me(texts))


@router.callback_query(ForgetMe.filter())
async def forget_me_by_button(
    query: CallbackQuery,
    callback_data: ForgetMe,
    state: FSMContext,
    person: Person,
    texts: Texts,
    people: PeopleService,
) -> None:
    """Remove the person once they are sure."""
    await query.answer()
    if not callback_data.sure:
        await replace(query, views.forget_me(texts))
        return
    await people.forget(person)
    await state.clear()
    await replace(query, views.forgotten(texts))


def _file(kept: dict[str, object]) -> BufferedInputFile:
    content = json.dumps(kept, ensure_ascii=False, indent=2, default=str)
    return BufferedInputFile(content.encode(), filename="buurtbrug.json")
