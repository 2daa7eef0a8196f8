# SPDX-License-Identifier: EUPL-1.2
"""Kinds of report: what belongs here, who acts, how long it takes, and what goes elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.entry import BASE_LANGUAGE


@dataclass(frozen=True, slots=True)
class ReportKind:
    """A kind of report, from content.

    `working_days` is the expected time until something has been done or said. `radius` is in metres: open
    reports of the same kind within it may be about the same. `entries` are the answers whose question may
    be such a report. `near_homes`: the subject is at or about a home, so house numbers are not taken.
    `danger`: 112 is named first. `elsewhere`: it does not belong here; `advice` says where it goes and
    `contacts` who can be called. `backend` names where such reports go.
    """

    id: str
    icon: str
    order: int
    names: Mapping[str, str]
    who: Mapping[str, str]
    advice: Mapping[str, str]
    cues: Mapping[str, tuple[str, ...]]
    entries: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    working_days: int = 5
    radius: float = 50
    near_homes: bool = False
    danger: bool = False
    elsewhere: bool = False
    backend: str = "queue"

    def name(self, language: str) -> str:
        """Return the name in a language, or in Dutch."""
        return self.names.get(language) or self.names[BASE_LANGUAGE]

    def who_acts(self, language: str) -> str:
        """Return who acts, in a language, or in Dutch."""
        return self.who.get(language) or self.who.get(BASE_LANGUAGE, "")

    def advise(self, language: str) -> str:
        """Return what is to be known before, in a language, or in Dutch."""
        return self.advice.get(language) or self.advice.get(BASE_LANGUAGE, "")


Kinds = Mapping[str, ReportKind]
"""The kinds by their id, in the order in which they are offered."""


def here(kinds: Kinds) -> tuple[ReportKind, ...]:
    """Return the kinds that belong here."""
    return tuple(kind for kind in kinds.values() if not kind.elsewhere)


def elsewhere(kinds: Kinds) -> tuple[ReportKind, ...]:
    """Return the kinds that go elsewhere."""
    return tuple(kind for kind in kinds.values() if kind.elsewhere)
