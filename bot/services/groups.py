# SPDX-License-Identifier: EUPL-1.2
"""Groups: what the channel tells about them, and what the gebiedsmanager decides."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.broadcast import ColleagueFirstError
from bot.domain.entry import BASE_LANGUAGE
from bot.domain.errors import NotFoundError
from bot.domain.group import Group, GroupState, Membership, after, change
from bot.domain.municipality import Municipality
from bot.domain.person import Address, Person, Role
from bot.services.broadcast_notices import BroadcastNotices
from bot.services.ports import Clock, UnitOfWork, Work
from bot.services.telling import tell_all

EVERYWHERE = ""
"""Stands for all areas."""


class GroupService:
    """Which groups get updates. Nothing that is said in a group is kept."""

    def __init__(
        self, work: Work, clock: Clock, municipality: Municipality, notices: BroadcastNotices
    ) -> None:
        self._work = work
        self._clock = clock
        self._municipality = municipality
        self._notices = notices

    async def stands(self, address: Address, kind: str, title: str, membership: Membership) -> Group | None:
        """Keep how the bot stands in a group; the gebiedsmanagers hear of it when that changed.

        Returns the group when it is new, or came back, and waits for approval; else None.
        """
        now = self._clock.now()
        async with self._work() as unit:
            group = await unit.groups.at(address.channel, address.chat_id)
            if group is None and membership is Membership.OUT:
                return None
            state = after(
                None if group is None else group.state,
                membership,
                was_approved=group is not None and group.was_approved,
            )
            if group is not None and group.state is state:
                if group.title != title or group.kind != kind:
                    await self._save(unit, replace(group, title=title, kind=kind), None)
                    await unit.commit()
                return None
            if group is None:
                group = await unit.groups.add(address, kind, title, state, now)
            else:
                kept = group.was_approved and state is not GroupState.WAITING
                changed = replace(group, state=state, title=title, kind=kind, was_approved=kept)
                group = await self._save(unit, changed, None)
            told = group
            await tell_all(unit, Role.AREA_MANAGER, lambda reader: self._notices.group(told, reader), now)
            await unit.commit()
        return group if state is GroupState.WAITING else None

    async def moved(self, channel: str, chat_id: int, new_chat_id: int) -> None:
        """Follow a group that became a supergroup."""
        async with self._work() as unit:
            await unit.people.moved(channel, chat_id, new_chat_id)
            await unit.commit()

    async def listed(self, by: Person) -> Sequence[Group]:
        """Return all groups, the newest first. Raises NotAllowedError."""
        by.require(Role.AREA_MANAGER)
        async with self._work() as unit:
            return await unit.groups.all()

    async def get(self, by: Person, group_id: int) -> Group:
        """Return a group. Raises NotAllowedError, NotFoundError."""
        async with self._work() as unit:
            return await self._found(unit, by, group_id)

    async def at(self, channel: str, chat_id: int) -> Group | None:
        """Return the group with this chat id."""
        async with self._work() as unit:
            return await unit.groups.at(channel, chat_id)

    async def approve(self, by: Person, group_id: int, version: int) -> Group:
        """Send updates there from now on; without a language it becomes Dutch."""
        async with self._work() as unit:
            group = await self._present(unit, by, group_id, version)
            if group.state is not GroupState.WAITING:
                # One that may not write is approved once it may: nothing would arrive there.
                raise ColleagueFirstError
            changed = replace(
                group,
                state=change(group.state, GroupState.APPROVED),
                was_approved=True,
                languages=group.languages or (BASE_LANGUAGE,),
            )
            group = await self._save(unit, changed, by.id)
            await unit.commit()
        return group

    async def leave(self, by: Person, group_id: int, version: int) -> Group:
        """Send nothing there any more; the caller makes the bot leave."""
        async with self._work() as unit:
            group = await self._present(unit, by, group_id, version)
            changed = replace(group, state=change(group.state, GroupState.LEFT), was_approved=False)
            group = await self._save(unit, changed, by.id)
            await unit.commit()
        return group

    async def set_area(self, by: Person, group_id: int, version: int, area: str) -> Group:
        """Say which area it is for. Raises NotFoundError for an area that does not exist."""
        if area != EVERYWHERE and area not in self._municipality.areas:
            raise NotFoundError
        return await self._set(by, group_id, version, area=area or None)

    async def toggle_language(self, by: Person, group_id: int, version: int, language: str) -> Group:
        """Add or drop a language; the last one stays. Raises NotFoundError for an unknown one."""
        if language not in self._municipality.languages:
            raise NotFoundError
        group = await self.get(by, group_id)
        chosen = set(group.languages) ^ {language}
        ordered = tuple(each for each in self._municipality.languages if each in chosen)
        return await self._set(by, group_id, version, languages=ordered or group.languages)

    async def toggle_together(self, by: Person, group_id: int, version: int) -> Group:
        """Send all languages in one message, or one message each."""
        group = await self.get(by, group_id)
        return await self._set(by, group_id, version, together=not group.together)

    async def write_in(self, by: Person, group_id: int, version: int, thread_id: int | None) -> Group:
        """Write in this forum topic, or in none."""
        group = await self.get(by, group_id)
        return await self._set(by, group_id, version, address=replace(group.address, thread_id=thread_id))

    async def _set(self, by: Person, group_id: int, version: int, **values: object) -> Group:
        async with self._work() as unit:
            group = await self._present(unit, by, group_id, version)
            group = await self._save(unit, replace(group, **values), by.id)  # type: ignore[arg-type]
            await unit.commit()
        return group

    async def _present(self, unit: UnitOfWork, by: Person, group_id: int, version: int) -> Group:
        """Return the group if it is still as it was when the buttons were shown."""
        group = await self._found(unit, by, group_id)
        if group.version != version:
            raise ColleagueFirstError
        return group

    async def _save(self, unit: UnitOfWork, group: Group, by: int | None) -> Group:
        if not await unit.groups.save(group, by, self._clock.now()):
            raise ColleagueFirstError
        return replace(group, version=group.version + 1)

    @staticmethod
    async def _found(unit: UnitOfWork, by: Person, group_id: int) -> Group:
        by.require(Role.AREA_MANAGER)
        group = await unit.groups.get(group_id)
        if group is None:
            raise NotFoundError
        return group
