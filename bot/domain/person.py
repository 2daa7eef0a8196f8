# SPDX-License-Identifier: EUPL-1.2
"""People: who they are to us, what they may do, and where they can be reached."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.errors import NotAllowedError


class Role(StrEnum):
    """What a person is to the municipality. Everybody is a resident; the others are granted."""

    RESIDENT = "resident"
    KEY_FIGURE = "key_figure"
    """A trusted resident (sleutelfiguur) who passes the word on, translates, and hears what is going on."""
    AREA_MANAGER = "area_manager"
    """The gebiedsmanager."""
    ADMINISTRATOR = "administrator"
    """Runs the installation."""


@dataclass(frozen=True, slots=True)
class Address:
    """A place where messages arrive: a chat of a channel, or a topic (thread) in it."""

    channel: str
    chat_id: int
    thread_id: int | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """A person as far as the bot knows one: a number, a language, roles. Never a name or a phone number.

    `language` is None until the person has chosen one or a guess was taken over. `chosen` tells the two
    apart.
    """

    id: int
    language: str | None
    chosen: bool
    roles: frozenset[Role]
    created_at: datetime

    def has(self, role: Role) -> bool:
        """Whether the person has this role. Everybody is a resident."""
        return role is Role.RESIDENT or role in self.roles

    def require(self, *roles: Role) -> None:
        """Raise NotAllowedError unless the person has at least one of these roles."""
        if not any(self.has(role) for role in roles):
            raise NotAllowedError


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that grants a role once. Only a keyed hash of the token is kept."""

    role: Role
    created_at: datetime
    expires_at: datetime
    created_by: int | None = None
