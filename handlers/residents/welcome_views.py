# SPDX-License-Identifier: EUPL-1.2
"""What the first contact, the languages, the beginning and the help look like."""

from bot.domain.municipality import Municipality
from bot.domain.outgoing import Button
from bot.domain.person import Person, Role
from bot.i18n import Texts
from handlers.menu import help_rows, home_rows
from handlers.residents.callbacks import ChooseLanguage, Help, Home
from handlers.screen import Rows, Screen, button


def language_rows(texts: Texts, present: str | None) -> Rows:
    """Return a button for each language, each by its own name, two in a row; the present one is marked."""
    buttons = [
        button(("✓ " if language.code == present else "") + language.name, ChooseLanguage(code=language.code))
        for language in texts.languages
    ]
    return [buttons[index : index + 2] for index in range(0, len(buttons), 2)]


def welcome(texts: Texts, municipality: Municipality, guess: str | None) -> Screen:
    """Say who this is in every language; the guessed one comes first."""
    codes = sorted(texts.languages.codes, key=lambda code: code != guess)
    paragraphs = [texts.other(code)("welcome.introduction", municipality=municipality.name) for code in codes]
    return Screen("\n\n".join(paragraphs), language_rows(texts, None))


def introduction(texts: Texts, municipality: Municipality) -> Screen:
    """Say who this is in one language, to somebody whose first words were a question."""
    return Screen(
        texts("welcome.introduction", municipality=municipality.name), language_rows(texts, texts.code)
    )


def languages(texts: Texts, present: str | None) -> Screen:
    """Ask for the language, in every language."""
    lines = [texts.other(code)("language.question") for code in texts.languages.codes]
    return Screen("\n".join(lines), language_rows(texts, present))


def other_language(texts: Texts, spoken: str) -> Screen:
    """Offer to go on in the language in which somebody wrote, said in that language."""
    theirs = texts.other(spoken)
    own = texts.language.name
    return Screen(
        theirs("language.offer", language=theirs.language.name),
        [
            [button(theirs.language.name, ChooseLanguage(code=spoken))],
            [button(own, ChooseLanguage(code=texts.code))],
        ],
    )


def home(texts: Texts, municipality: Municipality, person: Person) -> Screen:
    """Invite to ask, and show what else there is."""
    return Screen(
        texts("home.text", municipality=municipality.name),
        home_rows(person, texts),
    )


def help_(texts: Texts, municipality: Municipality, person: Person) -> Screen:
    """Explain what can be done, shortly."""
    parts = [texts("help.text", municipality=municipality.name)]
    if person.has(Role.KEY_FIGURE):
        parts.append(texts("help.key-figure"))
    if person.has(Role.AREA_MANAGER):
        parts.append(texts("help.area-manager"))
    return Screen("\n\n".join(parts), help_rows(person, texts))


def role_granted(role: Role, texts: Texts) -> Screen:
    """Tell somebody which role their invitation gave them."""
    return Screen(texts(f"role.granted.{role}"))


def cancelled(texts: Texts) -> Screen:
    """Confirm that nothing was sent."""
    return Screen(texts("form.cancelled"), [home_row(texts)])


def nothing_to_cancel(texts: Texts) -> Screen:
    """Say that nothing had been begun."""
    return Screen(texts("form.nothing-to-cancel"), [home_row(texts)])


def home_row(texts: Texts) -> list[Button]:
    """Return the row that leads back to the beginning and to the help."""
    return [button(texts.label("button.home"), Home()), button(texts.label("button.help"), Help())]
