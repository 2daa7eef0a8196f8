# SPDX-License-Identifier: EUPL-1.2
"""The well-known ways of finding text, given the same examples: each ranks entries for a question."""

import math
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from bot.answers.features import pieces
from bot.answers.normalise import normalise
from bot.answers.vectors import Vocabulary

Examples = Sequence[tuple[str, str]]
"""Pairs of a text and its entry."""


def best_first(scores: Mapping[str, float]) -> list[str]:
    return sorted(scores, key=lambda entry: -scores[entry])


class WordBm25:
    """BM25 on words; an entry scores as its best example does."""

    name = "BM25 on words"

    def __init__(self, examples: Examples) -> None:
        self.entries = [entry for _, entry in examples]
        documents = [Counter(normalise(text).split()) for text, _ in examples]
        mean = sum(each.total() for each in documents) / len(documents)
        self.postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, words in enumerate(documents):
            length = 0.25 + 0.75 * words.total() / mean
            for word, count in words.items():
                self.postings[word].append((number, count * 2.2 / (count + 1.2 * length)))
        self.rarity = {
            word: math.log(1 + (len(documents) - len(found) + 0.5) / (len(found) + 0.5))
            for word, found in self.postings.items()
        }

    def rank(self, text: str) -> list[str]:
        """Return the entries for a question, best first."""
        scores: dict[int, float] = defaultdict(float)
        for word in normalise(text).split():
            for number, weight in self.postings.get(word, ()):
                scores[number] += weight * self.rarity[word]
        entries: dict[str, float] = {}
        for number, score in scores.items():
            entry = self.entries[number]
            entries[entry] = max(entries.get(entry, 0.0), score)
        return best_first(entries)


class SqliteTrigram:
    """SQLite's full-text search with its trigram tokenizer, ranked by its own bm25."""

    name = "SQLite FTS5 trigram"

    def __init__(self, examples: Examples) -> None:
        self.database = sqlite3.connect(":memory:")
        self.database.execute(
            "CREATE VIRTUAL TABLE example USING fts5(text, entry UNINDEXED, tokenize='trigram')"
        )
        self.database.executemany(
            "INSERT INTO example VALUES (?, ?)", [(normalise(text), entry) for text, entry in examples]
        )

    def rank(self, text: str) -> list[str]:
        """Return the entries for a question, best first."""
        plain = normalise(text)
        trigrams = {plain[i : i + 3] for i in range(len(plain) - 2)}
        if not trigrams:
            return []
        query = " OR ".join(f'"{each}"' for each in sorted(trigrams))
        rows = self.database.execute(
            "SELECT entry FROM example WHERE example MATCH ? ORDER BY bm25(example) LIMIT 200", (query,)
        )
        return list(dict.fromkeys(entry for (entry,) in rows))


class TfIdfCosine:
    """Cosine of tf-idf vectors of pieces of words; an entry scores as its best example does."""

    name = "tf-idf cosine, characters"

    def __init__(self, examples: Examples) -> None:
        counted = [pieces(normalise(text).split(), 2, 5) for text, _ in examples]
        self.vocabulary = Vocabulary.learn(counted)
        self.matrix = self.vocabulary.matrix(counted).tocsc()
        self.names = sorted({entry for _, entry in examples})
        place = {entry: i for i, entry in enumerate(self.names)}
        self.entries = np.array([place[entry] for _, entry in examples])

    def rank(self, text: str) -> list[str]:
        """Return the entries for a question, best first."""
        ids, values = self.vocabulary.vector(pieces(normalise(text).split(), 2, 5))
        if not len(ids):
            return []
        likeness = self.matrix[:, ids] @ values
        best = np.zeros(len(self.names))
        np.maximum.at(best, self.entries, likeness)
        return [self.names[i] for i in np.argsort(-best)]
