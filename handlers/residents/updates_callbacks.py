# SPDX-License-Identifier: EUPL-1.2
"""The buttons of subscriptions."""

from aiogram.filters.callback_data import CallbackData

from bot.domain.subscription import Frequency, SubscriptionState, Topic


class UpdatesMenu(CallbackData, prefix="updates"):
    """Show what I follow; `below` leaves the update with the button as it is."""

    below: bool = False


class FollowArea(CallbackData, prefix="follow-area"):
    """Follow an area, or no longer; empty shows the areas."""

    area: str = ""


class FollowTopic(CallbackData, prefix="follow-topic"):
    """Follow a topic, or no longer."""

    topic: Topic


class ShowTopics(CallbackData, prefix="follow-topics"):
    """Show the topics to follow."""


class HowOften(CallbackData, prefix="how-often"):
    """Hear at once, daily or weekly."""

    frequency: Frequency


class WarningsOnly(CallbackData, prefix="warnings-only"):
    """Hear of nothing but warnings."""


class ReadUpdate(CallbackData, prefix="read-update"):
    """Read an update of a digest whole."""

    id: int


class SetUpdates(CallbackData, prefix="set-updates"):
    """Begin, pause or stop."""

    state: SubscriptionState
