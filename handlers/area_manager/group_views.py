# SPDX-License-Identifier: EUPL-1.2
"""What groups look like to the gebiedsmanager."""

from collections.abc import Sequence

from bot.domain.group import Group, GroupState
from bot.domain.municipality import Municipality
from bot.i18n import Texts
from handlers.area_manager.broadcast_callbacks import (
    ApproveGroup,
    GroupArea,
    GroupLanguage,
    GroupList,
    GroupThread,
    GroupTogether,
    LeaveGroup,
    OpenGroup,
)
from handlers.residents.welcome_views import home_row
from handlers.screen import Rows, Screen, button

SHOWN = 20
EVERYWHERE = "*"


def listed(groups: Sequence[Group], texts: Texts) -> Screen:
    """List the groups with their state."""
    if not groups:
        return Screen(texts("groups.none"), [home_row(texts)])
    rows = [
        [button(f"{texts.label(f'group.mark.{group.state}')} {group.title}"[:60], OpenGroup(group=group.id))]
        for group in groups[:SHOWN]
    ]
    return Screen(texts.count("groups.list", len(groups)), [*rows, home_row(texts)])


def card(group: Group, municipality: Municipality, texts: Texts) -> Screen:
    """Show one group with what can be decided about it."""
    area = municipality.area(group.area, texts.code) if group.area else texts.label("groups.everywhere")
    names = ", ".join(texts.languages.get(code).name for code in group.languages) or "–"
    text = texts(
        "groups.card",
        title=group.title,
        kind=texts.label(f"group.kind.{group.kind}"),
        state=texts.label(f"group.state.{group.state}"),
        area=area,
        languages=names,
        together=texts.label("groups.together" if group.together else "groups.apart"),
        thread=group.address.thread_id or "–",
    )
    return Screen(text, [*_rows(group, texts), [button(texts.label("menu.groepen"), GroupList())]])


def _rows(group: Group, texts: Texts) -> Rows:
    if group.state in {GroupState.REMOVED, GroupState.LEFT}:
        return []
    at = {"group": group.id, "version": group.version}
    rows = []
    if group.state is GroupState.WAITING:
        rows.append([button(texts.label("groups.approve"), ApproveGroup(**at))])
    rows.append([button(texts.label("groups.area"), GroupArea(**at))])
    languages = [
        button(
            ("✓ " if language.code in group.languages else "") + language.name,
            GroupLanguage(**at, language=language.code),
        )
        for language in texts.languages
    ]
    rows += [languages[index : index + 2] for index in range(0, len(languages), 2)]
    if len(group.languages) > 1:
        other = "groups.make-apart" if group.together else "groups.make-together"
        rows.append([button(texts.label(other), GroupTogether(**at))])
    if group.address.thread_id:
        rows.append([button(texts.label("groups.no-thread"), GroupThread(**at))])
    rows.append([button(texts.label("groups.leave"), LeaveGroup(**at))])
    return rows


def areas(group: Group, municipality: Municipality, texts: Texts) -> Screen:
    """Ask which area the group is for."""
    rows = [
        [
            button(
                municipality.area(area, texts.code),
                GroupArea(group=group.id, version=group.version, area=area),
            )
        ]
        for area in municipality.areas
    ]
    everywhere = GroupArea(group=group.id, version=group.version, area=EVERYWHERE)
    return Screen(
        texts("groups.which-area", title=group.title),
        [
            [button(texts.label("groups.everywhere"), everywhere)],
            *rows,
            [button(texts.label("button.back"), OpenGroup(group=group.id))],
        ],
    )


def leave_sure(group: Group, texts: Texts) -> Screen:
    """Ask once more before the bot leaves."""
    return Screen(
        texts("groups.leave-sure", title=group.title),
        [
            [
                button(
                    texts.label("groups.leave"),
                    LeaveGroup(group=group.id, version=group.version, sure=True),
                )
            ],
            [button(texts.label("button.back"), OpenGroup(group=group.id))],
        ],
    )
