# SPDX-License-Identifier: EUPL-1.2
"""Filters for hot routes: asynchronous classes, because aiogram runs a synchronous one in a thread."""

from aiogram.enums import ChatType
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message

from bot.domain.person import Person, Role


class Private(Filter):
    """Lets through what is written to the bot alone."""

    async def __call__(self, event: Message | CallbackQuery) -> bool:
        """Whether the chat is a private one."""
        message = event if isinstance(event, Message) else event.message
        return message is not None and message.chat.type == ChatType.PRIVATE


class HasRole(Filter):
    """Lets through people with one of these roles. Checked at every step, also for forged buttons."""

    def __init__(self, *roles: Role) -> None:
        self.roles = roles

    async def __call__(self, _event: Message | CallbackQuery, person: Person | None = None) -> bool:
        """Whether the person has one of the roles."""
        return person is not None and any(person.has(role) for role in self.roles)


class PlainText(Filter):
    """Lets through a message of text that is not a command."""

    async def __call__(self, message: Message) -> bool:
        """Whether it is text, and no command."""
        return bool(message.text) and not (message.text or "").startswith("/")


class InConversation(Filter):
    """Lets through all but a text out of the blue: a private message, no command, while no form is open."""

    async def __call__(self, message: Message, raw_state: str | None = None) -> bool:
        """Whether something was going on, or is begun by a command."""
        text = message.text or ""
        question = bool(text) and not text.startswith("/") and message.chat.type == ChatType.PRIVATE
        return raw_state is not None or not question
