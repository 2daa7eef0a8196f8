# SPDX-License-Identifier: EUPL-1.2
"""Deciding about groups: `/groepen`, and `/hier` in a topic thread of a forum."""

from collections.abc import Mapping

import structlog
from aiogram import Bot, Router
from aiogram.exceptions import TelegramAPIError
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.domain.group import Group
from bot.domain.municipality import Municipality
from bot.domain.person import Person, Role
from bot.i18n import Texts
from bot.services.groups import EVERYWHERE, GroupService
from bot.services.people import PeopleService
from handlers.area_manager import group_views as views
from handlers.area_manager.broadcast_callbacks import (
    ApproveGroup,
    GroupArea,
    GroupLanguage,
    GroupList,
    GroupThread,
    GroupTogether,
    LeaveGroup,
    OpenGroup,
)
from handlers.filters import HasRole, Private
from handlers.groups.membership import InGroup
from handlers.screen import replace, show

log = structlog.get_logger(__name__)
router = Router(name="area_manager.groups")
router.callback_query.filter(Private(), HasRole(Role.AREA_MANAGER))

ASK = "?"


@router.message(Command("groepen"), Private(), HasRole(Role.AREA_MANAGER))
async def listed(message: Message, person: Person, texts: Texts, groups: GroupService) -> None:
    """List the groups."""
    await show(message, views.listed(await groups.listed(person), texts))


@router.message(Command("hier"), InGroup())
async def write_here(
    message: Message, channel: str, groups: GroupService, people: PeopleService, texts: Texts
) -> None:
    """Write the updates in this topic thread; only a gebiedsmanager who says so in the thread."""
    if message.from_user is None:
        return
    by = await people.known(channel, message.from_user.id)
    group = await groups.at(channel, message.chat.id)
    if by is None or not by.has(Role.AREA_MANAGER) or group is None:
        return
    thread = message.message_thread_id if message.is_topic_message else None
    await groups.write_in(by, group.id, group.version, thread)
    await message.answer(texts.other(by.language)("groups.thread-kept"))


@router.callback_query(GroupList.filter())
async def listed_by_button(query: CallbackQuery, person: Person, texts: Texts, groups: GroupService) -> None:
    """List the groups."""
    await query.answer()
    await replace(query, views.listed(await groups.listed(person), texts))


@router.callback_query(OpenGroup.filter())
async def open_group(
    query: CallbackQuery,
    callback_data: OpenGroup,
    person: Person,
    texts: Texts,
    groups: GroupService,
    municipality: Municipality,
) -> None:
    """Show one group."""
    await _show(query, await groups.get(person, callback_data.group), municipality, texts)


@router.callback_query(ApproveGroup.filter())
async def approve(
    query: CallbackQuery,
    callback_data: ApproveGroup,
    person: Person,
    texts: Texts,
    groups: GroupService,
    municipality: Municipality,
) -> None:
    """Send updates there from now on."""
    group = await groups.approve(person, callback_data.group, callback_data.version)
    await _show(query, group, municipality, texts)


@router.callback_query(LeaveGroup.filter())
async def leave(
    query: CallbackQuery,
    callback_data: LeaveGroup,
    bots: Mapping[str, Bot],
    person: Person,
    texts: Texts,
    groups: GroupService,
    municipality: Municipality,
) -> None:
    """Leave the group, once sure."""
    if not callback_data.sure:
        await query.answer()
        group = await groups.get(person, callback_data.group)
        await replace(query, views.leave_sure(group, texts))
        return
    group = await groups.leave(person, callback_data.group, callback_data.version)
    bot = bots.get(group.address.channel)
    try:
        if bot is not None:
            await bot.leave_chat(group.address.chat_id)
    except TelegramAPIError as error:
        # Already out, or not reachable now: nothing is sent there in any case.
        log.info("group.not_left", kind=type(error).__name__)
    await _show(query, group, municipality, texts)


@router.callback_query(GroupArea.filter())
async def area(
    query: CallbackQuery,
    callback_data: GroupArea,
    person: Person,
    texts: Texts,
    groups: GroupService,
    municipality: Municipality,
) -> None:
    """Ask for the area, or set it."""
    if callback_data.area == ASK:
        await query.answer()
        group = await groups.get(person, callback_data.group)
        await replace(query, views.areas(group, municipality, texts))
        return
    wanted = EVERYWHERE if callback_data.area == views.EVERYWHERE else callback_data.area
    group = await groups.set_area(person, callback_data.group, callback_data.version, wanted)
    await _show(query, group, municipality, texts)


@router.callback_query(GroupLanguage.filter())
async def language(
    query: CallbackQuery,
    callback_data: GroupLanguage,
    person: Person,
    texts: Texts,
    groups: GroupService,
    municipality: Municipality,
) -> None:
    """Add or drop a language."""
    group = await groups.toggle_language(
        person, callback_data.group, callback_data.version, callback_data.language
    )
    await _show(query, group, municipality, texts)


@router.callback_query(GroupTogether.filter())
async def together(
    query: CallbackQuery,
    callback_data: GroupTogether,
    person: Person,
    texts: Texts,
    groups: GroupService,
    municipality: Municipality,
) -> None:
    """Send the languages together, or one by one."""
    group = await groups.toggle_together(person, callback_data.group, callback_data.version)
    await _show(query, group, municipality, texts)


@router.callback_query(GroupThread.filter())
async def no_thread(
    query: CallbackQuery,
    callback_data: GroupThread,
    person: Person,
    texts: Texts,
    groups: GroupService,
    municipality: Municipality,
) -> None:
    """Write in no particular thread any more."""
    group = await groups.write_in(person, callback_data.group, callback_data.version, None)
    await _show(query, group, municipality, texts)


async def _show(query: CallbackQuery, group: Group, municipality: Municipality, texts: Texts) -> None:
    await query.answer()
    await replace(query, views.card(group, municipality, texts))
