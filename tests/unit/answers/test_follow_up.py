# SPDX-License-Identifier: EUPL-1.2
"""Short messages after an answer: some lean on it, others are about something else."""

import pytest

from bot.answers.engine import Engine
from bot.domain.decision import DecisionKind


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "wat wordt het weer morgen"),
        ("ar", "كيف الطقس غدا؟"),
        ("en", "how is the weather tomorrow"),
        ("nl", "hoe verleng ik mijn paspoort"),
    ],
)
def test_another_subject_does_not_lean_on_the_answer_before(engine: Engine, language: str, text: str) -> None:
    decision = engine.decide(text, language=language, previous="newcomers-and-the-queue")
    assert decision.kind is DecisionKind.UNKNOWN
    assert decision.entry is None
