# SPDX-License-Identifier: EUPL-1.2
"""The languages of a broadcast: where each stands, asking for a translation, hearing and approving it."""

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.domain.errors import NotFoundError
from bot.domain.person import Person, Role
from bot.i18n import Texts
from bot.services.broadcasts import BroadcastService
from bot.services.translating import TranslatingService
from handlers.area_manager import broadcast_language_views as views
from handlers.area_manager.broadcast_callbacks import (
    ApproveText,
    AskTranslation,
    DropRecording,
    Listen,
    OpenText,
    TextLanguages,
)
from handlers.filters import HasRole, Private
from handlers.screen import replace

router = Router(name="area_manager.broadcast_languages")
router.callback_query.filter(Private(), HasRole(Role.AREA_MANAGER))


@router.callback_query(TextLanguages.filter())
async def languages(
    query: CallbackQuery,
    callback_data: TextLanguages,
    person: Person,
    texts: Texts,
    broadcasts: BroadcastService,
) -> None:
    """Show the languages and where each stands."""
    broadcast = await broadcasts.get(person, callback_data.id)
    await query.answer()
    await replace(query, views.languages(broadcast, texts))


@router.callback_query(OpenText.filter())
async def language_text(
    query: CallbackQuery,
    callback_data: OpenText,
    person: Person,
    texts: Texts,
    broadcasts: BroadcastService,
) -> None:
    """Show one language's text."""
    _known(callback_data.language, texts)
    broadcast = await broadcasts.get(person, callback_data.id)
    await query.answer()
    await replace(query, views.language_text(broadcast, callback_data.language, texts))


@router.callback_query(AskTranslation.filter())
async def ask_translation(
    query: CallbackQuery,
    callback_data: AskTranslation,
    person: Person,
    texts: Texts,
    broadcasts: BroadcastService,
    translating: TranslatingService,
) -> None:
    """Ask key figures for a translation."""
    _known(callback_data.language, texts)
    number = await translating.ask(person, callback_data.id, callback_data.language)
    await query.answer(texts.count("broadcast.asked", number))
    broadcast = await broadcasts.get(person, callback_data.id)
    await replace(query, views.language_text(broadcast, callback_data.language, texts))


@router.callback_query(ApproveText.filter())
async def approve(
    query: CallbackQuery,
    callback_data: ApproveText,
    person: Person,
    texts: Texts,
    broadcasts: BroadcastService,
) -> None:
    """Approve a translation that was read as it is now."""
    at = callback_data
    broadcast = await broadcasts.approve(person, at.id, at.language, at.version)
    await query.answer(texts.label("broadcast.approved"))
    await replace(query, views.language_text(broadcast, at.language, texts))


@router.callback_query(Listen.filter())
async def listen(
    query: CallbackQuery,
    callback_data: Listen,
    person: Person,
    broadcasts: BroadcastService,
) -> None:
    """Send the recording to the gebiedsmanager alone."""
    await broadcasts.listen(person, callback_data.id, callback_data.language)
    await query.answer()


@router.callback_query(DropRecording.filter())
async def drop_recording(
    query: CallbackQuery,
    callback_data: DropRecording,
    person: Person,
    texts: Texts,
    broadcasts: BroadcastService,
) -> None:
    """Send the translation without its recording."""
    at = callback_data
    broadcast = await broadcasts.without_recording(person, at.id, at.language, at.version)
    await query.answer()
    await replace(query, views.language_text(broadcast, at.language, texts))


def _known(language: str, texts: Texts) -> None:
    if language not in texts.languages:
        raise NotFoundError
