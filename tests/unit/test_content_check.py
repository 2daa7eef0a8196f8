# SPDX-License-Identifier: EUPL-1.2
"""`content check`: each kind of fault is found, where it is, and sound content has none."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.content.check import Level, check
from bot.content.loader import ContentError, load_knowledge
from bot.content.municipality import load_municipality
from bot.i18n import Texts, load_languages
from bot.settings import ROOT

TODAY = date(2026, 11, 23)
ENTRY = """topic = "housing"
kind = "answer"
contacts = ["desk"]
related = []

[[sources]]
title = "Gids"
url = "https://www.example.nl"
checked_on = 2026-11-01
"""
FIGURES = """[points]
value = 141
unit = "count"
valid_from = 2026-01-01
valid_to = 2026-12-31
source = "x"
url = "https://www.example.nl"
checked_on = 2026-11-01
contact = "desk"
"""
CONTACTS = """[desk]
name = { nl = "het loket", ar = "الشباك", ti = "መስኮት", en = "the desk" }
phone = "0348-000000"
sure = "verified"
source = "x"
checked_on = 2026-11-01
"""
TOPICS = '[housing]\nname = { nl = "Wonen", ar = "السكن", ti = "ገዛ", en = "Housing" }\nicon = "🏠"\n'
TEXT = """---
title: {title}
{revision}: {number}
reviewed_by: ""
---
{text}

## questions

"""


def page(title: str, text: str, revision: str, number: int = 1, extra: str = "") -> str:
    questions = "".join(f"- {title} {number}\n" for number in range(25))
    return TEXT.format(title=title, text=text, revision=revision, number=number) + questions + extra


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A municipality with one answer in which nothing is wrong."""
    shutil.copy(ROOT / "content" / "montfoort" / "municipality.toml", tmp_path)
    entry = tmp_path / "answers" / "points"
    entry.mkdir(parents=True)
    for name, text in (("figures", FIGURES), ("contacts", CONTACTS), ("topics", TOPICS)):
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    (entry / "entry.toml").write_text(ENTRY, encoding="utf-8")
    texts = {"nl": "Het zijn er {figure:points}.", "ar": "هي {figure:points}.", "ti": "{figure:points} እዩ።"}
    for code, text in {**texts, "en": "There are {figure:points}."}.items():
        kind = "revision" if code == "nl" else "translates"
        (entry / f"{code}.md").write_text(page(f"Titel {code}", text, kind), encoding="utf-8")
    return tmp_path


def findings(folder: Path) -> list[tuple[Level, str, str]]:
    zone = load_municipality(folder).zone
    languages = load_languages(ROOT / "locales")
    found = check(load_knowledge(folder), lambda code: Texts(languages, code, zone), TODAY)
    return [(each.level, each.where, each.message) for each in found]


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_sound_content_has_no_finding(content):
    assert findings(content) == []


FAULTS = {
    "a dead related id": (
        "entry.toml",
        "related = []",
        'related = ["nowhere"]',
        "error",
        "no entry 'nowhere'",
    ),
    "a dead contact": ("entry.toml", '["desk"]', '["nobody"]', "error", "'nobody' is not in contacts.toml"),
    "a dead topic": ("entry.toml", '"housing"', '"moon"', "error", "'moon' is not in topics.toml"),
    "an old source": ("entry.toml", "2026-11-01", "2025-01-01", "warning", "last compared on 2025-01-01"),
    "an outdated translation": ("nl.md", "revision: 1", "revision: 2", "warning", "translates revision 1"),
    "a translation of the future": ("ar.md", "translates: 1", "translates: 2", "error", "does not have yet"),
    "a long title": ("en.md", "title: Titel en", "title: " + "T" * 61, "error", "61 characters, 60 fit"),
    "a long text": ("en.md", "There are", "There are " + "very " * 200, "error", "900 fit"),
    "an unknown placeholder": (
        "en.md",
        "{figure:points}",
        "{points}",
        "error",
        "unknown placeholder {points}",
    ),
    "an unknown figure": ("en.md", "{figure:points}", "{figure:moon}", "error", "{figure:moon} is not in"),
    "an unknown contact": (
        "en.md",
        "There",
        "{phone:moon} There",
        "error",
        "{phone:moon} is not in contacts",
    ),
    "a contact without mail": ("en.md", "There", "{mail:desk} There", "error", "has no mail for it"),
    "a figure left out": (
        "en.md",
        "{figure:points}",
        "many",
        "warning",
        "quotes {figure:points}, this one does",
    ),
    "a bare amount": (
        "en.md",
        "There are",
        "It costs € 12. There are",
        "error",
        "quote it from figures.toml",
    ),
    "a bare phone number": (
        "en.md",
        "There",
        "Call 0348-123456. There",
        "error",
        "quote it from contacts.toml",
    ),
    "a direction mark": ("ar.md", "هي", "\u200fهي", "error", "invisible direction mark"),
    "too few questions": ("nl.md", "- Titel nl 3\n", "", "warning", "24 example questions, 25 wanted"),
    "a question twice": ("nl.md", "- Titel nl 3\n", "- Titel nl 4\n", "error", "twice"),
    "an emergency without examples": ("entry.toml", '"answer"', '"emergency"', "error", "under ## danger"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_an_entry_is_found(content, fault):
    name, old, new, level, message = FAULTS[fault]
    change(content / "answers" / "points" / name, old, new)
    found = [each for each in findings(content) if message in each[2]]
    assert found, findings(content)
    assert found[0][0] == level
    assert found[0][1].startswith("points/")


def test_a_missing_language_is_a_warning_and_missing_dutch_is_refused(content):
    entry = content / "answers" / "points"
    (entry / "ti.md").unlink()
    assert findings(content) == [(Level.WARNING, "points/ti.md", "this language is missing")]
    (entry / "nl.md").unlink()
    with pytest.raises(ContentError, match=r"nl\.md|points"):
        load_knowledge(content)


def test_an_expired_figure_says_who_leaves_it_out(content):
    change(content / "figures.toml", "valid_to = 2026-12-31", "valid_to = 2026-10-31")
    ((level, where, message),) = findings(content)
    assert (level, where) == (Level.WARNING, "figures.toml")
    assert "does not hold today" in message
    assert "points" in message


def test_an_unverified_contact_may_have_a_name_only(content):
    change(content / "contacts.toml", 'sure = "verified"', 'sure = "unverified"')
    assert any("it may have a name only" in message for _level, _where, message in findings(content))


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("answers/points/entry.toml", 'topic = "housing"', "topic = housing"),
        ("answers/points/entry.toml", 'kind = "answer"', 'kind = "poem"'),
        ("figures.toml", "value = 141", 'value = "many"'),
        ("contacts.toml", 'sure = "verified"', 'sure = "hopefully"'),
    ],
)
def test_a_file_that_cannot_be_understood_is_named(content, name, old, new):
    change(content / name, old, new)
    with pytest.raises(ContentError) as caught:
        load_knowledge(content)
    assert Path(name).name in str(caught.value) or "points" in str(caught.value)
