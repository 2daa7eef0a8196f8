# SPDX-License-Identifier: EUPL-1.2
"""People: first contact, language, invitations, roles, and what is kept about one."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

from bot.domain.errors import InvitationError, NotAllowedError, NotFoundError
from bot.domain.person import Invitation, Person, Role
from bot.i18n import Languages
from bot.services.ports import Clock, Work

INVITATION_LASTS = timedelta(days=7)
GRANTS: dict[Role, frozenset[Role]] = {
    Role.AREA_MANAGER: frozenset({Role.KEY_FIGURE, Role.AREA_MANAGER}),
    Role.ADMINISTRATOR: frozenset({Role.KEY_FIGURE, Role.AREA_MANAGER, Role.ADMINISTRATOR}),
}
"""Which roles somebody with a role may give and take."""


class PeopleService:
    """Knows who writes, in which language, and with which roles."""

    def __init__(self, work: Work, clock: Clock, languages: Languages, reading: Work | None = None) -> None:
        """Take what it needs; `reading` opens units that only read, and wait for nobody who writes."""
        self._work = work
        self._reading = reading or work
        self._clock = clock
        self._languages = languages

    async def arrive(self, channel: str, user_id: int, chat_id: int, app_language: str | None) -> Person:
        """Return the person who writes; a new one gets a guess from the language of the app.

        The guess is marked as one: `chosen` stays false until the person picks a language.
        """
        async with self._reading() as unit:
            person = await unit.people.at(channel, user_id)
        if person is not None:
            return person
        async with self._work() as unit:
            now = self._clock.now()
            person = await unit.people.add(channel, user_id, chat_id, now)
            guess = self._languages.guess(app_language)
            if guess is not None:
                await unit.people.set_language(person.id, guess, chosen=False)
            await unit.commit(repeatable=True)
        return await self._again(person.id)

    async def known(self, channel: str, user_id: int) -> Person | None:
        """Return the person who writes as this user, without making one: for what happens in a group."""
        async with self._reading() as unit:
            return await unit.people.at(channel, user_id)

    async def language_of(self, channel: str, user_id: int) -> str | None:
        """Return the language of the person who writes as this user, or None."""
        async with self._work() as unit:
            person = await unit.people.at(channel, user_id)
        return None if person is None else person.language

    async def reachable(self, channel: str, user_id: int) -> None:
        """Note that somebody who had blocked the bot is back."""
        async with self._work() as unit:
            await unit.people.mark_reachable(channel, user_id, self._clock.now())
            await unit.commit()

    async def choose_language(self, person: Person, code: str) -> Person:
        """Remember the language a person picked. Raises NotFoundError for one that is not offered."""
        if code not in self._languages:
            raise NotFoundError
        return await self._set_language(person, code, chosen=True)

    async def guess_language(self, person: Person, code: str) -> Person:
        """Take over the language of somebody's first words, as long as they have not picked one."""
        if person.chosen or code not in self._languages or code == person.language:
            return person
        return await self._set_language(person, code, chosen=False)

    async def invite(self, role: Role, by: Person | None) -> str:
        """Make an invitation and return its token; `by` is None for the administrator at the machine.

        Raises NotAllowedError when `by` may not give that role.
        """
        if by is not None:
            self._require_grant(by, role)
        token = secrets.token_urlsafe(24)
        now = self._clock.now()
        async with self._work() as unit:
            await unit.invitations.add(
                token, Invitation(role, now, now + INVITATION_LASTS, None if by is None else by.id)
            )
            await unit.commit()
        return token

    async def accept(self, person: Person, token: str) -> Role:
        """Use an invitation. Raises InvitationError when it is not valid (any more)."""
        async with self._work() as unit:
            now = self._clock.now()
            invitation = await unit.invitations.take(token, person.id, now)
            if invitation is None:
                raise InvitationError
            await unit.people.grant(person.id, invitation.role, invitation.created_by, now)
            await unit.commit()
            return invitation.role

    async def with_role(self, by: Person, role: Role) -> Sequence[Person]:
        """Return everybody with a role, for the gebiedsmanager. Raises NotAllowedError."""
        by.require(Role.AREA_MANAGER, Role.ADMINISTRATOR)
        async with self._work() as unit:
            return await unit.people.with_role(role)

    async def revoke(self, by: Person, person_id: int, role: Role) -> None:
        """Take a role away. Raises NotAllowedError, also for the last gebiedsmanager."""
        self._require_grant(by, role)
        async with self._work() as unit:
            holders = await unit.people.with_role(role)
            if person_id not in {holder.id for holder in holders}:
                raise NotFoundError
            if role is not Role.KEY_FIGURE and len(holders) == 1:
                raise NotAllowedError
            await unit.people.revoke(person_id, role)
            await unit.commit()

    async def anybody_has(self, role: Role) -> bool:
        """Whether somebody has this role: without a gebiedsmanager the start prints an invitation."""
        async with self._work() as unit:
            return bool(await unit.people.with_role(role))

    async def everything_about(self, person: Person) -> dict[str, object]:
        """Return what is kept about a person (AVG art. 15)."""
        async with self._work() as unit:
            return await unit.people.everything_about(person.id)

    async def forget(self, person: Person) -> None:
        """Remove a person and all that is personal (AVG art. 17)."""
        async with self._work() as unit:
            await unit.people.forget(person.id)
            await unit.commit()

    async def _set_language(self, person: Person, code: str, *, chosen: bool) -> Person:
        async with self._work() as unit:
            await unit.people.set_language(person.id, code, chosen=chosen)
            await unit.commit(repeatable=True)
        return await self._again(person.id)

    async def _again(self, person_id: int) -> Person:
        async with self._work() as unit:
            person = await unit.people.get(person_id)
        if person is None:
            raise NotFoundError
        return person

    @staticmethod
    def _require_grant(by: Person, role: Role) -> None:
        if not any(role in GRANTS.get(own, frozenset()) for own in by.roles):
            raise NotAllowedError
