# SPDX-License-Identifier: EUPL-1.2
"""The command `buurtbrug`. Each sub-command lives in a file of `bot/commands/`."""

import sys

import typer
from pydantic import ValidationError

from bot.commands import ask, content, db, doctor, evaluate, invite, run
from bot.content.loader import ContentError
from bot.i18n import CatalogueError

app = typer.Typer(
    help="Buurtbrug: the chat bot that lets a municipality and its residents understand each other.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for command in (run, ask, evaluate, invite, content, db, doctor):
    command.register(app)


def main() -> None:
    """Run the command line. What can be mended by the reader is said in one line, without a trace."""
    try:
        app()
    except (ContentError, CatalogueError) as error:
        _fail(str(error))
    except ValidationError as error:
        _fail("\n".join(_setting(each["loc"], each["msg"]) for each in error.errors()))


def _setting(where: tuple[int | str, ...], message: str) -> str:
    name = f"BUURTBRUG_{where[0]}".upper() if where else "settings"
    return f"{name}: {message.removeprefix('Value error, ')}"


def _fail(message: str) -> None:
    print(message, file=sys.stderr)  # noqa: T201 - the command line talks to a person
    raise SystemExit(2)
