# SPDX-License-Identifier: EUPL-1.2
"""The model of one language: which pieces of words point to which label."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.answers.features import key_pieces, pieces
from bot.answers.normalise import script_of
from bot.answers.ridge import fit
from bot.answers.vectors import Vocabulary

Floats = NDArray[np.float32]
PENALTY = 1.5
KEYS_WEIGHT = 0.7
"""Weight of the sound keys beside the letters."""
_LETTERS = (3, 4)
_SYLLABLES = (1, 3)
"""Lengths of the pieces; in Ge'ez script a letter is a syllable."""
_RAREST = 2
"""A piece that stands in one example only says nothing about another one."""


@dataclass(frozen=True, slots=True)
class WordingModel:
    """Pieces of words and of sound keys to scores for the labels: near 1 for the right one, 0 for others."""

    language: str
    letters: Vocabulary
    keys: Vocabulary
    weights: NDArray[np.float16]
    bias: Floats

    def read(self, words: Sequence[str]) -> Floats:
        """Score normalised words."""
        ids, values = self.letters.vector(_letters(words))
        scores = self.bias + values @ self.weights[ids].astype(np.float32)
        if self.keys.places:
            ids, values = self.keys.vector(key_pieces(words, self.language))
            rows = self.weights[ids + len(self.letters.places)].astype(np.float32)
            scores = scores + KEYS_WEIGHT * (values @ rows)
        return np.asarray(scores, np.float32)


@dataclass(frozen=True, slots=True)
class LearntWording:
    """A model with what it says about its own examples when they, or their whole label, are hidden."""

    model: WordingModel
    hidden: Floats
    label_hidden: Floats


def learn_wording(
    language: str, texts: Sequence[Sequence[str]], labels: NDArray[np.int64], classes: int
) -> LearntWording:
    """Learn from normalised texts."""
    from scipy import sparse  # noqa: PLC0415  only learning needs it, not a start with a stored index

    counted = [_letters(words) for words in texts]
    ethiopic = sum(script_of(word) == "Ethi" for words in texts for word in words)
    by_rarity = 2 * ethiopic < sum(map(len, texts))  # measured: syllables do better without
    letters = Vocabulary.learn(counted, rarest=_RAREST, by_rarity=by_rarity)
    matrix = letters.matrix(counted)
    counted_keys = [key_pieces(words, language) for words in texts]
    keys = Vocabulary.learn(counted_keys, rarest=_RAREST)
    if keys.places:
        matrix = sparse.hstack([matrix, KEYS_WEIGHT * keys.matrix(counted_keys)]).tocsr()
    learnt = fit(matrix, labels, classes, PENALTY)
    model = WordingModel(language, letters, keys, learnt.weights.astype(np.float16), learnt.bias)
    return LearntWording(model, learnt.left_out, learnt.class_left_out)


def _letters(words: Sequence[str]) -> Counter[str]:
    ethiopic = [word for word in words if script_of(word) == "Ethi"]
    others = [word for word in words if script_of(word) != "Ethi"]
    return pieces(others, *_LETTERS) + pieces(ethiopic, *_SYLLABLES)
