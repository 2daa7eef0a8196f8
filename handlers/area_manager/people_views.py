# SPDX-License-Identifier: EUPL-1.2
"""What the people with a role look like to the gebiedsmanager: numbers, never names."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from bot.domain.person import Person, Role
from bot.i18n import Texts
from handlers.area_manager.callbacks import Invite, PeopleList, Revoke
from handlers.residents.welcome_views import home_row
from handlers.screen import Screen, button


def people_list(found: Mapping[Role, Sequence[Person]], reader: Person, texts: Texts) -> Screen:
    """List people by role, with a button to invite and one to take a role away."""
    parts = [texts("people.text")]
    rows = []
    for role, people in found.items():
        names = [
            texts(
                "people.line",
                number=each.id,
                language=texts.languages.get(each.language).name,
                since=texts.full_day(each.created_at.astimezone(texts.zone).date()),
                you=texts("people.you") if each.id == reader.id else "",
            )
            for each in people
        ]
        parts.append(
            texts("people.role", role=texts.label(f"role.{role}"), people=Markup("\n").join(names) or "–")
        )
        rows += [
            [
                button(
                    texts.label("people.revoke", role=texts.label(f"role.{role}"), number=each.id),
                    Revoke(person=each.id, role=role),
                )
            ]
            for each in people
            if each.id != reader.id
        ]
    invite = [
        [button(texts.label(f"people.invite.{role}"), Invite(role=role))]
        for role in (Role.KEY_FIGURE, Role.AREA_MANAGER)
    ]
    return Screen("\n\n".join(parts), [*invite, *rows, home_row(texts)])


def invitation(role: Role, links: Mapping[str, str], texts: Texts) -> Screen:
    """Show the link, made to be passed on to one person."""
    lines = [f"{channel}: {link}" for channel, link in links.items()]
    return Screen(
        texts("people.invitation", role=texts.label(f"role.{role}"), links=Markup("\n").join(lines))
    )


def revoke_sure(number: int, role: Role, texts: Texts) -> Screen:
    """Ask once more before a role is taken away."""
    return Screen(
        texts("people.revoke-sure", number=number, role=texts.label(f"role.{role}")),
        [
            [button(texts.label("people.take-away"), Revoke(person=number, role=role, sure=True))],
            [button(texts.label("button.back"), PeopleList())],
        ],
    )
