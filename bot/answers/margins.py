# SPDX-License-Identifier: EUPL-1.2
"""A linear model with a line for each label: how far a text lies on the label's side of it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
TRUST = 1.0
"""Inverse of the penalty on the weights. A third of it found 0.4 points fewer."""
AWAY = -1.0
"""The score of a label of which there is no example: clearly on the other side. Every line starts there."""
_STEPS = 12
"""Stop early: twice as many took longer and found the same."""
_STEPS_ON = 7
"""The same, where other lines are the start."""
_SEARCHES = 2
"""So many times the best length of a step is refined."""
_TOUCHED = 0.01
"""About this share of the examples lies too near to a line, and pulls at it."""
_TOGETHER = 48
"""So many lines are drawn together: more would not fit into the processor's own memory."""
_TINY = 1e-30


@dataclass(frozen=True, slots=True)
class Lines:
    """Weights (features by labels) and a bias for each label; about 1 for the right label, -1 for others."""

    weights: Floats
    bias: Floats

    def scores(self, features: Any) -> Floats:
        """Score sparse features, a row each."""
        return np.asarray(features @ self.weights + self.bias, np.float32)


def draw_lines(
    features: Any,
    labels: NDArray[np.int64],
    classes: int,
    weight: Floats | None = None,
    dangerous: NDArray[np.bool_] | None = None,
    start: Lines | None = None,
) -> Lines:
    """Fit a linear support vector machine for each label against all others; `weight` for each example.

    With `dangerous` a last line is drawn between danger of any kind and all that is calm. Lines that were
    drawn from fewer examples are a good `start`: from there it takes half of the steps.

    The penalty is the square of how much an example lacks to a score of 1 or -1. Many lines are drawn at
    once: each step goes over the examples for all of them together, which takes a fifth of the time.
    """
    from scipy import sparse  # noqa: PLC0415  only learning needs it, not a start with a stored index

    sides = labels[:, None] == np.arange(classes)
    if dangerous is not None:
        sides = np.hstack([sides, dangerous[:, None]])
    ones = np.ones((features.shape[0], 1), np.float32)
    rows = sparse.hstack([features, ones], dtype=np.float32).tocsr()
    pull = 2 * np.float32(TRUST) * (ones if weight is None else weight[:, None])
    columns = rows.T.tocsr()
    caution = 1 + _TOUCHED * np.asarray(columns.multiply(columns) @ pull, np.float32)
    lines = np.zeros((rows.shape[1], sides.shape[1]), np.float32)
    lines[-1] = AWAY
    if start is not None:
        lines[:-1], lines[-1] = start.weights, start.bias
    steps = _STEPS if start is None else _STEPS_ON
    for first in range(0, sides.shape[1], _TOGETHER):
        those = slice(first, first + _TOGETHER)
        lines[:, those] = _descend(rows, columns, sides[:, those], pull, caution, lines[:, those], steps)
    return Lines(lines[:-1], lines[-1])


def _descend(
    rows: Any,
    columns: Any,
    sides: NDArray[np.bool_],
    pull: Floats,
    caution: Floats,
    lines: Floats,
    steps: int,
) -> Floats:
    """Go from `lines` towards the least penalty by conjugate gradients, and return where that leads.

    The way is scaled for each feature by `caution`: how steep it gets there. The last row is the bias,
    which has no penalty.
    """
    sign = np.where(sides, np.float32(1), np.float32(-1))
    lines = np.ascontiguousarray(lines)
    lacking = 1 - sign * (rows @ lines)
    course, before, steepness = np.zeros_like(lines), lines, np.ones(sides.shape[1], np.float32)
    for _ in range(steps):
        slope = lines - columns @ (sign * pull * np.maximum(lacking, 0))
        slope[-1] -= lines[-1]
        scaled = slope / caution
        steep = _products(slope, scaled)
        turn = np.maximum(steep - _products(before, scaled), 0) / np.maximum(steepness, _TINY)
        course *= turn
        course -= scaled
        before, steepness = slope, steep
        gain = sign * (rows @ course)
        length = _best_length(lacking, gain, pull, lines[:-1], course[:-1])
        lines += length * course
        lacking -= length * gain
    return lines


def _best_length(lacking: Floats, gain: Floats, pull: Floats, lines: Floats, course: Floats) -> Floats:
    """Return how far to go along the course of each line, by Newton's method."""
    along, square = _products(lines, course), _products(course, course)
    length = np.zeros_like(along)
    for _ in range(_SEARCHES):
        still = lacking - length * gain
        force = pull * gain * (still > 0)
        slope = along + length * square - _products(force, still)
        length = length - slope / np.maximum(square + _products(force, gain), _TINY)
    return length


def _products(one: Floats, other: Floats) -> Floats:
    return np.asarray(np.einsum("ij,ij->j", one, other), np.float32)
