# SPDX-License-Identifier: EUPL-1.2
"""What the results of a month look like to the neighbourhood."""

from markupsafe import Markup

from bot.domain.municipality import Municipality
from bot.i18n import Languages, Texts
from bot.services.report_results import FEWEST, Results


class ChatResultsWording:
    """The wording of results."""

    def __init__(self, languages: Languages, municipality: Municipality) -> None:
        self._languages = languages
        self._municipality = municipality

    def results(self, results: Results, language: str) -> str:
        """Return the text of the update, as HTML."""
        texts = Texts(self._languages, language, self._municipality.zone)
        return texts(
            "results.update",
            month=texts.month(results.month),
            came=figure(results.total.came, texts),
            done=figure(results.total.done, texts),
            areas=areas(results, self._municipality, texts),
        )


def areas(results: Results, municipality: Municipality, texts: Texts) -> Markup:
    """Return a line for each area that may be told."""
    return Markup("").join(
        texts(
            "results.area",
            area=municipality.area(area, texts.code),
            came=figure(count.came, texts),
            done=figure(count.done, texts),
        )
        for area, count in results.areas.items()
    )


def figure(number: int, texts: Texts) -> str:
    """Return a number as it may be told."""
    return texts.label("results.few") if 0 < number < FEWEST else texts.number(number)
