# SPDX-License-Identifier: EUPL-1.2
"""`buurtbrug ask`: the decision about a message, by the same code as in the chat."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.answers.ask import AskLineError, as_text, ask_lines
from bot.commands.faults import FaultError
from bot.commands.knowledge import open_engine
from bot.i18n import load_languages
from bot.settings import LOCALES


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(ask)


def ask(
    text: Annotated[str | None, typer.Argument(help="The message.")] = None,
    *,
    language: Annotated[str | None, typer.Option(help="The language that the person chose.")] = None,
    content: Annotated[Path | None, typer.Option(help="A folder of content, or of entries.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Show why.")] = False,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Read a JSON object a line, write one a line.")
    ] = False,
) -> None:
    """Print what the bot would do with a message."""
    if jsonl == (text is not None):
        raise typer.BadParameter("give a text, or --jsonl and lines on standard input")
    if language is not None and language not in (known := load_languages(LOCALES).codes):
        raise typer.BadParameter(f"no language {language!r}: one of {', '.join(known)}")
    engine = open_engine(content)
    if text is not None:
        typer.echo(as_text(engine.decide(text, language=language), explain=explain))
        return
    try:
        for line in ask_lines(engine, sys.stdin.buffer, language):
            typer.echo(line)
    except AskLineError as error:
        raise FaultError(str(error)) from error
