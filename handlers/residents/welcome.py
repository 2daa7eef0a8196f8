# SPDX-License-Identifier: EUPL-1.2
"""First contact, the language, the beginning and the help."""

from aiogram import Bot, Router
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from bot.domain.municipality import Municipality
from bot.domain.person import Person
from bot.i18n import Texts
from bot.services.people import PeopleService
from handlers.filters import Private
from handlers.menu_publishing import publish
from handlers.residents import welcome_views as views
from handlers.residents.callbacks import Cancel, ChooseLanguage, Help, Home, KeepLanguage, Languages
from handlers.screen import replace, show, without_buttons

router = Router(name="welcome")
router.message.filter(Private())
router.callback_query.filter(Private())


@router.message(CommandStart(deep_link=True))
async def accept_invitation(
    message: Message,
    command: CommandObject,
    state: FSMContext,
    person: Person,
    texts: Texts,
    people: PeopleService,
    bot: Bot,
) -> None:
    """Use the invitation of the link that was opened."""
    await state.clear()
    role = await people.accept(person, command.args or "")
    await show(message, views.role_granted(role, texts))
    await publish(bot, texts, {*person.roles, role}, message.chat.id)
    await show(message, views.languages(texts, person.language))


@router.message(CommandStart())
async def start(
    message: Message, state: FSMContext, person: Person, texts: Texts, municipality: Municipality
) -> None:
    """Say who this is, in every language at once; somebody known comes home."""
    await state.clear()
    if person.chosen:
        await show(message, views.home(texts, municipality, person))
    else:
        await show(message, views.welcome(texts, municipality, person.language))
        await state.update_data(introduced=True)


@router.message(Command("taal"))
async def languages(message: Message, person: Person, texts: Texts) -> None:
    """Offer the languages."""
    await show(message, views.languages(texts, person.language))


@router.callback_query(Languages.filter())
async def languages_by_button(query: CallbackQuery, person: Person, texts: Texts) -> None:
    """Offer the languages."""
    await query.answer()
    await replace(query, views.languages(texts, person.language))


@router.callback_query(ChooseLanguage.filter())
async def choose_language(
    query: CallbackQuery,
    callback_data: ChooseLanguage,
    person: Person,
    texts: Texts,
    people: PeopleService,
    municipality: Municipality,
) -> None:
    """Take over the language and go home in it."""
    person = await people.choose_language(person, callback_data.code)
    texts = texts.other(person.language)
    await query.answer(texts.label("language.taken-over"))
    await replace(query, views.home(texts, municipality, person))


@router.callback_query(KeepLanguage.filter())
async def keep_language(query: CallbackQuery, person: Person, people: PeopleService, texts: Texts) -> None:
    """Stay with the language, and do not ask again by guessing."""
    await people.choose_language(person, texts.code)
    await query.answer(texts.label("language.kept"))
    await without_buttons(query)


@router.callback_query(Home.filter())
async def home(
    query: CallbackQuery, state: FSMContext, person: Person, texts: Texts, municipality: Municipality
) -> None:
    """Go back to the beginning, leaving what was begun."""
    await query.answer()
    await state.clear()
    await replace(query, views.home(texts, municipality, person))


@router.message(Command("help"))
async def help_(message: Message, person: Person, texts: Texts, municipality: Municipality) -> None:
    """Show what the bot can do and how."""
    await show(message, views.help_(texts, municipality, person))


@router.callback_query(Help.filter())
async def help_by_button(
    query: CallbackQuery, person: Person, texts: Texts, municipality: Municipality
) -> None:
    """Show what the bot can do and how."""
    await query.answer()
    await replace(query, views.help_(texts, municipality, person))


@router.message(Command("cancel", "annuleren"))
async def cancel(message: Message, state: FSMContext, texts: Texts) -> None:
    """Leave what was begun, by typing."""
    begun = await state.get_state() is not None
    await state.clear()
    await show(message, views.cancelled(texts) if begun else views.nothing_to_cancel(texts))


@router.callback_query(Cancel.filter())
async def cancel_by_button(query: CallbackQuery, state: FSMContext, texts: Texts) -> None:
    """Leave what was begun."""
    await query.answer()
    await state.clear()
    await replace(query, views.cancelled(texts))
