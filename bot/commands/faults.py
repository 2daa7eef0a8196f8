# SPDX-License-Identifier: EUPL-1.2
"""What a command says when it cannot do its work: in a line each, without a trace or a secret."""

from collections.abc import Iterator

from pydantic import ValidationError


class FaultError(Exception):
    """A command cannot do its work. The message says why and how to mend it, and holds no secret."""


def setting_faults(error: ValidationError) -> Iterator[str]:
    """Say which variable is wrong and how to mend it. Values are left out: they may be secrets."""
    for each in error.errors(include_input=False):
        message = each["msg"].removeprefix("Value error, ")
        where = f"BUURTBRUG_{each['loc'][0]}: ".upper() if each["loc"] else ""
        yield f"{where}{message}"
