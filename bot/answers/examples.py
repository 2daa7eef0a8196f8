# SPDX-License-Identifier: EUPL-1.2
"""What the engine learns from: example messages, each with what it asks for."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.answers.lexicon import Lexicon
from bot.domain.entry import Entry, EntryKind, Knowledge


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
