# SPDX-License-Identifier: EUPL-1.2
"""Being added to a group, removed, silenced, moved; and being addressed in one. Nothing else is heard."""

import structlog
from aiogram import Bot, Router
from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.exceptions import TelegramAPIError
from aiogram.filters import Command, Filter
from aiogram.types import (
    ChatMemberAdministrator,
    ChatMemberRestricted,
    ChatMemberUpdated,
    Message,
    ResultChatMemberUnion,
)

from bot.domain.group import GroupState, Membership
from bot.domain.municipality import Municipality
from bot.domain.person import Address
from bot.domain.subscription import SubscriptionState
from bot.i18n import Texts
from bot.services.groups import GroupService
from bot.services.people import PeopleService
from bot.services.subscriptions import SubscriptionService

log = structlog.get_logger(__name__)
router = Router(name="groups")

GROUPS = frozenset({ChatType.GROUP, ChatType.SUPERGROUP, ChatType.CHANNEL})
OUT = frozenset({ChatMemberStatus.LEFT, ChatMemberStatus.KICKED})


class InGroup(Filter):
    """Lets through what happens in a group or channel."""

    async def __call__(self, event: Message | ChatMemberUpdated) -> bool:
        """Whether it is no private chat."""
        return event.chat.type in GROUPS


class Addressed(Filter):
    """Lets through a message in a group that names the bot, answers it, or is a command for it."""

    async def __call__(self, message: Message, bot: Bot) -> bool:
        """Whether the bot is meant."""
        me = await bot.me()
        replied = message.reply_to_message
        if replied is not None and replied.from_user is not None and replied.from_user.id == me.id:
            return replied.forum_topic_created is None
        return f"@{(me.username or '').lower()}" in (message.text or message.caption or "").lower()


class Migrated(Filter):
    """Lets through the note that a group became a supergroup."""

    async def __call__(self, message: Message) -> bool:
        """Whether the group has a new id."""
        return message.migrate_to_chat_id is not None


@router.my_chat_member(InGroup())
async def stands(
    event: ChatMemberUpdated,
    bot: Bot,
    channel: str,
    groups: GroupService,
    municipality: Municipality,
    texts: Texts,
) -> None:
    """Keep how the bot stands in a group; when it is new there, say in one sentence what it does."""
    kind = "forum" if event.chat.is_forum else str(event.chat.type)
    waiting = await groups.stands(
        Address(channel, event.chat.id),
        kind,
        event.chat.title or "–",
        _membership(event.new_chat_member, kind),
    )
    if waiting is None:
        return
    language = texts.languages.guess(event.from_user.language_code)
    try:
        await bot.send_message(
            event.chat.id, texts.other(language)("group.hello", municipality=municipality.name)
        )
    except TelegramAPIError as error:
        # Without the right to write nothing is said; the group is shown as silenced when that is told.
        log.info("group.not_greeted", kind=type(error).__name__)


@router.message(InGroup(), Migrated())
async def moved(message: Message, channel: str, groups: GroupService) -> None:
    """Follow a group that became a supergroup."""
    await groups.moved(channel, message.chat.id, message.migrate_to_chat_id or message.chat.id)


@router.message(Command("stop"), InGroup())
async def stop(
    message: Message,
    channel: str,
    groups: GroupService,
    people: PeopleService,
    subscriptions: SubscriptionService,
    texts: Texts,
) -> None:
    """Stop the updates of who types it, and say so. What the group gets is not for one member to stop."""
    group = await groups.at(channel, message.chat.id)
    by = None if message.from_user is None else await people.known(channel, message.from_user.id)
    if by is not None:
        await subscriptions.set_state(by, SubscriptionState.STOPPED)
    language = by.language if by is not None else group.languages[0] if group and group.languages else None
    await message.answer(texts.other(language)("group.stopped"))


@router.message(InGroup(), Addressed())
async def addressed(message: Message, bot: Bot, channel: str, groups: GroupService, texts: Texts) -> None:
    """Invite who addresses the bot to write to it alone: a group is no place for one's own question."""
    group = await groups.at(channel, message.chat.id)
    if group is None or group.state not in {GroupState.APPROVED, GroupState.WAITING}:
        return
    language = group.languages[0] if group.languages else None
    me = await bot.me()
    await message.answer(texts.other(language)("group.addressed", link=f"https://t.me/{me.username}"))


def _membership(member: ResultChatMemberUnion, kind: str) -> Membership:
    """Return how the bot stands by what Telegram calls it (Bot API, ChatMember)."""
    if member.status in OUT:
        return Membership.OUT
    if isinstance(member, ChatMemberRestricted):
        if not member.is_member:
            return Membership.OUT
        return Membership.MEMBER if member.can_send_messages else Membership.MUTED
    if kind == ChatType.CHANNEL:
        may = isinstance(member, ChatMemberAdministrator) and bool(member.can_post_messages)
        return Membership.MEMBER if may else Membership.MUTED
    return Membership.MEMBER
