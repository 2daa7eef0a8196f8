# SPDX-License-Identifier: EUPL-1.2
"""What seeing and removing one's data looks like."""

from collections.abc import Sized

from bot.domain.person import Person, Role
from bot.i18n import Texts
from handlers.residents.callbacks import Cancel, ForgetMe, Home, MyQuestions
from handlers.screen import Screen, button


def my_data(person: Person, kept: dict[str, object], texts: Texts) -> Screen:
    """Say in words what is kept."""
    roles = [texts.label(f"role.{role}") for role in (Role.RESIDENT, *sorted(person.roles))]
    counts = {
        name: len(value)
        for name, value in kept.items()
        if isinstance(value, Sized) and not isinstance(value, str)
    }
    return Screen(
        texts(
            "my-data.text",
            language=texts.language.name,
            roles=", ".join(roles),
            since=texts.full_day(person.created_at.astimezone(texts.zone).date()),
            questions=counts.get("questions", 0),
            exchanges=counts.get("exchanges", 0),
        ),
        [
            [button(texts.label("menu.my-questions"), MyQuestions())],
            [button(texts.label("menu.vergeetmij"), ForgetMe()), button(texts.label("button.home"), Home())],
        ],
    )


def forget_me(texts: Texts) -> Screen:
    """Ask once more, and say what goes and what stays."""
    return Screen(
        texts("my-data.sure"),
        [
            [button(texts.label("my-data.remove"), ForgetMe(sure=True))],
            [button(texts.label("button.cancel"), Cancel())],
        ],
    )


def forgotten(texts: Texts) -> Screen:
    """Confirm that it is gone."""
    return Screen(texts("my-data.gone"))
