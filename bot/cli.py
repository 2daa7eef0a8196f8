# SPDX-License-Identifier: EUPL-1.2
"""The command `buurtbrug`. Each sub-command lives in a file of `bot/commands/`."""

from typing import Any

import typer
from pydantic import ValidationError
from typer.core import TyperGroup

from bot.commands import ask, content, db, doctor, evaluate, invite, run
from bot.commands.faults import FaultError, setting_faults
from bot.content.loader import ContentError
from bot.i18n import CatalogueError


class Commands(TyperGroup):
    """The sub-commands. What can be mended by the reader is said in one line, without a trace.

    The exit code is then 1; a command line that cannot be read ends with 2.
    """

    def invoke(self, ctx: Any) -> Any:
        """Run a sub-command."""
        try:
            return super().invoke(ctx)
        except (FaultError, ContentError, CatalogueError) as error:
            message = str(error)
        except ValidationError as error:
            message = "\n".join(setting_faults(error))
        except BrokenPipeError:  # the reader of our lines has gone: typer ends quietly
            raise
        except OSError as error:
            message = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        typer.echo(message, err=True)
        raise typer.Exit(1)


app = typer.Typer(
    cls=Commands,
    help="Buurtbrug: the chat bot that lets a municipality and its residents understand each other.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for command in (run, ask, evaluate, invite, content, db, doctor):
    command.register(app)


def main() -> None:
    """Run the command line."""
    app()
