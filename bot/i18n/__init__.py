# SPDX-License-Identifier: EUPL-1.2
"""Languages, direction, plurals, and the text for one recipient."""

from bot.i18n.direction import isolate, isolate_foreign, plain
from bot.i18n.languages import Catalogue, CatalogueError, Language, Languages, load_languages
from bot.i18n.texts import Texts

__all__ = [
    "Catalogue",
    "CatalogueError",
    "Language",
    "Languages",
    "Texts",
    "isolate",
    "isolate_foreign",
    "load_languages",
    "plain",
]
