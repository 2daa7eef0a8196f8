# SPDX-License-Identifier: EUPL-1.2
"""Weights in a quarter of the memory: whole numbers, and a scale for each feature."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_MOST = 127


@dataclass(frozen=True, slots=True)
class Rounded:
    """A table of weights, a row for each feature. Each row is kept as shares of its greatest weight."""

    steps: NDArray[np.int8]
    scale: Floats

    @classmethod
    def of(cls, weights: Floats) -> "Rounded":
        """Round a table of weights."""
        scale = np.abs(weights).max(axis=1, initial=0) / np.float32(_MOST)
        shares = weights / np.where(scale > 0, scale, np.float32(1))[:, None]
        return cls(np.rint(shares).astype(np.int8), scale.astype(np.float32))

    def sum(self, ids: NDArray[np.intp], values: Floats) -> Floats:
        """Return the sum of some rows, each times its value."""
        rows = self.steps.take(ids, axis=0).astype(np.float32)
        return np.asarray((values * self.scale[ids]) @ rows, np.float32)
