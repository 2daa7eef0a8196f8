# SPDX-License-Identifier: EUPL-1.2
"""The model of one language: which pieces of words point to which label."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.answers.features import key_pieces, pieces
from bot.answers.margins import Lines, draw_lines
from bot.answers.normalise import script_of
from bot.answers.vectors import Vocabulary

Floats = NDArray[np.float32]
KEYS_WEIGHT = 0.7
"""Weight of the sound keys beside the letters."""
ANSWERS_WEIGHT = 0.2
"""Weight of a sentence of the answers as an example of what they are about: people ask in other words."""
_LETTERS = (3, 4)
_SYLLABLES = (1, 3)
"""Lengths of the pieces; in Ge'ez script a letter is a syllable."""
_RAREST = 2
"""A piece that stands in one example only says nothing about another one."""


@dataclass(frozen=True, slots=True)
class WordingModel:
    """Pieces of words and of sound keys to scores for the labels: about 1 for the right one, -1 for others.

    The last column of `weights` tells danger of any kind from all that is calm.
    """

    language: str
    letters: Vocabulary
    keys: Vocabulary
    weights: NDArray[np.float16]
    bias: Floats

    def read(self, words: Sequence[str]) -> Floats:
        """Score normalised words: for each label, and at the end for danger of any kind."""
        ids, values = self.letters.vector(_letters(words))
        scores = self.bias + values @ self.weights[ids].astype(np.float32)
        if self.keys.places:
            ids, values = self.keys.vector(key_pieces(words, self.language))
            rows = self.weights[ids + len(self.letters.places)].astype(np.float32)
            scores = scores + KEYS_WEIGHT * (values @ rows)
        return np.asarray(scores, np.float32)


@dataclass(frozen=True, slots=True)
class Said:
    """Normalised texts, each with the number of its label and whether it tells of danger."""

    texts: Sequence[Sequence[str]]
    labels: NDArray[np.int64]
    dangerous: NDArray[np.bool_]


def learn_wording(
    language: str, asked: Said, answered: Said, classes: int, hidden: NDArray[np.bool_]
) -> tuple[WordingModel, Floats]:
    """Learn from examples of what people ask, and a little from the sentences of the answers.

    Also returns the scores of the `hidden` examples by a second model that has not seen them.
    """
    examples = _Examples.of(language, asked.texts, answered.texts)
    weight = np.ones(examples.matrix.shape[0], np.float32)
    weight[len(hidden) :] = ANSWERS_WEIGHT
    labels = np.concatenate([asked.labels, answered.labels])
    dangerous = np.concatenate([asked.dangerous, answered.dangerous])
    seen = ~np.append(hidden, np.zeros(len(answered.labels), bool))

    def draw(rows: NDArray[np.bool_]) -> Lines:
        features, kept = examples.matrix[rows], weight[rows]
        lines = draw_lines(features, labels[rows], classes, kept)
        alarm = draw_lines(features, dangerous[rows].astype(np.int64), 2, kept)
        return Lines(np.hstack([lines.weights, alarm.weights[:, 1:]]), np.append(lines.bias, alarm.bias[1:]))

    whole = draw(np.ones_like(seen))
    model = WordingModel(
        language, examples.letters, examples.keys, whole.weights.astype(np.float16), whole.bias
    )
    return model, draw(seen).scores(examples.matrix[~seen])


@dataclass(frozen=True, slots=True)
class _Examples:
    """What examples are made of: vocabularies, and a row for each example."""

    letters: Vocabulary
    keys: Vocabulary
    matrix: Any

    @classmethod
    def of(
        cls, language: str, asked: Sequence[Sequence[str]], answered: Sequence[Sequence[str]]
    ) -> "_Examples":
        from scipy import sparse  # noqa: PLC0415  only learning needs it, not a start with a stored index

        ethiopic = sum(script_of(word) == "Ethi" for words in asked for word in words)
        by_rarity = 2 * ethiopic < sum(map(len, asked))  # measured: syllables do better without
        counted = [_letters(words) for words in asked]
        letters = Vocabulary.learn(counted, rarest=_RAREST, by_rarity=by_rarity)
        counted_keys = [key_pieces(words, language) for words in asked]
        keys = Vocabulary.learn(counted_keys, rarest=_RAREST)
        matrix = letters.matrix(counted + [_letters(words) for words in answered])
        if keys.places:
            counted_keys += [key_pieces(words, language) for words in answered]
            matrix = sparse.hstack([matrix, KEYS_WEIGHT * keys.matrix(counted_keys)])
        return cls(letters, keys, matrix.tocsr())


def _letters(words: Sequence[str]) -> Counter[str]:
    ethiopic = [word for word in words if script_of(word) == "Ethi"]
    others = [word for word in words if script_of(word) != "Ethi"]
    return pieces(others, *_LETTERS) + pieces(ethiopic, *_SYLLABLES)
