# SPDX-License-Identifier: EUPL-1.2
"""Translating for the gebiedsmanager: `/vertalen`, in writing and, if wanted, spoken too."""

import secrets
from dataclasses import asdict, dataclass, replace

from aiogram import Bot, Router
from aiogram.enums import ContentType
from aiogram.filters import Command, Filter, StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from bot.domain.errors import StaleError
from bot.domain.person import Person, Role
from bot.i18n import Texts
from bot.services.ports import Media
from bot.services.translating import TranslatingService
from handlers.area_manager.broadcast_forms import stored
from handlers.filters import HasRole, PlainText, Private
from handlers.key_figures import views
from handlers.key_figures.callbacks import SendTranslation, Translate, Translations
from handlers.screen import follow, show
from handlers.screen import replace as show_instead

router = Router(name="key_figures.translating")
for observer in (router.message, router.callback_query):
    observer.filter(Private(), HasRole(Role.KEY_FIGURE, Role.AREA_MANAGER))


class TranslationForm(StatesGroup):
    """The steps of a translation."""

    text = State()
    confirm = State()


@dataclass(frozen=True, slots=True)
class TranslationDraft:
    """What is being translated; `revision` is that of the original that was shown."""

    broadcast: int = 0
    language: str = ""
    revision: int = 0
    text: str = ""
    voice: str = ""
    token: str = ""

    @classmethod
    async def read(cls, state: FSMContext) -> "TranslationDraft":
        """Return what was kept."""
        return cls(**(await state.get_data()).get("translation_draft", {}))

    async def keep(self, state: FSMContext, step: State) -> None:
        """Keep it and go to a step."""
        await state.update_data(translation_draft=asdict(self))
        await state.set_state(step)


class Spoken(Filter):
    """Lets through a voice message."""

    async def __call__(self, message: Message) -> bool:
        """Whether it is one."""
        return message.content_type == ContentType.VOICE


@router.message(Command("vertalen"))
async def tasks(
    message: Message, state: FSMContext, person: Person, texts: Texts, translating: TranslatingService
) -> None:
    """List what waits for a translation."""
    await state.clear()
    await show(message, views.tasks(await translating.tasks(person), texts))


@router.callback_query(Translations.filter())
async def tasks_by_button(
    query: CallbackQuery, person: Person, texts: Texts, translating: TranslatingService
) -> None:
    """List what waits for a translation."""
    found = await translating.tasks(person)
    await query.answer()
    await show_instead(query, views.tasks(found, texts))


@router.callback_query(Translate.filter())
async def begin(
    query: CallbackQuery,
    callback_data: Translate,
    state: FSMContext,
    person: Person,
    texts: Texts,
    translating: TranslatingService,
) -> None:
    """Show the original with its terms."""
    task = await translating.task(person, callback_data.id, callback_data.language)
    draft = TranslationDraft(task.broadcast.id, task.language, task.broadcast.revision)
    await draft.keep(state, TranslationForm.text)
    await query.answer()
    await follow(query, views.task(task, texts))


@router.message(PlainText(), StateFilter(TranslationForm.text, TranslationForm.confirm))
async def written(message: Message, state: FSMContext, texts: Texts) -> None:
    """Show the translation once more."""
    draft = replace(await TranslationDraft.read(state), text=message.html_text, token=secrets.token_hex(4))
    await draft.keep(state, TranslationForm.confirm)
    await show(message, views.confirm_translation(draft.text, bool(draft.voice), draft.token, texts))


@router.message(Spoken(), StateFilter(TranslationForm.text, TranslationForm.confirm))
async def spoken(message: Message, bot: Bot, state: FSMContext, texts: Texts, media: Media) -> None:
    """Keep a recording beside the text."""
    voice = await stored(message, bot, media)
    draft = replace(await TranslationDraft.read(state), voice=voice, token=secrets.token_hex(4))
    await draft.keep(state, TranslationForm.confirm)
    await show(message, views.confirm_translation(draft.text, True, draft.token, texts))


@router.callback_query(SendTranslation.filter())
async def send(
    query: CallbackQuery,
    callback_data: SendTranslation,
    state: FSMContext,
    person: Person,
    texts: Texts,
    translating: TranslatingService,
) -> None:
    """Give the translation to the gebiedsmanager."""
    draft = await TranslationDraft.read(state)
    if not draft.token or draft.token != callback_data.token:
        raise StaleError
    await translating.offer(person, draft.broadcast, draft.language, draft.revision, draft.text, draft.voice)
    await state.clear()
    await query.answer()
    await show_instead(query, views.translation_sent(texts))
