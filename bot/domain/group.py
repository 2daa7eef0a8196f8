# SPDX-License-Identifier: EUPL-1.2
"""Neighbourhood groups: added by anybody, spoken to only after the gebiedsmanager approved them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.errors import StaleError
from bot.domain.person import Address


class GroupState(StrEnum):
    """Where a group stands."""

    WAITING = "waiting"
    """The bot was added; nobody has decided yet. Nothing is sent."""
    APPROVED = "approved"
    """Updates for its area and languages are sent there."""
    MUTED = "muted"
    """The bot is a member and may not write."""
    REMOVED = "removed"
    """Somebody removed the bot."""
    LEFT = "left"
    """The gebiedsmanager let the bot leave."""


ALLOWED: Mapping[GroupState, frozenset[GroupState]] = {
    GroupState.WAITING: frozenset(
        {GroupState.APPROVED, GroupState.MUTED, GroupState.REMOVED, GroupState.LEFT}
    ),
    GroupState.APPROVED: frozenset(
        {GroupState.WAITING, GroupState.MUTED, GroupState.REMOVED, GroupState.LEFT}
    ),
    GroupState.MUTED: frozenset(
        {GroupState.WAITING, GroupState.APPROVED, GroupState.REMOVED, GroupState.LEFT}
    ),
    GroupState.REMOVED: frozenset({GroupState.WAITING, GroupState.MUTED}),
    GroupState.LEFT: frozenset({GroupState.WAITING, GroupState.MUTED, GroupState.REMOVED}),
}
"""The only changes that exist. Coming back after a removal asks for approval anew."""


class Membership(StrEnum):
    """What the channel says about the bot in a group."""

    MEMBER = "member"
    MUTED = "muted"
    OUT = "out"


def change(present: GroupState, wanted: GroupState) -> GroupState:
    """Return `wanted` where the change is allowed. Raises StaleError where it is not."""
    if wanted not in ALLOWED[present]:
        raise StaleError
    return wanted


def after(present: GroupState | None, membership: Membership, *, was_approved: bool) -> GroupState:
    """Return the state after the channel told how the bot stands in a group.

    Only a group that lost nothing but the right to write is approved again when it gets that back: who was
    removed and added again might have been added by somebody else.
    """
    if membership is Membership.OUT:
        return present if present is GroupState.LEFT else GroupState.REMOVED
    if membership is Membership.MUTED:
        return GroupState.MUTED
    if present is GroupState.MUTED:
        return GroupState.APPROVED if was_approved else GroupState.WAITING
    return present if present in {GroupState.APPROVED, GroupState.WAITING} else GroupState.WAITING


@dataclass(frozen=True, slots=True)
class Group:
    """A group, supergroup, forum or channel of a channel such as Telegram.

    `area` is None for all areas. `languages` are told in this order: each in a message of its own, or
    `together` in one. `thread_id` is the forum topic to write in. `version` rises with every change.
    """

    id: int
    address: Address
    kind: str
    title: str
    state: GroupState
    area: str | None
    languages: tuple[str, ...]
    together: bool
    version: int
    added_at: datetime
    was_approved: bool = False

    def covers(self, areas: frozenset[str]) -> bool:
        """Whether an update for these areas (none: all) concerns the group."""
        return not areas or self.area is None or self.area in areas
