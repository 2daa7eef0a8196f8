# SPDX-License-Identifier: EUPL-1.2
"""Who helps: inviting key figures and colleagues, and taking roles away."""

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.domain.person import Person, Role
from bot.i18n import Texts
from bot.services.people import PeopleService
from handlers.area_manager import people_views as views
from handlers.area_manager.callbacks import Invite, PeopleList, Revoke
from handlers.filters import HasRole, Private
from handlers.links import InvitationLinks
from handlers.screen import Screen, follow, replace, show

router = Router(name="area_manager.people")
for observer in (router.message, router.callback_query):
    observer.filter(Private(), HasRole(Role.AREA_MANAGER, Role.ADMINISTRATOR))


@router.message(Command("mensen"))
async def people_list(message: Message, person: Person, texts: Texts, people: PeopleService) -> None:
    """Show who has which role."""
    await show(message, await _list(person, texts, people))


@router.callback_query(PeopleList.filter())
async def people_list_by_button(
    query: CallbackQuery, person: Person, texts: Texts, people: PeopleService
) -> None:
    """Show who has which role."""
    await query.answer()
    await replace(query, await _list(person, texts, people))


@router.callback_query(Invite.filter())
async def invite(
    query: CallbackQuery,
    callback_data: Invite,
    person: Person,
    texts: Texts,
    people: PeopleService,
    links: InvitationLinks,
) -> None:
    """Make a link that grants a role once."""
    token = await people.invite(callback_data.role, person)
    await query.answer()
    await follow(query, views.invitation(callback_data.role, await links.all(token), texts))


@router.callback_query(Revoke.filter())
async def revoke(
    query: CallbackQuery, callback_data: Revoke, person: Person, texts: Texts, people: PeopleService
) -> None:
    """Take a role away, once sure."""
    if not callback_data.sure:
        await query.answer()
        await replace(query, views.revoke_sure(callback_data.person, callback_data.role, texts))
        return
    await people.revoke(person, callback_data.person, callback_data.role)
    await query.answer(texts.label("people.revoked"))
    await replace(query, await _list(person, texts, people))


async def _list(person: Person, texts: Texts, people: PeopleService) -> Screen:
    return views.people_list(
        {role: await people.with_role(person, role) for role in (Role.AREA_MANAGER, Role.KEY_FIGURE)},
        person,
        texts,
    )
