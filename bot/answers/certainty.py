# SPDX-License-Identifier: EUPL-1.2
"""How sure the engine may be, learnt from what the models say about examples they have not seen.

Each example hidden on its own is a question that has an answer; each example whose whole label is hidden,
each neighbouring topic, small talk and unrelated sentence is a question that has none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bot.answers.calibration import Logistic
from bot.answers.examples import Label, Target
from bot.answers.margins import AWAY

Floats = NDArray[np.float32]
Signals = NDArray[np.float64]
PAIRS_WEIGHT = 0.4
MEANING_WEIGHT = 0.05
"""Weights of the concepts beside the wording: together, and alone (logarithm of their probability)."""
_LEAST_MEANING = 1e-5
"""Below this the concepts say no more than 'certainly not'."""
NOWHERE = -3.0
"""A score below that of any label."""
DANGER_SHARE = 0.05
"""The share of messages that tell of danger, for the threshold: in truth they are rarer, and weigh more."""
ENOUGH = 1000
"""So many unseen messages of one language teach how sure to be in it; with fewer, all languages teach it."""
_UNKNOWN_TOPICS = 0.3
"""Weight of the examples whose label is hidden: unknown topics are rarer than known ones."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the labels of each kind stand among the scores.

    `danger_entry` gives for each danger label the place of its entry among `entries`.
    """

    labels: tuple[Label, ...]
    entries: NDArray[np.intp]
    danger: NDArray[np.intp]
    danger_entry: NDArray[np.intp]
    elsewhere: NDArray[np.intp]
    talk: NDArray[np.intp]
    others: NDArray[np.intp]
    calm: NDArray[np.intp]

    @classmethod
    def of(cls, labels: Sequence[Label]) -> "Layout":
        """Arrange labels."""

        def places(*targets: Target) -> NDArray[np.intp]:
            return np.array([i for i, label in enumerate(labels) if label.target in targets], np.intp)

        entries, danger = places(Target.ENTRY), places(Target.DANGER)
        among = {labels[place].name: i for i, place in enumerate(entries)}
        return cls(
            tuple(labels),
            entries,
            danger,
            np.array([among[labels[place].name] for place in danger], np.intp),
            places(Target.ELSEWHERE),
            places(Target.TALK),
            places(Target.ELSEWHERE, Target.TALK, Target.NOTHING),
            places(Target.ENTRY, Target.ELSEWHERE, Target.TALK, Target.NOTHING),
        )

    def entry_scores(self, scores: Floats) -> Floats:
        """Return the scores of the entries."""
        return np.asarray(scores[:, self.entries], np.float32)

    def endangered_scores(self, scores: Floats) -> Floats:
        """Return the scores of the entries, where an emergency counts for its entry, too."""
        found = self.entry_scores(scores)
        for place, entry in zip(self.danger, self.danger_entry, strict=True):
            found[:, entry] = np.maximum(found[:, entry], scores[:, place])
        return found

    def best(self, scores: Floats, places: NDArray[np.intp]) -> Floats:
        """Return the best score among `places` for each message, a low one where there are none."""
        return scores[:, places].max(axis=1) if len(places) else np.full(len(scores), NOWHERE, np.float32)


@dataclass(frozen=True)
class Read:
    """What the models say about messages, a row each, and how many words each message has.

    `wording` and `pairs` hold scores of about -1 to 1 for each label, and in the last column for danger of
    any kind; `meaning` holds probabilities.
    """

    wording: Floats
    pairs: Floats
    meaning: Floats
    lengths: Floats

    @cached_property
    def scores(self) -> Floats:
        """What they say together about each label."""
        lines = self.wording[:, :-1] + PAIRS_WEIGHT * self.pairs[:, :-1]
        return np.asarray(lines + MEANING_WEIGHT * self.meant, np.float32)

    @cached_property
    def meant(self) -> Floats:
        """What the concepts say, as the logarithm of a probability."""
        return np.asarray(np.log(np.maximum(self.meaning, _LEAST_MEANING)), np.float32)

    def only(self, rows: NDArray[np.bool_]) -> "Read":
        """Return what they say about some of the messages."""
        return Read(self.wording[rows], self.pairs[rows], self.meaning[rows], self.lengths[rows])

    def without(self, labels: NDArray[np.int64]) -> "Read":
        """Return what would be said if the label of each message were not known.

        The other labels' scores are taken to stay: they hardly move when it is really left out.
        """
        rows = np.arange(len(labels))
        wording, pairs, meaning = self.wording.copy(), self.pairs.copy(), self.meaning.copy()
        wording[rows, labels] = pairs[rows, labels] = AWAY
        meaning[rows, labels] = 0.0
        meaning /= np.maximum(meaning.sum(axis=1, keepdims=True), np.finfo(np.float32).tiny)
        return Read(wording, pairs, meaning, self.lengths)


def entry_signals(read: Read, layout: Layout) -> Signals:
    """Return what the certainty of the best entry is judged by.

    Its score, its lead over the second, the best rival that is no entry, its lead over that, its score by
    wording alone, whether the concepts agree, and the length of the message.
    """
    scores = layout.entry_scores(read.scores)
    rows = np.arange(len(scores))
    best = scores.argmax(axis=1)
    first = scores[rows, best]
    rest = scores.copy()
    rest[rows, best] = NOWHERE
    second = rest.max(axis=1)
    rival = layout.best(read.scores, layout.others)
    by_wording = layout.entry_scores(read.wording)[rows, best]
    meaning = layout.entry_scores(read.meaning)
    agree = (meaning.argmax(axis=1) == best).astype(np.float32)
    return np.stack(
        [first, first - second, rival, first - rival, by_wording, agree, np.log1p(read.lengths)], axis=1
    ).astype(np.float64)


def danger_signals(read: Read, layout: Layout) -> Signals:
    """Return what danger is judged by.

    How it sounds, what it means, how strong the likeliest danger is and its lead over all that is calm, and
    the length: a short cry and a long story are to be heard with different ears.
    """
    scores = read.scores
    likeliest = layout.best(scores, layout.danger)
    lead = likeliest - layout.best(scores, layout.calm)
    return np.stack(
        [read.wording[:, -1], read.pairs[:, -1], likeliest, lead, np.log1p(read.lengths)], axis=1
    ).astype(np.float64)


def learn_danger(layout: Layout, numbers: NDArray[np.int64], unseen: Read) -> Logistic:
    """Learn how likely a message tells of danger, from messages that the models have not seen.

    However many examples of danger there are, they weigh `DANGER_SHARE` of all: who writes more of them must
    not make the bot more easily alarmed.
    """
    dangerous = np.isin(numbers, layout.danger)
    each = DANGER_SHARE / max(dangerous.sum(), 1), (1 - DANGER_SHARE) / max((~dangerous).sum(), 1)
    return Logistic.learn(
        danger_signals(unseen, layout), dangerous, len(numbers) * np.where(dangerous, *each)
    )


def learn_entry_certainty(layout: Layout, numbers: NDArray[np.int64], unseen: Read) -> Logistic:
    """Learn how likely the best entry is the right one, from messages that the models have not seen."""
    right_entry = np.full(len(layout.labels), -1, np.int64)
    right_entry[layout.entries] = np.arange(len(layout.entries))
    right_entry[layout.danger] = layout.danger_entry
    best = layout.entry_scores(unseen.scores).argmax(axis=1)
    unknown = np.isin(numbers, layout.entries)
    signals = np.vstack(
        [entry_signals(unseen, layout), entry_signals(unseen.without(numbers), layout)[unknown]]
    )
    right = np.concatenate([best == right_entry[numbers], np.zeros(int(unknown.sum()), bool)])
    weight = np.concatenate([np.ones(len(numbers)), np.full(int(unknown.sum()), _UNKNOWN_TOPICS)])
    return Logistic.learn(signals, right, weight)


def learn_certainty_by_language(
    layout: Layout, numbers: NDArray[np.int64], spoken: Mapping[str, NDArray[np.bool_]], unseen: Read
) -> dict[str, Logistic]:
    """Learn it for each language of `spoken` (its messages among the unseen ones).

    The same score is worth more in a language whose words say more.
    """
    together = learn_entry_certainty(layout, numbers, unseen)
    return {
        language: learn_entry_certainty(layout, numbers[rows], unseen.only(rows))
        if rows.sum() >= ENOUGH
        else together
        for language, rows in spoken.items()
    }
