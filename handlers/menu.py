# SPDX-License-Identifier: EUPL-1.2
"""Everything that can be done, as buttons and as the command menu: one list for both."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from aiogram.filters.callback_data import CallbackData

from bot.domain.person import Person, Role
from bot.i18n import Texts
from handlers.area_manager.broadcast_callbacks import Broadcasts, GroupList, Planning
from handlers.area_manager.callbacks import KnowledgeStatus, PeopleList, WaitingQuestions
from handlers.area_manager.report_callbacks import ReportsHome
from handlers.key_figures.callbacks import Translations
from handlers.key_figures.callbacks import Updates as PassUpdatesOn
from handlers.residents.callbacks import (
    AskPerson,
    ForgetMe,
    Help,
    Languages,
    MyData,
    OpenTopic,
    Topics,
)
from handlers.residents.report_callbacks import BeginReport, MyReports
from handlers.residents.updates_callbacks import UpdatesMenu
from handlers.screen import Rows, button


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that can be done: its command, its button, for whom, and whether it stands at home.

    What does not stand at home is found under help. A command without a button only leads home.
    """

    command: str
    action: CallbackData | None = None
    role: Role = Role.RESIDENT
    at_home: bool = True


ITEMS: tuple[Item, ...] = (
    Item("start"),
    Item("vraag", Topics()),
    Item("melding", BeginReport()),
    Item("mijnmeldingen", MyReports()),
    Item("contact", AskPerson()),
    Item("updates", UpdatesMenu()),
    Item("besluiten", OpenTopic(topic="decisions"), at_home=False),
    Item("taal", Languages()),
    Item("mijngegevens", MyData(), at_home=False),
    Item("vergeetmij", ForgetMe(), at_home=False),
    Item("stop"),
    Item("help", Help()),
    Item("doorsturen", PassUpdatesOn(), Role.KEY_FIGURE),
    Item("vertalen", Translations(), Role.KEY_FIGURE),
    Item("bericht", Broadcasts(), Role.AREA_MANAGER),
    Item("planning", Planning(), Role.AREA_MANAGER),
    Item("vragen", WaitingQuestions(), Role.AREA_MANAGER),
    Item("meldingen", ReportsHome(), Role.AREA_MANAGER),
    Item("groepen", GroupList(), Role.AREA_MANAGER),
    Item("mensen", PeopleList(), Role.AREA_MANAGER),
    Item("kennis", KnowledgeStatus(), Role.AREA_MANAGER),
)
"""In the order of the menu. The description of a command is the text `command.<command>`, the label of its
button `menu.<command>`."""


def commands(roles: Collection[Role]) -> tuple[Item, ...]:
    """Return the commands of somebody with these roles."""
    return tuple(item for item in ITEMS if item.role is Role.RESIDENT or item.role in roles)


def home_rows(person: Person, texts: Texts) -> Rows:
    """Return the buttons of the beginning: everybody's, then those of the person's roles."""
    return [
        *_rows(texts, lambda item: item.role is Role.RESIDENT and item.at_home),
        *_rows(texts, lambda item: item.role is not Role.RESIDENT and person.has(item.role)),
    ]


def help_rows(person: Person, texts: Texts) -> Rows:
    """Return a button for everything that the person can do."""
    return _rows(texts, lambda item: person.has(item.role))


def resident_rows(texts: Texts) -> Rows:
    """Return the buttons of the beginning for everybody."""
    return _rows(texts, lambda item: item.role is Role.RESIDENT and item.at_home)


def _rows(texts: Texts, wanted: Callable[[Item], bool]) -> Rows:
    shown = [
        button(texts.label(f"menu.{item.command}"), item.action)
        for item in ITEMS
        if item.action is not None and wanted(item)
    ]
    return [shown[index : index + 2] for index in range(0, len(shown), 2)]
