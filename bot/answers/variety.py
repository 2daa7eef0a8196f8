# SPDX-License-Identifier: EUPL-1.2
"""Checks for content editors: do the examples really differ, and does every word list earn its place."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from bot.answers.concepts import ConceptFinder
from bot.answers.examples import examples_of
from bot.answers.features import pieces
from bot.answers.lexicon import Lexicon
from bot.answers.normalise import normalise
from bot.domain.entry import Knowledge

NEAR_COPY = 0.85
"""Two examples that share more than this of their three-letter pieces are one and the same example."""
LEAST_VARIETY = 0.5
"""Examples of an entry must differ from their nearest neighbour by this much, on average."""
_FEWEST = 5
"""Below this number of examples an average says nothing."""


def likeness(first: str, second: str) -> float:
    """Return how alike two texts are, from 0 to 1: the share of three-letter pieces they have in common."""
    return _shared(_pieces(first), _pieces(second))


def variety(examples: Sequence[str]) -> float:
    """Return how much examples differ: the mean distance to the nearest other one, from 0 to 1."""
    if len(examples) < 2:
        return 1.0
    made = [_pieces(example) for example in examples]
    nearest = (
        max(_shared(one, other) for j, other in enumerate(made) if j != i) for i, one in enumerate(made)
    )
    return 1 - sum(nearest) / len(examples)


def near_copies(knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    """Find examples that say the same in the same words, and lists that vary too little.

    Yields the file and what is wrong with it.
    """
    for entry in (*knowledge.entries.values(), *knowledge.elsewhere.values()):
        for language, translation in entry.translations.items():
            where = f"{entry.id}/{language}.md"
            examples = translation.questions
            for first, second in _copies(examples):
                yield where, f"two examples are nearly the same: {first!r} and {second!r}"
            if len(examples) >= _FEWEST and (found := variety(examples)) < LEAST_VARIETY:
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


def _copies(examples: Sequence[str]) -> Iterator[tuple[str, str]]:
    made = [_pieces(example) for example in examples]
    for i, first in enumerate(examples):
        for j in range(i + 1, len(examples)):
            if _shared(made[i], made[j]) > NEAR_COPY:
                yield first, examples[j]


def _pieces(text: str) -> frozenset[str]:
    return frozenset(pieces(normalise(text).split(), 3, 3))


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    total = len(one) + len(other)
    return 2 * len(one & other) / total if total else 1.0
