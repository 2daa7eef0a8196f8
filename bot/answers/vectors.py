# SPDX-License-Identifier: EUPL-1.2
"""Counted features to vectors of length one, by a vocabulary learnt from the examples."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.intp]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The features that are known, each with its place and its weight."""

    places: Mapping[str, int]
    weights: Floats

    @classmethod
    def learn(
        cls, counted: Iterable[Mapping[str, float]], *, rarest: int = 1, by_rarity: bool = True
    ) -> "Vocabulary":
        """Take the features that stand in at least `rarest` examples; rare ones weigh more (idf)."""
        examples = 0
        spread: Counter[str] = Counter()
        for counts in counted:
            examples += 1
            spread.update(counts.keys())
        known = [feature for feature, count in spread.items() if count >= rarest]
        weights = [math.log(1 + examples / spread[feature]) if by_rarity else 1.0 for feature in known]
        return cls({feature: place for place, feature in enumerate(known)}, np.array(weights, np.float32))

    def vector(self, counts: Mapping[str, float]) -> tuple[Ids, Floats]:
        """Return the places of the known features and their values, of length one in all."""
        places, values = [], []
        known = self.places
        for feature, count in counts.items():
            place = known.get(feature)
            if place is not None:
                places.append(place)
                values.append(1.0 if count == 1 else 1.0 + math.log(count))
        ids = np.array(places, np.intp)
        found = np.array(values, np.float32) * self.weights[ids]
        length = float(np.sqrt(found @ found))
        return ids, (found / length if length else found)

    def matrix(self, counted: Sequence[Mapping[str, float]]) -> Any:
        """Return the examples as a sparse matrix."""
        from scipy import sparse  # noqa: PLC0415  only learning needs it, not a start with a stored index

        rows = [self.vector(counts) for counts in counted]
        lengths = [len(ids) for ids, _ in rows]
        return sparse.csr_matrix(
            (
                np.concatenate([values for _, values in rows]),
                np.concatenate([ids for ids, _ in rows]),
                np.concatenate([[0], np.cumsum(lengths)]),
            ),
            shape=(len(rows), len(self.places)),
        )
