# SPDX-License-Identifier: EUPL-1.2
"""The arithmetic of `buurtbrug evaluate`."""

import json

import pytest

from bot.answers.evaluate import Case, CaseError, Outcome, evaluate, read_cases
from bot.domain.decision import Candidate, Decision, DecisionKind


def outcome(
    expected: tuple[str, ...],
    kind: DecisionKind,
    first: str,
    *,
    style: str = "plain",
    probability: float = 0.8,
) -> Outcome:
    shown = first if kind in (DecisionKind.ANSWER, DecisionKind.EMERGENCY) else None
    candidates = (Candidate(first, probability), Candidate("second", 0.1), Candidate("third", 0.05))
    return Outcome(Case("?", "nl", expected, style), Decision(kind, "nl", shown, candidates))


def test_figures() -> None:
    found = evaluate(
        [
            outcome(("a",), DecisionKind.ANSWER, "a"),
            outcome(("a", "b"), DecisionKind.ANSWER, "b"),
            outcome(("a",), DecisionKind.ANSWER, "x"),
            outcome(("second",), DecisionKind.CHOOSE, "x"),
            outcome((), DecisionKind.ANSWER, "x", style="unrelated"),
            outcome((), DecisionKind.UNKNOWN, "x", style="unrelated"),
            outcome((), DecisionKind.UNKNOWN, "x", style="neighbouring"),
            outcome(("e",), DecisionKind.EMERGENCY, "e", style="emergency"),
            outcome(("e",), DecisionKind.CHOOSE, "e", style="emergency"),
            outcome(("a",), DecisionKind.EMERGENCY, "e"),
        ]
    )
    total = found.groups["nl", "all"]
    assert total.cases == 10
    assert total.right_at_1 == pytest.approx(4 / 7)
    assert total.right_in_3 == pytest.approx(5 / 7)
    assert total.answered == pytest.approx(5 / 7)
    assert total.right_when_answered == pytest.approx(3 / 5)
    assert total.wrong == 2
    assert total.false_answers == pytest.approx(1 / 2)
    assert total.false_answers_neighbouring == 0
    assert total.danger_recognised == pytest.approx(1 / 2)
    assert total.false_alarms == pytest.approx(1 / 8)
    assert ("a", "x", 1) in found.confusions
    json.dumps(found.as_record())


def test_calibration_error() -> None:
    sure = [outcome(("a",), DecisionKind.ANSWER, "a", probability=0.75) for _ in range(3)]
    wrong = outcome(("a",), DecisionKind.ANSWER, "x", probability=0.75)
    assert evaluate([*sure, wrong]).groups["nl", "all"].calibration_error == pytest.approx(0)
    assert evaluate([wrong]).groups["nl", "all"].calibration_error == pytest.approx(0.75)


@pytest.mark.parametrize("line", ["{", "[]", '{"text": "a", "language": "nl"}'])
def test_bad_case_is_named(line: str) -> None:
    with pytest.raises(CaseError, match="line 1"):
        list(read_cases([line]))


def test_also_right() -> None:
    (case,) = read_cases(['{"text": "a", "language": "nl", "expected": "x", "also": ["y"]}'])
    assert case.expected == ("x", "y")
