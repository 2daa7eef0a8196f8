# SPDX-License-Identifier: EUPL-1.2
"""The model of one language: which pieces of words point to which label."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.answers.features import key_pieces, pieces
from bot.answers.margins import Lines, draw_lines
from bot.answers.normalise import script_of
from bot.answers.vectors import Vocabulary

Floats = NDArray[np.float32]
LETTERS, WORDS, KEYS = "letters", "words", "keys"
FAMILIES = {LETTERS: 1.0, WORDS: 0.5, KEYS: 0.7}
"""The kinds of features, each with its weight: pieces of words, words alone and in twos, sound keys."""
ANSWERS_WEIGHT = 0.2
"""Weight of a sentence of the answers as an example of what they are about: people ask in other words."""
_LETTERS = (3, 4)
_SYLLABLES = (1, 3)
"""Lengths of the pieces; in Ge'ez script a letter is a syllable."""
_RAREST = 2
"""A piece that stands in one example only says nothing about another one."""


@dataclass(frozen=True, slots=True)
class WordingModel:
    """What a text is made of to scores for the labels: about 1 for the right one, -1 for others.

    `families` are the vocabularies of the kinds of features (letters, words, sound keys), whose rows
    follow each other in `weights`. The last column tells danger of any kind from all that is calm.
    """

    language: str
    families: Mapping[str, Vocabulary]
    weights: NDArray[np.float16]
    bias: Floats

    def read(self, words: Sequence[str]) -> Floats:
        """Score normalised words: for each label, and at the end for danger of any kind."""
        scores = self.bias
        start = 0
        for family, vocabulary in self.families.items():
            ids, values = vocabulary.vector(_count(family, words, self.language))
            rows = self.weights[ids + start].astype(np.float32)
            scores = scores + np.float32(FAMILIES[family]) * (values @ rows)
            start += len(vocabulary.places)
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
        return draw_lines(examples.matrix[rows], labels[rows], classes, weight[rows], dangerous[rows])

    whole = draw(np.ones_like(seen))
    model = WordingModel(language, examples.families, whole.weights.astype(np.float16), whole.bias)
    return model, draw(seen).scores(examples.matrix[~seen])


@dataclass(frozen=True, slots=True)
class _Examples:
    """What examples are made of: vocabularies, and a row for each example."""

    families: Mapping[str, Vocabulary]
    matrix: Any

    @classmethod
    def of(
        cls, language: str, asked: Sequence[Sequence[str]], answered: Sequence[Sequence[str]]
    ) -> "_Examples":
        from scipy import sparse  # noqa: PLC0415  only learning needs it, not a start with a stored index

        ethiopic = sum(script_of(word) == "Ethi" for words in asked for word in words)
        by_rarity = 2 * ethiopic < sum(map(len, asked))  # measured: syllables do better without
        families, parts = {}, []
        for family, weight in FAMILIES.items():
            counted = [_count(family, words, language) for words in asked]
            plain = family == LETTERS and not by_rarity
            vocabulary = Vocabulary.learn(counted, rarest=_RAREST, by_rarity=not plain)
            if vocabulary.places:
                families[family] = vocabulary
                counted += [_count(family, words, language) for words in answered]
                parts.append(weight * vocabulary.matrix(counted))
        return cls(families, sparse.hstack(parts, dtype=np.float32).tocsr())


def _count(family: str, words: Sequence[str], language: str) -> Mapping[str, float]:
    if family == KEYS:
        return key_pieces(words, language)
    if family == WORDS:
        return Counter((*words, *map(" ".join, pairwise(words))))
    ethiopic = [word for word in words if script_of(word) == "Ethi"]
    others = [word for word in words if script_of(word) != "Ethi"]
    return pieces(others, *_LETTERS) + pieces(ethiopic, *_SYLLABLES)
