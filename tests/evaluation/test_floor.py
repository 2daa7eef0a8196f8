# SPDX-License-Identifier: EUPL-1.2
"""The gate: on the evaluation set the engine stays at least as good as it was.

The floors stand a little below what was reached (docs/answers.md has the figures), so that a changed
sentence does not close the gate and a real loss does. Raise them when the engine gets better.
"""

from pathlib import Path

import pytest

from bot.answers.engine import Engine
from bot.answers.evaluate import ALL, Evaluation, Figures, evaluate, read_cases, run

HERE = Path(__file__).parent


def _measure(engine: Engine, name: str) -> Evaluation:
    return evaluate(
        run(engine, read_cases((HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()))
    )


@pytest.fixture(scope="module")
def measured(engine: Engine) -> dict[str, Figures]:
    return {name: _measure(engine, name).groups[name, ALL] for name in ("nl", "en", "ar", "ti")}


@pytest.mark.parametrize(
    ("language", "first", "three"),
    [("nl", 0.95, 0.975), ("en", 0.93, 0.97), ("ar", 0.94, 0.97), ("ti", 0.925, 0.965)],
)
def test_right_entry_is_found(
    measured: dict[str, Figures], language: str, first: float, three: float
) -> None:
    figures = measured[language]
    assert figures.right_at_1 is not None
    assert figures.right_at_1 >= first
    assert figures.right_in_3 is not None
    assert figures.right_in_3 >= three


@pytest.mark.parametrize(
    ("language", "answered", "right"),
    [("nl", 0.86, 0.97), ("en", 0.815, 0.975), ("ar", 0.86, 0.97), ("ti", 0.81, 0.975)],
)
def test_answers_directly_and_rightly(
    measured: dict[str, Figures], language: str, answered: float, right: float
) -> None:
    figures = measured[language]
    assert figures.answered is not None
    assert figures.answered >= answered
    assert figures.right_when_answered is not None
    assert figures.right_when_answered >= right


@pytest.mark.parametrize("language", ["nl", "en", "ar", "ti"])
def test_does_not_answer_what_it_does_not_know(measured: dict[str, Figures], language: str) -> None:
    figures = measured[language]
    assert figures.false_answers is not None
    assert figures.false_answers <= 0.03
    assert figures.false_answers_neighbouring is not None
    assert figures.false_answers_neighbouring <= 0.08


@pytest.mark.parametrize(("language", "least"), [("nl", 0.95), ("en", 0.95), ("ar", 0.95), ("ti", 0.92)])
def test_recognises_danger_without_crying_wolf(
    measured: dict[str, Figures], language: str, least: float
) -> None:
    figures = measured[language]
    assert figures.danger_recognised is not None
    assert figures.danger_recognised >= least
    assert figures.false_alarms is not None
    assert figures.false_alarms <= 0.01


def test_long_indirect_messages(engine: Engine) -> None:
    figures = _measure(engine, "public").groups[ALL, ALL]
    assert figures.right_at_1 is not None
    assert figures.right_at_1 >= 0.87
    assert figures.right_in_3 is not None
    assert figures.right_in_3 >= 0.96
