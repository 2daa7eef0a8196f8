# SPDX-License-Identifier: EUPL-1.2
"""From scores to the probability of being right, learnt from what the models say about hidden examples."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_PENALTY = 1e-2
_STEPS = 50


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic curve over a few signals."""

    weights: Floats
    bias: float

    @classmethod
    def learn(cls, signals: Floats, right: NDArray[np.bool_], importance: Floats | None = None) -> "Logistic":
        """Fit by Newton's method. `importance` weighs the examples."""
        rows = np.hstack([signals, np.ones((len(signals), 1))])
        weight = np.ones(len(rows)) if importance is None else importance
        beta = np.zeros(rows.shape[1])
        penalty = np.eye(rows.shape[1]) * _PENALTY
        for _ in range(_STEPS):
            chance = _curve(rows @ beta)
            slope = rows.T @ (weight * (right - chance)) - penalty @ beta
            bend = (rows * (weight * chance * (1 - chance))[:, None]).T @ rows + penalty
            step = np.linalg.solve(bend, slope)
            beta = beta + step
            if np.abs(step).max() < 1e-8:
                break
        return cls(beta[:-1], float(beta[-1]))

    def probability(self, signals: Sequence[float]) -> float:
        """Return the probability for one message."""
        return float(_curve(np.asarray(signals, float) @ self.weights + self.bias))

    def probabilities(self, signals: Floats) -> Floats:
        """Return the probabilities for many messages."""
        return np.asarray(_curve(signals @ self.weights + self.bias))


def _curve(value: Floats) -> Floats:
    return 1 / (1 + np.exp(-np.clip(value, -40, 40)))
