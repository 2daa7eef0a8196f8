# SPDX-License-Identifier: EUPL-1.2
"""What goes along with a broadcast, its kind, its last day and who gets it, as the gebiedsmanager sees it."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.domain.broadcast import Broadcast
from bot.domain.group import Group, GroupState
from bot.domain.municipality import Municipality
from bot.domain.outgoing import Button
from bot.domain.subscription import Topic
from bot.i18n import Texts
from handlers.area_manager.broadcast_callbacks import (
    AudienceMenu,
    ChooseTopic,
    Detach,
    Expiry,
    OpenBroadcast,
    ToggleAudience,
)
from handlers.screen import Screen, button

GROUPS = 8
EXPIRIES = (1, 7, 14, 30)
NEVER = "never"


def attach(broadcast: Broadcast, texts: Texts) -> Screen:
    """Invite to send what goes along."""
    rows = []
    if broadcast.media or broadcast.location or broadcast.link:
        rows.append([button(texts.label("broadcast.detach"), Detach(id=broadcast.id))])
    return Screen(
        texts("broadcast.attach", along=along(broadcast, texts)),
        [[button(texts.label("broadcast.attached"), OpenBroadcast(id=broadcast.id))], *rows],
    )


def choose_topic(broadcast: Broadcast, texts: Texts) -> Screen:
    """Ask what it is about."""
    rows = [
        [
            button(
                ("✓ " if topic is broadcast.topic else "") + texts.label(f"topic.{topic}"),
                ChooseTopic(id=broadcast.id, topic=topic),
            )
        ]
        for topic in Topic
    ]
    return Screen(
        texts("broadcast.which-topic"),
        [*rows, [button(texts.label("button.back"), OpenBroadcast(id=broadcast.id))]],
    )


def expiry(broadcast: Broadcast, today: date, texts: Texts) -> Screen:
    """Ask until when it holds: a button, or a day as it is typed."""
    days = [today + timedelta(days=ahead) for ahead in EXPIRIES]
    rows = [
        [
            button(
                ("✓ " if day == broadcast.expires else "") + texts.day(day),
                Expiry(id=broadcast.id, until=day.isoformat()),
            )
        ]
        for day in days
    ]
    never = ("✓ " if broadcast.expires is None else "") + texts.label("broadcast.no-end")
    return Screen(
        texts(
            "broadcast.until-when",
            until=texts.full_day(broadcast.expires) if broadcast.expires else texts.label("broadcast.no-end"),
        ),
        [
            *rows,
            [button(never, Expiry(id=broadcast.id, until=NEVER))],
            [button(texts.label("button.back"), OpenBroadcast(id=broadcast.id))],
        ],
    )


def audience(
    broadcast: Broadcast, groups: Sequence[Group], municipality: Municipality, page: int, texts: Texts
) -> Screen:
    """Show who gets it, each a switch; the groups page by page."""
    aim = broadcast.audience
    at = {"id": broadcast.id, "version": broadcast.version, "page": page}

    def switch(label: str, what: str, on: bool, value: str = "") -> list[Button]:
        return [button(("✓ " if on else "▫️ ") + label, ToggleAudience(**at, what=what, value=value))]

    rows = [
        switch(texts.label("broadcast.to.groups"), "groups", aim.groups),
        switch(texts.label("broadcast.to.subscribers"), "subscribers", aim.subscribers),
        switch(texts.label("broadcast.to.key_figures"), "key_figures", aim.key_figures),
    ]
    areas = [
        switch(municipality.area(area, texts.code), "area", area in aim.areas, area)[0]
        for area in municipality.areas
    ]
    rows += [areas[index : index + 2] for index in range(0, len(areas), 2)]
    approved = [group for group in groups if group.state is GroupState.APPROVED]
    if aim.groups and len(approved) > 1:
        rows += [
            switch(f"👥 {group.title}"[:50], "group", group.id in aim.only_groups, str(group.id))
            for group in approved[page * GROUPS : (page + 1) * GROUPS]
        ]
        turn: list[Button] = []
        if page:
            turn.append(button(texts.label("groups.previous"), AudienceMenu(id=broadcast.id, page=page - 1)))
        if len(approved) > (page + 1) * GROUPS:
            turn.append(button(texts.label("groups.more"), AudienceMenu(id=broadcast.id, page=page + 1)))
        rows += [turn] if turn else []
    return Screen(
        texts("broadcast.audience"),
        [*rows, [button(texts.label("broadcast.attached"), OpenBroadcast(id=broadcast.id))]],
    )


def along(broadcast: Broadcast, texts: Texts) -> str:
    """Return what goes along, in words."""
    found = []
    if broadcast.media:
        kind = texts.label(f"media.{broadcast.media_kind}")
        found.append(f"{len(broadcast.media)} × {kind}")
    if broadcast.location:
        found.append(texts.label("media.location"))
    if broadcast.link:
        found.append(broadcast.link)
    return ", ".join(found) or "–"


def who(broadcast: Broadcast, municipality: Municipality, texts: Texts) -> str:
    """Return who gets it, in words."""
    aim = broadcast.audience
    kinds = [
        texts.label(f"broadcast.to.{what}")
        for what in ("groups", "subscribers", "key_figures")
        if getattr(aim, what)
    ]
    if aim.groups and aim.only_groups:
        kinds[0] = texts.label("broadcast.to.some-groups", number=len(aim.only_groups))
    areas = [municipality.area(area, texts.code) for area in sorted(aim.areas)]
    return ", ".join(kinds or ["–"]) + " · " + (", ".join(areas) or texts.label("groups.everywhere"))
