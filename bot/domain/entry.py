# SPDX-License-Identifier: EUPL-1.2
"""The approved answers and what they quote: entries, translations, sources, figures, contacts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

BASE_LANGUAGE = "nl"
"""The language in which every text is written first and to which a missing translation falls back."""


class EntryKind(StrEnum):
    """What an entry is for."""

    ANSWER = "answer"
    """An answer to a question."""
    EMERGENCY = "emergency"
    """Shown at once and before anything else when somebody is in danger."""
    ELSEWHERE = "elsewhere"
    """A neighbouring topic that this bot does not know: it only says whom to ask."""


class Certainty(StrEnum):
    """How sure we are of a contact."""

    VERIFIED = "verified"
    SECOND_HAND = "second-hand"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class Source:
    """Where an answer comes from and when somebody last compared it."""

    title: str
    url: str
    checked_on: date


@dataclass(frozen=True, slots=True)
class Translation:
    """The text of an entry in one language.

    `revision` is, for the base language, the number of this text; for another language the number of
    the base text that it translates. `reviewed_by` is empty until a native speaker has read it.
    """

    language: str
    title: str
    text: str
    revision: int
    reviewed_by: str
    questions: tuple[str, ...]
    danger: tuple[str, ...] = ()

    @property
    def reviewed(self) -> bool:
        """Whether a native speaker has read this text."""
        return bool(self.reviewed_by)


@dataclass(frozen=True, slots=True)
class Entry:
    """One approved answer, in every language it exists in."""

    id: str
    topic: str
    kind: EntryKind
    contacts: tuple[str, ...]
    related: tuple[str, ...]
    sources: tuple[Source, ...]
    translations: Mapping[str, Translation]

    @property
    def revision(self) -> int:
        """The number of the base text: what somebody was told is kept as entry and revision."""
        return self.translations[BASE_LANGUAGE].revision

    def in_language(self, language: str) -> Translation:
        """Return the text in `language`, or in Dutch where there is none."""
        found = self.translations.get(language)
        return found if found is not None and found.text else self.translations[BASE_LANGUAGE]

    def is_outdated(self, language: str) -> bool:
        """Whether the text in `language` translates an older Dutch text than the present one."""
        found = self.translations.get(language)
        return found is not None and found.revision < self.revision


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount, share or term with the time in which it holds. `valid_to` is the last day, or None."""

    id: str
    value: Decimal
    unit: str
    valid_from: date
    valid_to: date | None
    source: str
    url: str
    checked_on: date
    contact: str

    def holds_on(self, day: date) -> bool:
        """Whether the figure may be shown on `day`: one past its date is never shown."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who can be asked. An unverified contact has a name and nothing else."""

    id: str
    names: Mapping[str, str]
    phone: str
    mail: str
    web: str
    sure: Certainty
    source: str
    checked_on: date

    def name(self, language: str) -> str:
        """Return the name in `language`, or in Dutch where there is none."""
        return self.names.get(language) or self.names[BASE_LANGUAGE]


@dataclass(frozen=True, slots=True)
class Topic:
    """A heading under which answers can be browsed."""

    id: str
    names: Mapping[str, str]
    icon: str

    def name(self, language: str) -> str:
        """Return the name in `language`, or in Dutch where there is none."""
        return self.names.get(language) or self.names[BASE_LANGUAGE]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything that a municipality has approved for telling: one read-only snapshot of its folder."""

    entries: Mapping[str, Entry]
    elsewhere: Mapping[str, Entry] = field(default_factory=dict)
    figures: Mapping[str, Figure] = field(default_factory=dict)
    contacts: Mapping[str, Contact] = field(default_factory=dict)
    topics: Mapping[str, Topic] = field(default_factory=dict)

    def find(self, entry_id: str) -> Entry | None:
        """Return the entry or the neighbouring topic of that id."""
        return self.entries.get(entry_id) or self.elsewhere.get(entry_id)

    def under(self, topic: str) -> tuple[Entry, ...]:
        """Return the answers under a topic, in the order of the folder."""
        return tuple(entry for entry in self.entries.values() if entry.topic == topic)
