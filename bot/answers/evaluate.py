# SPDX-License-Identifier: EUPL-1.2
"""How often the engine is right: what `buurtbrug evaluate` measures and prints.

A case is a line {"text", "language", "expected": an entry or null, "also": [other right entries],
"style"}. `expected` null means that the bot has no answer. The style `emergency` holds messages of
people in danger, `neighbouring` topics that lie beside the bot's field.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.answers.engine import Engine
from bot.domain.decision import Decision, DecisionKind

ALL = "all"
EMERGENCY = "emergency"
NEIGHBOURING = "neighbouring"
_BINS = 10
_CONFUSIONS = 15


class CaseError(ValueError):
    """A case cannot be read. The message names the line and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Case:
    """A message with the entries that would be right for it; none when the bot has no answer."""

    text: str
    language: str
    expected: tuple[str, ...]
    style: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was decided about a case."""

    case: Case
    decision: Decision

    @property
    def ranked(self) -> tuple[str, ...]:
        """The entries in the order in which they were found likely."""
        return tuple(each.entry for each in self.decision.candidates)

    @property
    def answered(self) -> bool:
        """Whether an entry was shown at once."""
        return self.decision.kind in (DecisionKind.ANSWER, DecisionKind.EMERGENCY)

    @property
    def false_alarm(self) -> bool:
        """Whether an emergency was seen that is none, nor the entry that was asked for."""
        return (
            self.decision.kind is DecisionKind.EMERGENCY
            and self.case.style != EMERGENCY
            and self.decision.entry not in self.case.expected
        )

    @property
    def right(self) -> bool:
        """Whether the entry that was shown is a right one."""
        return self.answered and self.decision.entry in self.case.expected

    def among(self, first: int) -> bool:
        """Whether a right entry is among the `first` most likely ones."""
        return any(entry in self.case.expected for entry in self.ranked[:first])


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured on a group of cases; shares are from 0 to 1, None where there is no case for it.

    `wrong` counts wrong entries shown for questions that have an answer. `false_answers`: share of the
    cases without an answer for which an entry was shown. `calibration_error`: mean distance between the
    probability of the first candidate and how often it was right (ten bins, weighted).
    """

    cases: int
    right_at_1: float | None
    right_in_3: float | None
    answered: float | None
    right_when_answered: float | None
    wrong: int
    false_answers: float | None
    false_answers_neighbouring: float | None
    danger_recognised: float | None
    false_alarms: float | None
    calibration_error: float | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures for each language and style, and which entries were mistaken for which."""

    groups: Mapping[tuple[str, str], Figures]
    confusions: Sequence[tuple[str, str, int]]

    def as_record(self) -> dict[str, object]:
        """Return everything as JSON values."""
        groups: dict[str, dict[str, object]] = defaultdict(dict)
        for (language, style), figures in self.groups.items():
            groups[language][style] = {name: getattr(figures, name) for name in Figures.__slots__}
        return {
            "languages": dict(groups),
            "confusions": [
                {"expected": expected, "found": found, "count": count}
                for expected, found, count in self.confusions
            ],
        }


def read_cases(lines: Iterable[str]) -> Iterator[Case]:
    """Read cases, a JSON object a line. Raises CaseError."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
        except ValueError as error:
            raise CaseError(f"line {number} is no JSON: {error}") from error
        try:
            expected = raw["expected"]
            right = (() if expected is None else (str(expected),)) + tuple(map(str, raw.get("also") or ()))
            yield Case(str(raw["text"]), str(raw["language"]), right, str(raw.get("style") or "plain"))
        except KeyError as error:
            raise CaseError(f'line {number} has no "{error.args[0]}"') from error
        except (TypeError, AttributeError) as error:
            raise CaseError(
                f"line {number} must be an object with text, language and expected; also is a list"
            ) from error


def run(engine: Engine, cases: Iterable[Case]) -> list[Outcome]:
    """Decide about every case."""
    return [Outcome(case, engine.decide(case.text, language=case.language)) for case in cases]


def evaluate(outcomes: Sequence[Outcome]) -> Evaluation:
    """Measure, for each language and style and for all of them."""
    groups: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        for language in (ALL, outcome.case.language):
            for style in (ALL, outcome.case.style):
                groups[language, style].append(outcome)
    confusions = Counter(
        (outcome.case.expected[0], outcome.ranked[0])
        for outcome in outcomes
        if outcome.case.expected and outcome.ranked and not outcome.among(1)
    )
    return Evaluation(
        {key: _figures(group) for key, group in sorted(groups.items())},
        [(*pair, count) for pair, count in confusions.most_common(_CONFUSIONS)],
    )


def _figures(outcomes: Sequence[Outcome]) -> Figures:
    known = [each for each in outcomes if each.case.expected]
    unknown = [each for each in outcomes if not each.case.expected]
    beside = [each for each in unknown if each.case.style == NEIGHBOURING]
    apart = [each for each in unknown if each.case.style != NEIGHBOURING]
    answered = [each for each in known if each.answered]
    danger = [each for each in outcomes if each.case.style == EMERGENCY]
    return Figures(
        cases=len(outcomes),
        right_at_1=_share(each.among(1) for each in known),
        right_in_3=_share(each.among(3) for each in known),
        answered=_share(each.answered for each in known),
        right_when_answered=_share(each.right for each in answered),
        wrong=sum(not each.right for each in answered),
        false_answers=_share(each.answered for each in apart),
        false_answers_neighbouring=_share(each.answered for each in beside),
        danger_recognised=_share(each.decision.kind is DecisionKind.EMERGENCY for each in danger),
        false_alarms=_share(each.false_alarm for each in outcomes if each.case.style != EMERGENCY),
        calibration_error=_calibration_error(outcomes),
    )


def _share(hits: Iterable[bool]) -> float | None:
    counted = list(hits)
    return sum(counted) / len(counted) if counted else None


def _calibration_error(outcomes: Sequence[Outcome]) -> float | None:
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for each in outcomes:
        if each.decision.candidates:
            probability = each.decision.candidates[0].probability
            bins[min(int(probability * _BINS), _BINS - 1)].append((probability, each.among(1)))
    total = sum(map(len, bins.values()))
    if not total:
        return None
    distance = (abs(sum(p for p, _ in hits) - sum(right for _, right in hits)) for hits in bins.values())
    return sum(distance) / total
