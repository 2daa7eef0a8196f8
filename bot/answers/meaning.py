# SPDX-License-Identifier: EUPL-1.2
"""The model that all languages share: which concepts point to which label.

It learns from the examples of every language at once, so that a language with nothing but a list of
forms is understood, and the language with the fewest examples gains most.
"""

import warnings
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
_PARTS = 3
"""Into how many parts the examples, and the labels, are divided to be hidden in turn."""


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


@dataclass(frozen=True, slots=True)
class LearntMeaning:
    """A model with what it says about its own examples when they, or their whole label, are hidden."""

    model: MeaningModel
    hidden: Floats
    label_hidden: Floats


def learn_meaning(
    found: Sequence[Mapping[str, object]], labels: NDArray[np.int64], classes: int, seed: int = 7
) -> LearntMeaning:
    """Learn from the concepts found in each example."""
    counted = [dict.fromkeys(concepts, 1) for concepts in found]
    vocabulary = Vocabulary.learn(counted)
    matrix = vocabulary.matrix(counted)
    dice = np.random.default_rng(seed)
    part = dice.integers(_PARTS, size=len(labels))
    group = dice.permutation(classes)[labels] % _PARTS
    weights, bias = _train(matrix, labels, classes)
    return LearntMeaning(
        MeaningModel(vocabulary, weights, bias),
        _hide(matrix, labels, classes, part),
        _hide(matrix, labels, classes, group),
    )


def softmax(values: Floats) -> Floats:
    """Turn scores into probabilities that add up to one."""
    raised = np.exp(values - values.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True), np.float32)


def _hide(matrix: Any, labels: NDArray[np.int64], classes: int, part: NDArray[np.int64]) -> Floats:
    scores = np.zeros((len(labels), classes), np.float32)
    for hidden in np.unique(part):
        rows = part == hidden
        if rows.all():
            continue
        weights, bias = _train(matrix[~rows], labels[~rows], classes)
        scores[rows] = softmax(matrix[rows] @ weights + bias)
    return scores


def _train(matrix: Any, labels: NDArray[np.int64], classes: int) -> tuple[Floats, Floats]:
    from sklearn.exceptions import ConvergenceWarning  # noqa: PLC0415  not needed with a stored index
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    weights = np.zeros((matrix.shape[1], classes), np.float32)
    bias = np.full(classes, -30.0, np.float32)
    present = np.unique(labels)
    if len(present) < 2:
        bias[present] = 0.0
        return weights, bias
    model = LogisticRegression(C=_TRUST, max_iter=_STEPS, tol=1e-3)
    with warnings.catch_warnings():
        # The steps are limited on purpose: more of them take time and change no decision.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(matrix, labels)
    if len(present) == 2:
        weights[:, present[1]] = model.coef_[0]
        bias[present] = 0.0, model.intercept_[0]
    else:
        weights[:, present] = model.coef_.T
        bias[present] = model.intercept_
    return weights, bias
