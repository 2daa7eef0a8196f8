# SPDX-License-Identifier: EUPL-1.2
"""In which language and script a message is written.

The script decides first. Within a script, pieces of words vote (naive Bayes). Arabic and Tigrinya in
Latin letters are varieties of their own, and so are languages that the bot does not speak.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bot.answers.features import pieces
from bot.answers.normalise import script_of

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


@dataclass(frozen=True, slots=True)
class Variety:
    """A language in one script, for example Tigrinya in Latin letters."""

    language: str
    script: str


@dataclass(frozen=True, slots=True)
class _Ballot:
    """The votes of one script's languages side by side: a row for each piece, the last for unseen ones."""

    languages: tuple[str, ...]
    places: Mapping[str, int]
    votes: NDArray[np.float32]

    @classmethod
    def of(
        cls,
        varieties: Sequence[Variety],
        votes: Mapping[Variety, Mapping[str, float]],
        unseen: Mapping[Variety, float],
    ) -> "_Ballot":
        known = dict.fromkeys(piece for variety in varieties for piece in votes[variety])
        places = {piece: place for place, piece in enumerate(known)}
        table = np.tile(np.array([unseen[each] for each in varieties], np.float32), (len(places) + 1, 1))
        for column, variety in enumerate(varieties):
            for piece, vote in votes[variety].items():
                table[places[piece], column] = vote
        return cls(tuple(each.language for each in varieties), places, table)

    def count(self, heard: Mapping[str, int]) -> dict[str, float]:
        """Return the tempered sum of votes for each language."""
        last = len(self.places)
        rows = [self.places.get(piece, last) for piece in heard]
        totals = _TEMPER * (np.fromiter(heard.values(), np.float32, len(heard)) @ self.votes[rows])
        return dict(zip(self.languages, totals.tolist(), strict=True))


class Identifier:
    """Tells languages apart by pieces of words."""

    def __init__(self, votes: Mapping[Variety, Mapping[str, float]], unseen: Mapping[Variety, float]) -> None:
        self.votes = votes
        self.unseen = unseen
        scripts = {variety.script for variety in votes}
        self._ballots = {
            script: _Ballot.of([each for each in votes if each.script == script], votes, unseen)
            for script in scripts
        }

    @classmethod
    def learn(cls, texts: Iterable[tuple[str, Sequence[str]]]) -> "Identifier":
        """Learn from pairs of a language and the normalised words of a text in it."""
        said: dict[Variety, Counter[str]] = defaultdict(Counter)
        for language, words in texts:
            script = main_script(words)
            if script:
                said[Variety(language, script)].update(own_words(words, script))
        counts: dict[Variety, Counter[str]] = {}
        for variety, spoken in said.items():
            counts[variety] = Counter()
            for word, times in spoken.items():
                for piece, count in pieces([word], 1, _LONGEST).items():
                    counts[variety][piece] += count * times
        votes: dict[Variety, dict[str, float]] = {}
        unseen: dict[Variety, float] = {}
        for variety, seen in counts.items():
            total = math.log(sum(seen.values()) + _SMOOTHING * _UNSEEN_PIECES)
            votes[variety] = {piece: math.log(count + _SMOOTHING) - total for piece, count in seen.items()}
            unseen[variety] = math.log(_SMOOTHING) - total
        return cls(votes, unseen)

    def identify(self, words: Sequence[str], own: str | None = None) -> Identified:
        """Tell the language of normalised words; `own` is the language that the person chose."""
        script = main_script(words)
        ballot = self._ballots.get(script)
        if ballot is None:
            known = own is not None and script == ""
            return Identified(own if known and own else OTHER, 0.0, script, sure=False)
        letters = own_words(words, script)
        short = len(letters) < SHORT
        totals = ballot.count(pieces(letters, 1, _LONGEST))
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
    scripts = Counter(script for word in words if (script := script_of(word)) != "Zyyy")
    if not scripts:
        return "" if not any(any(c.isalpha() for c in word) for word in words) else "Zyyy"
    others = [(count, script) for script, count in scripts.items() if script != LATIN]
    if others and max(others)[0] * 3 >= sum(scripts.values()):
        return max(others)[1]
    return LATIN


def own_words(words: Sequence[str], script: str) -> list[str]:
    """Return the words in that script: loan words in another one say nothing about the language."""
    return [word for word in words if script_of(word) == script]
