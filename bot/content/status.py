# SPDX-License-Identifier: EUPL-1.2
"""How complete the answers are in each language, and which figures no longer hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.content.render import placeholders
from bot.domain.entry import BASE_LANGUAGE, Knowledge


@dataclass(frozen=True, slots=True)
class LanguageStatus:
    """One language: of `entries`, so many have a text, were read by a native speaker, are outdated.

    `questions` counts the example questions, those that tell of danger among them.
    """

    language: str
    entries: int
    written: int
    reviewed: int
    outdated: int
    questions: int


def language_status(knowledge: Knowledge, language: str) -> LanguageStatus:
    """Count one language."""
    entries = [*knowledge.entries.values(), *knowledge.elsewhere.values()]
    found = [each.translations[language] for each in entries if language in each.translations]
    written = [each for each in found if each.text]
    outdated = 0 if language == BASE_LANGUAGE else sum(each.is_outdated(language) for each in entries)
    return LanguageStatus(
        language=language,
        entries=len(entries),
        written=len(written),
        reviewed=sum(each.reviewed for each in written),
        outdated=outdated,
        questions=sum(len(each.questions) + len(each.danger) for each in found),
    )


def expired_figures(knowledge: Knowledge, today: date) -> Sequence[str]:
    """Return the ids of figures that answers quote and that do not hold on that day: they are left out."""
    entries = [*knowledge.entries.values(), *knowledge.elsewhere.values()]
    quoted = {
        name
        for entry in entries
        for kind, name in placeholders(entry.translations[BASE_LANGUAGE])
        if kind == "figure"
    }
    return sorted(
        name for name in quoted if name in knowledge.figures and not knowledge.figures[name].holds_on(today)
    )
