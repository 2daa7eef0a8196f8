# SPDX-License-Identifier: EUPL-1.2
"""Questions that were handed over to a person, and what was asked and shown before."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.errors import StaleError


class QuestionState(StrEnum):
    """Where a question to a person stands."""

    OPEN = "open"
    """Nobody has taken it yet."""
    TAKEN = "taken"
    """Somebody is working on it."""
    ANSWERED = "answered"
    """An answer was sent. The resident may write on, which opens it again."""
    CLOSED = "closed"
    """Done, by the resident or by the gebiedsmanager."""


ALLOWED: Mapping[QuestionState, frozenset[QuestionState]] = {
    QuestionState.OPEN: frozenset({QuestionState.TAKEN, QuestionState.ANSWERED, QuestionState.CLOSED}),
    QuestionState.TAKEN: frozenset({QuestionState.OPEN, QuestionState.ANSWERED, QuestionState.CLOSED}),
    QuestionState.ANSWERED: frozenset({QuestionState.OPEN, QuestionState.ANSWERED, QuestionState.CLOSED}),
    QuestionState.CLOSED: frozenset({QuestionState.OPEN}),
}
"""The only changes that exist."""


def change(present: QuestionState, wanted: QuestionState) -> QuestionState:
    """Return `wanted` where the change is allowed. Raises StaleError where it is not."""
    if wanted not in ALLOWED[present]:
        raise StaleError
    return wanted


class Author(StrEnum):
    """Who wrote a line of the conversation between a resident and the municipality."""

    RESIDENT = "resident"
    MUNICIPALITY = "municipality"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said in a question to a person."""

    author: Author
    person_id: int
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Question:
    """A question that waits for a person, or was answered by one.

    `number` is what people call it. `due_at` is when the resident was told to expect an answer.
    `taken_by` is the person who answers.
    """

    id: int
    person_id: int
    language: str
    state: QuestionState
    asked_at: datetime
    due_at: datetime
    taken_by: int | None
    lines: tuple[Line, ...]


NUMBER_BITS = 53
"""An exchange's number fits a button beside everything else, and hardly ever comes twice."""


def _number() -> int:
    return secrets.randbits(NUMBER_BITS)


@dataclass(frozen=True, slots=True)
class Exchange:
    """What somebody asked and what was shown: kept for 28 days, and the entry and revision for longer.

    With it a correction reaches exactly those who were told the wrong text. Its number is drawn, not counted:
    the buttons below an answer name it, and the answer is kept after it was shown.
    """

    person_id: int
    text: str
    language: str
    decision: str
    entry: str | None
    revision: int | None
    candidates: tuple[str, ...]
    at: datetime
    id: int = field(default_factory=_number)
    helped: bool | None = None
