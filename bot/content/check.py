# SPDX-License-Identifier: EUPL-1.2
"""What can be wrong with content, found before a resident sees it."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from html import unescape

from bot.content.render import PLACEHOLDER, placeholders, render
from bot.domain.entry import BASE_LANGUAGE, Certainty, Entry, EntryKind, Knowledge, Translation
from bot.i18n import Texts, plain

LONGEST_TEXT = 900
"""Characters of an answer as it is read."""
LONGEST_TITLE = 60
"""Characters of a title: it is the text of a button too."""
FEWEST_QUESTIONS = 25
OLDEST_SOURCE_DAYS = 365

_DIRECTION_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c]")
_BARE_FIGURE = re.compile(r"€\s*\d|\d+(?:[.,]\d+)?\s*(?:%|procent|euro|weken|percent|weeks)")
_BARE_PHONE = re.compile(r"\b0\d{2,3}[- ]\d{4,7}\b")
_TAG = re.compile(r"<[^>]+>")


class Level(StrEnum):
    """How bad it is."""

    ERROR = "error"
    """Wrong: it must be mended before the content is used."""
    WARNING = "warning"
    """Something that an editor should look at."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that is wrong, where, and how to mend it."""

    level: Level
    where: str
    message: str


def check(knowledge: Knowledge, texts_for: Callable[[str], Texts], today: date) -> list[Finding]:
    """Look through everything and return what is wrong, the worst first.

    `texts_for` gives the texts of a language, for the languages that must be there.
    """
    checker = _Checker(knowledge, texts_for, today)
    return sorted(set(checker.findings()))


class _Checker:
    def __init__(self, knowledge: Knowledge, texts_for: Callable[[str], Texts], today: date) -> None:
        self._knowledge = knowledge
        self._texts_for = texts_for
        self._languages = texts_for(BASE_LANGUAGE).languages.codes
        self._today = today

    def findings(self) -> Iterator[Finding]:
        for entry in (*self._knowledge.entries.values(), *self._knowledge.elsewhere.values()):
            yield from self._entry(entry)
        yield from self._same_question_twice()
        yield from self._figures()
        yield from self._contacts()

    def _entry(self, entry: Entry) -> Iterator[Finding]:
        where = f"{entry.id}/entry.toml"
        for related in entry.related:
            if related not in self._knowledge.entries:
                yield Finding(Level.ERROR, where, f"related: there is no entry {related!r}")
        for contact in entry.contacts:
            if contact not in self._knowledge.contacts:
                yield Finding(Level.ERROR, where, f"contacts: {contact!r} is not in contacts.toml")
        if self._knowledge.topics and entry.topic not in self._knowledge.topics:
            yield Finding(Level.ERROR, where, f"topic: {entry.topic!r} is not in topics.toml")
        if not entry.sources and entry.kind is not EntryKind.ELSEWHERE:
            yield Finding(Level.ERROR, where, "no source: say where the answer comes from, in [[sources]]")
        for source in entry.sources:
            if (self._today - source.checked_on).days > OLDEST_SOURCE_DAYS:
                yield Finding(
                    Level.WARNING, where, f"source {source.title!r} was last compared on {source.checked_on}"
                )
        for language in self._languages:
            yield from self._translation(entry, language)

    def _translation(self, entry: Entry, language: str) -> Iterator[Finding]:
        where = f"{entry.id}/{language}.md"
        translation = entry.translations.get(language)
        if translation is None or not translation.text or not translation.title:
            level = Level.ERROR if language == BASE_LANGUAGE else Level.WARNING
            yield Finding(level, where, "no title or no text" if translation else "this language is missing")
            return
        if entry.is_outdated(language):
            yield Finding(
                Level.WARNING,
                where,
                f"translates revision {translation.revision}, the Dutch text is at {entry.revision}",
            )
        if translation.revision > entry.revision:
            yield Finding(Level.ERROR, where, "translates a revision that the Dutch text does not have yet")
        if len(translation.title) > LONGEST_TITLE:
            yield Finding(
                Level.ERROR, where, f"the title has {len(translation.title)} characters, {LONGEST_TITLE} fit"
            )
        yield from self._marks(where, translation)
        yield from self._quoted(where, entry, translation)
        yield from self._questions(where, entry, translation)

    def _marks(self, where: str, translation: Translation) -> Iterator[Finding]:
        for line in (translation.title, translation.text, *translation.questions, *translation.danger):
            if _DIRECTION_MARKS.search(line):
                yield Finding(
                    Level.ERROR, where, f"an invisible direction mark in {plain(line)[:40]!r}: take it out"
                )

    def _quoted(self, where: str, entry: Entry, translation: Translation) -> Iterator[Finding]:
        known = all(contact in self._knowledge.contacts for contact in entry.contacts)
        for kind, name in placeholders(translation):
            for message in self._placeholder(kind, name):
                known = False
                yield Finding(Level.ERROR, where, message)
        for leftover in re.findall(r"\{[^}]*\}", PLACEHOLDER.sub("", translation.text)):
            known = False
            yield Finding(Level.ERROR, where, f"unknown placeholder {leftover}")
        base = set(placeholders(entry.translations[BASE_LANGUAGE]))
        if missing := base - set(placeholders(translation)):
            names = ", ".join(f"{{{kind}:{name}}}" for kind, name in sorted(missing))
            yield Finding(Level.WARNING, where, f"the Dutch text quotes {names}, this one does not")
        if _BARE_FIGURE.search(translation.text):
            yield Finding(Level.ERROR, where, "a figure in the text: quote it from figures.toml")
        if _BARE_PHONE.search(translation.text):
            yield Finding(Level.ERROR, where, "a phone number in the text: quote it from contacts.toml")
        if known and (length := self._length(entry, translation)) > LONGEST_TEXT:
            yield Finding(Level.ERROR, where, f"the text has {length} characters, {LONGEST_TEXT} fit")

    def _placeholder(self, kind: str, name: str) -> Iterator[str]:
        if kind == "figure":
            figure = self._knowledge.figures.get(name)
            if figure is None:
                yield f"{{figure:{name}}} is not in figures.toml"
            return
        contact = self._knowledge.contacts.get(name)
        if contact is None:
            yield f"{{{kind}:{name}}} is not in contacts.toml"
        elif kind != "contact" and not getattr(contact, kind):
            yield f"{{{kind}:{name}}}: contacts.toml has no {kind} for it"

    def _length(self, entry: Entry, translation: Translation) -> int:
        shown = render(entry, self._knowledge, self._texts_for(translation.language), self._today)
        return len(plain(unescape(_TAG.sub("", shown.html))))

    def _questions(self, where: str, entry: Entry, translation: Translation) -> Iterator[Finding]:
        if entry.kind is not EntryKind.ELSEWHERE and len(translation.questions) < FEWEST_QUESTIONS:
            yield Finding(
                Level.WARNING,
                where,
                f"{len(translation.questions)} example questions, {FEWEST_QUESTIONS} wanted",
            )
        if entry.kind is EntryKind.EMERGENCY and not translation.danger:
            yield Finding(Level.ERROR, where, "an emergency needs examples under ## danger")

    def _same_question_twice(self) -> Iterator[Finding]:
        entries = (*self._knowledge.entries.values(), *self._knowledge.elsewhere.values())
        for language in self._languages:
            places: dict[str, list[str]] = {}
            for entry in entries:
                for question in _questions_of(entry, language):
                    places.setdefault(" ".join(question.lower().split()), []).append(entry.id)
            for question, found in places.items():
                if len(found) > 1:
                    count = Counter(found)
                    where = f"{found[0]}/{language}.md"
                    yield Finding(
                        Level.ERROR, where, f"{question[:60]!r} stands in {', '.join(sorted(count))} twice"
                    )

    def _figures(self) -> Iterator[Finding]:
        for figure in self._knowledge.figures.values():
            if figure.contact not in self._knowledge.contacts:
                yield Finding(
                    Level.ERROR,
                    "figures.toml",
                    f"[{figure.id}] contact {figure.contact!r} is not in contacts.toml",
                )
            used = self._uses(figure.id)
            if used and not figure.holds_on(self._today):
                yield Finding(
                    Level.WARNING,
                    "figures.toml",
                    f"[{figure.id}] does not hold today ({figure.valid_from} to {figure.valid_to}): "
                    f"{', '.join(used)} leave it out",
                )

    def _uses(self, figure: str) -> list[str]:
        return [
            entry.id
            for entry in self._knowledge.entries.values()
            if ("figure", figure) in placeholders(entry.translations[BASE_LANGUAGE])
        ]

    def _contacts(self) -> Iterator[Finding]:
        for contact in self._knowledge.contacts.values():
            if contact.sure is Certainty.UNVERIFIED and (contact.phone or contact.mail or contact.web):
                yield Finding(
                    Level.ERROR, "contacts.toml", f"[{contact.id}] is unverified: it may have a name only"
                )


def _questions_of(entry: Entry, language: str) -> Iterable[str]:
    translation = entry.translations.get(language)
    return (*translation.questions, *translation.danger) if translation else ()
