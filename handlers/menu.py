# SPDX-License-Identifier: EUPL-1.2
"""Everything that can be done, as buttons and as the command menu: one list for both."""

from dataclasses import dataclass

from aiogram.filters.callback_data import CallbackData

from bot.domain.outgoing import Button
from bot.domain.person import Person, Role
from bot.i18n import Texts
from handlers.residents.callbacks import (
    AskPerson,
    ForgetMe,
    Help,
    Languages,
    MyData,
    MyQuestions,
    Topics,
)
from handlers.screen import Rows, button


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that can be done: its command, and its button where it stands in the menu."""

    command: str
    action: CallbackData | None = None
    role: Role = Role.RESIDENT


ITEMS: tuple[Item, ...] = (
    Item("start"),
    Item("vraag", Topics()),
    Item("contact", AskPerson()),
    Item("taal", Languages()),
    Item("mijngegevens", MyData()),
    Item("vergeetmij", ForgetMe()),
    Item("help", Help()),
)
"""In the order of the menu. The description of a command is the text `command.<command>`."""

_HIDDEN_AT_HOME = frozenset({"mijngegevens", "vergeetmij"})


def commands(role: Role) -> tuple[Item, ...]:
    """Return the commands of somebody with this role, the resident's own ones first."""
    return tuple(item for item in ITEMS if item.role is Role.RESIDENT or item.role is role)


def resident_rows(texts: Texts) -> Rows:
    """Return the buttons for everybody, two in a row."""
    shown = [
        button(texts.label(f"menu.{item.command}"), item.action)
        for item in ITEMS
        if item.role is Role.RESIDENT and item.action is not None and item.command not in _HIDDEN_AT_HOME
    ]
    return _two_in_a_row(shown)


def staff_rows(person: Person, texts: Texts) -> Rows:
    """Return the buttons for the roles a person has beyond being a resident."""
    shown = [
        button(texts.label(f"menu.{item.command}"), item.action)
        for item in ITEMS
        if item.role is not Role.RESIDENT and person.has(item.role) and item.action is not None
    ]
    return _two_in_a_row(shown)


def my_rows(texts: Texts) -> Rows:
    """Return the buttons about oneself."""
    return [
        [button(texts.label("menu.my-questions"), MyQuestions())],
        [button(texts.label("menu.vergeetmij"), ForgetMe())],
    ]


def _two_in_a_row(buttons: list[Button]) -> Rows:
    return [buttons[index : index + 2] for index in range(0, len(buttons), 2)]
