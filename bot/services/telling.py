# SPDX-License-Identifier: EUPL-1.2
"""Telling one person, or everybody with a role, something through the outbox."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.entry import BASE_LANGUAGE
from bot.domain.outgoing import Outgoing, Recipient
from bot.domain.person import Person, Role
from bot.services.ports import UnitOfWork

Wording = Callable[[str], Outgoing]
"""Takes the reader's language."""


async def tell(unit: UnitOfWork, person: Person, wording: Wording, now: datetime) -> None:
    """Tell one person, on the channel used last. Nothing happens where nobody can be reached."""
    addresses = (await unit.people.addresses([person.id])).get(person.id, [])
    if addresses:
        outgoing = wording(person.language or BASE_LANGUAGE)
        await unit.outbox.add(outgoing, [Recipient(addresses[0], person.id)], now)


async def tell_all(unit: UnitOfWork, role: Role, wording: Wording, now: datetime) -> None:
    """Tell everybody with a role, each in their language."""
    for person in await unit.people.with_role(role):
        await tell(unit, person, wording, now)
