# SPDX-License-Identifier: EUPL-1.2
"""A fifth language is files and nothing else: a folder in `locales/`, a line in the content, translations."""

import shutil
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.content.lexicon import load_lexicon
from bot.content.loader import load_knowledge
from bot.content.municipality import load_municipality
from bot.content.render import render
from bot.domain.municipality import Municipality
from bot.i18n import Languages, Texts, load_languages
from bot.settings import ROOT
from handlers.residents import welcome_views

LANGUAGE = """name = "Türkçe"
order = 5
direction = "ltr"
script = "Latn"
locale = "tr_TR"
plurals = ["one", "other"]
"""
CATALOGUE = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

msgid "language.question"
msgstr "Hangi dilde okumak istersiniz?"
"""
ANSWER = """---
title: Ne kadar beklemeliyim?
translates: 1
reviewed_by: ""
---
Kimse size kesin bir süre söyleyemez.

## questions

- ne kadar beklemeliyim
"""


@pytest.fixture
def locales(tmp_path: Path) -> Path:
    folder = tmp_path / "locales"
    shutil.copytree(ROOT / "locales", folder)
    (folder / "tr").mkdir()
    (folder / "tr" / "language.toml").write_text(LANGUAGE, encoding="utf-8")
    (folder / "tr" / "general.po").write_text(CATALOGUE, encoding="utf-8")
    return folder


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    source = ROOT / "content" / "montfoort"
    shutil.copytree(source / "answers" / "waiting-time", folder / "answers" / "waiting-time")
    for name in ("municipality", "figures", "contacts", "topics"):
        shutil.copy(source / f"{name}.toml", folder)
    path = folder / "municipality.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"ti", "en"]', '"ti", "en", "tr"]'), encoding="utf-8")
    (folder / "answers" / "waiting-time" / "tr.md").write_text(ANSWER, encoding="utf-8")
    return folder


@pytest.fixture
def municipality(content: Path) -> Municipality:
    return load_municipality(content)


@pytest.fixture
def languages(locales: Path, municipality: Municipality) -> Languages:
    return load_languages(locales, only=municipality.languages)


def test_it_is_offered_by_its_own_name(languages, municipality):
    texts = Texts(languages, "tr", municipality.zone)
    screen = welcome_views.languages(texts, "tr")
    assert "Hangi dilde okumak istersiniz?" in screen.text
    assert [each.label for row in screen.rows for each in row][-1] == "✓ Türkçe"
    assert languages.guess("tr-TR") == "tr"


def test_what_is_not_translated_yet_is_said_in_dutch(languages, municipality):
    turkish, dutch = Texts(languages, "tr", municipality.zone), Texts(languages, "nl", municipality.zone)
    assert turkish("help.text", municipality="X") == dutch("help.text", municipality="X")


def test_its_answers_are_found_and_shown_as_not_yet_checked(content, languages):
    knowledge = load_knowledge(content)
    texts = Texts(languages, "tr", ZoneInfo("Europe/Amsterdam"))
    answer = render(knowledge.entries["waiting-time"], knowledge, texts, municipality_day())
    assert answer.title == "Ne kadar beklemeliyim?"
    assert (answer.language, answer.unchecked, answer.fallback) == ("tr", True, False)
    assert knowledge.entries["waiting-time"].translations["tr"].questions == ("ne kadar beklemeliyim",)


def test_the_engine_reads_it_without_word_lists_of_its_own(locales):
    assert load_lexicon(locales)


def municipality_day() -> date:
    return date(2026, 11, 23)
