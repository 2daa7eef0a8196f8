# SPDX-License-Identifier: EUPL-1.2
"""The model of one language: which pieces of words point to which label."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.answers.features import key_pieces, pieces
from bot.answers.margins import draw_lines
from bot.answers.normalise import script_of
from bot.answers.rounded import Rounded
from bot.answers.vectors import Vocabulary, weigh

Floats = NDArray[np.float32]
LETTERS, WORDS, KEYS = "letters", "words", "keys"
FAMILIES = {LETTERS: 1.0, WORDS: 0.5, KEYS: 0.7}
"""The kinds of features, each with its weight: pieces of words, words alone and in twos, sound keys."""
ANSWERS_WEIGHT = 0.2
"""Weight of a sentence of the answers as an example of what they are about: people ask in other words."""
_LETTERS = (3, 4)
_SYLLABLES = (1, 3)
"""Lengths of the pieces; in Ge'ez script a letter is a syllable."""
_REMEMBERED = 4096
_SHORTEST = 1e-9
_RAREST = 2
"""A piece that stands in one example only says nothing about another one."""


class WordingModel:
    """What a text is made of to scores for the labels: about 1 for the right one, -1 for others.

    `families` are the vocabularies of the kinds of features (letters, words, sound keys), whose rows
    follow each other in `weights`. The last column tells danger of any kind from all that is calm.
    The pieces of a word are remembered for some thousands of words.
    """

    def __init__(
        self, language: str, families: Mapping[str, Vocabulary], weights: Rounded, bias: Floats
    ) -> None:
        self.language = language
        self.families = families
        self.weights = weights
        self.bias = bias
        sizes = [len(vocabulary) for vocabulary in families.values()]
        self._starts = dict(zip(families, accumulate(sizes, initial=0), strict=False))
        self._kinds = np.repeat(np.arange(len(sizes), dtype=np.int8), sizes)
        self._rarity = np.concatenate([vocabulary.weights for vocabulary in families.values()])
        self._shares = np.array([FAMILIES[family] for family in families], np.float32)
        self._places_of = lru_cache(maxsize=_REMEMBERED)(self._look_up)

    def __reduce__(self) -> tuple[Any, ...]:
        """Send what was learnt to another process, without what is remembered."""
        return WordingModel, (self.language, self.families, self.weights, self.bias)

    def read(self, words: Sequence[str]) -> Floats:
        """Score normalised words: for each label, and at the end for danger of any kind."""
        places = [place for word in words for place in self._places_of(word)]
        if WORDS in self.families:
            places += self._find(WORDS, _word_features(words))
        ids, values = weigh(places, self._rarity)
        kinds = self._kinds[ids]
        lengths = np.sqrt(np.bincount(kinds, values * values, len(self._shares)))
        shares = self._shares / np.maximum(lengths, _SHORTEST)
        return self.bias + self.weights.sum(ids, values * shares.astype(np.float32)[kinds])

    def _look_up(self, word: str) -> tuple[int, ...]:
        places: list[int] = []
        for family in self.families:
            if family != WORDS:
                places += self._find(family, _of_word(family, word, self.language))
        return tuple(places)

    def _find(self, family: str, features: Sequence[str]) -> list[int]:
        start = self._starts[family]
        return [start + place for place in self.families[family].find(features)]


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

    Also returns the scores of the `hidden` examples by a model that has not seen them.
    """
    examples = _Examples.of(language, asked.texts, answered.texts)
    weight = np.ones(examples.matrix.shape[0], np.float32)
    weight[len(hidden) :] = ANSWERS_WEIGHT
    labels = np.concatenate([asked.labels, answered.labels])
    dangerous = np.concatenate([asked.dangerous, answered.dangerous])
    seen = ~np.append(hidden, np.zeros(len(answered.labels), bool))

    part = draw_lines(examples.matrix[seen], labels[seen], classes, weight[seen], dangerous[seen])
    whole = draw_lines(examples.matrix, labels, classes, weight, dangerous, start=part)
    model = WordingModel(language, examples.families, Rounded.of(whole.weights), whole.bias)
    return model, part.scores(examples.matrix[~seen])


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
            of_word = cache(partial(_of_word, family, language=language))
            features = [_features(family, words, of_word) for words in asked]
            plain = family == LETTERS and not by_rarity
            vocabulary = Vocabulary.learn(features, rarest=_RAREST, by_rarity=not plain)
            if len(vocabulary):
                families[family] = vocabulary
                features += [_features(family, words, of_word) for words in answered]
                parts.append(weight * vocabulary.matrix(features))
        return cls(families, sparse.hstack(parts, dtype=np.float32).tocsr())


def _features(family: str, words: Sequence[str], of_word: Callable[[str], list[str]]) -> list[str]:
    if family == WORDS:
        return _word_features(words)
    return [feature for word in words for feature in of_word(word)]


def _word_features(words: Sequence[str]) -> list[str]:
    """Return the words alone and in twos."""
    return [*words, *map(" ".join, pairwise(words))]


def _of_word(family: str, word: str, language: str) -> list[str]:
    """Return the pieces of one word, or of its sound key."""
    if family == KEYS:
        return key_pieces(word, language)
    return pieces([word], *(_SYLLABLES if script_of(word) == "Ethi" else _LETTERS))
