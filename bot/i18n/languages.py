# SPDX-License-Identifier: EUPL-1.2
"""The languages: a folder each under `locales/`, so that adding one is adding files."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from babel import Locale
from babel.messages.pofile import PoFileError, read_po

from bot.domain.entry import BASE_LANGUAGE


class CatalogueError(Exception):
    """A file of a language cannot be read. The message names the file."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language as its folder describes it.

    `name` is its own name. `locale` is Babel's, for dates, amounts and plural rules. `plurals` are the
    CLDR plural categories in the order of the catalogue's `msgstr[0]`, `msgstr[1]` …
    """

    code: str
    name: str
    direction: str
    script: str
    locale: Locale
    plurals: tuple[str, ...]

    @property
    def right_to_left(self) -> bool:
        """Whether it is written from right to left."""
        return self.direction == "rtl"


Catalogue = Mapping[str, tuple[str, ...]]
"""Message key to its text, or to its plural forms."""


@dataclass(frozen=True, slots=True)
class Languages:
    """All languages with their catalogues, Dutch first, then in the order of their `order`."""

    all: tuple[Language, ...]
    catalogues: Mapping[str, Catalogue]

    def __iter__(self) -> Iterator[Language]:
        return iter(self.all)

    def __contains__(self, code: object) -> bool:
        return any(language.code == code for language in self.all)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes, in the order in which languages are offered."""
        return tuple(language.code for language in self.all)

    def get(self, code: str | None) -> Language:
        """Return the language of that code, or Dutch where it is not known."""
        return next((item for item in self.all if item.code == code), self.base)

    @property
    def base(self) -> Language:
        """Dutch: what everything is written in first."""
        return next(item for item in self.all if item.code == BASE_LANGUAGE)

    def guess(self, language_code: str | None) -> str | None:
        """Return our language for an app's language code such as `ar-SY`, or None."""
        short = (language_code or "").replace("_", "-").split("-")[0].lower()
        return short if short in self else None


def load_languages(folder: Path, only: Sequence[str] = ()) -> Languages:
    """Read every language under `folder`, or `only` those named.

    Raises CatalogueError when a file cannot be read or Dutch is missing.
    """
    found = []
    catalogues: dict[str, Catalogue] = {}
    for path in sorted(folder.glob("*/language.toml")):
        code = path.parent.name
        if only and code not in only:
            continue
        raw = _read(path)
        locale = Locale.parse(raw.get("locale", code))
        plurals = tuple(raw.get("plurals", ("one", "other")))
        language = Language(code, raw["name"], raw["direction"], raw["script"], locale, plurals)
        found.append((int(raw.get("order", 99)), language))
        catalogues[code] = MappingProxyType(_catalogue(path.parent))
    languages = Languages(tuple(item for _, item in sorted(found, key=lambda pair: pair[0])), catalogues)
    if BASE_LANGUAGE not in languages:
        raise CatalogueError(f"{folder}: the language {BASE_LANGUAGE} is missing; every text starts there")
    return languages


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(f"{path}: not valid TOML: {error}") from error


def _catalogue(folder: Path) -> dict[str, tuple[str, ...]]:
    """Read all .po files of a language: one a part of the house, each key in one of them."""
    texts: dict[str, tuple[str, ...]] = {}
    for path in sorted(folder.glob("*.po")):
        try:
            with path.open("rb") as file:
                catalog = read_po(file, abort_invalid=True)
        except (PoFileError, UnicodeDecodeError) as error:
            raise CatalogueError(f"{path}: {error}") from error
        for message in catalog:
            key = message.id if isinstance(message.id, str) else message.id[0]
            forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
            if not key or not forms or not all(forms):
                continue
            if key in texts:
                raise CatalogueError(f"{path}: {key} stands in two files")
            texts[key] = forms
    return texts
