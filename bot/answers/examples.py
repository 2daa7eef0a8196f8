# SPDX-License-Identifier: EUPL-1.2
"""What the engine learns from: example messages, each with what it asks for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.answers.lexicon import Lexicon
from bot.domain.entry import Entry, EntryKind, Knowledge

_PLACEHOLDER = re.compile(r"\{[^}]*\}")
_SENTENCE_END = re.compile(r"(?<=[.!?።؟])\s+|\n+")
_FEWEST_WORDS = 3


class Target(StrEnum):
    """What kind of thing a message asks for."""

    ENTRY = "entry"
    DANGER = "danger"
    ELSEWHERE = "elsewhere"
    TALK = "talk"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, order=True)
class Label:
    """What a message asks for: an entry, help in danger, a neighbouring topic, small talk, or nothing."""

    target: Target
    name: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """A message with its label and the language of the list in which it stands."""

    text: str
    label: Label
    language: str


def examples_of(knowledge: Knowledge, lexicon: Lexicon) -> list[Example]:
    """Collect all examples, the same text in a language only once for each label."""
    return list(dict.fromkeys(_all(knowledge, lexicon)))


def sentences_of(knowledge: Knowledge) -> list[Example]:
    """Collect the sentences of the answers, each as a weak example of what its answer is about."""
    return [
        Example(sentence, Label(target, entry.id), language)
        for target, entries in ((Target.ENTRY, knowledge.entries), (Target.ELSEWHERE, knowledge.elsewhere))
        for entry in entries.values()
        for language, translation in entry.translations.items()
        for sentence in _SENTENCE_END.split(_PLACEHOLDER.sub(" ", translation.text))
        if len(sentence.split()) >= _FEWEST_WORDS
    ]


def _all(knowledge: Knowledge, lexicon: Lexicon) -> Iterator[Example]:
    for target, entries in ((Target.ENTRY, knowledge.entries), (Target.ELSEWHERE, knowledge.elsewhere)):
        for entry in entries.values():
            yield from _of_entry(entry, target)
    for language, classes in lexicon.small_talk.items():
        for name, forms in classes.items():
            yield from (Example(text, Label(Target.TALK, name), language) for text in forms)
    for language, sentences in lexicon.out_of_scope.items():
        yield from (Example(text, Label(Target.NOTHING), language) for text in sentences)


def _of_entry(entry: Entry, target: Target) -> Iterator[Example]:
    for language, translation in entry.translations.items():
        title = (translation.title,) if translation.title else ()
        for text in (*translation.questions, *title):
            yield Example(text, Label(target, entry.id), language)
        if entry.kind is EntryKind.EMERGENCY:
            for text in translation.danger:
                yield Example(text, Label(Target.DANGER, entry.id), language)
