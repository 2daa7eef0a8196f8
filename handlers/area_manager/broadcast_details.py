# SPDX-License-Identifier: EUPL-1.2
"""What belongs to a broadcast beside its words: what goes along, its kind, its last day, who gets it."""

from dataclasses import replace as changed
from datetime import date

from aiogram import Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery

from bot.domain.broadcast import Audience, Broadcast
from bot.domain.errors import NotFoundError
from bot.domain.municipality import Municipality
from bot.domain.person import Person, Role
from bot.domain.subscription import Topic
from bot.i18n import Texts
from bot.services.broadcasts import BroadcastService
from bot.services.ports import Clock
from handlers.area_manager import broadcast_detail_views as views
from handlers.area_manager.broadcast_callbacks import (
    AudienceMenu,
    ChooseTopic,
    Detach,
    Expiry,
    ToggleAudience,
)
from handlers.area_manager.broadcast_forms import begin_expiry
from handlers.area_manager.broadcast_views import card
from handlers.filters import HasRole, Private
from handlers.screen import replace

router = Router(name="area_manager.broadcast_details")
router.callback_query.filter(Private(), HasRole(Role.AREA_MANAGER))


@router.callback_query(Detach.filter())
async def detach(
    query: CallbackQuery,
    callback_data: Detach,
    person: Person,
    texts: Texts,
    broadcasts: BroadcastService,
) -> None:
    """Take everything off that goes along."""
    broadcast = await broadcasts.detach(person, callback_data.id)
    await query.answer()
    await replace(query, views.attach(broadcast, texts))


@router.callback_query(ChooseTopic.filter())
async def topic(
    query: CallbackQuery,
    callback_data: ChooseTopic,
    person: Person,
    texts: Texts,
    broadcasts: BroadcastService,
    municipality: Municipality,
) -> None:
    """Ask what it is about, or set it."""
    if not callback_data.topic:
        broadcast = await broadcasts.get(person, callback_data.id)
        await query.answer()
        await replace(query, views.choose_topic(broadcast, texts))
        return
    if callback_data.topic not in {each.value for each in Topic}:
        raise NotFoundError
    broadcast = await broadcasts.about(person, callback_data.id, Topic(callback_data.topic))
    await query.answer()
    await replace(query, card(broadcast, municipality, texts))


@router.callback_query(Expiry.filter())
async def expiry(
    query: CallbackQuery,
    callback_data: Expiry,
    state: FSMContext,
    person: Person,
    texts: Texts,
    broadcasts: BroadcastService,
    municipality: Municipality,
    clock: Clock,
) -> None:
    """Ask until when it holds, or set it."""
    if not callback_data.until:
        broadcast = await broadcasts.get(person, callback_data.id)
        await begin_expiry(state, broadcast.id)
        await query.answer()
        today = clock.now().astimezone(municipality.zone).date()
        await replace(query, views.expiry(broadcast, today, texts))
        return
    until = None if callback_data.until == views.NEVER else _day(callback_data.until)
    broadcast = await broadcasts.expire(person, callback_data.id, until)
    await state.clear()
    await query.answer()
    await replace(query, card(broadcast, municipality, texts))


@router.callback_query(AudienceMenu.filter())
async def audience(
    query: CallbackQuery,
    callback_data: AudienceMenu,
    person: Person,
    texts: Texts,
    broadcasts: BroadcastService,
    municipality: Municipality,
) -> None:
    """Show who gets it."""
    broadcast = await broadcasts.get(person, callback_data.id)
    groups = await broadcasts.groups(person)
    await query.answer()
    page = max(0, callback_data.page)
    await replace(query, views.audience(broadcast, groups, municipality, page, texts))


@router.callback_query(ToggleAudience.filter())
async def toggle_audience(
    query: CallbackQuery,
    callback_data: ToggleAudience,
    person: Person,
    texts: Texts,
    broadcasts: BroadcastService,
    municipality: Municipality,
) -> None:
    """Change who gets it."""
    broadcast = await broadcasts.get(person, callback_data.id)
    groups = await broadcasts.groups(person)
    known = {str(group.id) for group in groups} | set(municipality.areas) | {""}
    if callback_data.value not in known:
        raise NotFoundError
    aim = _toggled(broadcast, callback_data.what, callback_data.value)
    broadcast = await broadcasts.aim(person, broadcast.id, aim, callback_data.version)
    await query.answer()
    page = max(0, callback_data.page)
    await replace(query, views.audience(broadcast, groups, municipality, page, texts))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFoundError from None


def _toggled(broadcast: Broadcast, what: str, value: str) -> Audience:
    aim = broadcast.audience
    match what:
        case "groups":
            return changed(aim, groups=not aim.groups)
        case "subscribers":
            return changed(aim, subscribers=not aim.subscribers)
        case "key_figures":
            return changed(aim, key_figures=not aim.key_figures)
        case "area" if value and not value.isdecimal():
            return changed(aim, areas=aim.areas ^ {value})
        case "group" if value.isdecimal():
            return changed(aim, only_groups=aim.only_groups ^ {int(value)})
        case _:
            raise NotFoundError
