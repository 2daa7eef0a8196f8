# SPDX-License-Identifier: EUPL-1.2
"""Checks for content editors: do the examples really differ, and does every word list earn its place."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.answers.concepts import ConceptFinder
from bot.answers.examples import examples_of
from bot.answers.features import pieces
from bot.answers.lexicon import Lexicon
from bot.answers.normalise import normalise
from bot.domain.entry import Knowledge

Floats = NDArray[np.float32]
NEAR_COPY = 0.85
"""Two examples that share more than this of their three-letter pieces are one and the same example."""
LEAST_VARIETY = 0.5
"""Examples of an entry must differ from their nearest neighbour by this much, on average."""
_FEWEST = 5
"""Below this number of examples an average says nothing."""


def likeness(examples: Sequence[str]) -> Floats:
    """Return how alike each pair of texts is, from 0 to 1: the share of three-letter pieces in common."""
    from scipy import sparse  # noqa: PLC0415  only checks need it, not a running bot

    made = [sorted(set(pieces(normalise(example).split(), 3, 3))) for example in examples]
    places: dict[str, int] = {}
    columns = [places.setdefault(piece, len(places)) for each in made for piece in each]
    sizes = np.array([len(each) for each in made], np.float32)
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    has = sparse.csr_matrix(
        (np.ones(len(columns), np.float32), columns, starts), shape=(len(made), max(len(places), 1))
    )
    totals = sizes[:, None] + sizes[None, :]
    common = 2 * np.asarray((has @ has.T).todense(), np.float32)
    return np.asarray(np.divide(common, totals, out=np.ones_like(totals), where=totals > 0), np.float32)


def variety(alike: Floats) -> float:
    """Return how much examples differ: the mean distance to the nearest other one, from 0 to 1."""
    if len(alike) < 2:
        return 1.0
    others = alike - np.eye(len(alike), dtype=np.float32) * 2
    return float(1 - others.max(axis=1).mean())


def near_copies(knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    """Find examples that say the same in the same words, and lists that vary too little.

    Yields the file and what is wrong with it.
    """
    for entry in (*knowledge.entries.values(), *knowledge.elsewhere.values()):
        for language, translation in entry.translations.items():
            where = f"{entry.id}/{language}.md"
            examples = translation.questions
            alike = likeness(examples)
            for first, second in np.argwhere(np.triu(alike, 1) > NEAR_COPY):
                yield where, f"two examples are nearly the same: {examples[first]!r} and {examples[second]!r}"
            if len(examples) >= _FEWEST and (found := variety(alike)) < LEAST_VARIETY:
                yield where, f"the examples differ by {found:.0%} on average, {LEAST_VARIETY:.0%} is needed"


def examine_lexicon(lexicon: Lexicon, knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    """Find forms that stand in two concepts of a language, and concepts that no example has.

    Yields the file and what is wrong with it.
    """
    for language, concepts in lexicon.concepts.items():
        owners: dict[str, set[str]] = defaultdict(set)
        for concept, forms in concepts.items():
            for form in forms:
                owners[normalise(form)].add(concept)
        for form, found in sorted(owners.items()):
            if len(found) > 1:
                yield f"{language}/concepts.toml", f"{form!r} stands in {', '.join(sorted(found))}"
    finder = ConceptFinder(lexicon.concepts)
    seen: set[str] = set()
    for example in examples_of(knowledge, lexicon):
        seen.update(finder.find(normalise(example.text).split()))
    known = {concept for concepts in lexicon.concepts.values() for concept in concepts}
    for concept in sorted(known - seen):
        yield "concepts.toml", f"{concept} is dead: no example of any language has one of its forms"
