# SPDX-License-Identifier: EUPL-1.2
"""What every channel is to the rest of the house."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from aiogram import Bot
from aiogram.types import Update

Feed = Callable[[Bot, Update], Awaitable[None]]
"""Handles one update whole. When it returns without an error, the update needs no second try."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can do. A handler never asks which channel it is on, only, where it must, what it can.

    `text_length` and `caption_length` are in UTF-16 units after the marks were taken out, as Telegram counts.
    """

    edit: bool = True
    """A message that was sent can be changed."""
    delete: bool = True
    """A message that was sent can be removed."""
    buttons: bool = True
    """Buttons under a message."""
    reply_keyboards: bool = True
    """Buttons instead of typing."""
    files: bool = True
    voice: bool = True
    location: bool = True
    albums: bool = True
    groups: bool = False
    """The bot can be a member of groups."""
    inline: bool = False
    """The bot can be called from any chat (inline mode)."""
    replies: bool = False
    """A person can answer one particular message."""
    text_length: int = 4096
    caption_length: int = 1024


class Channel(Protocol):
    """A way by which people reach the bot."""

    name: str
    """As it stands in addresses: `telegram`, `web`."""
    bot: Bot
    capabilities: Capabilities

    async def start(self, feed: Feed) -> None:
        """Begin to take in updates, and hand each to `feed` until it was handled."""
        ...

    async def stop(self) -> None:
        """Take in nothing more and finish what is under way."""
        ...
