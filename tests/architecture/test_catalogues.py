# SPDX-License-Identifier: EUPL-1.2
"""The catalogues: complete, alive, and of one shape in every language."""

import ast
import re
from collections.abc import Iterator
from gettext import c2py
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.pofile import read_po

from bot.i18n import load_languages

ROOT = Path(__file__).resolve().parents[2]
LOCALES = ROOT / "locales"
LANGUAGES = load_languages(LOCALES)
DUTCH = LANGUAGES.catalogues["nl"]
CODE = [path for folder in ("bot", "handlers") for path in (ROOT / folder).rglob("*.py")]
FIELD = re.compile(r"\{(\w+)\}")
TAG = re.compile(r"</?(\w+)")


def _strings() -> Iterator[str]:
    """Every string in the code; of an f-string its fixed beginning, marked by a star."""
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
            elif isinstance(node, ast.JoinedStr) and node.values and isinstance(node.values[0], ast.Constant):
                yield f"{node.values[0].value}*"


USED = set(_strings())
BEGINNINGS = tuple(each[:-1] for each in USED if each.endswith("*") and "." in each)


@pytest.mark.parametrize("code", LANGUAGES.codes)
def test_every_language_has_every_text(code: str) -> None:
    missing = DUTCH.keys() - LANGUAGES.catalogues[code].keys()
    assert not missing


@pytest.mark.parametrize("code", LANGUAGES.codes)
def test_no_language_has_a_text_that_dutch_lacks(code: str) -> None:
    assert not LANGUAGES.catalogues[code].keys() - DUTCH.keys()


def test_no_text_is_dead() -> None:
    dead = [key for key in DUTCH if key not in USED and not key.startswith(BEGINNINGS)]
    assert not dead


def test_every_key_in_the_code_exists() -> None:
    wanted = set()
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            key = node.args[0]
            if (
                name in {"texts", "label", "count"}
                and isinstance(key, ast.Constant)
                and "." in str(key.value)
            ):
                wanted.add(key.value)
    assert wanted
    assert not wanted - DUTCH.keys()


@pytest.mark.parametrize("code", LANGUAGES.codes)
@pytest.mark.parametrize("key", sorted(DUTCH))
def test_each_text_fills_in_and_marks_the_same(code: str, key: str) -> None:
    dutch, other = DUTCH[key], LANGUAGES.catalogues[code][key]
    wanted = {name for form in dutch for name in FIELD.findall(form)}
    for form in other:
        fields = set(FIELD.findall(form))
        # A plural form for one or two may say the number in words.
        assert fields <= wanted
        assert wanted - fields <= {"number"}
    assert sorted(TAG.findall(dutch[-1])) == sorted(TAG.findall(other[-1]))


@pytest.mark.parametrize(
    "path", sorted(LOCALES.glob("*/*.po")), ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_the_plural_header_agrees_with_cldr(path: Path) -> None:
    language = LANGUAGES.get(path.parent.name)
    with path.open("rb") as file:
        catalog = read_po(file)
    header = dict(catalog.mime_headers)["Plural-Forms"]
    count = int(re.search(r"nplurals=(\d+)", header)[1])
    expression = re.search(r"plural=(.*?);", header)[1]
    assert count == len(language.plurals)
    locale = Locale.parse(str(language.locale))
    plural = c2py(expression)
    for number in range(201):
        assert language.plurals[plural(number)] == locale.plural_form(number)
