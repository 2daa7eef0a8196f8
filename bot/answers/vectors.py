# SPDX-License-Identifier: EUPL-1.2
"""Features to vectors of length one, by a vocabulary learnt from the examples."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.answers.places import Places

Ids = NDArray[np.intp]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The features that are known, each with its place and its weight."""

    places: Places
    weights: Floats

    @classmethod
    def learn(
        cls, texts: Iterable[Iterable[str]], *, rarest: int = 1, by_rarity: bool = True
    ) -> "Vocabulary":
        """Take the features that stand in at least `rarest` texts; rare ones weigh more (idf)."""
        examples = 0
        spread: Counter[str] = Counter()
        for features in texts:
            examples += 1
            spread.update(dict.fromkeys(features).keys())
        known = [feature for feature, count in spread.items() if count >= rarest]
        weights = [math.log(1 + examples / spread[feature]) if by_rarity else 1.0 for feature in known]
        places, chosen = Places.of(known)
        return cls(places, np.array(weights, np.float32)[chosen])

    def __len__(self) -> int:
        return len(self.places)

    def find(self, features: Sequence[str]) -> list[int]:
        """Return the places of the known features."""
        return self.places.find(features)

    def vector(self, features: Sequence[str]) -> tuple[Ids, Floats]:
        """Return the places of the known features and their values, of length one in all."""
        ids, values = weigh(self.find(features), self.weights)
        length = math.sqrt(values @ values)
        return ids, (values / np.float32(length) if length else values)

    def matrix(self, texts: Sequence[Iterable[str]]) -> Any:
        """Return texts as a sparse matrix: the same vectors, a row each."""
        from scipy import sparse  # noqa: PLC0415  only learning needs it, not a start with a stored index

        used = list(dict.fromkeys(chain.from_iterable(texts)))
        last = len(self.places)
        known = {
            feature: place
            for feature, place in zip(used, self.places.find_each(used), strict=True)
            if place < last
        }
        found = [[known[feature] for feature in features if feature in known] for features in texts]
        starts = np.concatenate([[0], np.cumsum([len(each) for each in found], dtype=np.int64)])
        places = np.fromiter(chain.from_iterable(found), np.int32, int(starts[-1]))
        ones = np.ones(len(places), np.float32)
        matrix = sparse.csr_matrix((ones, places, starts), shape=(len(found), last))
        matrix.sum_duplicates()
        values = self.weights[matrix.indices] * (1 + np.log(matrix.data))
        rows = np.repeat(np.arange(len(found)), np.diff(matrix.indptr))
        lengths = np.sqrt(np.bincount(rows, np.square(values), len(found))).astype(np.float32)
        matrix.data = values / lengths[rows]
        return matrix


def weigh(places: Iterable[int], weights: Floats) -> tuple[Ids, Floats]:
    """Return the places, each once, and their values: the weight, and more for a place that comes again."""
    counts = Counter(places)
    ids = np.fromiter(counts, np.intp, len(counts))
    return ids, weights[ids] * (1 + np.log(np.fromiter(counts.values(), np.float32, len(counts))))
