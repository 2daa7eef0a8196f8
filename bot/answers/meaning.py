# SPDX-License-Identifier: EUPL-1.2
"""The model that all languages share: which concepts point to which label.

It learns from the examples of every language at once, so that a language with nothing but a list of
forms is understood, and the language with the fewest examples gains most.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.answers.vectors import Vocabulary

Floats = NDArray[np.float32]
_TRUST = 3.0
"""Inverse of the penalty on the weights."""
_STEPS = 18
_TOUCHED = 0.01
"""About this share of the examples with a concept pulls at its weight for one label."""
_TINY = 1e-30
_NEVER = 0.01
"""A label without examples is taken to have this many."""


@dataclass(frozen=True, slots=True)
class MeaningModel:
    """Concepts to a probability for each label."""

    vocabulary: Vocabulary
    weights: Floats
    bias: Floats

    def read(self, concepts: Iterable[str]) -> Floats:
        """Return the probability of each label, given the concepts found in a text."""
        ids, values = self.vocabulary.vector(list(concepts))
        return softmax(self.bias + values @ self.weights[ids])


def learn_meaning(
    found: Sequence[Iterable[str]], labels: NDArray[np.int64], classes: int, hidden: NDArray[np.bool_]
) -> tuple[MeaningModel, Floats]:
    """Learn from the concepts found in each example.

    Also returns the probabilities for the `hidden` examples by a second model that has not seen them.
    """
    vocabulary = Vocabulary.learn(found)
    matrix = vocabulary.matrix(found)
    weights, bias = _train(matrix, labels, classes)
    part = _train(matrix[~hidden], labels[~hidden], classes)
    return MeaningModel(vocabulary, weights, bias), softmax(matrix[hidden] @ part[0] + part[1])


def softmax(values: Floats) -> Floats:
    """Turn scores into probabilities that add up to one."""
    raised = np.exp(values - values.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True), np.float32)


def _train(matrix: Any, labels: NDArray[np.int64], classes: int) -> tuple[Floats, Floats]:
    """Fit multinomial logistic regression by L-BFGS; a label without examples gets next to no probability.

    It starts from how frequent each label is. Each weight is scaled by how steep it gets there, which saves
    more than half of the steps.
    """
    from scipy.optimize import minimize  # noqa: PLC0415  only learning needs it

    columns = matrix.T.tocsr()
    rows = np.arange(len(labels))
    pull = np.append(np.bincount(matrix.indices, np.square(matrix.data), matrix.shape[1]), len(labels))
    penalty = np.append(np.full(len(pull) - 1, 1 / _TRUST), 0.0).astype(np.float32)[:, None]
    scale = (1 / np.sqrt(penalty + _TOUCHED * pull[:, None])).astype(np.float32)

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = scale * flat.reshape(len(pull), classes).astype(np.float32)
        error = softmax(matrix @ weights[:-1] + weights[-1])
        likelihood = np.log(np.maximum(error[rows, labels], _TINY)).sum(dtype=np.float64)
        error[rows, labels] -= 1.0
        slope = scale * (np.vstack([columns @ error, error.sum(axis=0)]) + penalty * weights)
        shrinking = float((penalty * np.square(weights)).sum(dtype=np.float64)) / 2
        return shrinking - float(likelihood), slope.ravel().astype(np.float64)

    start = np.zeros((len(pull), classes))
    start[-1] = np.log(np.maximum(np.bincount(labels, minlength=classes), _NEVER) / len(labels)) / scale[-1]
    found = minimize(loss, start.ravel(), jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
    learnt = scale * found.x.reshape(len(pull), classes).astype(np.float32)
    return learnt[:-1], learnt[-1]
