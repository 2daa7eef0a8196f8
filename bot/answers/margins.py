# SPDX-License-Identifier: EUPL-1.2
"""A linear model with a line for each label: how far a text lies on the label's side of it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
TRUST = 1.0
"""Inverse of the penalty on the weights. A third of it found 0.4 points fewer."""
_TOLERANCE = 0.1
"""Stop early: a hundredth of it took longer and found the same."""
AWAY = -1.0
"""The score of a label of which there is no example: clearly on the other side."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Weights (features by labels) and a bias for each label; about 1 for the right label, -1 for others."""

    weights: Floats
    bias: Floats

    def scores(self, features: Any) -> Floats:
        """Score sparse features, a row each."""
        return np.asarray(features @ self.weights + self.bias, np.float32)


def draw_lines(features: Any, labels: NDArray[np.int64], classes: int, weight: Floats | None = None) -> Lines:
    """Fit a linear support vector machine for each label against all others; `weight` for each example.

    Squared hinge loss, solved in the dual by liblinear: the time grows with the examples, not their square.
    """
    from sklearn.svm import LinearSVC  # noqa: PLC0415  only learning needs it

    weights = np.zeros((features.shape[1], classes), np.float32)
    bias = np.full(classes, AWAY, np.float32)
    known = np.unique(labels)
    if len(known) > 1:
        model = LinearSVC(C=TRUST, tol=_TOLERANCE, random_state=0)
        model.fit(features, labels, sample_weight=weight)
        lines, starts = model.coef_, model.intercept_
        if len(known) == 2:  # one line serves both
            lines, starts = np.vstack([-lines, lines]), np.array([-starts[0], starts[0]])
        weights[:, known] = lines.T
        bias[known] = starts
    elif len(known) == 1:
        bias[known] = -AWAY
    return Lines(weights, bias)


def draw_lines_and_alarm(
    features: Any,
    labels: NDArray[np.int64],
    dangerous: NDArray[np.bool_],
    classes: int,
    weight: Floats | None = None,
) -> Lines:
    """Draw a line for each label, and a last one between danger of any kind and all that is calm."""
    lines = draw_lines(features, labels, classes, weight)
    alarm = draw_lines(features, dangerous.astype(np.int64), 2, weight)
    return Lines(np.hstack([lines.weights, alarm.weights[:, 1:]]), np.append(lines.bias, alarm.bias[1:]))
