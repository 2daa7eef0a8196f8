# SPDX-License-Identifier: EUPL-1.2
"""A municipality with three answers, written to a folder."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

MUNICIPALITY = """name = "Kleindorp"
zone = "Europe/Amsterdam"
languages = ["nl", "en"]

[answering]
working_days = 2
hours = { monday = "09:00-17:00" }
"""
ENTRY = """topic = "living"
kind = "{kind}"
contacts = ["desk"]

[[sources]]
title = "Gids"
url = "https://www.example.nl"
checked_on = {today}
"""
CONTACTS = """[desk]
name = {{ nl = "het loket", ar = "الشباك", ti = "መስኮት", en = "the desk" }}
phone = "0348-000000"
sure = "verified"
source = "Gids"
checked_on = {today}
"""
TOPICS = '[living]\nname = { nl = "Wonen", ar = "السكن", ti = "ገዛ", en = "Living" }\nicon = "🏠"\n'
WAITING = (
    "hoe lang moet ik wachten op een huurhuis",
    "wachttijd woning",
    "al acht jaar ingeschreven en nog steeds geen huis",
    "wanneer ben ik aan de beurt",
    "op welke plek sta ik in de rij",
)
WASTE = (
    "waar kan ik mijn oude bank kwijt",
    "grofvuil ophalen",
    "welke dag komt de vuilniswagen",
    "er liggen zakken naast de container",
    "de groene bak is niet geleegd",
)
EMERGENCY = ("wat is het nummer van de brandweer", "wanneer bel je 112", "mag ik bellen voor een kat")
DANGER = (
    "er is brand in mijn huis",
    "hij ademt niet meer",
    "help hij heeft een mes",
    "iemand is neergestoken",
)


def build_town(folder: Path) -> Path:
    """Write a municipality in which nothing is wrong, though editors should look at some things."""
    today = date.today().isoformat()  # noqa: DTZ011 - a source that was compared today, in any zone
    folder.mkdir()
    for name, text in (
        ("municipality", MUNICIPALITY),
        ("contacts", CONTACTS.format(today=today)),
        ("topics", TOPICS),
    ):
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    for entry, title, questions, danger in (
        ("waiting-time", "Hoe lang wachten?", WAITING, ()),
        ("waste", "Afval", WASTE, ()),
        ("emergency", "Nood", EMERGENCY, DANGER),
    ):
        place = folder / "answers" / entry
        place.mkdir(parents=True)
        kind = "emergency" if danger else "answer"
        (place / "entry.toml").write_text(ENTRY.format(kind=kind, today=today), encoding="utf-8")
        (place / "nl.md").write_text(_page(title, questions, danger), encoding="utf-8")
    return folder


def translate(town: Path, entry: str, language: str, text: str, reviewed_by: str = "") -> None:
    """Write a translation of an entry."""
    page = f'---\ntitle: Title of {entry}\ntranslates: 1\nreviewed_by: "{reviewed_by}"\n---\n{text}\n'
    (town / "answers" / entry / f"{language}.md").write_text(page, encoding="utf-8")


def _page(title: str, questions: Sequence[str], danger: Sequence[str]) -> str:
    page = f'---\ntitle: "{title}"\nrevision: 1\nreviewed_by: "J."\n---\nVraag het {{contact:desk}}.\n'
    for heading, lines in (("questions", questions), ("danger", danger)):
        if lines:
            page += f"\n## {heading}\n\n" + "".join(f"- {line}\n" for line in lines)
    return page
