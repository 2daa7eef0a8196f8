# SPDX-License-Identifier: EUPL-1.2
"""From the rehearsal to 'send', and taking it back within the minute."""

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.domain.municipality import Municipality
from bot.domain.person import Person, Role
from bot.i18n import Texts
from bot.services.broadcasts import BroadcastService
from handlers.area_manager import broadcast_send_views as views
from handlers.area_manager.broadcast_callbacks import (
    ConfirmBroadcast,
    Rehearse,
    SendBroadcast,
    UndoBroadcast,
    taken_apart,
)
from handlers.area_manager.broadcast_views import card
from handlers.filters import HasRole, Private
from handlers.screen import follow, replace, without_buttons

router = Router(name="area_manager.broadcast_sending")
router.callback_query.filter(Private(), HasRole(Role.AREA_MANAGER))


@router.callback_query(Rehearse.filter())
async def rehearse(
    query: CallbackQuery,
    callback_data: Rehearse,
    person: Person,
    texts: Texts,
    broadcasts: BroadcastService,
) -> None:
    """Send it to the gebiedsmanager alone."""
    number = await broadcasts.rehearse(person, callback_data.id)
    if number:
        await query.answer(texts.label("broadcast.rehearsed", number=number))
    else:
        await query.answer(texts.label("broadcast.nothing-to-rehearse"), show_alert=True)


@router.callback_query(ConfirmBroadcast.filter())
async def confirm(
    query: CallbackQuery,
    callback_data: ConfirmBroadcast,
    person: Person,
    texts: Texts,
    broadcasts: BroadcastService,
) -> None:
    """Count, and show what 'send' would do."""
    found = await broadcasts.confirm(person, callback_data.id)
    await query.answer()
    await replace(query, views.confirm(found, texts))


@router.callback_query(SendBroadcast.filter())
async def send(
    query: CallbackQuery,
    callback_data: SendBroadcast,
    person: Person,
    texts: Texts,
    broadcasts: BroadcastService,
) -> None:
    """Send it, with a minute to undo. The report follows as a message of its own."""
    run = await broadcasts.send(
        person, callback_data.id, callback_data.token, without=taken_apart(callback_data.without)
    )
    await query.answer(texts.label("broadcast.sending"))
    await replace(query, views.sent(run, texts))


@router.callback_query(UndoBroadcast.filter())
async def undo(
    query: CallbackQuery,
    callback_data: UndoBroadcast,
    person: Person,
    texts: Texts,
    broadcasts: BroadcastService,
    municipality: Municipality,
) -> None:
    """Take it back; it is a draft again."""
    broadcast = await broadcasts.undo(person, callback_data.run)
    await query.answer(texts.label("broadcast.undone"))
    await without_buttons(query)
    await follow(query, card(broadcast, municipality, texts))
