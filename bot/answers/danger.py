# SPDX-License-Identifier: EUPL-1.2
"""Whether a message tells of present danger.

Words of danger also stand in calm messages ('there was a fire last year', 'I die of waiting'), so that it
is judged by concepts that stand together, by the wording, and by the length of the message.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.answers.calibration import Logistic
from bot.answers.vectors import Vocabulary

Floats = NDArray[np.float32]
_TRUST = 10.0
"""Inverse of the penalty on the weights."""
_RAREST = 3
"""A pair of concepts that stands in fewer examples says nothing about another one."""


@dataclass(frozen=True, slots=True)
class DangerModel:
    """Concepts, alone and in pairs, to the probability of danger."""

    pairs: Vocabulary
    weights: Floats
    bias: float
    certainty: Logistic

    def probability(self, concepts: Mapping[str, object], alarm: float, words: int) -> float:
        """Return the probability that a message tells of danger.

        `concepts` are those found in it, `alarm` is how dangerous it sounds by its wording (about 1 for
        danger, -1 for calm), `words` how many words it has.
        """
        ids, values = self.pairs.vector(together(concepts))
        meant = float(values @ self.weights[ids]) + self.bias
        return self.certainty.probability([alarm, meant, float(np.log1p(words))])


@dataclass(frozen=True, slots=True)
class Heard:
    """Messages that are known to be dangerous or calm: their concepts, their sound and their length."""

    concepts: Sequence[Mapping[str, object]]
    alarms: Floats
    lengths: Floats
    dangerous: NDArray[np.bool_]


def together(concepts: Mapping[str, object]) -> dict[str, float]:
    """Return the concepts and each pair of them, as features."""
    names = sorted(concepts)
    return dict.fromkeys(names, 1.0) | {f"{one} {other}": 1.0 for one, other in combinations(names, 2)}


def learn_danger(heard: Heard, hidden: NDArray[np.bool_]) -> DangerModel:
    """Learn from examples; `hidden` ones teach how sure to be. `alarms` are needed for these alone."""
    counted = [together(concepts) for concepts in heard.concepts]
    pairs = Vocabulary.learn(counted, rarest=_RAREST)
    matrix = pairs.matrix(counted)
    weights, bias = _fit(matrix, heard.dangerous)
    part = _fit(matrix[~hidden], heard.dangerous[~hidden])
    meant = matrix[hidden] @ part[0] + part[1]
    signals = np.stack([heard.alarms[hidden], meant, np.log1p(heard.lengths[hidden])], axis=1)
    return DangerModel(
        pairs, weights, bias, Logistic.learn(signals.astype(np.float64), heard.dangerous[hidden])
    )


def _fit(matrix: Any, dangerous: NDArray[np.bool_]) -> tuple[Floats, float]:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  only learning needs it

    if dangerous.all() or not dangerous.any():
        return np.zeros(matrix.shape[1], np.float32), 0.0
    model = LogisticRegression(C=_TRUST, max_iter=200).fit(matrix, dangerous)
    return np.asarray(model.coef_[0], np.float32), float(model.intercept_[0])
