# SPDX-License-Identifier: EUPL-1.2
"""`buurtbrug content`: for those who write and translate the answers."""

import csv
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.answers.variety import examine_lexicon, near_copies
from bot.content.check import Finding, Level, check
from bot.content.lexicon import load_lexicon
from bot.content.loader import load_knowledge
from bot.content.municipality import load_municipality
from bot.content.status import language_status
from bot.domain.entry import BASE_LANGUAGE, Knowledge
from bot.i18n import Languages, Texts, load_languages
from bot.learn import learn as learn_index
from bot.settings import LOCALES, Settings

Folder = Annotated[Path | None, typer.Option(help="The folder of a municipality.")]
STYLES = {Level.ERROR: "bold red", Level.WARNING: "yellow"}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="The answers and their translations.", no_args_is_help=True)
    app.add_typer(group, name="content")

    @group.command("check")
    def check_(
        content: Folder = None,
        strict: Annotated[bool, typer.Option("--strict", help="Fail on warnings too.")] = False,
    ) -> None:
        """Say what is wrong: missing languages, expired figures, dead ids, long texts and the like."""
        folder = content or Settings().content
        findings = find(folder)
        console = Console()
        for finding in findings:
            line = Text.assemble(
                (str(finding.level), STYLES[finding.level]), f" {finding.where}: ", finding.message
            )
            console.print(line, soft_wrap=True)
        errors = sum(finding.level is Level.ERROR for finding in findings)
        console.print(
            f"{errors} errors, {len(findings) - errors} warnings in {folder}",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )
        if errors or (strict and findings):
            raise typer.Exit(1)

    @group.command("status")
    def status(content: Folder = None) -> None:
        """Show how complete each language is, and what no native speaker has read yet."""
        languages = load_languages(LOCALES)
        Console().print(_status(load_knowledge(content or Settings().content), languages))

    @group.command("learn")
    def learn(
        content: Annotated[Path | None, typer.Argument(help="The folder of a municipality.")] = None,
        data: Annotated[Path | None, typer.Option(help="Where the index is kept.")] = None,
    ) -> None:
        """Learn the questions and keep the index. A running bot does this by itself after a change."""
        settings = Settings()
        fingerprint = learn_index(content or settings.content, data or settings.data_dir)
        Console().print(f"learnt: {fingerprint}", highlight=False)

    @group.command("export")
    def export(
        language: Annotated[str, typer.Argument(help="The language to put beside the Dutch, such as ti.")],
        content: Folder = None,
    ) -> None:
        """Write a table (CSV) with the Dutch texts and their translations, for somebody who checks them."""
        if language not in load_languages(LOCALES):
            raise typer.BadParameter(f"there is no folder locales/{language}")
        _export(load_knowledge(content or Settings().content), language)


def find(folder: Path) -> list[Finding]:
    """Return everything that is wrong with the content and with what the bot understands."""
    knowledge = load_knowledge(folder)
    municipality = load_municipality(folder)
    languages = load_languages(LOCALES)
    today = datetime.now(municipality.zone).date()

    def texts(code: str) -> Texts:
        return Texts(languages, code, municipality.zone)

    lexicon = load_lexicon(LOCALES)
    copies = [Finding(Level.ERROR, where, message) for where, message in near_copies(knowledge)]
    forms = [Finding(Level.WARNING, where, message) for where, message in examine_lexicon(lexicon, knowledge)]
    return [*check(knowledge, texts, today), *copies, *forms]


def _status(knowledge: Knowledge, languages: Languages) -> Table:
    table = Table(title=f"{len(knowledge.entries)} entries, {len(knowledge.elsewhere)} neighbouring topics")
    for heading in ("language", "texts", "read by a native speaker", "outdated", "example questions"):
        table.add_column(heading, justify="left" if heading == "language" else "right")
    for language in languages:
        found = language_status(knowledge, language.code)
        table.add_row(
            f"{language.name} ({language.code})",
            f"{found.written} of {found.entries}",
            str(found.reviewed),
            "" if language.code == BASE_LANGUAGE else str(found.outdated),
            str(found.questions),
        )
    return table


def _export(knowledge: Knowledge, language: str) -> None:
    writer = csv.writer(sys.stdout)
    writer.writerow(["entry", "title nl", "text nl", f"title {language}", f"text {language}", "reviewed_by"])
    for entry in (*knowledge.entries.values(), *knowledge.elsewhere.values()):
        dutch = entry.translations[BASE_LANGUAGE]
        other = entry.translations.get(language)
        row = [other.title, other.text, other.reviewed_by] if other else ["", "", ""]
        writer.writerow([entry.id, dutch.title, dutch.text, *row])
