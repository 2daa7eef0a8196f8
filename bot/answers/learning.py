# SPDX-License-Identifier: EUPL-1.2
"""Learning everything that the engine knows from the examples and the word lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.answers.calibration import Logistic
from bot.answers.certainty import Layout, Read, learn_danger_certainty, learn_entry_certainty
from bot.answers.concepts import ConceptFinder
from bot.answers.examples import Example, Label, examples_of
from bot.answers.keys import KEYS
from bot.answers.language import OTHER, Identifier
from bot.answers.lexicon import Lexicon
from bot.answers.meaning import MeaningModel, learn_meaning
from bot.answers.normalise import normalise
from bot.answers.wording import WordingModel, learn_wording
from bot.domain.entry import Knowledge

_ENOUGH_TEXT = 300
"""A language with fewer examples than this is also recognised by the forms of its concepts."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """Everything that was learnt.

    `certainty` and `certainty_by_meaning` judge the best entry, the second for a language that has no
    examples of its own. `talk` maps what people write word for word to a class of small talk.
    `titles`: language to entry to title.
    """

    labels: tuple[Label, ...]
    wording: Mapping[str, WordingModel]
    meaning: MeaningModel
    identifier: Identifier
    certainty: Logistic
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
    meaning = learn_meaning(found, numbers, len(labels))
    lengths = np.array([len(each) for each in words], np.float32)
    hidden = Read(np.zeros_like(meaning.hidden), meaning.hidden, lengths)
    label_hidden = Read(np.zeros_like(meaning.hidden), meaning.label_hidden, lengths)
    by_meaning = learn_entry_certainty(layout, numbers, hidden, label_hidden)
    wording: dict[str, WordingModel] = {}
    for language in sorted(set(languages.tolist())):
        rows = np.flatnonzero(languages == language)
        learnt = learn_wording(language, [words[row] for row in rows], numbers[rows], len(labels))
        wording[language] = learnt.model
        hidden.wording[rows] = learnt.hidden
        label_hidden.wording[rows] = learnt.label_hidden
    return Learnt(
        labels=labels,
        wording=wording,
        meaning=meaning.model,
        identifier=Identifier.learn(_texts(examples, words, lexicon)),
        certainty=learn_entry_certainty(layout, numbers, hidden, label_hidden),
        certainty_by_meaning=by_meaning,
        danger=learn_danger_certainty(layout, numbers, hidden),
        concepts=lexicon.concepts,
        talk=_talk(lexicon),
        titles=_titles(knowledge),
    )


def _texts(
    examples: Sequence[Example], words: Sequence[Sequence[str]], lexicon: Lexicon
) -> list[tuple[str, Sequence[str]]]:
    texts = [(example.language, each) for example, each in zip(examples, words, strict=True)]
    for language, concepts in lexicon.concepts.items():
        if sum(each == language for each, _ in texts) < _ENOUGH_TEXT:
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
