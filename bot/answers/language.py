# SPDX-License-Identifier: EUPL-1.2
"""In which language and script a message is written.

The script decides first. Within a script, pieces of words vote (naive Bayes). Arabic and Tigrinya in
Latin letters are varieties of their own, and so are languages that the bot does not speak.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.answers.features import pieces
from bot.answers.normalise import script_of
from bot.answers.places import Places

SHORT = 3
"""Below this many words the person's own language is kept."""
OTHER = "other"
"""The language of a message in a language that the bot does not speak."""
LATIN = "Latn"
_SMOOTHING = 0.1
_LONGEST = 3
_UNSEEN_PIECES = 20_000
"""Pieces that a language may have beside those seen: fewer let languages with little text win by chance."""
_TEMPER = 0.35
"""Pieces of one word are no independent witnesses: their votes count for about a third."""
_SURE = 0.9
_REMEMBERED = 4096
_OWN_LANGUAGE = 2.0
"""How much more likely, as a logarithm, a person is to write in the own language than in another."""


@dataclass(frozen=True, slots=True)
class Identified:
    """A language with its probability. `language` is `other` for one that the bot does not speak.

    `sure` says whether the message is long and clear enough to offer a switch of language.
    `shares` gives the probability of each language of the bot.
    """

    language: str
    certainty: float
    script: str
    sure: bool
    shares: Mapping[str, float] = field(default_factory=dict)


class Ballot:
    """The votes of one script's languages side by side: a row for each piece, the last for unseen ones."""

    def __init__(self, languages: Sequence[str], places: Places, votes: NDArray[np.float32]) -> None:
        self.languages = tuple(languages)
        self.places = places
        self.votes = votes
        self._rows_of = lru_cache(maxsize=_REMEMBERED)(self._look_up)

    def __reduce__(self) -> tuple[Any, ...]:
        """Send what was learnt to another process, without what is remembered."""
        return Ballot, (self.languages, self.places, self.votes)

    @classmethod
    def learn(cls, said: Mapping[str, Mapping[str, int]]) -> "Ballot":
        """Learn from how often each word was said in each language."""
        counts: dict[str, Counter[str]] = {}
        for language, words in said.items():
            counts[language] = Counter()
            for word, times in words.items():
                for piece in pieces([word], 1, _LONGEST):
                    counts[language][piece] += times
        places, _ = Places.of(list({piece for counted in counts.values() for piece in counted}))
        table = np.zeros((len(places) + 1, len(counts)))
        for column, counted in enumerate(counts.values()):
            table[places.find_each(list(counted)), column] = list(counted.values())
        votes = np.log(table + _SMOOTHING) - np.log(table.sum(axis=0) + _SMOOTHING * _UNSEEN_PIECES)
        return cls(tuple(counts), places, votes.astype(np.float32))

    def count(self, words: Iterable[str]) -> dict[str, float]:
        """Return the tempered sum of votes for each language."""
        rows = [row for word in words for row in self._rows_of(word)]
        totals = _TEMPER * self.votes.take(rows, axis=0).sum(axis=0)
        return dict(zip(self.languages, totals.tolist(), strict=True))

    def _look_up(self, word: str) -> tuple[int, ...]:
        return tuple(self.places.find_each(pieces([word], 1, _LONGEST)))


class Identifier:
    """Tells languages apart by pieces of words. `ballots`: script to the votes of its languages."""

    def __init__(self, ballots: Mapping[str, Ballot]) -> None:
        self.ballots = ballots

    @classmethod
    def learn(cls, texts: Iterable[tuple[str, Sequence[str]]]) -> "Identifier":
        """Learn from pairs of a language and the normalised words of a text in it."""
        said: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
        for language, words in texts:
            script = main_script(words)
            if script:
                said[script][language].update(own_words(words, script))
        return cls({script: Ballot.learn(languages) for script, languages in said.items()})

    def identify(self, words: Sequence[str], own: str | None = None) -> Identified:
        """Tell the language of normalised words; `own` is the language that the person chose."""
        script = main_script(words)
        ballot = self.ballots.get(script)
        if ballot is None:
            known = own is not None and script == ""
            return Identified(own if known and own else OTHER, 0.0, script, sure=False)
        letters = own_words(words, script)
        short = len(letters) < SHORT
        totals = ballot.count(letters)
        if own in totals:
            totals[own] += _OWN_LANGUAGE
        best = max(totals.values())
        raw = {language: math.exp(total - best) for language, total in totals.items()}
        scale = sum(raw.values())
        shares = {language: share / scale for language, share in raw.items()}
        language = max(shares, key=lambda each: shares[each])
        if short and own in shares:
            language = own
        certainty = shares[language]
        spoken = language if not language.startswith(OTHER) else OTHER
        return Identified(spoken, certainty, script, not short and certainty >= _SURE, shares)


def main_script(words: Sequence[str]) -> str:
    """Return the script of a text: another than Latin when a third of the words is in it."""
    scripts = Counter(map(script_of, words))
    del scripts["Zyyy"]
    if not scripts:
        return "" if not any(any(c.isalpha() for c in word) for word in words) else "Zyyy"
    others = [(count, script) for script, count in scripts.items() if script != LATIN]
    if others and max(others)[0] * 3 >= sum(scripts.values()):
        return max(others)[1]
    return LATIN


def own_words(words: Sequence[str], script: str) -> list[str]:
    """Return the words in that script: loan words in another one say nothing about the language."""
    return [word for word in words if script_of(word) == script]
