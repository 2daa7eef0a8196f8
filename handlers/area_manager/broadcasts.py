# SPDX-License-Identifier: EUPL-1.2
"""Broadcasts, button by button: begin, look, aim, rehearse, count, send, undo."""

from dataclasses import replace as changed
from datetime import timedelta

from aiogram import Router
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from bot.domain.broadcast import Audience, Broadcast, BroadcastState, ColleagueFirstError
from bot.domain.errors import NotFoundError
from bot.domain.municipality import Municipality
from bot.domain.person import Person, Role
from bot.domain.subscription import Topic
from bot.i18n import Texts
from bot.services.aftercare import AftercareService
from bot.services.broadcasts import BroadcastService
from bot.services.key_figures import KeyFigureService
from bot.services.ports import Clock
from bot.services.translating import TranslatingService
from handlers.area_manager import broadcast_views as views
from handlers.area_manager.broadcast_callbacks import (
    ApproveText,
    AskTranslation,
    AudienceMenu,
    BeginBroadcast,
    Broadcasts,
    ChooseTopic,
    ConfirmBroadcast,
    Detach,
    Discard,
    Expiry,
    History,
    NewBroadcast,
    OpenBroadcast,
    OpenText,
    Rehearse,
    SendBroadcast,
    TextLanguages,
    ToggleAudience,
    UndoBroadcast,
)
from handlers.area_manager.broadcast_forms import begin_writing
from handlers.filters import HasRole, Private
from handlers.screen import Screen, follow, replace, show, without_buttons

router = Router(name="area_manager.broadcasts")
for observer in (router.message, router.callback_query):
    observer.filter(Private(), HasRole(Role.AREA_MANAGER))

ASK = -2
NEVER = -1


@router.message(Command("bericht"))
async def listed(message: Message, person: Person, texts: Texts, broadcasts: BroadcastService) -> None:
    """List drafts and what was sent."""
    await show(message, await _list(person, texts, broadcasts))


@router.callback_query(Broadcasts.filter())
async def listed_by_button(
    query: CallbackQuery, state: FSMContext, person: Person, texts: Texts, broadcasts: BroadcastService
) -> None:
    """List drafts and what was sent."""
    await state.clear()
    await query.answer()
    await replace(query, await _list(person, texts, broadcasts))


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
    await begin_writing(state, broadcast.id, "nl")
    await replace(query, views.write(broadcast, "nl", texts))


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
    runs = [run.id for run in await aftercare.runs(person, broadcast.id)]
    await state.clear()
    await query.answer()
    await replace(query, views.card(broadcast, municipality, texts, runs))


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
    await query.answer(texts.label("broadcast.asked", number=number), show_alert=not number)
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
    broadcast = await broadcasts.get(person, callback_data.id)
    if broadcast.version != callback_data.version:
        raise ColleagueFirstError
    broadcast = await broadcasts.approve(person, callback_data.id, callback_data.language)
    await query.answer(texts.label("broadcast.approved"))
    await replace(query, views.language_text(broadcast, callback_data.language, texts))


@router.callback_query(Detach.filter())
async def detach(
    query: CallbackQuery,
    callback_data: Detach,
    person: Person,
    texts: Texts,
    broadcasts: BroadcastService,
) -> None:
    """Take everything off that goes along."""
    await broadcasts.attach(person, callback_data.id, (), "photo")
    await broadcasts.place(person, callback_data.id, None)
    broadcast = await broadcasts.link(person, callback_data.id, "")
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
    await replace(query, views.card(broadcast, municipality, texts))


@router.callback_query(Expiry.filter())
async def expiry(
    query: CallbackQuery,
    callback_data: Expiry,
    person: Person,
    texts: Texts,
    broadcasts: BroadcastService,
    municipality: Municipality,
    clock: Clock,
) -> None:
    """Ask until when it holds, or set it."""
    if callback_data.days == ASK:
        broadcast = await broadcasts.get(person, callback_data.id)
        await query.answer()
        await replace(query, views.expiry(broadcast, texts))
        return
    today = clock.now().astimezone(municipality.zone).date()
    days = min(callback_data.days, 366)
    until = None if days <= NEVER else today + timedelta(days=days)
    broadcast = await broadcasts.expire(person, callback_data.id, until)
    await query.answer()
    await replace(query, views.card(broadcast, municipality, texts))


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
    await replace(query, views.audience(broadcast, groups, municipality, texts))


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
    if broadcast.version != callback_data.version:
        raise ColleagueFirstError
    groups = await broadcasts.groups(person)
    known = {str(group.id) for group in groups} | set(municipality.areas) | {""}
    if callback_data.value not in known:
        raise NotFoundError
    aim = _toggled(broadcast, callback_data.what, callback_data.value)
    broadcast = await broadcasts.aim(person, broadcast.id, aim)
    await query.answer()
    await replace(query, views.audience(broadcast, groups, municipality, texts))


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
    await query.answer(texts.label("broadcast.rehearsed", number=number), show_alert=not number)


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
        person, callback_data.id, callback_data.token, without_missing=callback_data.without
    )
    await query.answer(texts.label("broadcast.sending"))
    await replace(
        query, Screen(texts("broadcast.sent", number=callback_data.id, time=texts.time(run.starts_at)))
    )


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
    await follow(query, views.card(broadcast, municipality, texts))


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
    await replace(query, views.history(broadcast, lines, reach, texts))


async def _list(person: Person, texts: Texts, broadcasts: BroadcastService) -> Screen:
    drafts = await broadcasts.listed(person, BroadcastState.DRAFT, BroadcastState.PLANNED)
    sent = await broadcasts.listed(person, BroadcastState.SENT, BroadcastState.WITHDRAWN)
    return views.listed(drafts, sent, texts)


def _known(language: str, texts: Texts) -> None:
    if language not in texts.languages:
        raise NotFoundError


def _toggled(broadcast: Broadcast, what: str, value: str) -> Audience:
    aim = broadcast.audience
    match what:
        case "groups":
            return changed(aim, groups=not aim.groups)
        case "subscribers":
            return changed(aim, subscribers=not aim.subscribers)
        case "key_figures":
            return changed(aim, key_figures=not aim.key_figures)
        case "area":
            return changed(aim, areas=aim.areas ^ {value})
        case "group":
            return changed(aim, only_groups=aim.only_groups ^ {int(value)})
        case _:
            raise NotFoundError
