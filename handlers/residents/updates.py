# SPDX-License-Identifier: EUPL-1.2
"""Subscriptions: `/updates` to choose, `/stop` to end everything at once."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from bot.domain.municipality import Municipality
from bot.domain.person import Person
from bot.domain.subscription import SubscriptionState
from bot.i18n import Texts
from bot.services.broadcast_notices import BroadcastNotices
from bot.services.subscriptions import SubscriptionService
from handlers.filters import Private
from handlers.residents import updates_views as views
from handlers.residents.updates_callbacks import (
    FollowArea,
    FollowTopic,
    HowOften,
    ReadUpdate,
    SetUpdates,
    ShowTopics,
    UpdatesMenu,
    WarningsOnly,
)
from handlers.screen import follow, replace, show

router = Router(name="updates")
router.message.filter(Private())
router.callback_query.filter(Private())


@router.message(Command("updates"))
async def menu(
    message: Message,
    person: Person,
    texts: Texts,
    subscriptions: SubscriptionService,
    municipality: Municipality,
) -> None:
    """Show what I follow."""
    await show(message, views.menu(await subscriptions.of(person), municipality, texts))


@router.message(Command("stop"))
async def stop(
    message: Message, state: FSMContext, person: Person, texts: Texts, subscriptions: SubscriptionService
) -> None:
    """Stop all updates at once, also in the middle of something. What is typed next is a question."""
    await subscriptions.set_state(person, SubscriptionState.STOPPED)
    await state.clear()
    await show(message, views.stopped(texts))


@router.callback_query(UpdatesMenu.filter())
async def menu_by_button(
    query: CallbackQuery,
    callback_data: UpdatesMenu,
    person: Person,
    texts: Texts,
    subscriptions: SubscriptionService,
    municipality: Municipality,
) -> None:
    """Show what I follow, below an update or in the place of the menu."""
    subscription = await subscriptions.of(person)
    await query.answer()
    put = follow if callback_data.below else replace
    await put(query, views.menu(subscription, municipality, texts))


@router.callback_query(SetUpdates.filter())
async def set_state(
    query: CallbackQuery,
    callback_data: SetUpdates,
    person: Person,
    texts: Texts,
    subscriptions: SubscriptionService,
    municipality: Municipality,
) -> None:
    """Begin, pause or stop."""
    subscription = await subscriptions.set_state(person, callback_data.state)
    await query.answer(texts.label(f"updates.now.{callback_data.state}"))
    if callback_data.state is SubscriptionState.STOPPED:
        await replace(query, views.stopped(texts))
    else:
        await replace(query, views.menu(subscription, municipality, texts))


@router.callback_query(WarningsOnly.filter())
async def warnings_only(
    query: CallbackQuery,
    person: Person,
    texts: Texts,
    subscriptions: SubscriptionService,
    municipality: Municipality,
) -> None:
    """Hear of nothing but warnings."""
    subscription = await subscriptions.keep_warnings(person)
    await query.answer(texts.label("updates.now.warnings"))
    await replace(query, views.menu(subscription, municipality, texts))


@router.callback_query(ReadUpdate.filter())
async def read(
    query: CallbackQuery,
    callback_data: ReadUpdate,
    person: Person,
    texts: Texts,
    subscriptions: SubscriptionService,
    broadcast_notices: BroadcastNotices,
) -> None:
    """Show an update of a digest whole, below it."""
    broadcast, language = await subscriptions.read(person, callback_data.id)
    await query.answer()
    await follow(query, views.update(broadcast_notices.body(broadcast, language), texts))


@router.callback_query(HowOften.filter())
async def how_often(
    query: CallbackQuery,
    callback_data: HowOften,
    person: Person,
    texts: Texts,
    subscriptions: SubscriptionService,
    municipality: Municipality,
) -> None:
    """Hear at once, daily or weekly."""
    subscription = await subscriptions.set_frequency(person, callback_data.frequency)
    await query.answer()
    await replace(query, views.menu(subscription, municipality, texts))


@router.callback_query(FollowArea.filter())
async def areas(
    query: CallbackQuery,
    callback_data: FollowArea,
    person: Person,
    texts: Texts,
    subscriptions: SubscriptionService,
    municipality: Municipality,
) -> None:
    """Show the areas, or follow one, or no longer."""
    if callback_data.area:
        subscription = await subscriptions.toggle_area(person, callback_data.area)
    else:
        subscription = await subscriptions.of(person)
    await query.answer()
    await replace(query, views.areas(subscription, municipality, texts))


@router.callback_query(ShowTopics.filter())
async def topics(
    query: CallbackQuery, person: Person, texts: Texts, subscriptions: SubscriptionService
) -> None:
    """Show the topics."""
    subscription = await subscriptions.of(person)
    await query.answer()
    await replace(query, views.topics(subscription, texts))


@router.callback_query(FollowTopic.filter())
async def topic(
    query: CallbackQuery,
    callback_data: FollowTopic,
    person: Person,
    texts: Texts,
    subscriptions: SubscriptionService,
) -> None:
    """Follow a topic, or no longer."""
    subscription = await subscriptions.toggle_topic(person, callback_data.topic)
    await query.answer()
    await replace(query, views.topics(subscription, texts))
