# SPDX-License-Identifier: EUPL-1.2
"""Broadcasts as a whole: `/bericht`, a new one, one opened, thrown away, its history."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from bot.domain.broadcast import BroadcastState
from bot.domain.entry import BASE_LANGUAGE
from bot.domain.municipality import Municipality
from bot.domain.person import Person, Role
from bot.i18n import Texts
from bot.services.aftercare import AftercareService
from bot.services.broadcasts import BroadcastService
from bot.services.key_figures import KeyFigureService
from handlers.area_manager import broadcast_views as views
from handlers.area_manager.broadcast_callbacks import (
    BeginBroadcast,
    Broadcasts,
    Discard,
    History,
    NewBroadcast,
    OpenBroadcast,
)
from handlers.area_manager.broadcast_forms import begin_writing
from handlers.filters import HasRole, Private
from handlers.screen import Screen, replace, show

router = Router(name="area_manager.broadcasts")
for observer in (router.message, router.callback_query):
    observer.filter(Private(), HasRole(Role.AREA_MANAGER))

LISTED = (BroadcastState.DRAFT, BroadcastState.PLANNED, BroadcastState.SENT, BroadcastState.WITHDRAWN)


@router.message(Command("bericht"))
async def listed(
    message: Message, state: FSMContext, person: Person, texts: Texts, broadcasts: BroadcastService
) -> None:
    """List drafts and what was sent. What was being typed is kept in its draft."""
    await state.clear()
    await show(message, await _list(person, texts, broadcasts))


@router.callback_query(Broadcasts.filter())
async def listed_by_button(
    query: CallbackQuery,
    callback_data: Broadcasts,
    state: FSMContext,
    person: Person,
    texts: Texts,
    broadcasts: BroadcastService,
) -> None:
    """List drafts and what was sent."""
    await state.clear()
    await query.answer()
    await replace(query, await _list(person, texts, broadcasts, max(0, callback_data.page)))


@router.callback_query(NewBroadcast.filter())
async def which_topic(query: CallbackQuery, texts: Texts) -> None:
    """Ask what a new one is about."""
    await query.answer()
    await replace(query, views.topics(texts))


@router.callback_query(BeginBroadcast.filter())
async def begin(
    query: CallbackQuery,
    callback_data: BeginBroadcast,
    state: FSMContext,
    person: Person,
    texts: Texts,
    broadcasts: BroadcastService,
) -> None:
    """Begin a draft, and invite to write."""
    broadcast = await broadcasts.begin(person, callback_data.topic)
    await query.answer()
    await begin_writing(state, broadcast.id, BASE_LANGUAGE)
    await replace(query, views.write(broadcast, BASE_LANGUAGE, texts))


@router.callback_query(OpenBroadcast.filter())
async def open_broadcast(
    query: CallbackQuery,
    callback_data: OpenBroadcast,
    state: FSMContext,
    person: Person,
    texts: Texts,
    broadcasts: BroadcastService,
    aftercare: AftercareService,
    municipality: Municipality,
) -> None:
    """Show one broadcast."""
    broadcast = await broadcasts.get(person, callback_data.id)
    runs = await aftercare.runs(person, broadcast.id)
    await state.clear()
    await query.answer()
    await replace(query, views.card(broadcast, municipality, texts, runs))


@router.callback_query(Discard.filter())
async def discard(
    query: CallbackQuery,
    callback_data: Discard,
    state: FSMContext,
    person: Person,
    texts: Texts,
    broadcasts: BroadcastService,
) -> None:
    """Throw a draft away, once sure."""
    if not callback_data.sure:
        broadcast = await broadcasts.get(person, callback_data.id)
        await query.answer()
        await replace(query, views.discard_sure(broadcast, texts))
        return
    await broadcasts.discard(person, callback_data.id, callback_data.version)
    await state.clear()
    await query.answer(texts.label("broadcast.discarded"))
    await replace(query, await _list(person, texts, broadcasts))


@router.callback_query(History.filter())
async def history(
    query: CallbackQuery,
    callback_data: History,
    person: Person,
    texts: Texts,
    broadcasts: BroadcastService,
    key_figures: KeyFigureService,
) -> None:
    """Show who did what with it."""
    broadcast = await broadcasts.get(person, callback_data.id)
    lines = await broadcasts.history(person, broadcast.id)
    reach = await key_figures.reach(person, broadcast.id)
    await query.answer()
    page = max(0, callback_data.page)
    await replace(query, views.history(broadcast, lines, reach, person.id, page, texts))


async def _list(person: Person, texts: Texts, broadcasts: BroadcastService, page: int = 0) -> Screen:
    found = await broadcasts.listed(person, *LISTED, most=views.SHOWN + 1, offset=page * views.SHOWN)
    return views.listed(found, page, texts)
