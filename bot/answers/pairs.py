# SPDX-License-Identifier: EUPL-1.2
"""The second model that all languages share: what concepts mean when they stand together.

HOME and WAIT are common; both in one message point to the queue. Words of danger also stand in calm messages
('there was a fire last year'): what stands beside them tells.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from bot.answers.margins import draw_lines
from bot.answers.vectors import Vocabulary

Floats = NDArray[np.float32]
_RAREST = 3
"""A pair of concepts that stands in fewer examples says nothing about another one."""


@dataclass(frozen=True, slots=True)
class PairsModel:
    """Concepts, alone and in pairs, to scores for the labels: about 1 for the right one, -1 for others.

    The last column tells danger of any kind from all that is calm.
    """

    vocabulary: Vocabulary
    weights: NDArray[np.float16]
    bias: Floats

    def read(self, concepts: Mapping[str, object]) -> Floats:
        """Score the concepts found in a text: for each label, and at the end for danger of any kind."""
        ids, values = self.vocabulary.vector(together(concepts))
        return np.asarray(self.bias + values @ self.weights[ids].astype(np.float32), np.float32)


def together(concepts: Mapping[str, object]) -> dict[str, float]:
    """Return the concepts and each pair of them, as features."""
    names = sorted(concepts)
    return dict.fromkeys(names, 1.0) | {f"{one} {other}": 1.0 for one, other in combinations(names, 2)}


def learn_pairs(
    found: Sequence[Mapping[str, object]],
    labels: NDArray[np.int64],
    dangerous: NDArray[np.bool_],
    classes: int,
    hidden: NDArray[np.bool_],
) -> tuple[PairsModel, Floats]:
    """Learn from the concepts found in each example.

    Also returns the scores of the `hidden` examples by a second model that has not seen them.
    """
    counted = [together(concepts) for concepts in found]
    vocabulary = Vocabulary.learn(counted, rarest=_RAREST)
    matrix = vocabulary.matrix(counted)
    whole = draw_lines(matrix, labels, classes, dangerous=dangerous)
    part = draw_lines(matrix[~hidden], labels[~hidden], classes, dangerous=dangerous[~hidden])
    model = PairsModel(vocabulary, whole.weights.astype(np.float16), whole.bias)
    return model, part.scores(matrix[hidden])
