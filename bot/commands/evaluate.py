# SPDX-License-Identifier: EUPL-1.2
"""`buurtbrug evaluate`: how often the engine is right on questions of your own."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.answers.evaluate import Case, CaseError, Evaluation, evaluate, read_cases, run
from bot.commands.faults import FaultError
from bot.commands.knowledge import open_engine

_COLUMNS = {
    "cases": "cases",
    "right_at_1": "at 1",
    "right_in_3": "in 3",
    "answered": "answered",
    "right_when_answered": "right of those",
    "wrong": "wrong",
    "false_answers": "false",
    "false_answers_neighbouring": "false, beside",
    "danger_recognised": "danger",
    "false_alarms": "false alarm",
    "calibration_error": "calibration",
}

WIDTH = 160
"""Characters: in a narrower terminal the lines wrap, but no cell is cut to nothing."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("evaluate")(evaluate_file)


def evaluate_file(
    file: Annotated[
        Path, typer.Argument(help="A JSON object a line: text, language, expected, also, style.")
    ],
    *,
    content: Annotated[Path | None, typer.Option(help="A folder of content, or of entries.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Measure the engine on a file of questions."""
    cases = _read(file)
    found = evaluate(run(open_engine(content), cases))
    if as_json:
        typer.echo(json.dumps(found.as_record(), ensure_ascii=False, indent=1))
    else:
        _show(found)


def _read(file: Path) -> list[Case]:
    try:
        return list(read_cases(file.read_text(encoding="utf-8").split("\n")))
    except CaseError as error:
        raise FaultError(f"{file}: {error}") from error
    except UnicodeDecodeError as error:
        raise FaultError(f"{file}: is not UTF-8") from error
    except OSError as error:
        raise FaultError(f"{file}: {error.strerror}") from error


def _show(found: Evaluation) -> None:
    table = Table("language", "style", *_COLUMNS.values())
    for (language, style), figures in found.groups.items():
        cells = (getattr(figures, name) for name in _COLUMNS)
        table.add_row(language, style, *(_cell(cell) for cell in cells))
    console = Console(width=WIDTH)
    console.print(table)
    if found.confusions:
        confused = Table("expected", "found first", "times")
        for expected, entry, count in found.confusions:
            confused.add_row(expected, entry, str(count))
        console.print(confused)


def _cell(value: float | int | None) -> str:
    if value is None:
        return "-"
    return f"{value:.1%}" if isinstance(value, float) else str(value)
