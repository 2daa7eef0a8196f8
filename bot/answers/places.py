# SPDX-License-Identifier: EUPL-1.2
"""Which row of a table belongs to a feature.

Features are known by a hash of four bytes: a dictionary of the features themselves would take thirty times
the memory. Two features meet in one row once among some ten thousands, which changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Places:
    """The hashes of the known features in order; the place of a hash is its row."""

    hashes: NDArray[np.uint32]

    @classmethod
    def of(cls, features: Sequence[str]) -> tuple["Places", NDArray[np.intp]]:
        """Arrange features. Also returns which of them stands at each place."""
        hashes, chosen = np.unique(_hashes(features), return_index=True)
        return cls(hashes), chosen

    def __len__(self) -> int:
        return len(self.hashes)

    def find(self, features: Sequence[str]) -> list[int]:
        """Return the places of the features that are known."""
        places, known = self._look_up(features)
        return list(places[known].tolist())

    def find_each(self, features: Sequence[str]) -> list[int]:
        """Return the place of each feature, the number of places for one that is not known."""
        places, known = self._look_up(features)
        places[~known] = len(self.hashes)
        return list(places.tolist())

    def _look_up(self, features: Sequence[str]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        wanted = _hashes(features)
        if not len(self.hashes):
            return np.zeros(len(wanted), np.intp), np.zeros(len(wanted), bool)
        places = self.hashes.searchsorted(wanted)
        return places, self.hashes.take(places, mode="clip") == wanted


def _hashes(features: Sequence[str]) -> NDArray[np.uint32]:
    return np.fromiter([crc32(feature.encode()) for feature in features], np.uint32, len(features))
