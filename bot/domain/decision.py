# SPDX-License-Identifier: EUPL-1.2
"""What to do with something that a person wrote."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class DecisionKind(StrEnum):
    """The five things that can be done with a message."""

    ANSWER = "answer"
    """One entry is sure enough to be shown at once."""
    CHOOSE = "choose"
    """Up to three entries are likely: the person says which was meant."""
    UNKNOWN = "unknown"
    """No entry is likely: say so, and offer topics and a person."""
    EMERGENCY = "emergency"
    """Somebody is in danger: the number to call comes before anything else."""
    SMALLTALK = "smalltalk"
    """A greeting, thanks, a test …: a short kind word and on to what the bot can do."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry with the calibrated probability, from 0 to 1, that it is the right one."""

    entry: str
    probability: float


@dataclass(frozen=True, slots=True)
class Decision:
    """What the engine decided about one message.

    `entry` is set for answer and emergency. `candidates` always holds the five most probable entries,
    whatever the decision. `elsewhere` names a neighbouring topic that the bot does not know (with
    unknown), `smalltalk` the class of small talk. `also` is the decision about a second question in
    the same message. `language` is the language of the message, as far as it could be told, else the
    person's own; `sure` tells that it is clearly written in it. `reasons` explains the decision for
    `buurtbrug ask --explain`.
    """

    kind: DecisionKind
    language: str
    entry: str | None = None
    candidates: tuple[Candidate, ...] = ()
    elsewhere: str | None = None
    smalltalk: str | None = None
    also: "Decision | None" = None
    sure: bool = False
    reasons: Mapping[str, object] = field(default_factory=dict)
