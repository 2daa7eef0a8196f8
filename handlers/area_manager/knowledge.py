# SPDX-License-Identifier: EUPL-1.2
"""What the answers lack: languages, readers, figures that no longer hold."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.content.status import expired_figures, language_status
from bot.domain.municipality import Municipality
from bot.domain.person import Role
from bot.i18n import Texts
from bot.services.library import Library
from bot.services.ports import Clock
from handlers.area_manager.callbacks import KnowledgeStatus
from handlers.filters import HasRole, Private
from handlers.residents.welcome_views import home_row
from handlers.screen import Screen, replace, show

router = Router(name="area_manager.knowledge")
for observer in (router.message, router.callback_query):
    observer.filter(Private(), HasRole(Role.AREA_MANAGER))


@router.message(Command("kennis"))
async def status(
    message: Message, texts: Texts, library: Library, clock: Clock, municipality: Municipality
) -> None:
    """Show how complete the answers are."""
    await show(message, _screen(texts, library, clock, municipality))


@router.callback_query(KnowledgeStatus.filter())
async def status_by_button(
    query: CallbackQuery, texts: Texts, library: Library, clock: Clock, municipality: Municipality
) -> None:
    """Show how complete the answers are."""
    await query.answer()
    await replace(query, _screen(texts, library, clock, municipality))


def _screen(texts: Texts, library: Library, clock: Clock, municipality: Municipality) -> Screen:
    parts = [str(texts("knowledge.head"))]
    for language in texts.languages:
        found = language_status(library.knowledge, language.code)
        parts.append(
            texts(
                "knowledge.language",
                language=language.name,
                written=found.written,
                entries=found.entries,
                reviewed=found.reviewed,
                outdated=found.outdated,
            )
        )
    today = clock.now().astimezone(municipality.zone).date()
    expired = expired_figures(library.knowledge, today)
    if expired:
        parts.append(texts("knowledge.expired", figures=", ".join(expired)))
    else:
        parts.append(texts("knowledge.figures-hold"))
    return Screen("\n\n".join(parts), [home_row(texts)])
