# SPDX-License-Identifier: EUPL-1.2
"""A linear model that knows what it would have said about an example it had never seen.

Ridge regression on one column for each class (1 for its examples, 0 for the others). Its solution
gives, without training again, the scores of each example with that example left out, and with its whole
class left out. These are what the engine learns its certainty from.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Fit:
    """A trained model. `weights`: features by classes; `bias`: a number for each class.

    `left_out` holds the scores of each example when it is hidden, `class_left_out` when all
    examples of its class are hidden.
    """

    weights: Floats
    bias: Floats
    left_out: Floats
    class_left_out: Floats


BIAS = 0.05
"""Square of the constant feature that gives each class its bias."""
_COMMON = 0.03


def fit(features: Any, labels: NDArray[np.int64], classes: int, strength: float) -> Fit:
    """Train on sparse `features` (examples by features). `strength` is the weight of the penalty."""
    count = features.shape[0]
    targets = np.zeros((count, classes), np.float32)
    targets[np.arange(count), labels] = 1.0
    inverse = _inverse(_kernel(features, strength))
    dual = inverse @ targets
    left_out = targets - dual / np.diag(inverse)[:, None]
    hidden = np.empty_like(left_out)
    for label in np.unique(labels):
        rows = np.flatnonzero(labels == label)
        hidden[rows] = targets[rows] - np.linalg.solve(inverse[np.ix_(rows, rows)], dual[rows])
    return Fit(
        weights=np.asarray(features.T @ dual, np.float32),
        bias=np.asarray(BIAS * dual.sum(axis=0), np.float32),
        left_out=left_out,
        class_left_out=hidden,
    )


def _kernel(features: Any, strength: float) -> Floats:
    """Return how alike the examples are, each pair, with the penalty on the diagonal.

    Features that many examples have are multiplied as a dense matrix: that is where the time goes.
    """
    spread = np.asarray((features != 0).sum(axis=0)).ravel()
    common = spread > _COMMON * features.shape[0]
    rare = features[:, np.flatnonzero(~common)]
    dense = np.asarray(features[:, np.flatnonzero(common)].todense(), np.float32)
    kernel = np.asarray((rare @ rare.T).todense(), np.float32) + dense @ dense.T + np.float32(BIAS)
    kernel[np.diag_indices(len(kernel))] += np.float32(strength)
    return np.asarray(kernel, np.float32)


def _inverse(kernel: Floats) -> Floats:
    """Invert a symmetric positive matrix: by Cholesky, in a fraction of the time of the general way."""
    from scipy.linalg import lapack  # noqa: PLC0415  only learning needs it, not a start with a stored index

    # The transpose is the same matrix, in the order of columns in which LAPACK works without a copy.
    factor, failed = lapack.spotrf(kernel.T, lower=True, overwrite_a=True)
    if not failed:
        factor, failed = lapack.spotri(factor, lower=True, overwrite_c=True)
    if failed:
        raise ArithmeticError("the examples' matrix is singular: the penalty must be above 0")
    lower = np.tril(factor)
    return np.asarray(lower + np.tril(lower, -1).T, np.float32)
