# SPDX-License-Identifier: EUPL-1.2
"""The model that all languages share: which concepts point to which label.

It learns from the examples of every language at once, so that a language with nothing but a list of
forms is understood, and the language with the fewest examples gains most.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.answers.vectors import Vocabulary

Floats = NDArray[np.float32]
_TRUST = 3.0
"""Inverse of the penalty on the weights."""
_STEPS = 40
_TINY = 1e-30


@dataclass(frozen=True, slots=True)
class MeaningModel:
    """Concepts to a probability for each label."""

    vocabulary: Vocabulary
    weights: Floats
    bias: Floats

    def read(self, concepts: Mapping[str, object]) -> Floats:
        """Return the probability of each label, given the concepts found in a text."""
        ids, values = self.vocabulary.vector(dict.fromkeys(concepts, 1))
        return softmax(self.bias + values @ self.weights[ids])


def learn_meaning(
    found: Sequence[Mapping[str, object]], labels: NDArray[np.int64], classes: int, hidden: NDArray[np.bool_]
) -> tuple[MeaningModel, Floats]:
    """Learn from the concepts found in each example.

    Also returns the probabilities for the `hidden` examples by a second model that has not seen them.
    """
    counted = [dict.fromkeys(concepts, 1) for concepts in found]
    vocabulary = Vocabulary.learn(counted)
    matrix = vocabulary.matrix(counted)
    weights, bias = _train(matrix, labels, classes)
    part = _train(matrix[~hidden], labels[~hidden], classes)
    return MeaningModel(vocabulary, weights, bias), softmax(matrix[hidden] @ part[0] + part[1])


def softmax(values: Floats) -> Floats:
    """Turn scores into probabilities that add up to one."""
    raised = np.exp(values - values.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True), np.float32)


def _train(matrix: Any, labels: NDArray[np.int64], classes: int) -> tuple[Floats, Floats]:
    """Fit multinomial logistic regression by L-BFGS; a label without examples gets no probability."""
    from scipy.optimize import minimize  # noqa: PLC0415  only learning needs it

    concepts = matrix.shape[1]
    columns = matrix.T.tocsr()
    rows = np.arange(len(labels))

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(concepts + 1, classes).astype(np.float32)
        error = softmax(matrix @ weights[:-1] + weights[-1])
        likelihood = np.log(np.maximum(error[rows, labels], _TINY)).sum(dtype=np.float64)
        error[rows, labels] -= 1.0
        slope = np.vstack([columns @ error + weights[:-1] / np.float32(_TRUST), error.sum(axis=0)])
        penalty = float(np.square(weights[:-1], dtype=np.float64).sum()) / (2 * _TRUST)
        return penalty - float(likelihood), slope.ravel().astype(np.float64)

    start = np.zeros((concepts + 1) * classes)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
    learnt = found.x.reshape(concepts + 1, classes).astype(np.float32)
    return learnt[:-1], learnt[-1]
