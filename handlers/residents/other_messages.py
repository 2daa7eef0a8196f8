# SPDX-License-Identifier: EUPL-1.2
"""What is neither text nor a known button or command: a kind answer that leads on."""

from aiogram import Router
from aiogram.enums import ContentType
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message

from bot.i18n import Texts
from bot.services.people import PeopleService
from handlers.filters import Private
from handlers.residents import other_views as views
from handlers.screen import show, without_buttons

router = Router(name="other_messages")
router.message.filter(Private())

SPOKEN = frozenset({ContentType.VOICE, ContentType.AUDIO, ContentType.VIDEO_NOTE})
PICTURES = frozenset({ContentType.PHOTO, ContentType.VIDEO, ContentType.DOCUMENT, ContentType.ANIMATION})
PLACES = frozenset({ContentType.LOCATION, ContentType.VENUE})
SERVICE = frozenset({ContentType.PINNED_MESSAGE, ContentType.MESSAGE_AUTO_DELETE_TIMER_CHANGED})


@router.message()
async def other(message: Message, texts: Texts) -> None:
    """Say what cannot be understood yet, and what can be done instead."""
    kind = message.content_type
    if kind in SERVICE:
        return
    if kind == ContentType.TEXT:
        await show(message, views.unknown_command(texts))
    elif kind in SPOKEN:
        await show(message, views.spoken(texts))
    elif kind in PICTURES:
        await show(message, views.picture(texts))
    elif kind in PLACES:
        await show(message, views.place(texts))
    else:
        await show(message, views.something_else(texts))


@router.callback_query()
async def old_button(query: CallbackQuery, texts: Texts) -> None:
    """Answer a button that nobody knows (any more), so that it does not keep turning."""
    await query.answer(texts.label("errors.stale"), show_alert=True)
    await without_buttons(query)


@router.my_chat_member()
async def came_back(event: ChatMemberUpdated, people: PeopleService, channel: str) -> None:
    """Note that somebody has unblocked the bot; who blocks it is noticed when something is sent."""
    if event.chat.type == "private" and event.new_chat_member.status == "member":
        await people.reachable(channel, event.from_user.id)
