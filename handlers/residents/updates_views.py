# SPDX-License-Identifier: EUPL-1.2
"""What subscriptions look like to a resident."""

from bot.domain.municipality import Municipality
from bot.domain.subscription import Frequency, Subscription, SubscriptionState, Topic
from bot.i18n import Texts
from handlers.residents.updates_callbacks import (
    FollowArea,
    FollowTopic,
    HowOften,
    SetUpdates,
    ShowTopics,
    UpdatesMenu,
    WarningsOnly,
)
from handlers.residents.welcome_views import home_row
from handlers.screen import Screen, button


def menu(subscription: Subscription, municipality: Municipality, texts: Texts) -> Screen:
    """Show what one follows and what can be changed."""
    areas = [municipality.area(area, texts.code) for area in municipality.areas if area in subscription.areas]
    topics = [texts.label(f"topic.{topic}") for topic in Topic if topic in subscription.topics]
    text = texts(
        "updates.menu",
        state=texts.label(_state(subscription)),
        often=texts.label(f"updates.often.{subscription.frequency}"),
        areas=", ".join(areas) or texts.label("updates.all-areas"),
        topics=", ".join(topics) or texts.label("updates.all-topics"),
    )
    active = subscription.state is SubscriptionState.ACTIVE
    often = [
        button(
            ("✓ " if frequency is subscription.frequency else "") + texts.label(f"updates.often.{frequency}"),
            HowOften(frequency=frequency),
        )
        for frequency in Frequency
    ]
    rows = [
        [
            button(texts.label("updates.areas"), FollowArea()),
            button(texts.label("updates.topics"), ShowTopics()),
        ],
        often,
    ]
    if active:
        rows.append(
            [
                button(texts.label("updates.pause"), SetUpdates(state=SubscriptionState.PAUSED)),
                button(texts.label("updates.stop"), SetUpdates(state=SubscriptionState.STOPPED)),
            ]
        )
    else:
        begin = SetUpdates(state=SubscriptionState.ACTIVE)
        rows.insert(0, [button(texts.label("updates.begin"), begin)])
    return Screen(text, [*rows, home_row(texts)])


def _state(subscription: Subscription) -> str:
    if subscription.state is SubscriptionState.ACTIVE and subscription.warnings_only:
        return "updates.state.warnings"
    return f"updates.state.{subscription.state}"


def areas(subscription: Subscription, municipality: Municipality, texts: Texts) -> Screen:
    """Show the areas, each a switch."""
    rows = [
        [
            button(
                ("✓ " if area in subscription.areas else "▫️ ") + municipality.area(area, texts.code),
                FollowArea(area=area),
            )
        ]
        for area in municipality.areas
    ]
    return Screen(texts("updates.which-areas"), [*rows, [button(texts.label("updates.done"), UpdatesMenu())]])


def topics(subscription: Subscription, texts: Texts) -> Screen:
    """Show the topics, each a switch."""
    rows = [
        [
            button(
                ("✓ " if topic in subscription.topics else "▫️ ") + texts.label(f"topic.{topic}"),
                FollowTopic(topic=topic),
            )
        ]
        for topic in Topic
    ]
    return Screen(
        texts("updates.which-topics"), [*rows, [button(texts.label("updates.done"), UpdatesMenu())]]
    )


def stopped(texts: Texts) -> Screen:
    """Confirm that nothing is sent any more; warnings only for who chooses them; asking stays possible."""
    begin = SetUpdates(state=SubscriptionState.ACTIVE)
    return Screen(
        texts("updates.stopped"),
        [
            [button(texts.label("updates.warnings-only"), WarningsOnly())],
            [button(texts.label("updates.begin"), begin)],
            home_row(texts),
        ],
    )


def update(text: str, texts: Texts) -> Screen:
    """Show one update of a digest whole."""
    return Screen(text, [[button(texts.label("updates.change"), UpdatesMenu(below=True))]])
