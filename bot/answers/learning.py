# SPDX-License-Identifier: EUPL-1.2
"""Learning everything that the engine knows from the examples and the word lists."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.answers.calibration import Logistic
from bot.answers.certainty import (
    Layout,
    Read,
    learn_certainty_by_language,
    learn_danger,
    learn_entry_certainty,
)
from bot.answers.concepts import ConceptFinder
from bot.answers.examples import Example, Label, examples_of, sentences_of
from bot.answers.keys import KEYS
from bot.answers.language import OTHER, Identifier
from bot.answers.lexicon import Lexicon
from bot.answers.margins import AWAY
from bot.answers.meaning import MeaningModel, learn_meaning
from bot.answers.normalise import normalise
from bot.answers.pairs import PairsModel, learn_pairs
from bot.answers.wording import Said, WordingModel, learn_wording
from bot.domain.entry import Knowledge

_HIDDEN = 1 / 3
"""This share of the examples is hidden from a second set of models, whose mistakes teach how sure to be."""
_SEED = 7
_MANY = 5000
"""From so many examples on it pays to start other processes."""
_ENOUGH_TEXT = 300
"""A language with fewer examples than this is also recognised by the forms of its concepts."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """Everything that was learnt.

    `certainty`, by language, and `certainty_by_meaning` judge the best entry, the second for a language
    that has no examples of its own. `talk` maps what people write word for word to a class of small talk.
    `titles`: language to entry to title.
    """

    labels: tuple[Label, ...]
    wording: Mapping[str, WordingModel]
    pairs: PairsModel
    meaning: MeaningModel
    identifier: Identifier
    certainty: Mapping[str, Logistic]
    certainty_by_meaning: Logistic
    danger: Logistic
    concepts: Mapping[str, Mapping[str, Sequence[str]]]
    talk: Mapping[str, str]
    titles: Mapping[str, Mapping[str, str]]


def learn(knowledge: Knowledge, lexicon: Lexicon) -> Learnt:
    """Learn. Takes some seconds and changes nothing outside."""
    examples = examples_of(knowledge, lexicon)
    labels = tuple(sorted({example.label for example in examples}))
    layout = Layout.of(labels)
    place = {label: i for i, label in enumerate(labels)}
    numbers = np.array([place[example.label] for example in examples], np.int64)
    languages = np.array([example.language for example in examples])
    words = [tuple(normalise(example.text).split()) for example in examples]
    finder = ConceptFinder(lexicon.concepts)
    found = [
        finder.find(each, [example.language] if example.language in KEYS else [])
        for each, example in zip(words, examples, strict=True)
    ]
    hidden = np.random.default_rng(_SEED).random(len(examples)) < _HIDDEN
    lengths = np.array([len(each) for each in words], np.float32)
    dangerous = np.isin(numbers, layout.danger)
    spoken = {language: languages == language for language in sorted(set(languages.tolist()))}
    answers = sentences_of(knowledge)

    def asked(rows: NDArray[np.intp]) -> Said:
        return Said([words[row] for row in rows], numbers[rows], dangerous[rows])

    def answered(language: str) -> Said:
        said = [each for each in answers if each.language == language]
        return Said(
            [normalise(each.text).split() for each in said],
            np.array([place[each.label] for each in said], np.int64),
            np.zeros(len(said), bool),
        )

    longest_first = sorted(spoken, key=lambda language: -int(spoken[language].sum()))
    (pairs, paired), *each_wording, (meaning, meant), identifier = _side_by_side(
        len(examples),
        partial(learn_pairs, found, numbers, dangerous, len(labels), hidden),
        *(
            partial(
                learn_wording,
                language, asked(np.flatnonzero(spoken[language])), answered(language), len(labels),
                hidden[spoken[language]],
            )
            for language in longest_first
        ),
        partial(learn_meaning, found, numbers, len(labels), hidden),
        partial(Identifier.learn, _texts(examples, words, lexicon)),
    )  # fmt: skip
    by_meaning = Read(np.full_like(paired, AWAY), paired, meant, lengths[hidden])
    unseen = Read(by_meaning.wording.copy(), paired, meant, lengths[hidden])
    wording: dict[str, WordingModel] = {}
    for language, (model, scores) in zip(longest_first, each_wording, strict=True):
        wording[language] = model
        unseen.wording[spoken[language][hidden]] = scores
    return Learnt(
        labels=labels,
        wording=wording,
        pairs=pairs,
        meaning=meaning,
        identifier=identifier,
        certainty=learn_certainty_by_language(
            layout, numbers[hidden], {language: rows[hidden] for language, rows in spoken.items()}, unseen
        ),
        certainty_by_meaning=learn_entry_certainty(layout, numbers[hidden], by_meaning),
        danger=learn_danger(layout, numbers[hidden], unseen),
        concepts=lexicon.concepts,
        talk=_talk(lexicon),
        titles=_titles(knowledge),
    )


def _side_by_side(examples: int, *tasks: Callable[[], Any]) -> list[Any]:
    """Do the tasks, when there is much to learn in as many processes as there are cores.

    The longest should come first: else the last process would still be at it when the others are done.
    """
    if examples < _MANY:
        return [task() for task in tasks]
    from joblib import Parallel, cpu_count, delayed  # noqa: PLC0415  only learning needs it
    from joblib.externals.loky import get_reusable_executor  # noqa: PLC0415

    try:
        return list(Parallel(n_jobs=min(cpu_count(), len(tasks)), batch_size=1)(map(delayed(_do), tasks)))
    finally:
        get_reusable_executor().shutdown()  # else they would keep their memory for some minutes


def _do(task: Callable[[], Any]) -> Any:
    return task()


def _texts(
    examples: Sequence[Example], words: Sequence[Sequence[str]], lexicon: Lexicon
) -> list[tuple[str, Sequence[str]]]:
    texts = [(example.language, each) for example, each in zip(examples, words, strict=True)]
    spoken = Counter(example.language for example in examples)
    for language, concepts in lexicon.concepts.items():
        if spoken[language] < _ENOUGH_TEXT:
            texts += [(language, normalise(form).split()) for forms in concepts.values() for form in forms]
    for language, sentences in lexicon.other_languages.items():
        texts += [(f"{OTHER}-{language}", normalise(sentence).split()) for sentence in sentences]
    return texts


def _talk(lexicon: Lexicon) -> dict[str, str]:
    return {
        form: name
        for classes in lexicon.small_talk.values()
        for name, forms in classes.items()
        for text in forms
        if (form := normalise(text))
    }


def _titles(knowledge: Knowledge) -> dict[str, dict[str, str]]:
    titles: dict[str, dict[str, str]] = {}
    for entry in knowledge.entries.values():
        for language, translation in entry.translations.items():
            titles.setdefault(language, {})[entry.id] = translation.title
    return titles
