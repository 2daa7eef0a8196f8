# SPDX-License-Identifier: EUPL-1.2
"""The second model that all languages share: what concepts mean when they stand together.

HOME and WAIT are common; both in one message point to the queue. Words of danger also stand in calm messages
('there was a fire last year'): what stands beside them tells.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from bot.answers.margins import draw_lines
from bot.answers.rounded import Rounded
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
    weights: Rounded
    bias: Floats

    def read(self, concepts: Iterable[str]) -> Floats:
        """Score the concepts found in a text: for each label, and at the end for danger of any kind."""
        ids, values = self.vocabulary.vector(together(concepts))
        return self.bias + self.weights.sum(ids, values)


def together(concepts: Iterable[str]) -> list[str]:
    """Return the concepts and each pair of them, as features."""
    names = sorted(concepts)
    return names + list(map(" ".join, combinations(names, 2)))


def learn_pairs(
    found: Sequence[Iterable[str]],
    labels: NDArray[np.int64],
    dangerous: NDArray[np.bool_],
    classes: int,
    hidden: NDArray[np.bool_],
) -> tuple[PairsModel, Floats]:
    """Learn from the concepts found in each example.

    Also returns the scores of the `hidden` examples by a model that has not seen them.
    """
    features = [together(concepts) for concepts in found]
    vocabulary = Vocabulary.learn(features, rarest=_RAREST)
    matrix = vocabulary.matrix(features)
    part = draw_lines(matrix[~hidden], labels[~hidden], classes, dangerous=dangerous[~hidden])
    whole = draw_lines(matrix, labels, classes, dangerous=dangerous, start=part)
    model = PairsModel(vocabulary, Rounded.of(whole.weights), whole.bias)
    return model, part.scores(matrix[hidden])
